"""Canonical text to turns: who says what, as the layouts of press conferences show it.

Lines become blocks behind labels, blocks become turns. Where no label tells who speaks, the
words are kept and the speaker stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.records import Role, Span, Speaker, Turn, TurnKind

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣邓"
    "单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫"
    "宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵"
    "冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东"
    "欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仉督岳帅缑亢况郈有琴归海"
    "付肖闫覃代邸苑晋楚佟仝寿"
)
_DOUBLE = "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|太叔|申屠|公孙|慕容|仲孙|钟离|长孙|宇文|司徒|司空|令狐"
_HAN = "\u3400-\u9fff"
NAME = rf"(?:(?:{_DOUBLE})[{_HAN}]{{1,2}}|[{_SURNAMES}][{_HAN}]{{1,2}}|[{_HAN}]{{1,6}}(?:·[{_HAN}]{{1,8}})+)"
_POST = (
    r"(?:书记|市长|省长|县长|区长|州长|局长|部长|厅长|司长|处长|科长|院长|校长|行长|会长|社长|台长|署长|所长|站长|秘书长|理事长|董事长"
    r"|主席|主任|巡视员|调研员|发言人|专员|委员|常委|总经理|总裁|总工程师|总会计师|总监|经济师|研究员|教授|专家|负责人|代表|工程师|组长|队长|政委|司令员|会计师|分析师|规划师|副总|顾问|参赞|大使|创始人|首席\S{0,4})"
)
_LAY = r"(?:村民|居民|市民|游客|旅客|志愿者|企业家|学生|家长|农户|业主|患者|商户|店主|[员师手匠工])"
_UNCOMMON = rf"(?!\S*{_POST})[{_HAN}]{{2,6}}"
"""A name that begins with no common surname (扎西多吉, 邝守真): only where its place shows it is one."""
_HEADINGS: dict[str, Role] = {
    "发布人": "official",
    "发布嘉宾": "official",
    "新闻发布人": "official",
    "出席人员": "official",
    "出席嘉宾": "official",
    "出席领导": "official",
    "发言人": "official",
    "嘉宾": "official",
    "主持人": "moderator",
    "主持": "moderator",
}
_SECTION = re.compile(
    r"^(?:答记者问|记者提问|记者问答|现场提问|提问环节|问答环节|互动交流|媒体提问|文字实录|实录|发布会实录|以下为\S{0,12}实录)[：:]?$"
)
_TIMESTAMP = re.compile(r"^\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?$")
_LABEL = re.compile(
    r"^(?:[-—·•]\s*)?(?:【(?P<boxed>[^】\n]{1,40})】[：:]?|(?P<plain>[^：:\n。！？，；“”]{1,45})[：:])[ \u3000]*"
)
_OUTLET = re.compile(
    r"(?:社|报|网|台|刊|日报|电视|广播|传媒|新闻|周刊|杂志|客户端|媒体|央视|频道|卫视|在线)?记者"
)
_ASKING = re.compile(r"(?:提问|问)$")
_VERB = re.compile(r"(?:首先|先|最后|随后)?(?:发布消息|介绍|回答|答|答问|致辞|讲话|发言|说|表示)$")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says about itself: its people and its turns, in the order of the text."""

    participants: tuple[Speaker, ...]
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class _Block:
    """Consecutive lines behind one label; `role` is what the label says of its speaker."""

    span: Span
    speaker: Speaker | None
    kind: TurnKind


def parse(text: str) -> Reading:
    """Return participants and turns of a canonical text.

    Turns are disjoint and in order; labels and section headings belong to none.
    """
    lines = list(_lines(text))
    participants, block = _participants(lines)
    known = {p.name: p for p in participants}
    known |= {s.name: s for s in _introduced(text) if s.name not in known}
    turns: list[Turn] = []
    blocks = list(_blocks(lines, block, known))
    labelled = any(b.kind in ("question", "answer", "statement", "moderation") for b in blocks)
    first = next((p for p in participants if p.role == "official"), *participants[:1] or (None,))
    lone = [p for p in known.values() if p.role == "official"]
    opening = True
    question: int | None = None
    for b in blocks:
        speaker, kind, inferred = b.speaker, b.kind, False
        if kind == "head" and block and b.span.start > block.end and opening and labelled and first:
            kind = "statement" if first.role == "official" else "moderation"
            speaker, inferred = first, True
        elif kind == "answer" and speaker is None and len(lone) == 1:
            speaker, inferred = lone[0], True
        if kind == "question":
            question = len(turns)
        if kind in ("question", "answer"):
            opening = False
        if kind == "statement" and question is not None:
            kind = "answer"
        asked = question if kind == "answer" else None
        turns.append(Turn(b.span, kind, speaker, inferred, asked))
    return Reading(participants, tuple(turns))


