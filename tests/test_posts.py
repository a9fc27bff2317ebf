"""A question about the holder of one post is not answered with the holder of another."""

from __future__ import annotations

import pytest

from index.words import fold
from qa.engine import Engine
from qa.posts import Held, find_posts, holds

DIRECTOR = "刘忠波 枣庄市能源局党组书记、局长"
MAYOR = "翟军 枣庄市委副书记、市长"


@pytest.mark.parametrize(
    ("question", "office", "deputy", "post"),
    [
        ("请问山东省能源局的局长是谁？", "山东省能源局", "", "局长"),
        ("谁担任枣庄市市长", "枣庄市", "", "市长"),
        ("济南市长讲话了吗", "济南", "", "市长"),
        ("发改委副主任怎么说？", "发改委", "副", "主任"),
    ],
)
def test_a_post_is_found_with_its_office(
    question: str, office: str, deputy: str, post: str
) -> None:
    assert find_posts(fold(question)) == [Held(office, deputy, post)]


@pytest.mark.parametrize(
    "question",
    ["市长说了什么", "蓝市长讲了什么", "这家公司的董事长是谁", "市长护险怎么交", "城市长期规划"],
)
def test_a_post_without_an_office_is_no_condition(question: str) -> None:
    assert find_posts(fold(question)) == []


@pytest.mark.parametrize(
    ("question", "text", "held"),
    [
        ("枣庄市能源局局长", DIRECTOR, True),
        ("市能源局局长", DIRECTOR, True),
        ("能源局的局长", DIRECTOR, True),
        ("国家能源局局长", DIRECTOR, False),
        ("省能源局局长", DIRECTOR, False),
        ("能源局副局长", DIRECTOR, False),
        ("枣庄市市长", MAYOR, True),
        ("枣庄市委书记", MAYOR, False),
        ("市发改委主任", "枣庄市发展和改革委员会主任", True),
        ("枣庄市能源局局长", "市能源局局长刘忠波", True),
        ("国家能源局局长", "能源局局长刘忠波", False),
        ("钠能研究院院长", "成立了钠能研究院，院长由储怀瑾担任", True),
        ("省实验室主任", "省实验室副主任", False),
    ],
)
def test_a_text_holds_the_post_of_that_office_only(question: str, text: str, held: bool) -> None:
    (post,) = find_posts(fold(question))
    assert holds(text, post) == held


@pytest.mark.parametrize(
    ("question", "text", "held"),
    [
        ("who is the mayor of zaozhuang?", MAYOR, True),
        ("who is 枣庄's mayor", MAYOR, True),
        ("zaozhuang's deputy mayor", MAYOR, False),
        ("the mayor of jinan", MAYOR, False),
        ("who is the governor of 山东?", DIRECTOR, False),
        ("who is the vice-governor of shandong?", "山东省副省长周立伟", True),
    ],
)
def test_an_english_post_is_that_of_its_place(question: str, text: str, held: bool) -> None:
    posts = find_posts(fold(question))
    assert posts
    assert any(holds(text, post) for post in posts) == held


@pytest.mark.parametrize("question", ["who is the mayor?", "the mayor of the city"])
def test_an_english_post_without_a_place_is_no_condition(question: str) -> None:
    assert find_posts(fold(question)) == []


@pytest.mark.parametrize(
    "question",
    [
        "国家能源局局长是谁？",
        "山东省能源局局长是谁？",
        "枣庄市委书记是谁？",
        "济南市长讲话了吗",
        "Who is the governor of Shandong?",
    ],
)
def test_whoever_holds_no_such_post_is_not_named(engine: Engine, question: str) -> None:
    assert engine.ask(question).status == "not_in_sources"


def test_whoever_holds_it_is(engine: Engine) -> None:
    assert "刘忠波" in engine.ask("枣庄市能源局局长是谁？").answer
    assert "翟军" in engine.ask("Who is the mayor of Zaozhuang?").answer
    assert engine.ask("枣庄市长讲话了吗").quotes[0].speaker == "翟军"


@pytest.mark.parametrize("question", ["刘忠波的前任是谁？", "翟军的秘书叫什么名字？"])
def test_what_somebody_else_is_to_a_speaker_is_not_the_speaker(
    engine: Engine, question: str
) -> None:
    assert engine.ask(question).status == "not_in_sources"
