"""What is asked for must be there; trees put the candidates in order and decide."""

from __future__ import annotations

import numpy as np
import pytest

from index.encoder import open_encoder
from index.records import Span
from index.words import fold
from qa.engine import Engine
from qa.evidence import FEATURES, Candidate
from qa.forest import Forest
from qa.judge import CLOSE, ORDER, decider, explain, order, order_rows, orderer
from qa.kinds import fits, is_plain, lacks_kind
from qa.question import Question, Understanding


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return Understanding((), open_encoder(None))


def _read(understanding: Understanding, asked: str) -> Question:
    question = understanding.read(asked)
    assert isinstance(question, Question)
    return question


@pytest.mark.parametrize(
    ("asked", "text", "lacks"),
    [
        ("大会什么时候召开？", "充分利用好大会召开前的有效时间。", True),
        ("大会什么时候召开？", "定于8月25日举办。", False),
        ("大会几号开？", "大会重点邀请了有关领导。", True),
        ("什么时候开馆？", "开馆日期另行公布。", False),
        ("有多少嘉宾参会？", "一是积极邀请参会嘉宾。", True),
        ("有多少嘉宾参会？", "将有两百名嘉宾。", False),
        ("卡在几处？", "主要卡在三处。", False),
        ("大会主题是什么？", "邀请了专家作主题演讲。", True),
        ("大会主题是什么？", "以“共创绿色未来”为主题。", False),
        ("全省排第几？", "居全省首位。", False),
        ("全省排第几？", "有企业200家。", True),
        ("有三百家吗？", "企业在增加。", False),
        ("为什么建？", "由于缺水。", False),
        ("大会有几场主题论坛？", "将举办4场主题论坛。", False),
        ("How many visitors came from Frankfurt?", "来自法兰克福的游客有300人。", False),
    ],
)
def test_a_text_without_number_time_or_title_cannot_answer_what_asks_for_one(
    understanding: Understanding, asked: str, text: str, lacks: bool
) -> None:
    assert lacks_kind(_read(understanding, asked), fold(text)) == lacks


def test_a_date_or_place_is_plain_only_where_it_is_asked(understanding: Understanding) -> None:
    assert is_plain(_read(understanding, "什么时候开？"), "8月25日开")
    assert not is_plain(_read(understanding, "什么时候开？"), "今年开")
    assert not is_plain(_read(understanding, "谁来开？"), "8月25日开")
    assert is_plain(_read(understanding, "在哪里开？"), "定于8月25日在青岛市举办大会")
    assert not is_plain(_read(understanding, "什么时候开？"), "在青岛市举办大会")


def test_a_place_where_something_is_fits_better_than_one_that_is_named(
    understanding: Understanding,
) -> None:
    asked = _read(understanding, "大会在哪里举办？")
    texts = ("大会将在枣庄市举办。", "邀请了山东省人民政府的领导。", "大会准备好了。")
    assert [fits(asked, fold(text)) for text in texts] == [1.0, 0.0, -1.0]


def test_the_events_own_day_theme_and_guests_are_found(engine: Engine) -> None:
    assert "8月25日" in engine.ask("When will the conference be held?").quotes[0].text
    assert "相聚电池名城、共创绿色未来" in engine.ask("大会主题是什么").quotes[0].text
    assert not any("召开前的有效时间" in q.text for q in engine.ask("大会什么时候召开").quotes)


@pytest.mark.parametrize("typed", ["asdfgh", "？？？qwzx", "haha", "啊啊啊啊", "tell me a joke"])
def test_what_nothing_here_resembles_is_not_answered(engine: Engine, typed: str) -> None:
    assert not engine.ask(typed).quotes


@pytest.mark.parametrize("typed", ["锂电企业 数量", "签约项目 投资", "battery companies"])
def test_keywords_that_are_known_are_looked_up(engine: Engine, typed: str) -> None:
    assert engine.ask(typed).related or engine.ask(typed).quotes


def test_a_tree_is_walked_to_its_leaf() -> None:
    tree = Forest(
        np.array([[1, 0, 0]], dtype=np.int16),
        np.array([[2.0, 0.0, 0.0]]),
        np.array([[1, 1, 2]], dtype=np.int16),
        np.array([[2, 1, 2]], dtype=np.int16),
        np.array([[0.0, -1.0, 3.0]]),
        deepest=1,
        offset=0.5,
        typical=np.zeros(2),
    )
    assert list(tree(np.array([[9.0, 2.0], [9.0, 2.1]]))) == [-0.5, 3.5]
    assert tree(np.array([9.0, 5.0])) == 3.5


def _candidate(standing: float, bonus: float = 0.0) -> Candidate:
    features = np.full(len(FEATURES), standing)
    return Candidate(
        0, "a", 0, Span(0, 1), Span(0, 1), features, standing - bonus, bonus, abs(bonus) > 9
    )


def test_the_last_order_keeps_everything_and_what_a_rule_put_last() -> None:
    before = [_candidate(5.0 - n) for n in range(CLOSE + 3)] + [_candidate(-30.0, -20.0)]
    after = order(before)
    assert {id(c.features) for c in after} == {id(c.features) for c in before}
    assert [c.standing for c in after] == sorted((c.standing for c in after), reverse=True)
    assert [c.features[0] for c in after[CLOSE:]] == [c.features[0] for c in before[CLOSE:]]
    asked = [_candidate(20.0, 20.0), _candidate(5.0)]
    assert order(asked) == asked


def test_a_row_says_how_far_behind_the_best_a_candidate_is() -> None:
    rows = order_rows([_candidate(3.0), _candidate(1.0)])
    assert rows.shape == (2, len(ORDER)) == (2, len(orderer().typical))
    assert list(rows[:, ORDER.index("behind")]) == [0.0, -2.0]
    assert list(rows[:, ORDER.index(f"{FEATURES[0]}_behind")]) == [0.0, -2.0]


def test_a_decision_names_what_moved_it_most() -> None:
    row = decider("spoken").typical.copy()
    assert all(moved == 0 for _, moved in explain(row, "spoken"))
    moved = [abs(by) for _, by in explain(row - 5, "spoken")]
    assert moved == sorted(moved, reverse=True)
