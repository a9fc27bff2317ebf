"""What is marked in a quote answers, whole: its qualifier, its unit, no word cut in two."""

from __future__ import annotations

import pytest

from index.encoder import open_encoder
from qa.highlight import mark, places
from qa.question import Question, Understanding
from qa.reader import Text, reader

SIGNED = (
    "共计24个产业引领性强、带动效益好的项目在大会上集中签约，签约项目总投资超过400亿元，"
    "其中过50亿元以上项目2个，同比提高1.2个百分点，将有200余名嘉宾于8月25日出席。"
)


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return Understanding((), open_encoder(None))


def _marked(understanding: Understanding, asked: str, text: str) -> str:
    """Return what is marked in a text once the reader has read it; "" where nothing is."""
    question = understanding.read(asked)
    assert isinstance(question, Question)
    put, known = reader().ask(question.whole), reader().know(Text("", (text,)))
    place = reader().locate(put, known, reader().judge(put, known))
    return "".join(text[start:end] for start, end in mark(question, text, place.points[0]))


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
    assert _marked(understanding, asked, SIGNED) == marked


def test_a_part_is_not_named_for_the_whole(understanding: Understanding) -> None:
    assert _marked(understanding, "簽約的項目總共有多少個", SIGNED) in ("", "共计24个")


def test_money_is_not_how_many(understanding: Understanding) -> None:
    assert "元" not in _marked(understanding, "How many projects were signed?", SIGNED)


def test_what_is_no_amount_is_marked_as_a_clause(understanding: Understanding) -> None:
    text = "工程量很大，因此要分期建设，确保质量。"
    assert _marked(understanding, "为什么要分期建设？", text) == "工程量很大"


@pytest.mark.parametrize(
    "amount",
    [
        "不到100家",
        "未超过100亿元",
        "并未突破1000亿元",
        "低于5%",
        "3到5年",
        "10亿—20亿元",
        "零下5摄氏度",
    ],
)
def test_no_qualifier_and_no_end_of_a_range_is_left_out(
    understanding: Understanding, amount: str
) -> None:
    question = understanding.read("是多少？")
    assert isinstance(question, Question)
    text = f"据统计，今年{amount}。"
    assert [text[start:end] for start, end in places(question, text)] == [amount]


def test_of_several_that_are_as_likely_none_is_marked(understanding: Understanding) -> None:
    question = understanding.read("一共是多少个？")
    assert isinstance(question, Question)
    assert mark(question, "甲有3个，乙有4个，丙有5个，丁有6个，戊有7个，己有8个。") == ()


@pytest.mark.parametrize(
    ("asked", "text", "found"),
    [
        ("产假多长？", "产假158天，补贴3000元", ["158天", "3000元"]),
        ("产假有多少天？", "产假158天，补贴3000元", ["158天", "3000元"]),
        ("今年办到几届了？", "第三届论坛吸引500家企业", ["三届", "500家"]),
        ("今年补贴多少？", "产假158天，补贴3000元", ["3000元"]),
    ],
)
def test_a_span_of_time_or_an_ordinal_stays_where_it_is_asked_for(
    understanding: Understanding, asked: str, text: str, found: list[str]
) -> None:
    question = understanding.read(asked)
    assert isinstance(question, Question)
    assert [text[start:end] for start, end in places(question, text)] == found


@pytest.mark.parametrize(
    ("asked", "marked"),
    [
        ("光伏全国排第几？", ["连续七年居全国第一", "居全国第二"]),
        ("光伏装机有多少千瓦？", ["6503万千瓦", "445万千瓦"]),
    ],
)
def test_a_rank_or_a_span_of_time_is_no_amount(
    understanding: Understanding, asked: str, marked: list[str]
) -> None:
    text = "光伏6503万千瓦，连续七年居全国第一；生物质445万千瓦，居全国第二；第三届大会召开。"
    question = understanding.read(asked)
    assert isinstance(question, Question)
    assert [text[start:end] for start, end in places(question, text)] == marked
