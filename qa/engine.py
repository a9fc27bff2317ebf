"""The one engine behind chat, API, command line and eval."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoder import open_encoder
from index.errors import IndexDamaged, IndexMissing, IndexStale
from index.read import digest, read_seeds
from index.records import Hit, Passage, Transcript, Turn
from index.store import Index, build, expect, load
from index.words import fold
from qa.compose import CHINESE, ENGLISH, Wording, compose, join, refuse, whom_to_ask
from qa.editions import asks_several, set_apart
from qa.english import is_english
from qa.evidence import LATE_PASSAGE, Candidate, read_passages, weigh
from qa.highlight import mark
from qa.judge import Genre, Ordering, decision_row, order, probability, rank, ranker, reranker
from qa.kinds import PLAIN_KINDS, is_plain, lacks_kind
from qa.late import Sought, late
from qa.people import Named, find_named, is_held, is_theirs
from qa.question import LONGEST, Question, Refused, Understanding, split_parts
from qa.quote import make_quote
from qa.reader import reader
from qa.records import Answer, Quote, Status
from qa.retrieve import WIDE, Found, Mode, find, retrieve
from qa.select import choose, lean
from qa.sites import Sites
from qa.topic import is_elsewhere, is_off_topic, is_strange

PASSAGES = 10
_DEEP = 80
RELATED = 3
ENOUGH = 0.5
KEPT, REMEMBERED = 1024, 8
_THEIRS = 8
_PLAIN = 4


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question with its candidates in order and the probability that the first answers it."""

    question: Question
    ranked: list[Candidate]
    sure: float
    genre: Genre

    @property
    def row(self) -> NDArray[np.float64]:
        """What the decision is made from; see `qa.judge.DECISION`."""
        return decision_row(self.ranked, self.question)


