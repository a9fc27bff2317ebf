"""Where an answer may stand: the quotable runs of a passage, read once and kept."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.passages import describe, split_sentences
from index.records import Passage, Span, Transcript
from index.store import Index
from index.words import cut, fold, pair
from qa.editions import dates_of
from qa.late import Trace, late
from qa.numerals import as_digits, names, years
from qa.reader import Known, Text, reader

LONGEST = 120
_SHORTEST = 4
_BESIDE = 80
_KEPT, _KNOWN, _TRACED = 1000, 500, 2000
_TITLE, _AROUND = 16, 40
_CLAUSE = re.compile(r"[^，、：,]*[，、：,]*")


@dataclass(frozen=True, slots=True)
class Words:
    """A folded text as matching sees it; `digits` has its numerals in Arabic digits.

    Among `numbers` are the years it names: 去年 and, where the document has a date, 2023.
    """

    text: str
    digits: str
    tokens: tuple[str, ...]
    grams: frozenset[str]
    numbers: frozenset[str]

    @classmethod
    def read(cls, text: str, date: datetime.date | None = None) -> Words:
        """Fold and cut a text as it stands in a transcript of that date."""
        folded = fold(text)
        digits = as_digits(folded)
        tokens = cut(folded) if digits == folded else cut(folded) + cut(digits)
        named = names(folded)
        named |= years(named, date.year) if date else frozenset()
        return cls(folded, digits, tuple(set(tokens)), frozenset(pair(folded)), named)


@dataclass(frozen=True, slots=True)
class Site:
    """A run of one turn, at most LONGEST characters, with what stands beside and around it.

    `sentence` is the whole sentence that `span` lies in; `dated` are the numbers of the document's
    title and its year; `vector` the run's own, a unit row.
    """

    document_id: str
    turn: int
    span: Span
    sentence: Span
    own: Words
    beside: Words
    around: str
    dated: frozenset[str]
    opens: bool
    vector: NDArray[np.float32] = field(compare=False)


class Sites:
    """The sites of an index by passage; those of the latest passages are kept ready."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._of = lru_cache(maxsize=_KEPT)(self._read)
        self._text = lru_cache(maxsize=_TRACED)(self._tell)

    def of(self, passage: Passage) -> tuple[Site, ...]:
        """Return the passage's sites in the order of the text."""
        return self._of(passage.id)

    def known(self, passage: Passage) -> Known:
        """Return what the passage is to the reader before anything is asked."""
        return _know(self.text(passage))

    def trace(self, passage: Passage) -> Trace:
        """Return what late interaction may find in the passage."""
        return _trace(self.text(passage))

    def prepare(self) -> None:
        """Read as many passages as are kept."""
        for passage in self._index.passages[:_KNOWN]:
            self.trace(passage)

    def text(self, passage: Passage) -> Text:
        """Return the passage as the reader takes it: a piece for each site."""
        return self._text(passage.id)

    def _tell(self, number: int) -> Text:
        passage = self._index.passages[number]
        transcript = self._index.transcripts[passage.document_id]
        spans = [span for _, span in _places(transcript, passage)]
        ends = [*(span.start for span in spans[1:]), passage.span.end]
        turn = transcript.turns[passage.turn]
        around = describe(transcript, turn, passage.span)[:_AROUND]
        return Text(
            f"{transcript.source.title[:_TITLE]} {around}",
            tuple(transcript.text[s.start : end] for s, end in zip(spans, ends, strict=True)),
        )

    def _read(self, number: int) -> tuple[Site, ...]:
        passage = self._index.passages[number]
        transcript = self._index.transcripts[passage.document_id]
        places = _places(transcript, passage)
        texts = [span.of(transcript.text) for _, span in places]
        vectors = self._index.encoder.encode_passages(texts) if texts else ()
        dated = dates_of(transcript)
        return tuple(
            _site(transcript, passage.turn, span, sentence, dated, vector)
            for (sentence, span), vector in zip(places, vectors, strict=True)
        )


def _places(transcript: Transcript, passage: Passage) -> list[tuple[Span, Span]]:
    """Return the quotable runs of a passage, each behind the sentence it lies in.

    One that says no more than 谢谢 is a run by itself.
    """
    return [
        (sentence, span)
        for sentence in split_sentences(transcript.text, passage.span)
        for span in split_clauses(transcript.text, sentence)
    ] or [(passage.span, passage.span)]


@lru_cache(maxsize=_KNOWN)
def _know(text: Text) -> Known:
    """Whatever index it stands in, a text is read once."""
    return reader().know(text)


@lru_cache(maxsize=_TRACED)
def _trace(text: Text) -> Trace:
    return late().trace(_know(text))


def split_clauses(text: str, sentence: Span) -> list[Span]:
    """Return the sentence whole, or in runs of clauses where it exceeds LONGEST characters."""
    if len(sentence) <= LONGEST:
        return [sentence] if len(sentence) >= _SHORTEST else []
    found: list[Span] = []
    start = sentence.start
    for match in _CLAUSE.finditer(text, sentence.start, sentence.end):
        if match.end() - start > LONGEST and match.start() > start:
            found.append(Span(start, match.start()))
            start = match.start()
    found.append(Span(start, sentence.end))
    return found


def number_words(sites: Sequence[Site]) -> dict[str, int]:
    """Number the words of the sites and of what stands beside them."""
    return {
        token: at
        for at, token in enumerate(
            dict.fromkeys(t for s in sites for t in (*s.own.tokens, *s.beside.tokens))
        )
    }


def _site(
    transcript: Transcript,
    number: int,
    span: Span,
    sentence: Span,
    dated: frozenset[str],
    vector: NDArray[np.float32],
) -> Site:
    turn = transcript.turns[number]
    window = Span(
        max(turn.span.start, span.start - _BESIDE), min(turn.span.end, span.end + _BESIDE)
    )
    return Site(
        transcript.id,
        number,
        span,
        sentence,
        Words.read(span.of(transcript.text), transcript.source.date),
        Words.read(window.of(transcript.text), transcript.source.date),
        fold(describe(transcript, turn, span) + transcript.source.title),
        dated,
        span.start == turn.span.start,
        vector,
    )
