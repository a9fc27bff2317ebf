"""One parser reads the layouts of Chinese press conferences; nobody gets another's words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.parse import Reading, parse
from index.records import Turn
from index.repair import repair


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
            "村民 老罗：为何？",
            "具体措施：三条。",
            "参　加：市水务局局长 李明",
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
        assert re.fullmatch(r"\s*|.*[：】]\s*|答记者问|发布人|张三 市长", piece), piece


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


def people(text: str) -> list[tuple[str, str | None, str]]:
    """Return name, title and role of everybody whom the head lists."""
    return [(p.name, p.title, p.role) for p in parse(text).participants]


HEADS = {
    "lines that go on under a heading": (
        "主持：市水务局办公室主任 韩若竹\n通报：市水务局副局长 江牧野\n"
        "　　　市水文站站长 童小川\n手语翻译：市聋校教师 池春",
        ["韩若竹 moderator 市水务局办公室主任", "江牧野 official 市水务局副局长",
         "童小川 official 市水文站站长"],
    ),
    "blanks within a heading": (
        "时  间：3月2日\n主  持：市药监局科长 韩若竹\n参  加：市药监局副局长 江牧野\n"
        "        市药检所所长 童小川\n厂家代表：云桥药业公司总经理 麦冬青",
        ["韩若竹 moderator 市药监局科长", "江牧野 official 市药监局副局长",
         "童小川 official 市药检所所长", "麦冬青 official 云桥药业公司总经理"],
    ),
    "no colon": (
        "时间　3月2日上午\n人员　市体育局副局长　　江牧野\n　　　市体校校长　童小川\n"
        "主持　市体育局宣传处处长　韩若竹",
        ["江牧野 official 市体育局副局长", "童小川 official 市体校校长",
         "韩若竹 moderator 市体育局宣传处处长"],
    ),
    "boxes": (
        "【时间】3月2日\n【发布人】\n江牧野　市统计局局长\n【主持人】\n韩若竹　市统计局科长",
        ["江牧野 official 市统计局局长", "韩若竹 moderator 市统计局科长"],
    ),
    "names before posts": (
        "主持人：韩若竹，市法院政治部副主任、新闻发言人\n发布人：江牧野，市法院副院长\n"
        "童小川，市法院民一庭庭长\n列席并答问：麦冬青，市总工会部长；祁远，市人社局科长\n"
        "旁听：市民代表10人",
        ["韩若竹 moderator 市法院政治部副主任、新闻发言人", "江牧野 official 市法院副院长",
         "童小川 official 市法院民一庭庭长", "麦冬青 official 市总工会部长",
         "祁远 official 市人社局科长"],
    ),
    "several on a line": (
        "剧团方面：领唱江牧野、艺术总监童小川、票务主管祁远\n主持：滨江交通广播韩若竹",
        ["江牧野 official 领唱", "童小川 official 艺术总监", "祁远 official 票务主管",
         "韩若竹 moderator 滨江交通广播"],
    ),
    "a remark behind a name": (
        "出席人员\n江牧野（女） 市地震局局长\n童小川 市消防支队支队长",
        ["江牧野 official 市地震局局长", "童小川 official 市消防支队支队长"],
    ),
    "headings on one line": (
        "时间：3月2日；地点：会展中心；发言人：江牧野，港务局局长",
        ["江牧野 official 港务局局长"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("head", "expected"), HEADS.values(), ids=HEADS)
def test_heads(head: str, expected: list[str]) -> None:
    body = "\n\n江牧野：各位好。请提问。\n\n晚报记者：为何？\n\n江牧野：我来答。"
    reading = parse(f"会议实录\n\n{head}{body}")
    assert [f"{n} {role} {title}" for n, title, role in people(f"会议\n\n{head}{body}")] == expected
    told = [(t.kind, t.speaker.name) for t in reading.turns if t.speaker]
    assert told == [("statement", "江牧野"), ("question", "晚报记者"), ("answer", "江牧野")]


def test_who_the_text_says_moderates_is_the_moderator() -> None:
    text = (
        "3月2日，市政府举行发布会。市水务局局长江牧野，市水文站站长鄢小满出席。"
        "市政府新闻办副主任韩若竹主持。\n\n主任 韩若竹：请江局长介绍。\n\n"
        "江牧野：水情平稳。\n\n晚报记者：雨还大吗？\n\n鄢小满：会小。"
    )
    reading = parse(text)
    assert [(t.speaker.title, t.speaker.role, t.kind) for t in reading.turns if t.speaker] == [
        ("市政府新闻办副主任", "moderator", "moderation"),
        ("市水务局局长", "official", "statement"),
        (None, "journalist", "question"),
        ("市水文站站长", "official", "answer"),
    ]


def test_who_hosts_and_reports_is_an_official() -> None:
    text = (
        "指挥部副指挥长江牧野主持会议并通报情况，市水文站站长童小川回答提问。\n\n"
        "江牧野：水位在降。\n\n晚报记者：几时退？\n\n童小川：三天。"
    )
    assert turns(text)[0] == ("statement", "江牧野", "水位在降。")


def test_words_before_the_first_speakers_own_label_are_the_moderators() -> None:
    text = (
        "发布人\n江牧野 市水务局局长\n主持人\n韩若竹 市政府新闻办主任\n"
        "各位好，欢迎参加发布会。\n江牧野：\n水情平稳。\n晚报记者：\n雨还大吗？\n江牧野：\n会小。"
    )
    assert turns(text)[0] == ("moderation", "韩若竹", "各位好，欢迎参加发布会。")


TALK = (
    "出席：市动物园园长 江牧野、饲养队队长 童小川\n主持：办公室主任 韩若竹\n\n"
    "韩若竹：开始吧。\n\n园长 江牧野：先说象馆，年底开。\n\n{asked}\n\n江牧野：我来答，会的。"
)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("球迷 老郭", "老郭"),
        ("病友 小葛", "小葛"),
        ("会员老蔡", "老蔡"),
        ("黎女士", "黎女士"),
        ("用户家属 简先生", "简先生"),
        ("视频博主 阿棠", "阿棠"),
        ("视频博主 米糕", "米糕"),
        ("网友“雨过天青”（线上）", "网友“雨过天青”"),
        ("东看台代表 阿鸢", "阿鸢"),
        ("育才小学 谭老师", "谭老师"),
        ("小学生记者 钱朵朵", "钱朵朵"),
        ("滨江日报 记者", "滨江日报 记者"),
        ("旁听代表", "旁听代表"),
        ("台下老年学员", "台下老年学员"),
        ("老戏迷 佟大爷", "佟大爷"),
        ("秦朵", "秦朵"),
    ],
)
def test_whoever_asks_has_the_question_that_the_answer_belongs_to(label: str, name: str) -> None:
    reading = parse(TALK.format(asked=f"{label}：能带孩子来看吗？"))
    asked = [t for t in reading.turns if t.kind == "question"]
    assert [t.speaker and t.speaker.name for t in asked] == [name]
    assert reading.turns[-1].question == reading.turns.index(asked[0])
    assert reading.turns[-1].kind == "answer"


def test_what_is_asked_after_an_answer_is_a_question_of_its_own() -> None:
    asked = "晚报记者：票价呢？\n\n童小川：不涨。\n\n追问：明年呢？"
    assert ("question", "记者", "明年呢？") in turns(TALK.format(asked=asked))


def test_a_label_without_the_post_is_the_same_lay_person() -> None:
    asked = "志愿者 老聂：还招人吗？\n\n童小川：招。\n\n老聂：那我放心了。"
    said = {(t.kind, t.speaker) for t in parse(TALK.format(asked=asked)).turns if t.speaker}
    assert len({s for _, s in said if s.name == "老聂"}) == 1
    assert ("statement", "老聂", "那我放心了。") in turns(TALK.format(asked=asked))


@pytest.mark.parametrize("label", ["村民 卢四海", "老艺人 卞守拙", "返乡青年 阿满"])
def test_lay_people_who_tell_something_make_a_statement(label: str) -> None:
    said = [t for t in parse(TALK.format(asked=f"{label}：我养过象，象认人。")).turns if t.speaker]
    assert (said[-2].kind, said[-2].speaker.name) == ("statement", label[-3:].strip())


def test_a_listed_official_keeps_the_full_post_and_may_end_with_a_question() -> None:
    text = TALK.format(asked="晚报记者：票价呢？\n\n队长 童小川：票价不涨，谁舍得涨？")
    said = [t for t in parse(text).turns if t.speaker and t.speaker.name == "童小川"]
    assert [(t.kind, t.speaker.title) for t in said if t.speaker] == [("answer", "饲养队队长")]


@pytest.mark.parametrize("name", ["鄢小满", "楼静好", "盛柏舟", "覃有福", "郝建业"])
def test_an_unlisted_name_is_a_speaker_though_it_stands_once(name: str) -> None:
    text = TALK.format(asked=f"晚报记者：票价呢？\n\n{name}：票价不涨。")
    assert ("answer", name, "票价不涨。") in turns(text)


@pytest.mark.parametrize(
    "heading",
    [
        "具体措施", "一句话", "简单一句话", "活动时间", "需要说明的是", "时间", "方面", "成果",
        "申请条件", "申请人", "强监管", "高质量", "安全性", "票价安排", "下一步 工作安排",
        "今年的“五个一”", "关键词", "温馨提示", "居民", "大家关心的问题", "报名方式", "其中",
        "应急", "单位", "东部", "强链", "严管", "富民强村", "惠民“两免一补”", "第一步 查漏",
        "志愿者“暖冬行动”", "居民", "职工安居", "解难题", "实话实说", "家长",
    ],
)  # fmt: skip
def test_a_heading_within_an_answer_is_no_speaker(heading: str) -> None:
    text = TALK.format(asked=f"晚报记者：票价呢？\n\n童小川：不涨。\n{heading}：门票四十元。")
    assert ("answer", "童小川", f"不涨。\n{heading}：门票四十元。") in turns(text)
    text = TALK.format(asked=f"晚报记者：票价呢？\n\n童小川：\n{heading}：门票四十元。")
    assert ("answer", "童小川", f"{heading}：门票四十元。") in turns(text)


def test_a_moderator_who_answers_gives_the_answer() -> None:
    words = (
        "停车归我管，西门从今天起开放，东门照旧关闭，请大家按路牌走。" + "每小时三元，节假日不涨。"
    )
    assert ("answer", "韩若竹", words) in turns(
        TALK.format(asked=f"晚报记者：在哪里停车？\n\n韩若竹：{words}")
    )


BRACKETED = """云泽市运行图新闻发布会
[江牧野]{gap}各位好，我是市政府新闻办主任江牧野。今天到场的有：市运输局局长童小川先生，市车站站长祁远女士。
[童小川]{gap}列车增加三列[1]。
[中新社记者]{gap}票价会涨吗？
[祁远]{gap}不会。"""


@pytest.mark.parametrize("gap", ["", "\n"])
def test_names_in_square_brackets_are_labels(gap: str) -> None:
    told = [(name, words[-7:]) for _, name, words in turns(BRACKETED.format(gap=gap))]
    assert told == [
        ("江牧野", "站长祁远女士。"), ("童小川", "加三列[1]。"),
        ("中新社记者", "票价会涨吗？"), ("祁远", "不会。"),
    ]  # fmt: skip


def test_an_answer_may_name_who_gives_it_in_brackets() -> None:
    text = (
        "发言人：海事总局新闻发言人 江牧野\n出席：海事总局救助处处长 童小川\n\n"
        "问：何时开航？\n答（江牧野）：明天。\n问：救了几人？\n答（童小川）：九人。"
    )
    assert [(kind, name) for kind, name, _ in turns(text)] == [
        ("question", "记者"), ("answer", "江牧野"), ("question", "记者"), ("answer", "童小川"),
    ]  # fmt: skip


SPOKEN = "{head}\n\n发言人：各位好，先通报一件事。\n记者：何时修好？\n发言人：月底。"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("发言人：市政府副秘书长、新闻发言人 江牧野\n列席：市教育局局长 童小川", "江牧野"),
        ("出席：市水务局局长 江牧野", "江牧野"),
        ("主持人：市水务局新闻发言人 江牧野\n出席：市水务局局长 童小川", "江牧野"),
        ("出席：市水务局局长 江牧野、市教育局局长 童小川", None),
        ("出席：市水务局新闻发言人 江牧野、市教育局新闻发言人 童小川", None),
        ("例行新闻发布会", None),
    ],
)
def test_the_spokesperson_is_whoever_alone_is_named_as_one(head: str, name: str | None) -> None:
    told = [(kind, who) for kind, who, _ in turns(SPOKEN.format(head=head)) if who != "记者"]
    assert told[-1] == ("answer", name)


def test_somebody_mentioned_with_a_post_does_not_make_the_answers_doubtful() -> None:
    text = (
        "发言人：外贸部新闻发言人 江牧野\n\n问：有何评论？\n"
        "答：我们注意到，贝隆新任贸易部长索菲亚·林德的表态。"
    )
    assert turns(text)[-1][:2] == ("answer", "江牧野")


ALONE = """桃产业新闻发布会
出席人员：禾泉县县长江牧野，禾泉县农业局局长童小川，柳溪镇党委书记祁远。主持人由禾泉县委宣传部副部长韩若竹担任。
江牧野在开场时说，今年是丰收年。

