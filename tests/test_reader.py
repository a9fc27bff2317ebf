"""The reader tells what answers from what is only near, and where the answer begins."""

from __future__ import annotations

import math

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from qa.reader import FOLDER, Judged, Place, Text, reader

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


def read(question: str, text: Text) -> tuple[Judged, Place]:
    """Read a question and a text as the engine does."""
    asked, known = reader().ask(question), reader().know(text)
    judged = reader().judge(asked, known)
    return judged, reader().locate(asked, known, judged)


def test_a_passage_that_answers_stands_above_one_on_the_same_thing() -> None:
    assert read(ASKED, ANSWERS)[0].answers > read(ASKED, NEAR)[0].answers + 1


def test_the_answer_begins_in_the_sentence_that_holds_it() -> None:
    place = read(ASKED, ANSWERS)[1]
    assert max(range(3), key=place.begins.__getitem__) == 1


def test_the_reader_points_into_the_words_that_answer() -> None:
    at, _ = max(read(ASKED, ANSWERS)[1].points[1], key=lambda point: point[1])
    led = ANSWERS.pieces[1][at : ANSWERS.pieces[1].index("8") + 1]
    assert 0 < len(led) <= len("，日处理能力达到8")


def test_the_chances_of_where_it_begins_sum_to_one() -> None:
    for text in (ANSWERS, NEAR):
        assert math.isclose(sum(read(ASKED, text)[1].begins), 1.0, abs_tol=1e-6)


def test_what_a_passage_is_alone_serves_every_question() -> None:
    known = reader().know(ANSWERS)
    reader().judge(reader().ask("今年全市水务投资完成多少？"), known)
    again = reader().judge(reader().ask(ASKED), known)
    assert again.answers == read(ASKED, ANSWERS)[0].answers


def test_traditional_script_is_read_as_simplified() -> None:
    one, other = (read(q, ANSWERS)[0] for q in (ASKED, "新建的污水處理廠每天能處理多少污水？"))
    assert one.answers == pytest.approx(other.answers)


def test_a_text_beyond_the_limit_is_cut_and_the_pieces_beyond_it_hold_nothing() -> None:
    place = read(ASKED, Text("", ("一段与此无关的话。" * 60, ANSWERS.pieces[1])))[1]
    assert place.begins[1] == 0.0


@pytest.mark.parametrize("part", ["alone", "decide", "locate"])
def test_no_processor_cuts_off_what_it_sums(part: str) -> None:
    """Without instructions for it two products, of 255 and a weight, are added in sixteen bits."""
    graph = onnx.load(FOLDER / f"{part}.onnx").graph
    held = {i.name: i for i in graph.initializer}
    weights = [held[n.input[1]] for n in graph.node if n.op_type == "MatMulInteger"]
    assert len(weights) > 10
    for table in weights:
        assert 2 * 255 * np.abs(numpy_helper.to_array(table).astype(int)).max() < 2**15
