"""What people asked and what they said of the answers, without who they were.

One SQLite file, owned by one thread: everybody else hands that thread work, so nobody waits for
the disk to get an answer. Text is masked before it is stored, days stand for moments, and rows
older than the retention limit go at start and on the first write of every day.
"""

from __future__ import annotations

import datetime
import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from index.words import fold
from web.privacy import mask

Face = Literal["chat", "api", "widget"]
Verdict = Literal["helpful", "not_helpful"]
Reason = Literal["not_an_answer", "wrong_quote", "wrong_speaker", "incomplete", "unclear", "other"]
Table = Literal["questions", "votes", "reports"]
TABLES: tuple[Table, ...] = ("questions", "votes", "reports")
LONGEST_QUESTION = 500
LONGEST_COMMENT = 500
LONGEST_EXCERPT = 300
MOST_ROWS = 50_000
_MOST_WAITING = 1000

_SCHEMA = """
CREATE TABLE IF NOT EXISTS questions (
  id INTEGER PRIMARY KEY, day TEXT NOT NULL, face TEXT NOT NULL, question TEXT NOT NULL,
  folded TEXT NOT NULL, status TEXT NOT NULL, document TEXT) STRICT;
CREATE TABLE IF NOT EXISTS votes (
  id INTEGER PRIMARY KEY, day TEXT NOT NULL, face TEXT NOT NULL, question TEXT NOT NULL,
  verdict TEXT NOT NULL, reason TEXT, comment TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS reports (
  id INTEGER PRIMARY KEY, day TEXT NOT NULL, document TEXT NOT NULL, start INTEGER NOT NULL,
  "end" INTEGER NOT NULL, excerpt TEXT NOT NULL, comment TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS asked ON questions (status, folded);
"""
_UNANSWERED = """
SELECT min(question) AS question, status, count(*) AS times, max(day) AS latest
FROM questions WHERE status IN ('not_in_sources', 'off_topic')
GROUP BY folded, status ORDER BY times DESC, latest DESC, folded LIMIT ?
"""

log = logging.getLogger("zaowen.feedback")
T = TypeVar("T")


class _Quoted(Protocol):
    @property
    def document_id(self) -> str: ...