{mayor}

全县桃树有十二万亩。

柳溪蜜

这是我们的主打品种，童小川局长知道。

白晓棠

她种的桃最甜。

韩若竹

下面请提问。

《润禾日报》记者

会涨价吗？

局长童小川

不好一口咬定。"""


@pytest.mark.parametrize("mayor", ["江牧野", "禾泉县县长江牧野", "县长 江牧野"])
def test_names_on_lines_of_their_own_are_labels_and_headings_there_are_not(mayor: str) -> None:
    assert [(kind, name, words[-6:]) for kind, name, words in turns(ALONE.format(mayor=mayor))] == [
        ("statement", "江牧野", "种的桃最甜。"),
        ("moderation", "韩若竹", "下面请提问。"),
        ("question", "《润禾日报》记者", "会涨价吗？"),
        ("answer", "童小川", "好一口咬定。"),
    ]


def test_a_name_in_a_list_is_no_label() -> None:
    text = (
        "主持人：市水务局科长 韩若竹\n出席：市水务局局长 江牧野\n\n"
        "江牧野：先进个人有三名。\n江牧野\n童小川\n一线记者\n他们很辛苦。"
    )
    assert [(name, words[-6:]) for _, name, words in turns(text)] == [("江牧野", "他们很辛苦。")]


@pytest.mark.parametrize(
    "label",
    [
        "滨江日报", "《园林周刊》", "云泽广播电视台", "晨钟网", "都市生活报", "东方经济观察",
        "海峡青年周刊", "旅行家杂志", "滨江日报（网络提问）",
    ],
)  # fmt: skip
def test_an_outlet_without_a_journalist_asks(label: str) -> None:
    text = TALK.format(asked=f"{label}：听说象馆要拆，票价会涨吗？谢谢。")
    assert turns(text)[-2][:2] == ("question", label)
    text = TALK.format(asked=f"晚报记者：票价呢？\n\n童小川：不涨。\n{label}：头版作了报道。")
    assert turns(text)[-2][:2] == ("answer", "童小川")


@pytest.mark.parametrize("label", ["群众举报", "预约平台", "天气预报", "网上申报", "供水管网"])
def test_a_heading_that_ends_like_an_outlet_is_no_speaker(label: str) -> None:
    text = TALK.format(asked=f"晚报记者：票价呢？\n\n童小川：不涨。\n{label}：有人问，难吗？不难。")
    assert ("question", label) not in {(kind, name) for kind, name, _ in turns(text)}


def test_who_introduces_the_others_moderates_and_a_post_may_hold_several_offices() -> None:
    text = (
        "养老服务发布会\n\n江牧野（省政府副秘书长）：\n各位好。我是省政府副秘书长江牧野。"
        "先介绍今天的发布人：省民政厅副厅长童小川，还有一位是省人大代表、暮云里社区养老中心"
        "主任辜秀禾同志。先请童小川介绍。\n\n童小川（省民政厅副厅长）：\n条例下月施行。\n\n"
        "记者：\n最难的是什么？\n\n辜秀禾（省人大代表、暮云里社区养老中心主任）：\n缺人手。"
    )
    told = [(t.kind, t.speaker.name, t.speaker.title) for t in parse(text).turns if t.speaker]
    assert told == [
        ("moderation", "江牧野", "省政府副秘书长"),
        ("statement", "童小川", "省民政厅副厅长"),
        ("question", "记者", None),
        ("answer", "辜秀禾", "省人大代表、暮云里社区养老中心主任"),
    ]


@pytest.mark.parametrize(
    "listed",
    [
        "海关缉私局副局长 铁怀远、检疫司巡视员 简素秋",
        "海关缉私局副局长江牧野、检疫司巡视员简素秋，主持人为海关办公厅副主任霍敏行。",
    ],
)
def test_a_list_may_hold_rare_surnames_and_end_with_the_moderator(listed: str) -> None:
    found = people(f"吹风会\n\n出席人员：{listed}\n\n简素秋：各位好。")
    assert ("简素秋", "检疫司巡视员", "official") in found
    assert "霍敏行" not in listed or ("霍敏行", "海关办公厅副主任", "moderator") in found


def test_a_report_between_list_and_labels_is_nobodys_words() -> None:
    text = (
        "出席：市水务局局长江牧野，市水文站站长童小川，市委宣传部副部长韩若竹（主持）\n\n"
        "江牧野在会上说，水情平稳。记者从会上获悉，雨会小。\n\n童小川\n\n会小。"
    )
    assert turns(text) == [("statement", "童小川", "会小。")]


def test_labels_may_stand_in_round_brackets_and_asides_there_stay_what_they_are() -> None:
    text = (
        "出席：市水务局局长 江牧野，市水文站站长 童小川，主持人 韩若竹\n\n"
        "（主持人韩若竹）各位好，开始吧。\n\n（江牧野）水情平稳。\n（三）堤防加固。\n\n"
        "（《水乡周刊》记者）\n汛期多长？\n\n（童小川）\n四个月。\n（全场鼓掌）\n谢谢大家。"
    )
    assert turns(text) == [
        ("moderation", "韩若竹", "各位好，开始吧。"),
        ("statement", "江牧野", "水情平稳。\n（三）堤防加固。"),
        ("question", "《水乡周刊》记者", "汛期多长？"),
        ("answer", "童小川", "四个月。\n（全场鼓掌）\n谢谢大家。"),
    ]


@pytest.mark.parametrize(
    ("asked", "answered", "outlet"),
    [
        ("问（水乡网）：汛期多长？", "答（童小川）：四个月。", "水乡网"),
        ("问（《水乡周刊》）：汛期多长？", "童小川答：四个月。", "《水乡周刊》"),
        ("（问）水乡晚报：汛期多长？", "（答）童小川：四个月。", "水乡晚报"),
        ("《水乡周刊》记者\n汛期多长？", "童小川（水文站）\n四个月。", "《水乡周刊》记者"),
        ("问：（水乡网）汛期多长？", "答：（童小川）四个月。", "水乡网"),
        ("[记者·水乡晚报] 汛期多长？", "[童小川] 四个月。", "水乡晚报记者"),
        ("水乡晚报记者问道：汛期多长？", "童小川答道：四个月。", "水乡晚报记者"),
        ("记者提问（水乡网）：汛期多长？", "童小川答：四个月。", "水乡网记者"),
        ("〔水乡晚报记者〕汛期多长？", "〔童小川〕四个月。", "水乡晚报记者"),
    ],
)
def test_who_asks_and_answers_is_read_in_many_layouts(
    asked: str, answered: str, outlet: str
) -> None:
    text = (
        f"参加发布会的有：\n站长　童小川（水乡水利集团副总）\n局长　郁怀远\n\n{asked}\n\n{answered}"
    )
    assert turns(text) == [("question", outlet, "汛期多长？"), ("answer", "童小川", "四个月。")]
    assert ("童小川", "站长、水乡水利集团副总", "official") in people(text)


def test_an_aside_behind_a_label_names_nobody() -> None:
    text = f"{LISTED}问：（鼓掌）学位够不够？\n答：（鼓掌）够。\n江牧野：够。"
    assert turns(text)[:2] == [
        ("question", "记者", "（鼓掌）学位够不够？"),
        ("answer", None, "（鼓掌）够。"),
    ]


LISTED = "出席：市教育局局长 江牧野，市公安局副局长 祁远，主持人 韩若竹\n\n"


@pytest.mark.parametrize(
    "label",
    [
        "[10:16] 江牧野：", "10:16 江牧野：", "（10:16）江牧野：", "江牧野（10:16）：",
        "2024-05-06 10:16 江牧野：", "2021-08-03 16:00:59 【局长 江牧野】", "★江牧野：",
        "江牧野 00:12:40\n",
        "江牧野局长：", "江局长：", "市教育局局长　江牧野同志：", "江牧野补充道：", "江牧野指出：",
        "【回答】江牧野：", "答（江牧野）：",
    ],
)  # fmt: skip
def test_a_time_a_mark_a_post_or_a_verb_beside_a_name_leaves_the_name(label: str) -> None:
    text = f"{LISTED}晚报记者：学位够不够？\n{label}够。\n祁远：也够。"
    assert turns(text)[1:] == [("answer", "江牧野", "够。"), ("answer", "祁远", "也够。")]


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("Q1：", "A1："), ("Q2. ", "A2. "), ("问1：", "答1："), ("问题一：", "答："),
        ("2、问：", "答："), ("【问题三】", "【答】"), ("记者1：", "答："), ("记者甲：", "答："),
        ("问 ", "答 "),
    ],
)  # fmt: skip
def test_numbered_questions_are_questions(asked: str, answered: str) -> None:
    text = f"{LISTED}韩若竹：开始。\n{asked}学位够不够？\n{answered}够。\n{asked}车呢？"
    assert turns(text)[1:] == [
        ("question", "记者", "学位够不够？"),
        ("answer", None, "够。"),
        ("question", "记者", "车呢？"),
    ]


@pytest.mark.parametrize(
    "outlet",
    [
        "路透社", "央视", "第一财经", "CNN", "澎湃新闻", "36氪",
        "21世纪经济报道", "辽海都市报", "江洲新闻台", "经济导刊", "路透社记者 李明",
    ],
)  # fmt: skip
def test_outlets_of_many_names_ask(outlet: str) -> None:
    text = f"{LISTED}韩若竹：请提问。\n{outlet}：学位够不够？\n江牧野：够。"
    assert turns(text)[1:] == [("question", outlet, "学位够不够？"), ("answer", "江牧野", "够。")]


@pytest.mark.parametrize(
    "listed",
    [
        "二、发布人：\n1.市教育局局长 江牧野\n2、市公安局副局长祁远\n三、主持人：处长 韩若竹",
        "- 发布人：\n- 市教育局局长 江牧野\n- 市公安局副局长 祁远\n- 主持人：韩若竹 处长",
        "嘉宾：江牧野（市教育局局长）、祁远（市公安局副局长）\n主持人：韩若竹 处长",
        "出席：市教育局局长江牧野先生、市公安局副局长祁远女士\n主持人：处长韩若竹",
        "出席人员：\n市教育局 江牧野 局长\n市公安局 祁远 副局长\n主持人：\n处长 韩若竹",
        "发布人：\n1. 江牧野（市教育局局长）\n2. 祁远（市公安局副局长）\n主持：韩若竹（处长）",
    ],
)
def test_lists_with_bullets_brackets_and_honorifics_are_read(listed: str) -> None:
    assert people(f"会\n\n{listed}\n\n江牧野：各位好。") == [
        ("江牧野", "市教育局局长", "official"),
        ("祁远", "市公安局副局长", "official"),
        ("韩若竹", "处长", "moderator"),
    ]


def test_whoever_is_listed_below_the_moderator_is_none() -> None:
    listed = "主持人　处长　韩若竹\n市教育局局长　江牧野\n市公安局副局长　祁远"
    assert [role for *_, role in people(f"会\n{listed}\n\n韩若竹：\n各位好。")] == [
        "moderator",
        "official",
        "official",
    ]


@pytest.mark.parametrize(
    "listed",
    [
        "嘉宾：市教育局局长 江牧野｜市公安局副局长 祁远\n手语翻译：尹老师　主持：处长 韩若竹",
        "发布人：市教育局局长江牧野，市公安局副局长祁远。主持人：处长韩若竹。",
        "发布人：市教育局局长 江牧野\n列席答问：\n祁远（市公安局副局长）\n主持人：处长 韩若竹",
        "发布人：市教育局局长 江牧野、市公安局副局长 祁远\n（处长 韩若竹担任主持）",
    ],
)
def test_lists_are_read_however_they_are_set_apart(listed: str) -> None:
    assert people(f"会\n\n{listed}\n\n韩若竹：各位好。") == [
        ("江牧野", "市教育局局长", "official"),
        ("祁远", "市公安局副局长", "official"),
        ("韩若竹", "处长", "moderator"),
    ]


def test_a_list_ends_before_the_label_of_one_of_those_listed() -> None:
    text = "会\n\n出席：局长 江牧野\n主持：处长 韩若竹\n\n韩若竹（处长）：\n各位好，请江局长。"
    head = parse(text).turns[0]
    assert turns(text)[0] == ("moderation", "韩若竹", "各位好，请江局长。")
    assert not head.span.of(text).endswith("：")


def test_a_name_without_a_common_surname_is_one_beside_its_post() -> None:
    listed = "发布人：\n江牧野（局长）\n令惠生（蔚川汽车总监）\n主持人：韩若竹（处长）"
    text = f"会\n\n{listed}\n\n韩若竹：开始。\n令惠生（蔚川汽车）：接受批评。"
    assert turns(text)[1] == ("statement", "令惠生", "接受批评。")


@pytest.mark.parametrize(
    ("label", "who"),
    [
        ("[15:41] 省交通广播：", "省交通广播"),
        ("【环球旅行频道】", "环球旅行频道"),
        ("一位法国记者（由翻译转述）：", "一位法国记者"),
        ("新海时报记者Maren Holt：", "新海时报记者Maren Holt"),
        ("乡村青年公众号作者：", "乡村青年公众号作者"),
    ],
)
def test_whoever_asks_is_told_by_the_name_or_by_the_question(label: str, who: str) -> None:
    text = f"{LISTED}韩若竹：请提问。\n江牧野：先说一句。\n{label}学位够不够？\n江牧野：够。"
    assert turns(text)[2:] == [("question", who, "学位够不够？"), ("answer", "江牧野", "够。")]


def test_a_label_may_say_who_moderates() -> None:
    text = "会\n\n逄晓（主持人）：先请江局长。\n\n江牧野（局长）：好。"
    assert turns(text)[0] == ("moderation", "逄晓", "先请江局长。")


@pytest.mark.parametrize("label", ["主持人：\n", "【主持人】\n", "主持人\n"])
def test_the_moderator_may_speak_right_under_the_list(label: str) -> None:
    listed = "发布人：局长 江牧野\n支队长 祁远\n主持人：处长 韩若竹"
    text = f"{listed}\n\n{label}各位好，请祁远通报。\n祁远：好。"
    assert turns(text)[0] == ("moderation", "韩若竹", "各位好，请祁远通报。")


def test_who_opens_introduces_and_is_brief_moderates_though_nobody_says_so() -> None:
    text = (
        "新闻局副局长 邢丽娟：\n上午好。今天邀请到总工程师方志远先生。\n\n"
        "方志远：\n上半年平稳。\n\n新华社记者：\n下半年呢？\n\n方志远：\n向好。\n\n邢丽娟：\n发布会到此结束。"
    )
    assert [kind for kind, name, _ in turns(text) if name == "邢丽娟"] == ["moderation"] * 2


def test_what_stands_after_the_words_is_nobodys() -> None:
    text = (
        f"{LISTED}晚报记者：够不够？\n10:17\n江牧野：够。\n图为会场\n都够。\n附件：1.名单\n张三。"
    )
    assert turns(text)[1:] == [("answer", "江牧野", "够。"), ("answer", "江牧野", "都够。")]


SAID = """出席：市教育局局长 江牧野，市公安局副局长 祁远
主持人：处长 韩若竹

