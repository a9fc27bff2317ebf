"""What the steps hand to each other: seed -> transcript -> turns -> passages -> hits."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Role = Literal["official", "journalist", "moderator", "editor", "unknown"]
TurnKind = Literal["head", "statement", "question", "answer", "moderation"]
EmendationKind = Literal[
    "annotation", "realignment", "restoration", "correction", "script", "punctuation", "spacing"
]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open interval of character offsets, `text[start:end]`."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the characters of `text` that the span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two spans share at least one character."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Tell whether every character of `other` lies in this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Emendation:
    """One change on the way from the raw text to the canonical text.

    `raw` is a span of `Transcript.raw`, `span` one of `Transcript.text`. `restored` says that
    characters stand there which the raw text had lost: a reader has to be told.
    """

    raw: Span
    span: Span
    kind: EmendationKind
    before: str
    after: str
    reason: str

    @property
    def restored(self) -> bool:
        """Whether the raw text had lost what stands here."""
        return self.kind in ("realignment", "restoration", "correction")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, as the transcript names them; `title` is the post held on that day."""

    name: str
    role: Role
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's uninterrupted words: `span` of `Transcript.text`, label excluded.

    `question` is the position in `Transcript.turns` of the question that an answer replies to.
    """

    span: Span
    kind: TurnKind
    speaker: Speaker | None
    attribution_inferred: bool = False
    question: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """What a seed's TOML says about its document."""

    id: str
    title: str
    date: datetime.date | None = None
    place: str | None = None
    publisher: str | None = None
    url: str | None = None
    event_date: datetime.date | None = None
    terms: str | None = None
    contact: str | None = None

    @property
    def asks_at(self) -> str | None:
        """Whom to ask what the document does not say: its contact, else its publisher."""
        return self.contact or self.publisher


@dataclass(frozen=True)
class Transcript:
    """A document in canonical text. Every offset elsewhere counts characters of `text`."""

    source: Source
    raw: str
    text: str
    emendations: tuple[Emendation, ...]
    participants: tuple[Speaker, ...]
    turns: tuple[Turn, ...]

    @property
    def id(self) -> str:
        """The document's id, the name of its seed."""
        return self.source.id

    @cached_property
    def people(self) -> frozenset[Speaker]:
        """Those present and those who speak."""
        return frozenset(self.participants) | {t.speaker for t in self.turns if t.speaker}

    @cached_property
    def restored(self) -> tuple[Span, ...]:
        """The spans of `text` that the raw text had lost."""
        return tuple(e.span for e in self.emendations if e.restored)


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrievable piece of one turn.

    `span` is what may be quoted; `context` (title, speaker, question asked, section lead) is
    embedded in front of it and never quoted.
    """

    id: int
    document_id: str
    turn: int
    span: Span
    text: str
    context: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question; `score` is comparable within one result list only."""

    passage: Passage
    score: float
