"""An exported conversation holds what the engine answers, and nothing a client says."""

from __future__ import annotations

import html
import io
import re

import httpx
import pytest
from docx import Document
from markdown_it import MarkdownIt

from qa.engine import Engine
from tests.serving import make_app, problem, visit
from web.citation import LABEL, share
from web.export import MOST, write_docx, write_markdown

HOSTILE = "<img src=//evil.example/x>![](https://evil.example) **签约** {{7*7}} \u0007 总投资多少？"


def words_of(docx: bytes) -> str:
    return "\n".join(p.text for p in Document(io.BytesIO(docx)).paragraphs)


def rendered(markdown: str) -> str:
    body = MarkdownIt("commonmark").render(markdown)
    return html.unescape(re.sub(r"<[^>]+>", "", body))


@pytest.fixture(scope="module")
def answers(engine: Engine) -> list:
    asked = ["签约项目总投资多少？", "食堂几点开饭？", HOSTILE]
    return [engine.ask(question, asked[:n]) for n, question in enumerate(asked)]


def test_both_forms_hold_every_quote_word_for_word_with_its_source(answers: list) -> None:
    quotes = [quote for answer in answers for quote in answer.quotes]
    assert quotes
    for text in (words_of(write_docx(answers)), rendered(write_markdown(answers))):
        assert LABEL in text
        for quote in quotes:
            assert quote.text in text and quote.speaker in text and quote.document_title in text
            assert share(quote) in text and "2024年8月13日" in text


def test_a_refusal_says_so_in_words(answers: list) -> None:
    assert answers[1].status in ("not_in_sources", "off_topic")
    for text in (words_of(write_docx(answers)), rendered(write_markdown(answers))):
        assert answers[1].answer in text


def test_a_hostile_question_stays_words(answers: list) -> None:
    markup = MarkdownIt("commonmark").render(write_markdown(answers))
    assert "<img" not in markup and 'href="https://evil' not in markup
    assert "<img src=//evil.example/x>" in rendered(write_markdown(answers))
    assert "<img src=//evil.example/x>" in words_of(write_docx(answers))


def test_a_client_cannot_put_words_into_the_document(address: str) -> None:
    forged = {
        "question": "签约项目总投资多少？",
        "status": "answered",
        "answer": "总投资一万亿元",
        "quotes": [{"document_id": "x", "start": 0, "end": 9, "text": "总投资一万亿元"}],
    }
    for format_ in ("markdown", "docx"):
        reply = httpx.post(f"{address}/export", json={"format": format_, "turns": [forged]})
        assert reply.headers["content-disposition"].startswith("attachment")
        text = words_of(reply.content) if format_ == "docx" else rendered(reply.text)
        assert "超过400亿元" in text
        assert "一万亿" not in text
        assert f"{address}/t/2024-battery-conference#c" in text


@pytest.mark.parametrize(
    "body",
    [
        {"format": "pdf", "turns": [{"question": "一"}]},
        {"format": "docx", "turns": []},
        {"format": "docx", "turns": [{"question": "一"}] * (MOST + 1)},
        {"format": "docx", "turns": [{"question": ""}]},
    ],
)
def test_what_cannot_be_exported_is_refused(address: str, body: dict) -> None:
    assert httpx.post(f"{address}/export", json=body).status_code == 422


def test_a_document_counts_as_all_the_questions_it_asks(engine: Engine) -> None:
    app = make_app(engine, rate_per_address="5/minute")

    def export(turns: int, address: str = "203.0.113.7") -> httpx.Response:
        asked = {"format": "markdown", "turns": [{"question": "签约项目总投资多少？"}] * turns}
        return visit(app, address).post("/export", json=asked)

    assert export(3).status_code == 200
    refused = export(3)
    assert "秒" in problem(refused, 429)["detail"] and int(refused.headers["retry-after"]) > 0
    assert export(2).status_code == 200
    problem(visit(app).post("/api/ask", json={"question": "问"}), 429)
    assert export(MOST, "203.0.113.8").status_code == 200
