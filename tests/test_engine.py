"""Quotes are exact, attributed, and absent where the transcript does not say."""

from __future__ import annotations

import pytest

from index.records import Span
from qa.engine import Engine
from qa.records import Quote

QUESTIONS = [
    "棗莊鋰電企業有多少家？",
    "签约项目总投资多少？",
    "海上风电排全国第几？",
    "谁主持了发布会？",
    "翟军是什么职务？",
    "山东省能源局怎么支持枣庄？",
    "特种电池分会的目标有哪些？",
    "今天天气怎么样",
    "讲个笑话",
    "白皮书叫什么名字？",
]


def assert_exact(engine: Engine, quote: Quote) -> None:
    transcript = engine.transcripts[quote.document_id]
    assert transcript.text[quote.start : quote.end] == quote.text
    turns = [t for t in transcript.turns if t.span.contains(Span(quote.start, quote.end))]
    assert len(turns) == 1
    assert quote.speaker == (turns[0].speaker.name if turns[0].speaker else None)
    assert all(0 <= a < b <= len(quote.text) for a, b in quote.highlights)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_stands_in_the_transcript_word_for_word(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    for quote in (*answer.quotes, *answer.related):
        assert_exact(engine, quote)
    assert not any(r.overlaps(q) for r in answer.related for q in answer.quotes)


def test_every_passage_is_a_span_of_one_turn(engine: Engine) -> None:
    hits = {h.passage for q in QUESTIONS for h in engine.retrieve(q, 80)}
    assert len(hits) > 50
    for passage in hits:
        transcript = engine.transcripts[passage.document_id]
        assert passage.span.of(transcript.text) == passage.text
        assert transcript.turns[passage.turn].span.contains(passage.span)


def test_the_answer_is_made_of_quotes_and_names(engine: Engine) -> None:
    for question in QUESTIONS:
        answer = engine.ask(question)
        assert all(quote.text in answer.answer for quote in answer.quotes)


def test_a_traditional_question_finds_the_inferred_speaker(engine: Engine) -> None:
    answer = engine.ask("棗莊鋰電企業有多少家？")
    assert answer.status == "answered"
    first = answer.quotes[0]
    assert "270家" in first.text
    assert (first.speaker, first.attribution_inferred) == ("翟军", True)


def test_the_weather_is_not_in_the_transcript(engine: Engine) -> None:
    answer = engine.ask("今天天气怎么样")
    assert answer.status in ("not_in_sources", "off_topic")
    assert answer.quotes == ()


def test_what_is_foreign_is_told_only_that_nothing_near_was_found(engine: Engine) -> None:
    answer = engine.ask("红烧肉怎么做")
    assert answer.status == "off_topic" and answer.quotes == answer.related == ()
    assert "没有找到与这个问题相近的内容" in answer.answer


def test_what_is_asked_about_the_event_itself_is_never_foreign(engine: Engine) -> None:
    answer = engine.ask("大会期间市区会不会限行、怎么绕行？")
    assert answer.status == "not_in_sources" and answer.related


@pytest.mark.parametrize("question", ["", "   ", "？？？", "\u200b\u200b", "问" * 10_000])
def test_what_is_no_question_is_refused_with_a_reason(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    assert answer.status == "invalid" and answer.answer


def test_the_four_journalists_are_answered_by_four_officials(engine: Engine) -> None:
    transcript = engine.transcripts["2024-battery-conference"]
    pairs = [
        (transcript.turns[t.question].speaker, t.speaker)
        for t in transcript.turns
        if t.kind == "answer" and t.question is not None
    ]
    assert [(q.name, a.name) for q, a in pairs if q and a] == [
        ("新华社记者", "郭永新"),
        ("央广网记者", "朱辉"),
        ("经济日报记者", "宋翊"),
        ("中新社记者", "刘忠波"),
    ]


def test_a_list_is_the_one_that_the_best_answer_leads_to(engine: Engine) -> None:
    weighed = engine.deliberate("枣庄锂电新能源产业取得了哪些成效？")
    assert weighed
    quotes = engine.quote(weighed).quotes
    assert {q.speaker for q in quotes} == {"翟军"}
    assert [q.text[:2] for q in quotes[-4:]] == ["一是", "二是", "三是", "四是"]


@pytest.mark.parametrize(
    ("question", "outlets"),
    [
        ("哪家媒体问了特种电池？", ["经济日报记者"]),
        ("特种电池的问题是哪家媒体提的？", ["经济日报记者"]),
        ("哪几家媒体的记者提了问题？", ["新华社记者", "央广网记者", "经济日报记者", "中新社记者"]),
        ("是谁问的房价？", []),
    ],
)
def test_who_asked_is_told_by_the_question_that_was_put(
    engine: Engine, question: str, outlets: list[str]
) -> None:
    answer = engine.ask(question)
    assert [quote.speaker for quote in answer.quotes] == outlets
    assert all(quote.role == "journalist" for quote in answer.quotes)


@pytest.mark.parametrize("question", ["主持人", "主持人是谁？", "谁主持的发布会？"])
def test_the_moderator_is_named_by_the_head(engine: Engine, question: str) -> None:
    assert "陈永生" in engine.ask(question).quotes[0].text
