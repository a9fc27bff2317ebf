"""What a question is read as, before anything is looked for."""

from __future__ import annotations

import pytest

from qa.engine import Engine
from qa.english import Lexicon, is_english
from qa.numerals import as_digits
from qa.question import split_parts
from qa.synonyms import Synonyms


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("一共签下多少个项目，值多少钱？", ("一共签下多少个项目", "值多少钱")),
        ("枣庄面积多大，人口多少？", ("枣庄面积多大", "人口多少")),
        ("您好，我是记者，想问总投资多少？", ("您好，我是记者，想问总投资多少？",)),
        ("大会什么时候、在哪里举办？", ("大会什么时候、在哪里举办？",)),
        ("锂电企业", ("锂电企业",)),
    ],
)
def test_questions_side_by_side_are_told_apart(text: str, parts: tuple[str, ...]) -> None:
    assert split_parts(text) == parts


def test_a_word_that_the_transcript_lacks_stands_for_one_that_it_holds(engine: Engine) -> None:
    synonyms = Synonyms(engine.transcripts.values())
    assert "酒店" in synonyms.of("宾馆")
    assert synonyms.of("酒店") == ()
    assert synonyms.of("不存在的词") == ()


def test_english_words_stand_for_words_of_the_transcript(engine: Engine) -> None:
    lexicon = Lexicon(engine.transcripts.values(), engine._index.encoder)
    forms = lexicon.translate("How many hotels and exhibitions were invited?")
    assert any("酒店" in f for f in forms) and any("邀请" in f for f in forms)
    assert not any("how" in f for f in forms)


@pytest.mark.parametrize(
    ("text", "english"),
    [("how many companies are there", True), ("TCO镀膜玻璃是哪家的", False), ("GWh 是什么", False)],
)
def test_english_is_told_from_chinese_with_latin_terms(text: str, english: bool) -> None:
    assert is_english(text) == english


def test_a_question_in_two_parts_shows_both_answers(engine: Engine) -> None:
    answer = engine.ask("枣庄的户籍人口有多少，授权专利有多少件？")
    shown = "".join(q.text for q in answer.quotes)
    assert answer.status == "answered"
    assert "户籍人口422万" in shown and "授权专利3200余件" in shown


def test_a_part_that_the_transcript_does_not_answer_is_said_so(engine: Engine) -> None:
    answer = engine.ask("枣庄市长的电话是多少，枣庄授权专利有多少件？")
    assert answer.status == "partial"
    assert "授权专利3200余件" in answer.quotes[-1].text
    assert answer.answer.endswith("问题的其余部分，发布会实录中没有说到。")


def test_a_numeral_that_no_number_stands_for_is_left_as_it_is() -> None:
    for spoken in ("四七十十零", "七八千十"):
        assert as_digits(f"来了{spoken}人") == f"来了{spoken}人"
