"""A conversation as a browser keeps it: questions, and the places of the quotes.

What comes back from a browser is checked against the transcripts published now, so that a quote
shown again is still word for word, with the attribution that the transcript gives it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from index.records import Span, Transcript
from qa.question import LONGEST
from qa.quote import QuoteError
from qa.records import Answer, Quote, Status
from web.citation import locate

MOST = 30
_MOST_QUOTES = 40


class _Place(BaseModel):
    document_id: str
    start: int = Field(ge=0)
    end: int
    text: str
    highlights: list[tuple[int, int]] = []


class _Kept(BaseModel):
    question: str = Field(max_length=LONGEST * 2)
    status: Status
    answer: str = Field(max_length=20_000)
    quotes: list[_Place] = Field(max_length=_MOST_QUOTES)
    related: list[_Place] = Field(max_length=_MOST_QUOTES)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with its answer; None where the transcript has changed since."""

    question: str
    answer: Answer | None

    def keep(self) -> dict[str, Any]:
        """Return what the browser stores; an answer that fell away stays away."""
        answer = self.answer or Answer(self.question, "invalid", "")
        return {
            "question": self.question,
            "status": answer.status,
            "answer": answer.answer,
            "quotes": [_place(quote) for quote in answer.quotes],
            "related": [_place(quote) for quote in answer.related],
        }


def recall(kept: object, transcripts: Mapping[str, Transcript]) -> list[Turn]:
    """Return the turns that a browser kept; what is not one is left out."""
    turns = []
    for entry in kept[-MOST:] if isinstance(kept, list) else []:
        try:
            turns.append(_recall(_Kept.model_validate(entry), transcripts))
        except ValidationError:
            continue
    return turns


def _recall(kept: _Kept, transcripts: Mapping[str, Transcript]) -> Turn:
    quotes = [_quote(place, transcripts) for place in kept.quotes]
    related = [_quote(place, transcripts) for place in kept.related]
    if None in quotes or None in related or not (kept.answer or kept.quotes):
        return Turn(kept.question, None)
    return Turn(
        kept.question,
        Answer(kept.question, kept.status, kept.answer, _all(quotes), _all(related)),
    )


def _quote(place: _Place, transcripts: Mapping[str, Transcript]) -> Quote | None:
    """Return the quote at a place, unless other words stand there now."""
    try:
        found = locate(transcripts, place.document_id, Span(place.start, place.end))
    except QuoteError:
        return None
    bounds = [0, *(at for pair in place.highlights for at in pair), len(found.text)]
    if found.text != place.text or bounds != sorted(bounds):
        return None
    return replace(found, highlights=tuple(place.highlights))


def _all(quotes: Sequence[Quote | None]) -> tuple[Quote, ...]:
    return tuple(quote for quote in quotes if quote is not None)


def _place(quote: Quote) -> dict[str, Any]:
    return {
        "document_id": quote.document_id,
        "start": quote.start,
        "end": quote.end,
        "text": quote.text,
        "highlights": [list(pair) for pair in quote.highlights],
    }
