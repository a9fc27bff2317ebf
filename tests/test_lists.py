"""Lists are gathered whole, however a speaker counts."""

from __future__ import annotations

import pytest

from index.encoder import open_encoder
from index.read import read_seed
from index.records import Span
from index.store import build, expect
from qa.engine import Engine
from qa.lists import find_listings, find_row
from qa.question import Question, Understanding

SPOKEN = """
主持人简澄：各位记者朋友，上午好，欢迎参加青梧县冬季供暖发布会。先请县住建局局长卓一凡介绍情况。

卓一凡：大家好。今年供暖面积是1260万平方米，热源厂有四座。供暖前我们做了三件事。一件是换管，把老城区38公里旧管换成了新的。
另一件是储煤，五万吨已经进场，能烧四十天。
还有一件是建热线，二十个席位，昼夜有人接。
收费分三档：居民每平方米22元；机关和学校每平方米28元；商户每平方米31元。
下一步就盯住两头，第一个，是老楼，冷山墙明年全部做保温。第二个嘛，是管网末梢，加装循环泵41台。
"""


def _items(text: str) -> list[list[str]]:
    return [[i.of(text) for i in each.items] for each in find_listings(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        ("我们一是换管；二是储煤；三是建热线。", ["一是换管", "二是储煤", "三是建热线。"]),
        ("有三条：首先换管；其次储煤；最后建热线。", ["首先换管", "其次储煤", "最后建热线。"]),
        ("头一个是快，不等。再一个是准，不错。", ["头一个是快，不等。", "再一个是准，不错。"]),
        ("第一看山墙，要厚；第二看窗，要严。", ["第一看山墙，要厚", "第二看窗，要严。"]),
        ("第一笔是补贴，每户。\n第二笔是贷款。", ["第一笔是补贴，每户。", "第二笔是贷款。"]),
        ("①换管；②储煤。", ["①换管", "②储煤。"]),
    ],
)
def test_a_list_is_found_however_it_is_counted(text: str, heads: list[str]) -> None:
    assert heads in _items(text)


@pytest.mark.parametrize(
    "text",
    [
        "这是唯一是新建的，第二是旧的。",
        "第一季度增长，第二季度下降。",
        "首先感谢大家。" + "这里说了很多别的事情。" * 40 + "最后祝大家愉快。",
    ],
)
def test_what_only_sounds_like_counting_is_no_list(text: str) -> None:
    assert _items(text) == []


def test_what_semicolons_set_apart_belongs_together() -> None:
    text = "分三档。居民22元；学校28元；商户31元。另有优惠。"
    row = find_row(text, Span(0, len(text)), Span(10, 12))
    assert [piece.of(text) for piece in row] == ["居民22元；", "学校28元；", "商户31元。"]
    assert find_row(text, Span(0, len(text)), Span(1, 2)) == ()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("lists")
    path = folder / "2025-heating.txt"
    path.write_text(SPOKEN.strip(), encoding="utf-8")
    path.with_suffix(".toml").write_text(
        'title = "青梧县冬季供暖新闻发布会"\ndate = 2025-10-20\nplace = "青梧县"\n'
        'publisher = "青梧县政府新闻办"\nformat = "text"\n',
        encoding="utf-8",
    )
    encoder = open_encoder(None)
    return Engine(build([read_seed(path)], encoder, folder / "index", expect(encoder, {})))


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("供暖前做了哪三件事？", ["换管", "储煤", "建热线"]),
        ("供暖收费的三档分别是多少？", ["22元", "28元", "31元"]),
        ("下一步盯住哪两头？", ["老楼", "管网末梢"]),
    ],
)
def test_all_items_are_quoted_in_order(told: Engine, question: str, wanted: list[str]) -> None:
    weighed = told.deliberate(question)
    assert weighed
    shown = "".join(quote.text for quote in told.quote(weighed).quotes)
    places = [shown.find(item) for item in wanted]
    assert -1 not in places and places == sorted(places)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("三个难处是什么", 3),
        ("下一步四件事", 4),
        ("哪两条线停了", 2),
        ("12条措施分别是什么", 12),
        ("去年办的几件实事都有哪些", 0),
    ],
)
def test_how_many_items_are_asked_for_is_read(engine: Engine, text: str, items: int) -> None:
    question = _read(engine, text)
    assert question.many
    assert question.items == items


@pytest.mark.parametrize(
    "text", ["第三个季度产值多少", "三个难处为什么难", "等了三个月", "有几座热源厂"]
)
def test_a_numeral_alone_asks_for_no_list(engine: Engine, text: str) -> None:
    assert not _read(engine, text).many


def _read(engine: Engine, text: str) -> Question:
    read = Understanding(engine.transcripts.values(), open_encoder(None)).read(text, ())
    assert isinstance(read, Question)
    return read
