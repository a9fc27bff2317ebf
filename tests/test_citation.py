"""A copied quote is the transcript's words, named, whatever form it takes."""

from __future__ import annotations

import datetime
import html
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.passages import split_sentences
from index.records import Source, Span, Speaker, Transcript, Turn
from qa.engine import Engine
from qa.quote import QuoteError
from qa.records import Quote
from web.citation import LABEL, digest, inert, locate, make_forms, share, widen

MARKET = Speaker("王芳", "official", "某市商务局局长")


def told(text: str, **turn: object) -> Transcript:
    span = Span(0, len(text))
    source = Source("doc-1", "某市商务发布会", datetime.date(2025, 3, 9))
    spoken = Turn(span, "statement", MARKET, **turn)  # type: ignore[arg-type]
    return Transcript(source, text, text, (), (MARKET,), (spoken,))


def cite(text: str, start: int = 0, end: int | None = None, **turn: object) -> Quote:
    return locate({"doc-1": told(text, **turn)}, "doc-1", Span(start, end or len(text)))


def rendered(markdown: str) -> str:
    body = MarkdownIt("commonmark").enable(["strikethrough", "table"]).render(markdown)
    return html.unescape(re.sub(r"<[^>]+>", "", body.replace("<br />\n", "\n")))


def test_the_news_form_is_a_sentence_with_the_words_untouched() -> None:
    forms = make_forms(cite("去年出口增长12%。"), "http://127.0.0.1:7860/")
    assert forms.news == (
        "以下为原文检索摘录\n"
        "某市商务局局长王芳表示，“去年出口增长12%。”\n"
        "《某市商务发布会》，2025年3月9日\n"
        f"http://127.0.0.1:7860/t/doc-1#c0-10-{digest('去年出口增长12%。')}"
    )


def test_every_form_tells_where_the_words_were_first_published() -> None:
    quote = replace(cite("去年出口增长12%。"), source_url="https://news.example/1_2")
    forms = make_forms(quote)
    for form in (forms.news, forms.plain, rendered(forms.markdown)):
        assert "原始出处：https://news.example/1_2" in form
    assert json.loads(forms.json)["source_url"] == "https://news.example/1_2"
    bare = make_forms(replace(quote, source_url="javascript:alert(1)"))
    assert "javascript" not in bare.news + bare.plain + bare.markdown


def test_words_with_quotation_marks_are_set_apart_and_not_altered() -> None:
    words = "他强调：“稳外贸是‘头等大事’”。"
    news = make_forms(cite(words)).news
    assert f"某市商务局局长王芳表示：\n\n{words}\n\n" in news
    assert "未将内层引号改为单引号" in news
    assert make_forms(cite(words)).plain.splitlines()[1] == words


def test_an_inferred_speaker_is_told_in_every_form() -> None:
    forms = make_forms(cite("去年出口增长12%。", attribution_inferred=True))
    assert "王芳（原文未署名，发言人系推定）表示" in forms.news
    assert "推定" in forms.plain and "推定" in forms.markdown
    assert json.loads(forms.json)["attribution_inferred"] is True


def test_a_quote_cut_within_a_sentence_shows_it() -> None:
    forms = make_forms(cite("去年出口增长12%，进口下降3%。", 4, 9))
    assert "表示，“……增长12%……”" in forms.news
    assert json.loads(forms.json)["text"] == "增长12%"


def test_every_form_of_a_real_answer_holds_label_words_event_date_and_place(engine: Engine) -> None:
    quote = engine.ask("签约项目总投资多少？").quotes[0]
    forms = make_forms(quote, "https://example.org")
    for form in (forms.news, forms.plain, rendered(forms.markdown), forms.json):
        assert LABEL in form and quote.text in form and quote.document_title in form
        assert "2024年8月13日" in form or "2024-08-13" in form
        assert f"https://example.org{share(quote)}" in form
    assert json.loads(forms.json)["start"] == quote.start


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), min_size=1)
)
def test_markdown_renders_the_exact_words(text: str) -> None:
    text = text.strip("\n") or "。"
    text = re.sub(r"\n\s*\n", "\n", text)
    assert rendered(inert(text).replace("\n", "\\\n")).removesuffix("\n") == text


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x onerror=alert(1)>",
        "![](https://evil.example/x.png)",
        "[点此](javascript:alert(1))",
        "1. 一\n- 二\n# 三\n> 四",
        "    缩进四格",
        "&lt;script&gt; &amp; `code` ~~删~~ **粗** | 表 |",
    ],
)
def test_hostile_words_render_as_words(hostile: str) -> None:
    forms = make_forms(cite(hostile))
    body = MarkdownIt("commonmark").render(forms.markdown)
    assert not re.search(r"<(?!/?(p|strong|blockquote|br)\b)", body)
    assert hostile in rendered(forms.markdown)
    assert json.loads(forms.json)["text"] == hostile


@pytest.mark.parametrize(
    ("text", "asked", "whole"),
    [
        ("签约总投资超过400亿元，居首位。", "40", "签约总投资超过400亿元"),
        ("目前，企业不能提前开工。", "能", "企业不能提前开工"),
        ("不得在山区、林区、景区用火，违者受罚。", "景区", "不得在山区、林区、景区用火"),
        ("产值达1,234万元，增长3%。", "234", "产值达1,234万元"),
        ("谢谢大家。\n　　一是扩产。", "\n　　一", "一是扩产"),
        ("去年增长12%，进口下降3%。", "增长12%，进口", "去年增长12%，进口下降3%"),
    ],
)
def test_a_quote_takes_in_the_clauses_it_touches(text: str, asked: str, whole: str) -> None:
    start = text.index(asked)
    grown = widen(text, Span(0, len(text)), Span(start, start + len(asked)))
    assert grown.of(text) == whole


def test_what_the_engine_quotes_is_whole_as_it_is(engine: Engine) -> None:
    (transcript,) = engine.transcripts.values()
    for turn in transcript.turns:
        for sentence in split_sentences(transcript.text, turn.span):
            assert widen(transcript.text, turn.span, sentence) == sentence


@given(st.text("一不3,，。“”\n 、", min_size=1), st.data())
def test_a_whole_clause_grows_no_further(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    within = Span(0, len(text))
    grown = widen(text, within, Span(start, end))
    assert not grown or widen(text, within, grown) == grown


def test_a_span_outside_one_turn_is_refused() -> None:
    record = {"doc-1": told("一二三")}
    nowhere = (Span(1, 9), Span(1, 1), Span(2, 1), Span(0, 10**30))
    for document, span in (("doc-2", Span(0, 1)), *(("doc-1", span) for span in nowhere)):
        with pytest.raises(QuoteError):
            locate(record, document, span)
