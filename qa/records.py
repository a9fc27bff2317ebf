"""What a question comes back as: an answer made of quotes."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Literal

from index.records import Role

Status = Literal["answered", "partial", "not_in_sources", "off_topic", "invalid"]


@dataclass(frozen=True, slots=True)
class Quote:
    """A span of a transcript, word for word, with who said it.

    `start` and `end` are character offsets into the transcript's canonical text; `highlights`
    are offsets inside `text`.
    """

    text: str
    start: int
    end: int
    highlights: tuple[tuple[int, int], ...]
    speaker: str | None
    title: str | None
    role: Role
    attribution_inferred: bool
    asked_by: str | None
    document_id: str
    document_title: str
    date: datetime.date | None
    source_url: str | None
    emended: bool
    cut_before: bool = False
    cut_after: bool = False

    @property
    def permalink(self) -> str:
        """Path of the quote's place in the transcript, below the server's root."""
        return f"/t/{self.document_id}#c{self.start}-{self.end}"

    def overlaps(self, other: Quote) -> bool:
        """Tell whether both quote some of the same characters."""
        same = self.document_id == other.document_id
        return same and self.start < other.end and other.start < self.end

    def to_json(self) -> dict[str, Any]:
        """Return the quote as the public contract spells it."""
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "highlights": [list(pair) for pair in self.highlights],
            "speaker": self.speaker,
            "title": self.title,
            "role": self.role,
            "attribution_inferred": self.attribution_inferred,
            "asked_by": self.asked_by,
            "document_id": self.document_id,
            "document_title": self.document_title,
            "date": self.date.isoformat() if self.date else None,
            "source_url": self.source_url,
            "permalink": self.permalink,
            "emended": self.emended,
            "cut_before": self.cut_before,
            "cut_after": self.cut_after,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to one question; `answer` holds quoted spans and fixed wording only."""

    question: str
    status: Status
    answer: str
    quotes: tuple[Quote, ...] = ()
    related: tuple[Quote, ...] = ()
    confidence: float = 0.0
    elapsed_ms: float = 0.0

    def to_json(self, id: Any = None) -> dict[str, Any]:
        """Return the answer object of the public contract, carrying the caller's `id`."""
        return {
            "id": id,
            "question": self.question,
            "status": self.status,
            "answer": self.answer,
            "quotes": [quote.to_json() for quote in self.quotes],
            "related": [quote.to_json() for quote in self.related],
            "confidence": round(self.confidence, 4),
            "elapsed_ms": round(self.elapsed_ms, 2),
        }
