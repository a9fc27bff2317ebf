"""A conversation as a document: every question asked anew, every quote from the transcript."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Annotated, Literal

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.shared import Pt
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from qa.compose import ELLIPSIS
from qa.engine import Answering
from qa.question import LONGEST
from qa.records import Answer, Quote
from web.api import Queue
from web.citation import LABEL, inert, name, publication, share, source, to_markdown
from web.rates import Limits

MOST = 30
STATUSES = {
    "answered": "已回答",
    "partial": "部分回答",
    "not_in_sources": "没有找到原话",
    "off_topic": "没有相近内容",
    "invalid": "无法处理",
}
_TITLE = "枣问：发布会原文检索"
_ABOUT = "引文一字未改，均于导出时对照现行实录重新检索；“问”由读者输入，不是实录文字。"
_RELATED = "相关段落，供参考，不是答案："
_FONT = "宋体"
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Asked(BaseModel):
    """One question of the conversation; whatever else a client says about it is not believed."""

    question: Annotated[str, Field(min_length=1, max_length=LONGEST * 2)]


class Conversation(BaseModel):
    """What is to be exported: the questions in order."""

    format: Literal["markdown", "docx"]
    turns: Annotated[list[Asked], Field(min_length=1, max_length=MOST)]


def export_routes(engine: Answering, queue: Queue, limits: Limits) -> APIRouter:
    """Return `POST /export`, which counts and waits as so many questions do.

    The questions are asked anew: a client chooses what is asked, never what is answered, so that
    no document can hold words, or a pairing of question and answer, that the engine did not give.
    """
    routes = APIRouter(include_in_schema=False)

    @routes.post("/export")
    async def export(conversation: Conversation, request: Request) -> Response:
        limits.take(request.scope, len(conversation.turns))
        answers = await ask_all(engine, queue, [turn.question for turn in conversation.turns])
        base = str(request.base_url)
        if conversation.format == "docx":
            return _attach(await queue.do(partial(write_docx, answers, base)), _DOCX, "docx")
        text = write_markdown(answers, base).encode()
        return _attach(text, "text/markdown; charset=utf-8", "md")

    return routes


async def ask_all(engine: Answering, queue: Queue, questions: Sequence[str]) -> list[Answer]:
    """Return the answers to a conversation, each asked after those before it, each in its turn."""
    return [await queue.do(partial(engine.ask, q, questions[:n])) for n, q in enumerate(questions)]


def write_markdown(answers: Iterable[Answer], base: str = "") -> str:
    """Return the conversation as Markdown in which no question or quote is markup."""
    parts = [f"# {_TITLE}", f"{LABEL}。{_ABOUT}", f"导出于 {_today()}"]
    for answer in answers:
        asked = " ".join(inert(line) for line in answer.question.split("\n"))
        parts += [f"## 问：{asked}", f"**{STATUSES[answer.status]}**"]
        if not answer.quotes:
            parts.append(inert(answer.answer).replace("\n", "\\\n"))
        parts += [to_markdown(quote, _link(quote, base)).rstrip() for quote in answer.quotes]
        if answer.related and not answer.quotes:
            parts.append(_RELATED)
            parts += [to_markdown(quote, _link(quote, base)).rstrip() for quote in answer.related]
    return "\n\n".join(parts) + "\n"


def write_docx(answers: Iterable[Answer], base: str = "") -> bytes:
    """Return the conversation as a Word document; characters that XML lacks show as U+FFFD."""
    word = _blank()
    word.add_heading(_TITLE, 0)
    word.add_paragraph(f"{LABEL}。{_ABOUT}")
    word.add_paragraph(f"导出于 {_today()}")
    for answer in answers:
        word.add_heading(_writable(f"问：{answer.question}"), 1)
        word.add_paragraph().add_run(STATUSES[answer.status]).bold = True
        if not answer.quotes:
            word.add_paragraph(_writable(answer.answer))
        for quote in answer.quotes:
            _write_quote(word, quote, base)
        if answer.related and not answer.quotes:
            word.add_paragraph(_RELATED)
            for quote in answer.related:
                _write_quote(word, quote, base)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _write_quote(word: Word, quote: Quote, base: str) -> None:
    word.add_paragraph(LABEL).runs[0].font.size = Pt(9)
    said = word.add_paragraph(ELLIPSIS * quote.cut_before, style="Intense Quote")
    at = 0
    for start, end in quote.highlights:
        said.add_run(_writable(quote.text[at:start]))
        said.add_run(_writable(quote.text[start:end])).font.highlight_color = WD_COLOR_INDEX.YELLOW
        at = end
    said.add_run(_writable(quote.text[at:]) + ELLIPSIS * quote.cut_after)
    word.add_paragraph(_writable(f"——{name(quote)}，{source(quote)}"))
    for line in (*publication(quote), _link(quote, base)):
        word.add_paragraph(_writable(line)).runs[0].font.size = Pt(9)


def _blank() -> Word:
    word = Document()
    word.core_properties.author = "枣问"
    word.core_properties.title = _TITLE
    word.core_properties.comments = LABEL
    word.core_properties.created = datetime.datetime.now(datetime.UTC)
    word.styles["Intense Quote"].font.italic = False
    for style in ("Normal", "Title", "Heading 1", "Intense Quote"):
        fonts = word.styles[style].element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), _FONT)
    return word


def _link(quote: Quote, base: str) -> str:
    return base.rstrip("/") + share(quote)


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)


def _today() -> str:
    return f"{datetime.date.today():%Y-%m-%d}"


def _attach(body: bytes, media: str, suffix: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="zaowen.{suffix}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(body, media_type=media, headers=headers)