class Answering(Protocol):
    """What the faces need of an engine, or of what stands before one."""

    @property
    def transcripts(self) -> Mapping[str, Transcript]:
        """The indexed transcripts by document id."""
        ...

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer with quotes, or say that the transcripts do not; see `Engine.ask`."""
        ...


class Engine:
    """Answers questions from one index, the same question once.

    Safe to share between threads: nothing is mutated but the answers that are kept, at most KEPT.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._sites = Sites(index)
        self._understanding = Understanding(index.transcripts.values(), index.encoder)
        self._answers = lru_cache(maxsize=KEPT)(self._answer)

    @classmethod
    def open(cls, folder: Path, encoder: str | None = None) -> Engine:
        """Open the index in `folder`. Raises IndexMissing, IndexStale or IndexDamaged."""
        return cls(load(folder, open_encoder(encoder)))

    @property
    def transcripts(self) -> Mapping[str, Transcript]:
        """The indexed transcripts by document id."""
        return self._index.transcripts

    def retrieve(self, question: str, k: int = 10, mode: Mode = "late") -> list[Hit]:
        """Return the `k` best passages for a question."""
        if mode != "late":
            return retrieve(self._index, question, k, mode)
        sought = late().seek(reader().ask(question))
        found = find(self._index, self._sites, question, sought, max(k, WIDE))
        return [Hit(f.hit.passage, f.score) for f in found[:k]]

    def prepare(self) -> None:
        """Read the passages beforehand, as many as are kept, so that the first question is fast."""
        self._sites.prepare()

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer with quotes, or say that the transcripts do not.

        `history` holds the person's earlier questions, oldest first; the last REMEMBERED count.
        """
        started = time.perf_counter()
        known = self._answers if len(question) <= LONGEST else self._answer
        earlier = tuple(h for h in history if isinstance(h, str))[-REMEMBERED:]
        answer = known(question, earlier)
        return replace(answer, elapsed_ms=_since(started))

    def _answer(self, question: str, history: tuple[str, ...]) -> Answer:
        whole = self._ask(question, history)
        parts = split_parts(question) if whole.status != "invalid" else ()
        if len(parts) > 1:
            asked = [self._ask(p, (*history, *parts[:n])) for n, p in enumerate(parts)]
            whole = _join(whole, asked, ENGLISH if is_english(fold(question)) else CHINESE)
        return replace(whole, question=question)

    def _ask(self, question: str, history: Sequence[str]) -> Answer:
        read = self._understanding.read(question, history)
        if isinstance(read, Refused):
            return Answer(question, "invalid", read.reason)
        weighed = self._weigh(read, history)
        return self.quote(weighed) if weighed.sure >= ENOUGH else self._refuse(weighed)

    def deliberate(
        self, question: str, history: Sequence[str] = (), reads: bool = True, by: Ordering = order
    ) -> Weighed | None:
        """Return what a question finds before it is decided; None where it is not readable.

        Without `reads` no passage is read, as `eval.ablation` asks; `by` puts the candidates of a
        transcript in their last order.
        """
        read = self._understanding.read(question, history)
        return None if isinstance(read, Refused) else self._weigh(read, history, reads, by)

    def quote(self, weighed: Weighed) -> Answer:
        """Return the answer made of the best quotes, however sure."""
        read, ranked = weighed.question, weighed.ranked
        chosen = choose(ranked, read, self.transcripts)
        quotes = tuple(self._quote(c, self._mark(read, c)) for c in chosen)
        rest = [c for c in ranked if not any(c.overlaps(shown) for shown in chosen)]
        related = tuple(self._quote(c) for c in rest[:RELATED])
        text = compose(quotes, _wording(read), read.checks)
        return Answer(read.text, "answered", text, quotes, related, weighed.sure)

    def _refuse(self, weighed: Weighed) -> Answer:
        read, ranked = weighed.question, weighed.ranked
        nearest = max((c.features[LATE_PASSAGE] for c in ranked), default=0.0)
        off_topic = is_off_topic(self._index, read, nearest)
        related = () if off_topic else tuple(self._quote(c) for c in ranked[:RELATED])
        where = whom_to_ask(self.transcripts, related)
        text = refuse(related, off_topic, _wording(read), where)
        status: Status = "off_topic" if off_topic else "not_in_sources"
        return Answer(read.text, status, text, (), related, weighed.sure)

    def _weigh(
        self,
        question: Question,
        history: Sequence[str],
        reads: bool = True,
        by: Ordering = order,
    ) -> Weighed:
        question = set_apart(question, self.transcripts)
        named, asked = self._named(question, history), reader().ask(question.whole)
        gathered, plain = self._gather(question, late().seek(asked), named)
        found = weigh(self._index, self._sites, question, gathered)
        likely = lean(rank(found, ranker()), question, named, self.transcripts)
        if reads:
            several = asks_several(question, self.transcripts)
            known = read_passages(self._index, self._sites, asked, likely, several, plain)
            likely = lean(rank(known, reranker()), question, named, self.transcripts)
        genre = self._genre(likely)
        if reads and genre == "spoken":
            likely = by(likely)
        return Weighed(question, likely, self._sure(question, likely, named, genre), genre)

    def _genre(self, ranked: Sequence[Candidate]) -> Genre:
        """Tell a transcript, where somebody speaks, from a plain article."""
        if not ranked:
            return "spoken"
        turns = self.transcripts[ranked[0].document_id].turns
        return "spoken" if any(turn.speaker for turn in turns) else "written"

    def _named(self, question: Question, history: Sequence[str]) -> Named:
        """Return whom the question names; 他 is who gave the answer before."""
        named = find_named(question, self.transcripts.values())
        if named.speakers or not (question.leans and question.means_person):
            return named
        return replace(named, speakers=self._spoken_of(history))

    def _spoken_of(self, history: Sequence[str]) -> frozenset[str]:
        """Return whom the last question named, or who its answer is about or was given by."""
        earlier = self._understanding.read(history[-1], history[:-1])
        if isinstance(earlier, Refused):
            return self._spoken_of(history[:-1]) if len(history) > 1 else frozenset()
        before = find_named(earlier, self.transcripts.values())
        if before.speakers and not before.asked:
            return before.speakers
        quotes = self.ask(history[-1], history[:-1]).quotes
        people = {p.name for t in self.transcripts.values() for p in t.people}
        shown = {name for q in quotes if q.speaker is None for name in people if name in q.text}
        told = {q.speaker for q in quotes if q.speaker and q.role != "journalist"}
        return frozenset(shown if len(shown) == 1 else told)

    def _gather(
        self, question: Question, sought: Sought, named: Named
    ) -> tuple[list[Found], frozenset[int]]:
        """Return the best passages, those of whom it names, those that plainly date or place.

        With them the numbers of all that are found and plainly do so.
        """
        depth = _DEEP if named.speakers or question.wanted in PLAIN_KINDS else WIDE
        found = find(self._index, self._sites, question.search, sought, depth)
        best, deeper = found[:PASSAGES], found[PASSAGES:]
        theirs = [f for f in deeper if is_theirs(named, self._turn(f.hit.passage))]
        passages = (f.hit.passage for f in found)
        plain = frozenset(p.id for p in passages if is_plain(question, p.text))
        others = [f for f in deeper if f not in theirs and f.hit.passage.id in plain]
        return best + theirs[:_THEIRS] + others[:_PLAIN], plain

    def _turn(self, passage: Passage) -> Turn:
        return self.transcripts[passage.document_id].turns[passage.turn]

    def _sure(
        self, question: Question, ranked: Sequence[Candidate], named: Named, genre: Genre
    ) -> float:
        if not ranked or named.stranger or is_elsewhere(question):
            return 0.0
        best = ranked[0]
        if named.asked and not (question.checks and best.bonus > 0):
            return 1.0 if best.bonus > 0 else 0.0
        if is_strange(question, best):
            return 0.0
        transcript = self.transcripts[best.document_id]
        words, speaker = best.span.of(transcript.text), transcript.turns[best.turn].speaker
        if not is_held(named, words, speaker) or lacks_kind(question, words):
            return 0.0
        return probability(ranked, question, genre)

    def _mark(self, question: Question, found: Candidate) -> tuple[tuple[int, int], ...]:
        text = self.transcripts[found.document_id].text
        return mark(question, found.span.of(text), found.points)

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


def _join(whole: Answer, parts: Sequence[Answer], wording: Wording) -> Answer:
    """Return what answers the question as a whole, then what answers its parts and is not in it."""
    answered = [a for a in (whole, *parts) if a.quotes]
    if not answered:
        return whole
    quotes: list[Quote] = []
    texts = []
    for answer in answered:
        fresh = [q for q in answer.quotes if not any(q.overlaps(shown) for shown in quotes)]
        if fresh:
            quotes += fresh
            whole_part = len(fresh) == len(answer.quotes)
            texts.append(answer.answer if whole_part else compose(fresh, wording))
    found = [bool(part.quotes) for part in parts]
    complete = all(found) or not any(found)
    related = tuple(r for r in answered[0].related if not any(r.overlaps(q) for q in quotes))
    return Answer(
        whole.question,
        "answered" if complete else "partial",
        join(texts, complete, wording),
        tuple(quotes),
        related,
        max(a.confidence for a in answered),
    )


def _wording(question: Question) -> Wording:
    return ENGLISH if question.english else CHINESE


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
