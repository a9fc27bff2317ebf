"""The reader tells what answers from what is only near, and where the answer begins."""

from __future__ import annotations

import math

import pytest

from qa.reader import Text, reader

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


def test_a_passage_that_answers_stands_above_one_on_the_same_thing() -> None:
    assert reader().read(ASKED, ANSWERS).answers > reader().read(ASKED, NEAR).answers + 1


def test_the_answer_begins_in_the_sentence_that_holds_it() -> None:
    reading = reader().read(ASKED, ANSWERS)
    assert max(range(3), key=reading.begins.__getitem__) == 1


def test_the_chances_of_where_it_begins_sum_to_one() -> None:
    for text in (ANSWERS, NEAR):
        assert math.isclose(sum(reader().read(ASKED, text).begins), 1.0, abs_tol=1e-6)


def test_traditional_script_is_read_as_simplified() -> None:
    one = reader().read(ASKED, ANSWERS)
    other = reader().read("新建的污水處理廠每天能處理多少污水？", ANSWERS)
    assert one.answers == pytest.approx(other.answers)


def test_a_text_beyond_the_limit_is_cut_and_the_pieces_beyond_it_hold_nothing() -> None:
    reading = reader().read(ASKED, Text("", ("一段与此无关的话。" * 60, ANSWERS.pieces[1])))
    assert reading.begins[1] == 0.0


@pytest.mark.parametrize("hostile", ["", "\x00", "<s></s>" * 50, "🙂" * 300])
def test_any_text_can_be_read(hostile: str) -> None:
    assert math.isfinite(reader().read(hostile, Text(hostile, (hostile, "话。"))).answers)