def _lines(text: str) -> Iterator[_Line]:
    for match in re.finditer(r"[^\n]+", text):
        stripped = match[0].strip()
        if stripped:
            start = match.start() + match[0].index(stripped)
            yield _Line(Span(start, start + len(stripped)), stripped)


# --- people -------------------------------------------------------------------------------------


def _participants(lines: list[_Line]) -> tuple[tuple[Speaker, ...], Span | None]:
    """Return the people listed under headings such as 发布人, and the span of that list."""
    people: list[Speaker] = []
    role: Role | None = None
    start = end = 0
    for line in lines:
        heading, _, rest = line.text.partition("：")
        name = heading.strip("【】：: ")
        if name in _HEADINGS and (not rest or _person(rest, "official")):
            role = _HEADINGS[name]
            start = start or line.span.start
            end = line.span.end
            if rest and (person := _person(rest, role)):
                people.append(person)
            continue
        if role is None:
            continue
        person = _person(line.text, role)
        if person is None:
            break
        people.append(person)
        end = line.span.end
    if not people:
        return (), None
    return tuple(people), Span(start, end)


def _person(text: str, role: Role) -> Speaker | None:
    """Read `name title`, `title name`, `name：title` or `name（title）`."""
    text = text.strip()
    patterns = (
        rf"^(?P<name>{NAME})[\s：:，、]+(?P<title>\S.*)$",
        rf"^(?P<name>{NAME})（(?P<title>[^）]+)）$",
        rf"^(?P<title>.*\S)[\s：:，]+(?P<name>{NAME})$",
        rf"^(?P<name>{_UNCOMMON})[\s]+(?P<title>\S.*{_POST}\S{{0,8}})$",
        rf"^(?P<title>\S.*{_POST})\s+(?P<name>{_UNCOMMON})$",
        rf"^(?P<title>.*{_POST})(?P<name>{NAME})$",
    )
    for pattern in patterns:
        match = re.match(pattern, text)
        if match and len(match["title"]) <= 60 and "。" not in match["title"]:
            return Speaker(match["name"], role, match["title"].strip())
    return None


def _introduced(text: str) -> Iterator[Speaker]:
    """Yield people whom a sentence introduces by post and name before the first answer."""
    pattern = rf"(?:邀请到?|请[来到出]?了?|[：；、，])(?P<title>[{_HAN}]{{2,30}}?{_POST})(?P<name>{NAME})(?=先生|女士|同志|，|。|；|介绍|主持|出席|向)"
    for match in re.finditer(pattern, text[:3000]):
        yield Speaker(match["name"], "official", match["title"])
    pattern = rf"(?:请|由|是)?(?P<title>[{_HAN}]{{2,20}}发言人)(?P<name>{NAME})(?=主持|介绍|向|就|在|，|。)"
    for match in re.finditer(pattern, text[:3000]):
        yield Speaker(match["name"], "official", match["title"])


# --- labels -------------------------------------------------------------------------------------


def _blocks(lines: list[_Line], listed: Span | None, known: dict[str, Speaker]) -> Iterator[_Block]:
    """Yield head, questions, answers and statements as runs of lines behind one label."""
    labels = _repeated(lines)
    speaker: Speaker | None = None
    kind: TurnKind = "head"
    span: Span | None = None
    index = 0

    while index < len(lines):
        line = lines[index]
        index += 1
        in_list = listed is not None and listed.contains(line.span)
        found = None if in_list else _label(line, known, labels)
        if found is None and not in_list:
            card = _card(lines, index - 1)
            if card:
                if span:
                    yield _Block(span, speaker, kind)
                speaker, used = card
                speaker = known.get(speaker.name, speaker)
                kind, span = "statement", None
                index += used - 1
                continue
        if found:
            if span:
                yield _Block(span, speaker, kind)
            speaker, kind, rest = found
            span = rest
            continue
        edge = _SECTION.match(line.text) or in_list != (
            listed is not None and span is not None and listed.contains(span)
        )
        foreign = _TIMESTAMP.match(line.text) or re.fullmatch(
            r"[（(]?https?://\S+[）)]?", line.text
        )
        if edge or foreign:
            if span:
                yield _Block(span, speaker, kind)
                span = None
            if foreign:
                yield _Block(line.span, None, "head")
                continue
            if _SECTION.match(line.text):
                speaker, kind = None, "head"
                continue
        if in_list:
            speaker, kind = None, "head"
        span = Span(span.start, line.span.end) if span else line.span
    if span:
        yield _Block(span, speaker, kind)


