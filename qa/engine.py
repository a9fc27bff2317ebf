"""The one engine behind chat, API, command line and eval."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from index.encoder import open_encoder
from index.errors import IndexDamaged, IndexMissing, IndexStale
from index.read import digest, read_seeds
from index.records import Hit, Transcript
from index.store import Index, build, expect, load
from qa.compose import compose, refuse
from qa.question import Refused, read_question
from qa.quote import make_quote
from qa.records import Answer, Quote
from qa.retrieve import Mode, retrieve
from qa.select import Candidate, confidence, mark, rank_sentences

PASSAGES = 10
RELATED = 3
ENOUGH = 0.5


class Engine:
    """Answers questions from one index. Safe to share between threads: nothing is mutated."""

    def __init__(self, index: Index) -> None:
        self._index = index

    @classmethod
    def open(cls, folder: Path, encoder: str | None = None) -> Engine:
        """Open the index in `folder`. Raises IndexMissing, IndexStale or IndexDamaged."""
        return cls(load(folder, open_encoder(encoder)))

    @property
    def transcripts(self) -> Mapping[str, Transcript]:
        """The indexed transcripts by document id."""
        return self._index.transcripts

    def retrieve(self, question: str, k: int = 10, mode: Mode = "fused") -> list[Hit]:
        """Return the `k` best passages for a question."""
        return retrieve(self._index, question, k, mode)

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer with quotes, or say that the transcripts do not.

        `history` holds the person's earlier questions, oldest first.
        """
        started = time.perf_counter()
        read = read_question(question, history)
        if isinstance(read, Refused):
            return Answer(question, "invalid", read.reason, elapsed_ms=_since(started))
        hits = retrieve(self._index, read.folded, PASSAGES)
        ranked = rank_sentences(self._index, read, hits)
        sure = confidence(read, ranked[0] if ranked else None)
        if sure < ENOUGH:
            related = tuple(self._quote(c) for c in ranked[:RELATED])
            return Answer(
                question, "not_in_sources", refuse(related), (), related, sure, _since(started)
            )
        best = ranked[0]
        text = best.span.of(self.transcripts[best.document_id].text)
        quotes = (self._quote(best, mark(read, text)),)
        related = tuple(self._quote(c) for c in ranked[1 : 1 + RELATED])
        return Answer(question, "answered", compose(quotes), quotes, related, sure, _since(started))

    def _quote(self, found: Candidate, highlights: tuple[tuple[int, int], ...] = ()) -> Quote:
        transcript = self.transcripts[found.document_id]
        return make_quote(transcript, found.turn, found.span, highlights)


def open_or_build(
    folder: Path,
    seeds: Path,
    encoder: str | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> Engine:
    """Open the index in `folder`, built anew first if it is missing, stale or damaged."""
    model = open_encoder(encoder)
    digests = {path.stem: digest(path) for path in sorted(seeds.glob("*.txt"))}
    expected = expect(model, digests)
    try:
        return Engine(load(folder, model, expected))
    except (IndexMissing, IndexStale, IndexDamaged):
        progress("读取并校订文稿…")
        return Engine(build(read_seeds(seeds), model, folder, expected, progress))


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