韩若竹：各位好，请提问。
{asked}
{answered}"""


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("光明日报：请介绍一下教师招聘的情况。谢谢。", "光明日报"),
        ("中国青年报：学位够不够？", "中国青年报"), ("CGTN：学位够不够？", "CGTN"),
        ("凤凰卫视：学位够不够？", "凤凰卫视"), ("澎湃：学位够不够？", "澎湃"),
        ("红星新闻、封面新闻：学位够不够？", "红星新闻、封面新闻"),
        ("极目新闻提问：学位够不够？", "极目新闻"), ("一、问：学位够不够？", "记者"),
        ("法新社记者（翻译）：学位够不够？", "法新社记者"),
        ("【提问一】晚报记者：学位够不够？", "晚报记者"), ("问 晚报记者：学位够不够？", "晚报记者"),
        ("Q3 商报记者：学位够不够？", "商报记者"), ("问 1：学位够不够？", "记者"),
        ("会后有记者问：学位够不够？", "记者"), ("1、请问学位够不够？", "记者"),
        ("投资者***8866问：学位够不够？", "投资者***8866"),
        ("网友@小鱼：学位够不够？", "网友@小鱼"),
    ],
)  # fmt: skip
def test_whoever_asks_however_it_is_laid_out_is_not_the_official_before(
    asked: str, name: str
) -> None:
    told = turns(SAID.format(asked=f"江牧野：先说一句。\n{asked}", answered="答：够。"))
    assert [(kind, who) for kind, who, _ in told][2:] == [("question", name), ("answer", None)]


@pytest.mark.parametrize(
    "label",
    ["公司回复：", "答 江牧野：", "局长·江牧野：", "局长（江牧野）：", "江局长：", "江牧野答复："],
)
def test_whoever_answers_is_not_taken_into_the_question(label: str) -> None:
    told = turns(SAID.format(asked="晚报记者：学位够不够？", answered=f"{label}够。"))
    assert told[1:] == [
        ("question", "晚报记者", "学位够不够？"),
        ("answer", None if label == "公司回复：" else "江牧野", "够。"),
    ]


def test_of_two_with_one_surname_the_post_tells() -> None:
    text = "出席：市教育局局长 李牧野，市公安局副局长 李远\n\n李局长：学位够。\n李副局长：也够。"
    assert [name for _, name, _ in turns(text)] == ["李牧野", "李远"]


def test_several_questions_and_answers_may_share_a_line() -> None:
    text = (
        "外交部发言人江牧野主持例行记者会\n问：有何评论？ 答：没有。 问：情况如何？ 答：已经发布。"
    )
    assert [(kind, words) for kind, _, words in turns(text)] == [
        ("question", "有何评论？"), ("answer", "没有。"),
        ("question", "情况如何？"), ("answer", "已经发布。"),
    ]  # fmt: skip


def test_those_quoted_or_counted_within_a_speech_do_not_speak() -> None:
    said = (
        "总书记强调：“要办好教育。”\n我们落实。\n总书记强调：“教师是根本。”\n名单如下：\n"
        "组长：王小明\n第二组。\n组长：李小红"
    )
    told = turns(SAID.format(asked="江牧野：今年新建学校12所。", answered=said))
    assert {name for _, name, _ in told} == {"韩若竹", "江牧野"}


def test_what_stands_after_the_end_is_nobodys() -> None:
    said = "韩若竹：今天的发布会到此结束。谢谢大家！\n撰稿：王小明\n2024年5月6日\n版权所有：水乡网"
    told = turns(SAID.format(asked="江牧野：够。", answered=said))
    assert told[-1] == ("moderation", "韩若竹", "今天的发布会到此结束。谢谢大家！")


PAGE = """<p>水乡发布会</p>
<p>出席：市教育局局长&nbsp;江牧野</p>
<p><strong>晚报记者：</strong>学位够不够？</p>
<p><b>江牧野：</b>够&mdash;&mdash;都够。<br/>谢谢。</p>"""
MARKED = """# 水乡发布会
**出席：** 市教育局局长 江牧野
**晚报记者：** 学位够不够？
**江牧野：** 够——都够。
谢谢。"""


@pytest.mark.parametrize("raw", [PAGE, MARKED])
def test_a_pasted_page_is_read_without_its_marks(raw: str) -> None:
    repaired = repair(raw)
    assert [(name, words) for _, name, words in turns(repaired.text)] == [
        ("晚报记者", "学位够不够？"),
        ("江牧野", "够——都够。\n谢谢。"),
    ]
    assert {e.kind for e in repaired.emendations} <= {"spacing", "punctuation"}


@pytest.mark.parametrize(
    ("asked", "outlet"),
    [
        ("记者：（《水乡商报》）学位够不够？", "《水乡商报》记者"),
        ("【问·《水乡商报》】\n学位够不够？", "《水乡商报》"),
        ("《水乡商报》记者 言午一：\n学位够不够？", "《水乡商报》记者 言午一"),
        ("□水乡商报记者：学位够不够？", "水乡商报记者"),
        ("远山证券分析师令狐夏：请问学位够不够？我们很关心。", "令狐夏"),
        ("【骑手代表 庹大勇】\n学位够不够？", "庹大勇"),
    ],
)
def test_outlets_and_those_who_speak_for_others_ask(asked: str, outlet: str) -> None:
    told = turns(SAID.format(asked=asked, answered="江牧野：够。"))
    assert [(kind, name) for kind, name, _ in told[-2:]] == [
        ("question", outlet),
        ("answer", "江牧野"),
    ]


@pytest.mark.parametrize(
    "label",
    [
        "市教育局局长 粘红缨\n",
        "粘红缨　市教育局局长\n",
        "粘红缨\n",
        "【发布】粘红缨：",
        "□粘红缨：",
    ],
)
def test_who_is_listed_opens_on_a_line_of_their_own_whatever_the_surname(label: str) -> None:
    text = f"主持人：韩若竹\n出席：市教育局局长 粘红缨\n\n韩若竹：请粘局长。\n\n{label}学位够。"
    assert turns(text)[-1] == ("statement", "粘红缨", "学位够。")


def test_labels_may_stand_in_a_column_of_their_own() -> None:
    text = (
        "出席：\n江牧野    市教育局局长\n韩若竹    市政府新闻办副主任（主持）\n\n"
        "韩若竹    各位好。\n江牧野    学位够。\n水乡商报记者    明年呢？\n江牧野    也够。"
    )
    assert turns(text) == [
        ("moderation", "韩若竹", "各位好。"), ("statement", "江牧野", "学位够。"),
        ("question", "水乡商报记者", "明年呢？"), ("answer", "江牧野", "也够。"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "words", ["展位费：每个9800元。请问还有什么？", "各位记者：现在开会。请提问，有什么？"]
)
def test_neither_a_heading_nor_an_address_speaks(words: str) -> None:
    told = turns(SAID.format(asked=f"江牧野：\n学位够。\n{words}", answered="江牧野：够。"))
    assert {name for _, name, _ in told} <= {"韩若竹", "江牧野"}


def test_whoever_is_told_to_moderate_bears_the_name() -> None:
    text = (
        "2日，发布会召开，县长冉秋禾出席。县融媒体中心主任覃望春主持。\n\n"
        "主持人：大家好。\n冉秋禾：鲜果节开张。"
    )
    assert [name for _, name, _ in turns(text)] == ["覃望春", "冉秋禾"]


CARDS = """🔹发布人
江牧野
市教育局局长
粘红缨
水乡大学教授、科技奖获得者
🔸主持人
韩若竹
市政府新闻办处长
▼ 发布会实录 ▼
韩若竹：请提问。
💬 现场问答
Q1 学位与校车
🙋‍♀️《水乡商报》记者：学位够不够？
江牧野：够。
图为发布会现场。（王小明 摄）
Q2 明年
🙋‍♀️水乡网记者：明年呢？
🎙 粘红缨
也够。
图为现场。水乡日报记者 车之恒 摄
— END —
编辑丨王小明"""


def test_an_article_with_cards_headings_and_emoji_is_read() -> None:
    repaired = repair(CARDS)
    assert turns(repaired.text) == [
        ("moderation", "韩若竹", "请提问。"),
        ("question", "《水乡商报》记者", "学位够不够？"), ("answer", "江牧野", "够。"),
        ("question", "水乡网记者", "明年呢？"), ("answer", "粘红缨", "也够。"),
    ]  # fmt: skip
    assert [p.title for p in parse(repaired.text).participants] == [
        "市教育局局长", "水乡大学教授、科技奖获得者", "市政府新闻办处长"
    ]  # fmt: skip


@pytest.mark.parametrize("label", ["[江牧野] 10:02\n", "【插话】江局长：", "【发言】江牧野："])
def test_a_time_or_a_word_beside_a_box_leaves_the_words_to_the_name(label: str) -> None:
    told = turns(SAID.format(asked="晚报记者：学位够不够？", answered=f"{label}够。"))
    assert told[1:] == [("question", "晚报记者", "学位够不够？"), ("answer", "江牧野", "够。")]


def test_an_analyst_behind_a_numbered_label_asks() -> None:
    text = (
        "出席：董事长 江牧野；财务总监 祁远\n主持人：董秘 韩若竹\n\n韩若竹：请提问。\n"
        "Q1（远山证券 分析师盖文）：\n学位够不够？\nA（江牧野）：\n够。\nA（祁远）：\n也够。"
    )
    assert turns(text)[1:] == [
        ("question", "远山证券 分析师盖文", "学位够不够？"),
        ("answer", "江牧野", "够。"), ("answer", "祁远", "也够。"),
    ]  # fmt: skip


def test_a_line_of_several_set_apart_by_blanks_lists_each() -> None:
    listed = "嘉宾：海关副关长、新闻发言人 闻人靖　处长 佟昱　副处长 樊亦\n主持人：韩若竹"
    text = f"{listed}\n\n闻人靖：好。"
    assert [(p.name, p.title) for p in parse(text).participants[:3]] == [
        ("闻人靖", "海关副关长、新闻发言人"), ("佟昱", "处长"), ("樊亦", "副处长"),
    ]  # fmt: skip


LISTS = {
    "no heading that is known": (
        "台上就座\n江牧野　市教育局党组书记、局长\n祁远　市公安局副局长\n{host}"
    ),
    "no heading": "江牧野 市教育局党组书记、局长\n祁远 市公安局副局长\n{host}",
    "in a box": "【发布】\n江牧野，市教育局党组书记、局长\n祁远，市公安局副局长\n{host}",
    "below the moderator": (
        "{host}\n发布人：\n江牧野　市教育局党组书记、局长\n祁远　市公安局副局长"
    ),
    "posts above names": (
        "发布嘉宾\n市教育局党组书记、局长\n江牧野\n市公安局副局长\n祁远\n{host}"
    ),
}  # fmt: skip


@pytest.mark.parametrize("listed", LISTS.values(), ids=LISTS)
def test_everybody_has_the_post_of_the_line_with_the_name(listed: str) -> None:
    head = listed.format(host="主持人：韩若竹　市委宣传部科长")
    text = (
        f"索引号：SX-2025-03\n\n{head}\n\n韩若竹：请江局长介绍。\n江牧野：学位够。\n祁远：我补充。"
    )
    told = {t.speaker.name: t.speaker.title for t in parse(text).turns if t.speaker}
    assert told == {
        "韩若竹": "市委宣传部科长", "江牧野": "市教育局党组书记、局长", "祁远": "市公安局副局长"
    }  # fmt: skip


def test_a_listed_post_may_end_with_what_its_bearer_wrote() -> None:
    listed = "【发布】\n江牧野：市党校教研部主任、报告执笔人\n【特邀点评】\n祁远：市工信局副局长"
    assert people(f"{listed}\n\n江牧野：我讲几句。\n祁远：我也讲。") == [
        ("江牧野", "市党校教研部主任、报告执笔人", "official"),
        ("祁远", "市工信局副局长", "official"),
    ]


PROSE = {
    "several in a row": (
        "公司总裁江牧野、前锋祁远、青训总监乜春、以及水乡队领队莫老三（莫正坤）出席。"
        "主持人是县融媒体中心主播韩若竹。"
    ),
    "in the moderator's words": (
        "韩若竹（县融媒体中心主播）：在座的有公司总裁江牧野、前锋祁远、青训总监乜春，"
        "以及水乡队领队莫正坤。"
    ),
}  # fmt: skip


@pytest.mark.parametrize("head", PROSE.values(), ids=PROSE)
def test_of_those_told_in_a_row_everybody_has_a_post_of_their_own(head: str) -> None:
    said = "韩若竹：请江总。\nA1 江牧野：学位够。\n祁远：我补充。\n乜春答：够。\n莫正坤：我也说。"
    text = f"通报会\n\n{head}\n\n{said}"
    titles = {t.speaker.name: t.speaker.title for t in parse(text).turns if t.speaker}
    assert titles == {
        "韩若竹": "县融媒体中心主播", "江牧野": "公司总裁", "祁远": "前锋", "乜春": "青训总监",
        "莫正坤": "水乡队领队",
    }  # fmt: skip


BULLETS = """- 江牧野　市教育局局长
- 祁远　市公安局副局长
- 主持人：韩若竹　品牌总监"""


@pytest.mark.parametrize("listed", ["到场嘉宾\n" + BULLETS, "[发布人]\n" + BULLETS])
def test_bullets_below_any_heading_list_people(listed: str) -> None:
    text = f"{listed}\n\n韩若竹：我是主持人、品牌总监韩若竹。先说流程：三位讲。\n江牧野：学位够。"
    assert [(p.name, p.title) for p in parse(text).participants] == [
        ("江牧野", "市教育局局长"), ("祁远", "市公安局副局长"), ("韩若竹", "品牌总监"),
    ]  # fmt: skip
    assert turns(text)[0][:2] == ("moderation", "韩若竹")


def test_a_rare_surname_in_a_list_is_told_by_the_post_before_it() -> None:
    text = "出席：海关副关长江牧野，海关缉私局局长帖永昌，侦查处处长祁远\n\n帖永昌：案子破了。"
    assert [(p.name, p.title) for p in parse(text).participants] == [
        ("江牧野", "海关副关长"), ("帖永昌", "海关缉私局局长"), ("祁远", "侦查处处长"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("提问（纽约一家电影网站，英语）：", "纽约一家电影网站"),
        ("问（某货运公司车队长，现场提问）：", "某货运公司车队长"),
        ("问（居民　老韩，家住枫岭小区）：", "老韩"),
        ("提问（水乡村民代表，经主持人同意）：", "水乡村民代表"),
        ("Q5（《长桥财经》记者，代投资者提问）：", "《长桥财经》记者"),
        ("Q9（海外记者（视频连线，英语））：", "海外记者"),
        ("环球社记者（外媒）：", "环球社记者"), ("网络提问（韩若竹代读）：", "网友"),
        ("环球社（Global Watch）记者：", "环球社（Global Watch）记者"),
        ("球迷提问（北看台“灯塔”球迷会）：", "球迷"), ("骑手邓小满提问：", "邓小满"),
        ("海外网友“翎听”提问：", "海外网友“翎听”"),
        ("Q1｜昌岭日报记者：", "昌岭日报记者"), ("Q｜水乡日报：", "水乡日报"),
        ("问｜本地自媒体“水乡观察”：", "本地自媒体“水乡观察”"),
        ("Q3 财经周刊“逐浪”：", "财经周刊“逐浪”"),
        ("Q4 旅客代表陶女士（金卡会员）：", "陶女士"),
        ("Q8 网友“候机的老周”（现场代读）：", "网友“候机的老周”"),
        ("《西部经济观察》特约研究员（经济学背景）：", "《西部经济观察》特约研究员"),
        ("《水乡周刊》记者斛律宁：", "《水乡周刊》记者斛律宁"),
        ("某券商电新行业分析师：", "某券商电新行业分析师"),
        ("市民代表赖老师（退休教师）：", "赖老师"),
        ("股东二（退休教师，汪先生）：", "股东二（退休教师，汪先生）"),
        ("【“水乡”财经自媒体】", "“水乡”财经自媒体"),
        ("【“晨光跑团”代表、去年参赛选手】", "“晨光跑团”代表、去年参赛选手"),
        ("【外媒记者　卢卡·费兰特（意大利《航线报》）】", "外媒记者　卢卡·费兰特"),
        ("【The Coastline Daily】", "The Coastline Daily"),
    ],
)  # fmt: skip
def test_whoever_asks_is_read_whatever_else_the_label_tells(label: str, name: str) -> None:
    asked = f"晚报记者：票价呢？\n江牧野：不涨。\n{label}我想知道，学位够不够？"
    told = turns(SAID.format(asked=asked, answered="祁远：够。"))
    assert told[-3:] == [
        ("answer", "江牧野", "不涨。"), ("question", name, "我想知道，学位够不够？"),
        ("answer", "祁远", "够。"),
    ]  # fmt: skip


def test_a_time_behind_a_question_leaves_it_to_whoever_asks() -> None:
    asked = (
        "晚报记者：票价呢？\n江牧野：不涨。\n外市教育局干部（列席）：学位够不够？\n2023-05-11 10:33"
    )
    told = turns(SAID.format(asked=asked, answered="祁远：够。"))
    assert told[-2] == ("question", "外市教育局干部", "学位够不够？")


@pytest.mark.parametrize("name", ["詹素问", "江牧野"])
def test_a_name_that_ends_like_a_verb_asks_nothing(name: str) -> None:
    text = f"出席：市教育局局长 {name}\n\n{name}：学位够。\n晚报记者：够吗？\n{name}：够。"
    assert [kind for kind, _, _ in turns(text)] == ["statement", "question", "answer"]


STANDING = """主持人：处长 韩若竹
发布人：市教育局局长 江牧野

