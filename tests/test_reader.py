"""The reader tells what answers from what is only near, and where the answer begins."""

from __future__ import annotations

import math

import pytest

from qa.reader import Reading, Text, reader

ASKED = "新建的污水处理厂每天能处理多少污水？"
ANSWERS = Text(
    "市水务局局长 李明",
    (
        "今年全市水务投资完成12亿元。",
        "新建的污水处理厂已经投用，日处理能力达到8万吨。",
        "谢谢大家。",
    ),
)
NEAR = Text(
    "市水务局局长 李明",
    ("污水处理是群众关心的事。", "新建的污水处理厂位于城北，由市水务集团负责运营。"),
)


def read(question: str, text: Text) -> Reading:
    """Read a question and a text as the engine does."""
    return reader().read(reader().ask(question), reader().know(text))


def test_a_passage_that_answers_stands_above_one_on_the_same_thing() -> None:
    assert read(ASKED, ANSWERS).answers > read(ASKED, NEAR).answers + 1


def test_the_answer_begins_in_the_sentence_that_holds_it() -> None:
    reading = read(ASKED, ANSWERS)
    assert max(range(3), key=reading.begins.__getitem__) == 1


def test_the_chances_of_where_it_begins_sum_to_one() -> None:
    for text in (ANSWERS, NEAR):
        assert math.isclose(sum(read(ASKED, text).begins), 1.0, abs_tol=1e-6)


def test_what_a_passage_is_alone_serves_every_question() -> None:
    known = reader().know(ANSWERS)
    other = reader().ask("今年全市水务投资完成多少？")
    reader().read(other, known)
    assert reader().read(reader().ask(ASKED), known) == read(ASKED, ANSWERS)


def test_traditional_script_is_read_as_simplified() -> None:
    one = read(ASKED, ANSWERS)
    other = read("新建的污水處理廠每天能處理多少污水？", ANSWERS)
    assert one.answers == pytest.approx(other.answers)


def test_a_text_beyond_the_limit_is_cut_and_the_pieces_beyond_it_hold_nothing() -> None:
    reading = read(ASKED, Text("", ("一段与此无关的话。" * 60, ANSWERS.pieces[1])))
    assert reading.begins[1] == 0.0


@pytest.mark.parametrize("hostile", ["", "\x00", "<s></s>" * 50, "🙂" * 300])
def test_any_text_can_be_read(hostile: str) -> None:
    assert math.isfinite(read(hostile, Text(hostile, (hostile, "话。"))).answers)