def _repeated(lines: list[_Line]) -> set[str]:
    found: dict[str, int] = {}
    for line in lines:
        match = _LABEL.match(line.text)
        if match:
            name = (match["boxed"] or match["plain"]).strip()
            found[name] = found.get(name, 0) + 1
    return {name for name, count in found.items() if count > 1}


def _label(
    line: _Line, known: dict[str, Speaker], repeated: set[str]
) -> tuple[Speaker | None, TurnKind, Span | None] | None:
    """Read the label at the start of a line: speaker, kind, and the words behind it."""
    match = _LABEL.match(line.text)
    if not match:
        return None
    start = line.span.start + match.end()
    rest = Span(start, line.span.end) if start < line.span.end else None
    label = (match["boxed"] or match["plain"]).strip(" \u3000-*")
    bullet = line.text[0] in "-—•·" or match["boxed"] is not None
    who = _who(label, known, sure=bullet or label in repeated)
    if who is None:
        return None
    speaker, kind = who
    return speaker, kind, rest


def _who(
    label: str, known: dict[str, Speaker], *, sure: bool
) -> tuple[Speaker | None, TurnKind] | None:
    if label in ("问", "提问", "记者问", "Q"):
        return Speaker("记者", "journalist"), "question"
    if label in ("答", "回答", "A"):
        return None, "answer"
    boxed = re.fullmatch(r"记者（(?P<outlet>[^）]+)）", label)
    plain = f"{boxed['outlet']}记者" if boxed else _ASKING.sub("", label).strip()
    if plain.endswith("记者") or re.search(rf"记者[\s（]*{NAME}[）]?$", plain):
        if _OUTLET.search(plain) and len(plain) <= 30:
            return Speaker(plain, "journalist"), "question"
        return None
    if re.search(r"(?:记者站|社|报|网|台|刊)\S{0,4}(?:撰稿人|评论员|主播|编辑)$", plain):
        return Speaker(plain, "journalist"), "question"
    if label in ("主持人", "主持"):
        moderator = next((s for s in known.values() if s.role == "moderator"), None)
        return moderator or Speaker("主持人", "moderator"), "moderation"
    bare = _VERB.sub("", label).strip()
    if bare in known:
        return known[bare], "moderation" if known[bare].role == "moderator" else "statement"
    prefix = re.match(rf"^(主持人)\s*({NAME})$", bare)
    if prefix:
        return known.get(prefix[2]) or Speaker(prefix[2], "moderator"), "moderation"
    for name, speaker in known.items():
        if bare.endswith(name) or bare.startswith((name + "（", name + " ")):
            return speaker, "moderation" if speaker.role == "moderator" else "statement"
    titled = re.match(rf"^(?P<name>{NAME})（(?P<title>[^）]*)）$", bare) or re.match(
        rf"^(?P<title>\S.*{_POST}|\S*(?:局|部|委|办|厅|司|院|中心|协会)|\S*{_LAY})\s*(?P<name>{NAME})$",
        bare,
    )
    if titled:
        return Speaker(titled["name"], "official", titled["title"]), "statement"
    if re.fullmatch(NAME, bare) and sure:
        return Speaker(bare, "official"), "statement"
    return None


def _card(lines: list[_Line], at: int) -> tuple[Speaker, int] | None:
    """Read a name on its own line with the person's posts on the lines below."""
    match = re.fullmatch(rf"(?:文字实录)?\s*({NAME})", lines[at].text)
    if not match:
        return None
    titles = []
    for line in lines[at + 1 : at + 5]:
        if not re.fullmatch(rf"[{_HAN}、（）· ]{{2,40}}", line.text) or not re.search(
            rf"{_POST}(?:）)?$", line.text
        ):
            break
        titles.append(line.text)
    if not titles:
        return None
    return Speaker(match[1], "official", "、".join(titles)), 1 + len(titles)