class Answered(Protocol):
    """What is kept of an answer: how it ended, and which transcript it quotes first."""

    @property
    def status(self) -> str:
        """How the answer ended."""
        ...

    @property
    def quotes(self) -> Sequence[_Quoted]:
        """The quotes, the answering one first."""
        ...


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that found no answer, under whichever spelling, and how often it was asked."""

    question: str
    status: str
    times: int
    latest: str


class Feedback:
    """The store. Writing never raises for the sake of storage; reading may (sqlite3.Error)."""

    def __init__(
        self,
        path: Path,
        retention: int = 30,
        *,
        most_rows: int = MOST_ROWS,
        today: Callable[[], datetime.date] = datetime.date.today,
    ) -> None:
        self._path, self._retention, self._most, self._today = path, retention, most_rows, today
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="feedback")
        self._waiting: deque[tuple[Table, Callable[[], dict[str, Any]]]] = deque()
        self._base: sqlite3.Connection | None = None
        self._purged: datetime.date | None = None

    @classmethod
    def open(cls, path: Path, retention: int = 30) -> Feedback:
        """Open the store in `path`, created if missing; `retention` 0 keeps nothing at all.

        A path that cannot be used is logged, tried again at each write, and stops no answer.
        """
        store = cls(path, retention)
        _logged(store._writer.submit(store._purge))
        return store

    @property
    def retention(self) -> int:
        """For how many days anything is kept; 0 for not at all."""
        return self._retention

    def record(self, question: str, answer: Answered, face: Face) -> None:
        """Note a question and how it was answered; returns at once."""
        document = answer.quotes[0].document_id if answer.quotes else None
        status = answer.status

        def row() -> dict[str, Any]:
            asked = mask(question)[:LONGEST_QUESTION]
            words = "".join(c for c in fold(asked) if c.isalnum())
            return {
                "face": face,
                "question": asked,
                "folded": words or asked,
                "status": status,
                "document": document,
            }

        self._later("questions", row)

    def vote(
        self,
        question: str,
        verdict: Verdict,
        reason: Reason | None = None,
        comment: str = "",
        face: Face = "api",
    ) -> bool:
        """Note whether an answer helped; waits for the disk, tells whether it was kept."""
        row = {
            "face": face,
            "question": mask(question)[:LONGEST_QUESTION],
            "verdict": verdict,
            "reason": reason,
            "comment": mask(comment)[:LONGEST_COMMENT],
        }
        return self._now("votes", row)

    def report(self, document: str, start: int, end: int, excerpt: str, comment: str = "") -> bool:
        """Note that a quote is doubted; `excerpt` is the transcript's own text at the span."""
        row = {
            "document": document,
            "start": start,
            "end": end,
            "excerpt": excerpt[:LONGEST_EXCERPT],
            "comment": mask(comment)[:LONGEST_COMMENT],
        }
        return self._now("reports", row)

    def unanswered(self, limit: int = 100) -> list[Unanswered]:
        """Return the questions without an answer, the most frequent first."""
        return [Unanswered(*row) for row in self._read(_UNANSWERED, (limit,))]

    def rows(self, table: Table, limit: int = MOST_ROWS) -> list[dict[str, Any]]:
        """Return a table's rows, newest first."""
        found = self._read(
            f"SELECT * FROM {TABLES[TABLES.index(table)]} ORDER BY id DESC LIMIT ?", (limit,)
        )
        return [dict(row) for row in found]

    def counts(
        self, table: Table, column: Literal["status", "verdict", "document"]
    ) -> dict[str, int]:
        """Return how many rows of a table hold each value of a column."""
        query = f"SELECT {column}, count(*) FROM {table} GROUP BY {column}"
        return {str(row[0]): int(row[1]) for row in self._read(query, ())}

    def settle(self) -> None:
        """Write what waits and leave one whole file; what is written later opens it again."""
        self._writer.submit(self._disconnect).result()

    def close(self) -> None:
        """Settle, and take no more."""
        self.settle()
        self._writer.shutdown()

    def _later(self, table: Table, row: Callable[[], dict[str, Any]]) -> None:
        if len(self._waiting) >= _MOST_WAITING:
            log.warning("too many writes are waiting; one was dropped")
            return
        self._waiting.append((table, row))
        try:
            _logged(self._writer.submit(self._write_waiting))
        except RuntimeError:
            log.warning("the store is closed; a write was dropped")

    def _now(self, table: Table, row: dict[str, Any]) -> bool:
        try:
            return self._writer.submit(self._insert, (table, row)).result()
        except (sqlite3.Error, OSError, RuntimeError):
            log.exception("feedback was not kept")
            return False

    def _read(self, query: str, values: tuple[Any, ...]) -> list[Any]:
        def read() -> list[Any]:
            return self._connect().execute(query, values).fetchall()

        return self._writer.submit(read).result()

    # Below here everything runs on the writer's thread.

    def _write_waiting(self) -> None:
        """Write all that waits by now, so that a crowd costs one commit and not one each."""
        taken = [self._waiting.popleft() for _ in range(len(self._waiting))]
        if taken:
            self._insert(*((table, row()) for table, row in taken))

    def _insert(self, *rows: tuple[Table, dict[str, Any]]) -> bool:
        if not self._retention:
            return False
        if self._purged != self._today():
            self._purge()
        day, last = self._today().isoformat(), dict[Table, int]()
        with self._connect() as base:
            for table, row in rows:
                row = {"day": day, **row}
                names = ", ".join(f'"{n}"' for n in row)
                places = ", ".join("?" * len(row))
                new = base.execute(
                    f"INSERT INTO {table} ({names}) VALUES ({places})", [*row.values()]
                )
                last[table] = new.lastrowid or 0
            for table, newest in last.items():
                base.execute(f"DELETE FROM {table} WHERE id <= ?", (newest - self._most,))
        return True

    def _purge(self) -> None:
        """Delete rows past the limit, from the file and from the log beside it."""
        first = self._today() - datetime.timedelta(days=max(0, self._retention - 1))
        kept = first.isoformat() if self._retention else "9999"
        with self._connect() as base:
            for table in TABLES:
                base.execute(f"DELETE FROM {table} WHERE day < ?", (kept,))
        self._connect().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._purged = self._today()

    def _connect(self) -> sqlite3.Connection:
        if self._base is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600, exist_ok=True)
            base = sqlite3.connect(self._path, timeout=2)
            try:
                base.row_factory = sqlite3.Row
                for setting in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
                    base.execute(f"PRAGMA {setting}")
                base.executescript(_SCHEMA)
            except BaseException:
                base.close()
                raise
            self._base = base
        return self._base

    def _disconnect(self) -> None:
        if self._base is not None:
            self._base.close()
            self._base = None


def _logged(work: Future[Any]) -> None:
    """Log how the work failed, once it has: a write that fails stops no answer."""

    def tell(done: Future[Any]) -> None:
        error = None
        with suppress(BaseException):
            error = done.exception()
        if error:
            log.error("feedback was not kept: %s", error)

    work.add_done_callback(tell)