韩若竹
各位好，请提问。

晚报记者
票价呢？

江牧野
不涨。

{label}
我想知道，学位够不够？

江牧野
够。"""


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("鹭岛视界记者", "鹭岛视界记者"), ("中国林网特约记者", "中国林网特约记者"),
        ("省电视台《问政》栏目记者", "省电视台《问政》栏目记者"), ("求职网编辑", "求职网编辑"),
        ("公众号“老矿灯”作者", "公众号“老矿灯”作者"), ("“海丝物流网”记者", "“海丝物流网”记者"),
        ("进口商代表（冷链协会 殷立）", "殷立"), ("骑手代表　赵小飞", "赵小飞"),
        ("本地论坛“水乡人家”版主", "本地论坛“水乡人家”版主"), ("水乡周刊", "水乡周刊"),
        ("外市人社局观摩团代表", "外市人社局观摩团代表"),
        ("水乡社区的居民代表（现场提问）", "水乡社区的居民代表"),
    ],
)  # fmt: skip
def test_whoever_asks_may_stand_on_a_line_of_their_own_where_others_do(
    label: str, name: str
) -> None:
    assert turns(STANDING.format(label=label))[-3:] == [
        ("answer", "江牧野", "不涨。"), ("question", name, "我想知道，学位够不够？"),
        ("answer", "江牧野", "够。"),
    ]  # fmt: skip


@pytest.mark.parametrize("heading", ["下一步打算", "新版补偿标准", "童小川", "致居民的一封信"])
def test_a_heading_on_a_line_of_its_own_asks_nothing(heading: str) -> None:
    text = STANDING.format(label=heading)
    assert [kind for kind, _, _ in turns(text)].count("question") == 1


def test_an_office_before_the_name_and_a_name_that_was_called_stand_on_lines_of_their_own() -> None:
    text = (
        "市府处长韩若竹主持。\n出席：\n江牧野　市教育局局长\n祁远　市水务集团副总经理\n\n"
        "▌主持人·韩若竹\n\n请江局长、总设计师容以宁介绍。\n\n▌市教育局·江牧野\n\n学位够。\n\n"
        "▌市水务集团·祁远\n\n水够。\n\n▌主持人·韩若竹\n\n请容总介绍。\n\n容以宁\n\n船够。"
    )
    assert [name for _, name, _ in turns(text)] == [
        "韩若竹", "江牧野", "祁远", "韩若竹", "容以宁"
    ]  # fmt: skip


@pytest.mark.parametrize("byline", ["记者：樊露　编辑：苗可为", "记者：樊露、苗可为"])
def test_a_byline_asks_nothing(byline: str) -> None:
    text = f"水乡发布会\n{byline}\n市里办了发布会，会期多长？\n\n{LISTED}江牧野：学位够。"
    assert turns(text)[-1:] == [("statement", "江牧野", "学位够。")]
    assert "question" not in {kind for kind, _, _ in turns(text)}


def test_a_known_name_in_brackets_speaks_whatever_stands_before() -> None:
    text = "市公司总经理 Adrian Koh（许恩立）出席。\n\nAdrian Koh（许恩立）：大家好。"
    assert [(t.speaker.name, t.speaker.title) for t in parse(text).turns if t.speaker] == [
        ("许恩立", "市公司总经理")
    ]


HEADINGS = ["二、研究方案", "■ 新版补偿标准", "02　海关说", "━━ 问答 ━━", "——记者提问——", "---"]


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_marked_heading_before_a_label_is_nobodys(heading: str) -> None:
    answered = f"江牧野：够。\n{heading}\n祁远：我补充。"
    told = turns(SAID.format(asked="晚报记者：学位够不够？", answered=answered))
    assert told[-2:] == [("answer", "江牧野", "够。"), ("answer", "祁远", "我补充。")]


def test_the_last_item_of_a_list_is_no_heading() -> None:
    answered = "江牧野：分三步。\n■ 先建校舍\n■ 再招教师\n祁远：我补充。"
    told = turns(SAID.format(asked="晚报记者：学位够不够？", answered=answered))
    assert told[-2] == ("answer", "江牧野", "分三步。\n■ 先建校舍\n■ 再招教师")


@pytest.mark.parametrize(
    ("head", "label"),
    [
        ("市教育局局长江牧野出席，新闻官韩若竹主持。", "韩若竹："),
        ("市府处长韩若竹主持。\n出席：市教育局局长 江牧野，市公安局副局长 祁远", "韩若竹："),
        ("处长江牧野、副部长韩若竹出席。", "【主持人　韩若竹】"),
        ("主持人：\n○ 韩若竹（新闻发言人）\n嘉宾：\n○ 江牧野（市教育局局长）", "韩若竹："),
    ],
)  # fmt: skip
def test_whoever_is_said_to_moderate_does_whatever_the_post(head: str, label: str) -> None:
    text = f"{head}\n\n{label}\n请江牧野先讲。\n江牧野：学位够。\n{label}\n散会。"
    told = [(t.kind, t.speaker.name) for t in parse(text).turns if t.speaker]
    assert told == [
        ("moderation", "韩若竹"), ("statement", "江牧野"), ("moderation", "韩若竹")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "listed",
    [
        "江牧野（市教育局书记、局长）\n祁远（市足球协会会长、退休教师）",
        "发布人\n扎西旺堆——副州长\n江牧野——市教育局书记、局长\n祁远——市足球协会会长、退休教师",
        "市教育局书记、局长：江牧野\n市足球协会会长、退休教师：祁远",
        "发布人：江牧野（市教育局书记、局长）／祁远（市足球协会会长、退休教师）",
        "发布人：江牧野（市教育局书记、局长）， 祁远（市足球协会会长、退休教师）",
        "到会的有——\n市教育局书记、局长 江牧野；市足球协会会长、退休教师 祁远",
    ],
)
def test_lists_of_many_shapes_give_everybody_the_whole_post(listed: str) -> None:
    text = f"水乡发布会\n\n{listed}\n\n韩若竹：请江局长、祁会长讲。\n江牧野：够。\n祁远：够。"
    told = {t.speaker.name: t.speaker.title for t in parse(text).turns if t.speaker}
    assert told["江牧野"] == "市教育局书记、局长"
    assert told["祁远"] == "市足球协会会长、退休教师"


def test_a_moderator_may_be_named_with_the_post_in_brackets() -> None:
    text = f"{LISTED}主持人（市府处长 佘敏）：请江局长讲。\n江牧野：够。"
    told = [(t.kind, t.speaker.name, t.speaker.title) for t in parse(text).turns if t.speaker]
    assert told[0] == ("moderation", "佘敏", "市府处长")
