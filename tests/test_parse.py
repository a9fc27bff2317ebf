"""One parser reads the layouts of Chinese press conferences; nobody gets another's words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.parse import Reading, parse
from index.records import Turn


def turns(text: str) -> list[tuple[str, str | None, str]]:
    """Return kind, speaker and words of every turn but the head's."""
    return [
        (t.kind, t.speaker.name if t.speaker else None, t.span.of(text))
        for t in parse(text).turns
        if t.kind != "head"
    ]


OUTLETS = """人民日报记者提问：
请问投资多少？
李明：总投资30亿元。
分三期建设。
新华社记者 王芳：何时开工？
李明：明年三月。
记者：还有吗？
李明：没有了。"""

SEVERAL = """发布人
赵海涛 滨江市副市长
钱学文 滨江市交通局局长
主持人
孙丽 滨江市政府新闻办主任
孙丽：各位记者朋友，大家好。
赵海涛：桥长三公里。一是质量好：我们用了新钢。
答记者问
滨江日报记者：造价多少？
赵海涛：造价12亿元。
钱学文：我补充一点，贷款占六成。
主持人：请继续提问。
央视记者：何时通车？
钱学文：年底通车。"""

BOXED = """【周建国】
各位好，今天发布三项措施。
【南方日报记者】
会涨价吗？
【周建国】：不会。"""

CARDS = """文字实录
吴晓燕
市卫生健康委副主任
新闻发言人
大家下午好。
总台央视记者：
接种了多少？
郑刚
市疾控中心主任
已接种40万剂次。"""

TITLED = """市发展改革委副主任 冯立新：
上半年增长5.2%。
市统计局局长（陈静）补充说明
经济观察报记者：
如何看待出口？
冯立新（市发展改革委副主任）：
出口回稳。"""

SHORT = """2020年5月8日，外交部发言人何一凡主持例行记者会。
问：中方有何评论？
答：我们注意到有关报道。
问：何时会谈？
答：没有消息可以发布。"""

