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
    """一个问题，和此前的提问。 / A question and the person's earlier ones, oldest first."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "签约项目总投资多少？", "history": []}]}
    )

    question: Annotated[Text, Field(description="问题 / the question")]
    history: Annotated[
        list[Text],
        Field(max_length=50, description="此前的提问，由早到晚 / earlier questions, oldest first"),
    ] = []


class Given(BaseModel):
    """What is given always has all its fields."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class QuoteObject(Given):
    """一段原话及其出处。 / A span of a transcript, word for word, with who said it."""

    text: Annotated[str, Field(description="原话 / the words, exactly")]
    start: Annotated[
        int, Field(ge=0, description="在实录 text 中的起点 / offset in the transcript")
    ]
    end: Annotated[int, Field(ge=0, description="终点，不含 / end, exclusive")]
    highlights: Annotated[
        list[Annotated[list[int], Field(min_length=2, max_length=2)]],
        Field(description="text 中直接作答之处 / the spans inside text that answer"),
    ]
    speaker: Annotated[str | None, Field(description="发言人 / who said it")]
    title: Annotated[str | None, Field(description="当日职务 / the post held on that day")]
    role: Annotated[Role, Field(description="身份 / official, journalist, moderator or editor")]
    attribution_inferred: Annotated[
        bool, Field(description="发言人系推定 / the speaker is inferred")
    ]
    asked_by: Annotated[str | None, Field(description="回答谁的提问 / whose question it answered")]
    document_id: Annotated[str, Field(description="实录编号 / id of the transcript")]
    document_title: Annotated[str, Field(description="发布会名称 / the event")]
    date: Annotated[datetime.date | None, Field(description="发布日期 / date of the event")]
    source_url: Annotated[str | None, Field(description="原文网址 / where it was published")]
    permalink: Annotated[str, Field(description="在本站的位置 / its place on this site")]
    emended: Annotated[bool, Field(description="含校订文字 / holds restored words")]
    cut_before: Annotated[bool, Field(description="句首有省略 / begins within a sentence")]
    cut_after: Annotated[bool, Field(description="句尾有省略 / ends within a sentence")]


class AnswerObject(Given):
    """对一个问题的回答，由原话组成。 / The reply to one question, made of quotes."""

    id: Annotated[Any, Field(description="批量调用时的编号，此处恒为空 / always null here")] = None
    question: Annotated[str, Field(description="所问 / as it was asked")]
    status: Annotated[Status, Field(description="回答的性质 / what kind of answer this is")]
    answer: Annotated[str, Field(description="先读的一句 / what a person reads first")]
    quotes: Annotated[
        list[QuoteObject], Field(description="引文，第一条即答案 / quotes; the first one answers")
    ]
    related: Annotated[
        list[QuoteObject], Field(description="相关而非答案的原话 / near, but not the answer")
    ]
    confidence: Annotated[float, Field(ge=0, le=1, description="把握 / how sure")]
    elapsed_ms: Annotated[float, Field(ge=0, description="用时，毫秒 / time taken")]


class TranscriptSummary(Given):
    """实录目录中的一条。 / A transcript in the list of all."""

    id: Annotated[str, Field(description="实录编号 / id of the transcript")]
    title: Annotated[str, Field(description="发布会名称 / the event")]
    date: Annotated[datetime.date | None, Field(description="发布日期 / date of the event")]


class TurnObject(Given):
    """一人一次发言：实录的 text[start:end]。 / One speaker's uninterrupted words."""

    start: Annotated[int, Field(ge=0, description="起点 / offset in text")]
    end: Annotated[int, Field(ge=0, description="终点，不含 / end, exclusive")]
    kind: Annotated[TurnKind, Field(description="发言类别 / kind of turn")]
    speaker: Annotated[str | None, Field(description="发言人 / who speaks")]
    title: Annotated[str | None, Field(description="当日职务 / the post held on that day")]
    attribution_inferred: Annotated[
        bool, Field(description="发言人系推定 / the speaker is inferred")
    ]
    question: Annotated[
        int | None, Field(ge=0, description="所回答的提问是第几段 / index of the question's turn")
    ]


class TranscriptObject(TranscriptSummary):
    """一份实录的全文与分段。 / A transcript whole: its text and who spoke where."""

    place: Annotated[str | None, Field(description="地点 / where it was held")]
    publisher: Annotated[str | None, Field(description="发布机构 / who published it")]
    source_url: Annotated[str | None, Field(description="原文网址 / where it was published")]
    text: Annotated[str, Field(description="全文 / the whole text")]
    turns: Annotated[list[TurnObject], Field(description="各段发言 / who spoke where")]


class Health(Given):
    """进程在运行。 / The process is up."""

    status: Literal["ok"] = "ok"


class Readiness(Given):
    """索引已打开，其中有什么。 / The index is open, and what stands in it."""

    status: Literal["ready"] = "ready"
    transcripts: Annotated[int, Field(ge=1, description="实录份数 / transcripts")]
    turns: Annotated[int, Field(ge=0, description="发言段数 / turns")]
    characters: Annotated[int, Field(ge=0, description="字数 / characters")]


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
