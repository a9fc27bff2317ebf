"""What the JSON interface takes and gives, as types; `/openapi.json` is made from these."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from index.records import Role, Transcript, TurnKind
from qa.records import Status

LONGEST_TEXT = 20_000
Text = Annotated[str, Field(max_length=LONGEST_TEXT)]


class Ask(BaseModel):
    """A question and the person's earlier ones, oldest first."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "签约项目总投资多少？", "history": []}]}
    )

    question: Annotated[Text, Field(description="问题 / the question")]
    history: Annotated[
        list[Text],
        Field(max_length=50, description="此前的提问，由早到晚 / earlier questions, oldest first"),
    ] = []


class QuoteObject(BaseModel):
    """A span of a transcript, word for word, with who said it."""

    text: Annotated[str, Field(description="原话 / the words, exactly")]
    start: Annotated[
        int, Field(ge=0, description="在实录 text 中的起点 / offset in the transcript")
    ]
    end: Annotated[int, Field(ge=0, description="终点，不含 / end, exclusive")]
    highlights: Annotated[
        list[Annotated[list[int], Field(min_length=2, max_length=2)]],
        Field(description="text 中直接作答之处 / the spans inside text that answer"),
    ]
    speaker: str | None
    title: Annotated[str | None, Field(description="当日职务 / the post held on that day")]
    role: Role
    attribution_inferred: Annotated[
        bool, Field(description="发言人系推定 / the speaker is inferred")
    ]
    asked_by: Annotated[str | None, Field(description="回答谁的提问 / whose question it answered")]
    document_id: str
    document_title: str
    date: datetime.date | None
    source_url: str | None
    permalink: Annotated[str, Field(description="在本站的位置 / its place on this site")]
    emended: Annotated[bool, Field(description="含校订文字 / holds restored words")]


class AnswerObject(BaseModel):
    """The reply to one question; `answer` holds quoted spans and fixed wording only."""

    id: Annotated[Any, Field(description="批量调用时的编号，此处恒为空 / always null here")] = None
    question: str
    status: Status
    answer: Annotated[str, Field(description="先读的一句 / what a person reads first")]
    quotes: list[QuoteObject]
    related: Annotated[
        list[QuoteObject], Field(description="相关而非答案的原话 / near, but not the answer")
    ]
    confidence: Annotated[float, Field(ge=0, le=1)]
    elapsed_ms: Annotated[float, Field(ge=0)]


class TranscriptSummary(BaseModel):
    """A transcript in the list of all."""

    id: str
    title: str
    date: datetime.date | None


class TurnObject(BaseModel):
    """One speaker's uninterrupted words: `text[start:end]` of the transcript."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    kind: TurnKind
    speaker: str | None
    title: str | None
    attribution_inferred: bool
    question: Annotated[
        int | None, Field(ge=0, description="所回答的提问是第几段 / index of the question's turn")
    ]


class TranscriptObject(TranscriptSummary):
    """A transcript whole: its text and who spoke where."""

    place: str | None
    publisher: str | None
    source_url: str | None
    text: str
    turns: list[TurnObject]


class Health(BaseModel):
    """The process is up."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """The index is open, and what stands in it."""

    status: Literal["ready"] = "ready"
    transcripts: Annotated[int, Field(ge=1)]
    turns: Annotated[int, Field(ge=0)]
    characters: Annotated[int, Field(ge=0)]


def summarise(transcript: Transcript) -> TranscriptSummary:
    """Return a transcript's line in the list."""
    source = transcript.source
    return TranscriptSummary(id=source.id, title=source.title, date=source.date)


def describe(transcript: Transcript) -> TranscriptObject:
    """Return a transcript whole."""
    source = transcript.source
    turns = [
        TurnObject(
            start=turn.span.start,
            end=turn.span.end,
            kind=turn.kind,
            speaker=turn.speaker.name if turn.speaker else None,
            title=turn.speaker.title if turn.speaker else None,
            attribution_inferred=turn.attribution_inferred,
            question=turn.question,
        )
        for turn in transcript.turns
    ]
    return TranscriptObject(
        id=source.id,
        title=source.title,
        date=source.date,
        place=source.place,
        publisher=source.publisher,
        source_url=source.url,
        text=transcript.text,
        turns=turns,
    )