ARTICLE = """本报讯 昨日全市召开会议。会议指出：要抓好落实。
市长强调：“安全第一。”
时间：上午九时
地点：市政府"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            OUTLETS,
            [
                ("question", "人民日报记者", "请问投资多少？"),
                ("answer", "李明", "总投资30亿元。\n分三期建设。"),
                ("question", "新华社记者 王芳", "何时开工？"),
                ("answer", "李明", "明年三月。"),
                ("question", "记者", "还有吗？"),
                ("answer", "李明", "没有了。"),
            ],
        ),
        (
            SEVERAL,
            [
                ("moderation", "孙丽", "各位记者朋友，大家好。"),
                ("statement", "赵海涛", "桥长三公里。一是质量好：我们用了新钢。"),
                ("question", "滨江日报记者", "造价多少？"),
                ("answer", "赵海涛", "造价12亿元。"),
                ("answer", "钱学文", "我补充一点，贷款占六成。"),
                ("moderation", "孙丽", "请继续提问。"),
                ("question", "央视记者", "何时通车？"),
                ("answer", "钱学文", "年底通车。"),
            ],
        ),
        (
            BOXED,
            [
                ("statement", "周建国", "各位好，今天发布三项措施。"),
                ("question", "南方日报记者", "会涨价吗？"),
                ("answer", "周建国", "不会。"),
            ],
        ),
        (
            CARDS,
            [
                ("statement", "吴晓燕", "大家下午好。"),
                ("question", "总台央视记者", "接种了多少？"),
                ("answer", "郑刚", "已接种40万剂次。"),
            ],
        ),
        (
            SHORT,
            [
                ("question", "记者", "中方有何评论？"),
                ("answer", "何一凡", "我们注意到有关报道。"),
                ("question", "记者", "何时会谈？"),
                ("answer", "何一凡", "没有消息可以发布。"),
            ],
        ),
        (ARTICLE, []),
    ],
    ids=["outlets", "several", "boxed", "cards", "short", "article"],
)
def test_layouts(text: str, expected: list[tuple[str, str | None, str]]) -> None:
    assert turns(text) == expected


def test_titles_come_from_the_label_in_front_or_in_brackets() -> None:
    found = {t.speaker.name: t.speaker.title for t in parse(TITLED).turns if t.speaker}
    assert found["冯立新"] == "市发展改革委副主任"
    assert ("answer", "冯立新", "出口回稳。") in turns(TITLED)


def test_an_answer_keeps_its_question_across_the_moderator() -> None:
    text = "记者：一？\n主持人：请李局长回答。\n李明：二。\n李明：三。"
    reading = parse(text)
    assert [t.question for t in reading.turns if t.kind == "answer"] == [0, 0]


def test_participants_are_read_in_either_order() -> None:
    text = (
        "出席嘉宾：\n张三丰 市教育局局长\n市财政局局长 李思思\n"
        "主持人：王五四 市委宣传部副部长\n正文。"
    )
    people = [(p.name, p.title, p.role) for p in parse(text).participants]
    assert people == [
        ("张三丰", "市教育局局长", "official"),
        ("李思思", "市财政局局长", "official"),
        ("王五四", "市委宣传部副部长", "moderator"),
    ]


def test_answers_of_an_unnamed_spokesperson_stay_unknown() -> None:
    text = "问：有何评论？\n答：没有。"
    assert turns(text)[1] == ("answer", None, "没有。")


lines = st.lists(
    st.sampled_from(
        [
            "记者：",
            "李明：",
            "李明：好。",
            "【张三】",
            "主持人：请。",
            "问：为何？",
            "答：因为。",
            "正文一段，有话要说。",
            "发布人",
            "张三 市长",
            "答记者问",
            "2020-01-01 09:00:00",
            "（一）做好。",
            "会议指出：很好。",
            "",
            "",
        ]
    ),
    max_size=14,
).map("\n".join)


@given(lines)
def test_turns_are_disjoint_ordered_and_lose_no_words(text: str) -> None:
    reading = parse(text)
    spans = [t.span for t in reading.turns]
    assert all(a.end <= b.start for a, b in zip(spans, spans[1:], strict=False))
    assert all(len(s) and s.of(text) == s.of(text).strip() for s in spans)
    assert_questions_precede(reading)
    covered = {i for s in spans for i in range(s.start, s.end)}
    left = "".join(c if i not in covered else "\n" for i, c in enumerate(text))
    for piece in re.findall(r"[^\n]+", left):
        assert re.fullmatch(r"\s*|.*[：】]\s*|答记者问|发布人", piece), piece


def assert_questions_precede(reading: Reading) -> None:
    asked: list[Turn] = [reading.turns[t.question] for t in reading.turns if t.question is not None]
    assert all(t.kind == "question" for t in asked)


def test_names_that_begin_with_no_common_surname_are_speakers_where_they_are_listed() -> None:
    text = (
        "贺峦地区招商发布会\n\n出席人员\n那森巴图 贺峦地区林业局局长\n"
        "贺峦供电公司副总经理 栗惜禾\n主持人\n屈仲秋 贺峦地区宣传部副部长\n\n"
        "屈仲秋：现在开始提问。\n\n贺峦电视台记者：履约率是多少？\n\n"
        "那森巴图：去年是八成八。\n\n栗惜禾：用电有保障。"
    )
    reading = parse(text)
    assert [t.speaker.name for t in reading.turns if t.speaker] == [
        "屈仲秋", "贺峦电视台记者", "那森巴图", "栗惜禾",
    ]  # fmt: skip
    assert reading.participants[1].title == "贺峦供电公司副总经理"


def test_residents_and_contributors_speak_for_themselves() -> None:
    text = (
        "出席人员\n李明 云泽市城管局局长\n\n李明：请代表讲讲。\n\n"
        "社区督导员谢桂芳：我每天站两班。\n\n记者（璧川青年报）：经费从哪里来？\n\n"
        "李明：靠三样东西：人、钱、章程。\n\n国际记者站特约撰稿人：能推广吗？\n\n李明：能。"
    )
    told = [(t.speaker.name if t.speaker else None, t.kind) for t in parse(text).turns[1:]]
    assert told == [
        ("李明", "statement"), ("谢桂芳", "statement"), ("璧川青年报记者", "question"),
        ("李明", "answer"), ("国际记者站特约撰稿人", "question"), ("李明", "answer"),
    ]  # fmt: skip
