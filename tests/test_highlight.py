"""What is marked in a quote answers, whole: its qualifier, its unit, no word cut in two."""

from __future__ import annotations

import pytest

from index.encoder import open_encoder
from qa.highlight import mark
from qa.question import Question, Understanding

SIGNED = (
    "共计24个产业引领性强、带动效益好的项目在大会上集中签约，签约项目总投资超过400亿元，"
    "其中过50亿元以上项目2个，同比提高1.2个百分点，将有200余名嘉宾于8月25日出席。"
)


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return Understanding((), open_encoder(None))


@pytest.mark.parametrize(
    ("asked", "marked"),
    [
        ("签约项目总投资多少？", "超过400亿元"),
        ("有多少个产业引领性强的项目？", "共计24个"),
        ("同比提高了多少个百分点？", "1.2个百分点"),
        ("有多少名嘉宾出席？", "200余名"),
        ("嘉宾哪天出席？", "8月25日"),
        ("How much is the total investment?", "超过400亿元"),
    ],
)
def test_an_amount_is_marked_with_its_qualifier_and_unit(
    understanding: Understanding, asked: str, marked: str
) -> None:
    question = understanding.read(asked)
    assert isinstance(question, Question)
    ((start, end),) = mark(question, SIGNED)
    assert SIGNED[start:end] == marked


def test_what_is_no_amount_is_marked_as_a_clause(understanding: Understanding) -> None:
    question = understanding.read("为什么要分期建设？")
    assert isinstance(question, Question)
    text = "工程量很大，因此要分期建设，确保质量。"
    ((start, end),) = mark(question, text)
    assert text[start:end] == "因此要分期建设"
