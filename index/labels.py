"""Labels at the start of a line: whose words follow, or only a heading within somebody's words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.askers import LAY, PUBLIC, REMARK, is_public, read_asker
from index.people import (
    ADDRESS,
    EMOJI,
    HAN,
    MODERATORS,
    NAME,
    POST,
    SURNAME,
    Line,
    is_name,
    is_word,
)
from index.press import is_outlet, may_be_outlet
from index.records import Role, Span, Speaker, TurnKind

TIME = r"[\[［（(【]?(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[ \u3000]*)?\d{1,2}[:：]\d\d(?:[:：]\d\d)?[\]］）)】]?"
_COLUMN = re.compile(r"^(?P<who>[^\s：:。！？，；]{2,30})(?: {2,}|[\u3000\t]+)(?=\S.*[。！？])")
_BULLETS = rf"\-—·•★■□◆◇▲●○▶►▎▌>{EMOJI}"
_LABEL = re.compile(
    rf"(?:{TIME}[ \u3000]*)?(?:[{_BULLETS}]+\s*)?(?:"
    rf"[【\[［〔〖](?P<boxed>[^】\]］〕〗\n]{{1,40}})[】\]］〕〗](?:[：:]|[ \u3000]*{TIME}$)?"
    r"|（(?P<round>[^（）\n。！？，；：]{1,24})）[：:]?"
    r"|(?P<numbered>[QA]\d{1,2}|[问答]\d{0,2})[.．、 \u3000]+(?!\d{1,2}[：:])(?=\S)"
    rf"|(?P<timed>[^：:\n。！？，；“”（）\d]{{1,30}}?)[ \u3000]*{TIME}(?:[：:]|$)"
    r"|(?P<plain>(?:（[^：:\n。！？；）]{1,40}）+|[^：:\n。！？，；“”]|“[^”\n]{1,12}”){1,45})[：:])[ \u3000]*"
)
_OUTLET = re.compile(
    r"(?:社|报|网|台|刊|日报|电视|广播|传媒|新闻|周刊|杂志|客户端|媒体|央视|频道|卫视|在线)?记者"
)
_PUPIL = re.compile(rf"^(?P<title>\S*(?:学生|小|红领巾)记者)[ \u3000]+(?P<name>[{HAN}]{{2,4}})$")
_PRESS = r"(?:社|报|网|台|刊|杂志|电视|广播|传媒|新闻|客户端|媒体|频道|卫视|在线|财经|观察|评论|体育|周末|之声|》)"
_SAID = re.compile(
    r"^[（【](?P<says>问|提问|答|回答)[）】][ \u3000]*(?P<who>[^：:\n。！？，；]{2,30})[：:][ \u3000]*"
)
_BEHIND = re.compile(
    r"^(?P<says>问|提问|记者|答|回答)[：:][ \u3000]*（(?P<who>[^（）\n。！？，；：]{2,30})）[ \u3000]*(?=\S)"
)
_ALONE = re.compile(
    rf"(?:(?P<title>[^\s。！？，；：【】]{{0,24}}(?:{POST}|主持人))\s?)?(?P<name>{NAME})(?:（[^）\n]{{1,24}}）)?"
    rf"|[^。！？，；：]{{0,20}}{_PRESS}记者(?:[ \u3000]*{NAME}|（{NAME}）)?|主持人"
    r"|(?P<one>[^\s。！？，；：]{2,30})(?:[ \u3000]+(?P<other>[^\s。！？，；：]{2,30}))?"
)
_ASKING = re.compile(r"(?:通过\S{2,4})?(?:提问|追问|发问|问)道?(?:（[^）]*）)?$")
_VERB = re.compile(
    r"(?:首先|先|最后|随后)?(?:(?:发布消息|介绍|回答|回复|答复|答|答问|致辞|讲话|发言|补充|指出|强调|回应|解释|表示)(?:说|道)?|说)$"
)
_SPOKESPERSON = re.compile(
    r"(?:新闻)?(?:发言人|发布人)|答问人|答复人|(?:访谈|发布)?嘉宾|主讲人|通报人|受访者"
)
_OPENS = re.compile(r"主持|插话|发布|通报|介绍|发言|主讲")
_REPLY = re.compile(r"答|回答|追答|A|(?:公司)?(?:回复|答复|回应)")
_TURN = re.compile(
    rf"(?P<who>问题?|问题\d{{1,2}}追问|提问|追问|再问|Q|{_REPLY.pattern}|(?:会后有?)?(?:记者|媒体|网友|投资者)(?:提?问)?|(?:网络|线上)提问)"
    r"[ \u3000]?(?:[第之]?[\d一二三四五六七八九十]{1,3}|[甲乙丙丁戊己])?"
)
_NAMED = re.compile(
    r"(?P<says>问题?|提问|Q|答|回答|A)\d{0,2}(?:（(?P<who>.+)）|[ ]?[·・/｜|丨][ ]?(?P<beside>\S.*))"
)
_RANK = r"(?:常务)?[副总代大支]?"
_OFFICE = r"(?:局|部|委|办|厅|司|院|中心|协会)"
_HONORIFIC = r"(?:先生|女士|小姐|同学|老师|师傅|大爷|大妈|大娘|大叔|大姐|大哥|大伯|大婶|阿姨|阿婆|阿公|阿伯|爷爷|奶奶|叔叔|婆婆|医生|大夫|律师|老板)"
_NICKNAME = rf"(?:[老小]{SURNAME}|阿[{HAN}]{{1,2}}|{SURNAME}(?:{_HONORIFIC}|[总工姐哥叔婶姨嫂伯婆爷奶氏]|厂长|经理))"
_SPACED = re.compile(
    rf"^(?P<title>\S.*?)[ \u3000]+(?P<name>[{HAN}·]{{2,12}})(?:[ \u3000]*（[^）]*）)?$"
)
_QUOTED = re.compile(
    rf"^[{HAN}、]*(?:网友|网民|投资者|股东|观众|听众|读者|粉丝|博主|主播|媒体|账号|号)“[^”]+”(?=（|$)"
)
_ONLINE = re.compile(
    rf"^[{HAN}]{{0,6}}(?:(?:网友|网民|投资者)(?:提问|留言)?[ \u3000_@*-]+\S{{1,14}}|(?:网友|网民|投资者|股东|游客)(?:[_@*-]+\S{{1,14}}|（\S{{1,12}}）))$"
)
_NO_PERSON = re.compile(
    r"第|问|请|一是|二是|其次|另外|还有|比如|例如|一句|提示|提醒|说明|如下|背景|关心|关注|答案|疑|担心|焦点|热点|补充|关键|建议|数据|措施|时间|原因|结果|什么|怎|如何|为何|[步项条点招]$|方面$|工作$|阶段$|是$|有$|说$|为$|了$"
)
_THING = re.compile(r"[费价率额款税险券卡票证量表馆园库网站路线机车厂店话]$")
_FIRST_PERSON = re.compile(r"^.{0,12}(?:我|大家好|您好|你好|请问|谢谢|各位)")
_ASKING_FOR = re.compile(
    r"(?:我|想|要|就|请|再|也)问|问(?:一下|一句|个)|请.{0,12}(?:介绍|谈谈|谈一谈|说说|讲讲|评价|评论|解读|回应|分享|证实)|[能可]否|想(?:请|了解|知道)"
)
_REPORTER = re.compile(
    rf"记者(?:[\s（]*(?:{NAME}|[A-Z][A-Za-z .]+)[）]?|[ \u3000]+[{HAN}]{{2,4}})$"
)
_BYLINE = re.compile(
    rf"(?:[{HAN}]{{2,4}}[：:｜丨][ \u3000]?[{HAN}]{{2,4}}(?:[ \u3000、]+[{HAN}]{{2,4}})*(?:[ \u3000]+|$)){{2,}}"
    rf"|(?:本报|本台)?记者[：:][ \u3000]?{NAME}(?:[ \u3000、]+{NAME})*"
)
_ORDINAL = re.compile(r"^(?:[（(]?[\d一二三四五六七八九十]{1,2}[）)、.．]|[①-⑳])[ \u3000]*(?=\S)")
_ADDRESSES = re.compile(r"各位|诸位|尊敬的|亲爱的|女士们|同志们|朋友们")
_CITES = re.compile(r"(?:指出|强调|表示|要求|讲话)$")
_MANY = 3
"""So many labels in round brackets are a layout; fewer may be asides."""
_ASKS = re.compile(r"[？?][”’）)]*(?:谢谢[^。！？]{0,6}[。！]?)?$")


@dataclass(frozen=True, slots=True)
class Label:
    """What a label says: who speaks, the kind of turn it opens, the words on its own line."""

    speaker: Speaker | None
    kind: TurnKind
    rest: Span | None


@dataclass(frozen=True, slots=True)
class _Written:
    """A label as it is written; `marked` where a bullet or a box sets it off.

    `round` ones stand in round brackets, as asides do, too.
    """

    words: str
    marked: bool
    round: bool
    rest: Span | None


def asks(words: str) -> bool:
    """Tell whether somebody's words end with a question."""
    return bool(_ASKS.search(words))


def mentions_question(words: str) -> bool:
    """Tell whether a lay person's words hold a question, though something else ends them."""
    return "？" in words[-120:] or bool(_ASKING_FOR.search(words))


def find_names(lines: Sequence[Line]) -> dict[str, str]:
    """Return what may be a person's name at the end of a label, with the longest title there."""
    found = {
        match["name"]: match["title"] or ""
        for match in _alone(lines)
        if match and match["name"] and is_name(match["name"])
    }
    for line in lines:
        written = _written(line)
        match = written and _names(written.words)
        if match:
            found[match["name"]] = max(found.get(match["name"], ""), match["title"] or "", key=len)
    return found


def _names(label: str) -> re.Match[str] | None:
    """Find the name in a label, beside a title, a verb or 答."""
    bare = _VERB.sub("", re.sub(r"^(?:A|答|回答)（(.+)）$", r"\1", label)).strip()
    return (
        re.search(rf"^(?:(?P<title>\S.*?)[ \u3000]+)?(?P<name>[{HAN}]{{2,8}})$", bare)
        or re.search(rf"^(?P<name>[{HAN}]{{2,8}})（(?P<title>[^）]*{POST})）$", bare)
        or re.search(rf"^(?P<name>{NAME})（[^）]*）(?P<title>)$", bare)
        or re.search(rf"^(?P<title>)[A-Z][A-Za-z. ]+（(?P<name>{NAME})）$", bare)
    )


def read_labels(
    lines: Sequence[Line], listed: Span | None, known: dict[str, Speaker]
) -> list[Label | None]:
    """Return the label of every line, None where it has none.

    `known` are those whom the head names. First come the labels that say clearly who speaks;
    what else looks like a label is then judged by what stands around it.
    """
    written = [None if listed and listed.contains(line.span) else _written(line) for line in lines]
    counts = Counter(w.words for w in written if w)
    bracketed = sum(w.round for w in written if w) >= _MANY
    said = {
        w.words
        for w, line in zip(written, lines, strict=True)
        if w and (w.rest is None or re.search(r"[。！？]", line.text))
    }
    sure = {
        w.words
        for w in written
        if w
        and w.words in said
        and not _CITES.search(w.words)
        and (w.marked or counts[w.words] > 1 or (w.round and bracketed))
    }
    people = dict(known)
    for w in written:
        who = _who(w.words, people, sure=w.words in sure) if w else None
        if who and who[0] and who[0].name not in people:
            name = re.sub(r"^.*记者[ \u3000（]+", "", who[0].name).rstrip("）")
            people[name] = who[0]
    columns = _columns(lines, listed, people)
    labels: list[Label | None] = []
    for w in written:
        who = _who(w.words, people, sure=w.words in sure) if w else None
        labels.append(Label(*who, w.rest) if w and who else None)
    for at, match in enumerate(_alone(lines)):
        inside = listed is not None and listed.contains(lines[at].span)
        if match and not inside and (who := _stands(match, known)):
            labels[at] = Label(*who, None)
    for at, column in columns.items():
        labels[at] = labels[at] or column
    _head_sections(lines, labels)
    _number(lines, labels)
    _guess(lines, written, labels)
    return labels


def _head_sections(lines: Sequence[Line], labels: list[Label | None]) -> None:
    """Tell `Q1 topic` from a question: somebody else's label follows at once, and it asks nothing."""
    for at, (label, after) in enumerate(pairwise(labels)):
        bare = label and label.rest and label.speaker == Speaker("记者", "journalist")
        if bare and after and after.kind == "question" and not asks(lines[at].text):
            labels[at] = Label(None, "head", None)


def _columns(
    lines: Sequence[Line], listed: Span | None, known: Mapping[str, Speaker]
) -> dict[int, Label]:
    """Read labels set apart from the words by blanks alone, where there are _MANY of them."""
    found = {}
    for at, line in enumerate(lines):
        match = _COLUMN.match(line.text)
        who = match and _who(match["who"], known, sure=False)
        if match and who and not (listed and listed.contains(line.span)):
            found[at] = Label(*who, _rest(line, match.end()))
    return found if len(found) >= _MANY else {}


def _number(lines: Sequence[Line], labels: list[Label | None]) -> None:
    """Fill in the labels of questions that carry only a number, right before an answer."""
    for at, after in enumerate(labels[1:]):
        match = _ORDINAL.match(lines[at].text)
        asked = labels[at] is None and match and asks(lines[at].text)
        if asked and match and after and after.kind == "answer":
            rest = _rest(lines[at], match.end())
            labels[at] = Label(Speaker("记者", "journalist"), "question", rest)


def _alone(lines: Sequence[Line]) -> Iterator[re.Match[str] | None]:
    """Read the lines that are a label without a mark: a paragraph follows them."""
    for line, after in pairwise((*lines, None)):
        paragraph = after is not None and re.search(r"[。！？]", after.text)
        text = re.sub(rf"^(?:{TIME}|[{EMOJI}▌▍▎■●]+)[ \u3000]*", "", line.text) if line else ""
        text = re.sub(rf"^\S{{0,12}}(?:{_OFFICE}|集团|公司|{POST}|主持人)·(?={NAME}$)", "", text)
        yield _ALONE.fullmatch(text) if paragraph else None


def _stands(
    match: re.Match[str], known: Mapping[str, Speaker]
) -> tuple[Speaker | None, TurnKind] | None:
    """Tell whose words follow a line of its own; a name there must be known from elsewhere."""
    names = [match[group] for group in ("name", "one", "other") if match[group]]
    name = next((name for name in names if name in known), None)
    return _who(name or match[0], known, sure=True) if name or not names else None


def _written(line: Line) -> _Written | None:
    if _BYLINE.fullmatch(line.text):
        return None
    said = _SAID.match(line.text) or _said_by(line.text)
    match = said or _LABEL.match(line.text)
    if not match:
        return None
    rest = _rest(line, match.end())
    if said:
        return _Written(f"{said['says']}（{said['who']}）", False, False, rest)
    if inner := _doubled(match, line):
        return inner
    boxed = match["boxed"]
    marked = re.match(rf"[{_BULLETS}]", line.text) is not None or (
        boxed is not None and "·" not in boxed
    )
    return _Written(_words(match), marked, match["round"] is not None, rest)


def _said_by(text: str) -> re.Match[str] | None:
    """Read `问：（whom）` and `答：（whom）`; what else stands in brackets there is an aside."""
    match = _BEHIND.match(text)
    return match if match and _may_say(match["says"], match["who"]) else None


def _rest(line: Line, end: int) -> Span | None:
    """Return the words of a line from character `end` on, if there are any."""
    start = line.span.start + end
    return Span(start, line.span.end) if start < line.span.end else None


def _doubled(match: re.Match[str], line: Line) -> _Written | None:
    """Read a second label behind one that says only who asks or answers (`【提问一】晚报记者：`)."""
    words = _words(match)
    turn, opens = _TURN.fullmatch(words), _OPENS.fullmatch(words)
    inner = (turn or opens) and _LABEL.match(line.text, match.end())
    if not inner or not inner["plain"]:
        return None
    says = "问" if turn and not _REPLY.fullmatch(turn["who"]) else "答"
    who = inner["plain"].strip()
    if turn and not _may_say(says, who):
        return None
    label = who if opens else f"{says}（{who}）"
    return _Written(label, opens is not None, False, _rest(line, inner.end()))


def _may_say(says: str, who: str) -> bool:
    """Tell whether somebody named in brackets or behind 问 may ask, or behind 答 may answer."""
    if not _REPLY.fullmatch(says):
        return "记者" in who or is_outlet(who) or _asker(who) is not None
    return bool(re.search(rf"(?:^|{POST}|\s){NAME}$", who))


def _words(match: re.Match[str]) -> str:
    """Return the words of a label without what sets it off."""
    groups = ("boxed", "round", "numbered", "timed", "plain")
    found = next(match[name] for name in groups if match[name])
    return found.strip(" \u3000-*")


# --- labels that say clearly who speaks ---------------------------------------------------------


def _who(
    label: str, known: Mapping[str, Speaker], *, sure: bool
) -> tuple[Speaker | None, TurnKind] | None:
    label = _ORDINAL.sub("", label)
    if _ADDRESSES.match(label):
        return None
    if match := _NAMED.fullmatch(label):
        return _said(match["says"], match["who"] or match["beside"], known)
    whole, label = label, REMARK.sub("", label)
    if turn := _TURN.fullmatch(label):
        return _turn(turn["who"])
    if _SPOKESPERSON.fullmatch(label):
        return find_spokesperson(known), "statement"
    if label in ("主持人", "主持"):
        moderator = next((s for s in known.values() if s.role == "moderator"), None)
        return moderator or Speaker("主持人", "moderator"), "moderation"
    of = re.fullmatch(
        r"(?:现场)?记者(?:提?问)?(?:（(?P<outlet>[^）]+)）|[·・/](?P<beside>\S+))", label
    )
    plain = f"{of['outlet'] or of['beside']}记者" if of else _ASKING.sub("", label).strip()
    if pupil := _PUPIL.match(plain):
        return Speaker(pupil["name"], "journalist", pupil["title"]), "question"
    if plain.endswith("记者") or _REPORTER.search(plain):
        if _OUTLET.search(plain) and len(plain) <= 40:
            return Speaker(plain, "journalist"), "question"
        return None
    if re.search(
        r"(?:记者站|社|报|网|台|刊|公众号)\S{0,4}(?:撰稿人|评论员|主播|编辑|作者)$", plain
    ):
        return Speaker(plain, "journalist"), "question"
    bare = _VERB.sub("", label).strip()
    speaker = _known(bare, known) or _titled(bare) or _titled(whole)
    asks_so = plain != label and bare not in known
    if asks_so and (asker := speaker or _titled(plain) or read_asker(plain)):
        return asker, "question"
    if speaker is None and sure and re.fullmatch(rf"\S{{0,8}}{POST}", bare):
        held = [
            s
            for s in known.values()
            if s.title and re.sub(r"（[^）]*）$", "", s.title).endswith(bare)
        ]
        speaker = held[0] if len(held) == 1 else Speaker(bare, "official")
    if speaker is None and sure and is_name(bare):
        speaker = Speaker(bare, "official")
    return (speaker, _kind(speaker)) if speaker else None


def _turn(who: str) -> tuple[Speaker | None, TurnKind]:
    """Read a label that says no more than that somebody asks or answers."""
    if _REPLY.fullmatch(who):
        return None, "answer"
    lay = re.search(r"网友|投资者", re.sub(r"网络|线上", "网友", who))
    return Speaker(lay[0], "unknown") if lay else Speaker("记者", "journalist"), "question"


def _said(
    says: str, who: str, known: Mapping[str, Speaker]
) -> tuple[Speaker | None, TurnKind] | None:
    """Read `问（whom）` and `答（whom）`; a question is an outlet's unless somebody is known so."""
    who = _without_asides(who)
    named = None if is_outlet(who) else _who(who, known, sure=True)
    if not _REPLY.fullmatch(says):
        if named and named[0] and named[0].role == "official" and named[0].name not in known:
            return replace(named[0], role="unknown"), "question"
        asker = None if is_outlet(who) else _asker(who)
        return named[0] if named else asker or Speaker(who, "journalist"), "question"
    return (named[0], "answer") if named else None


def _without_asides(who: str) -> str:
    """Return who somebody in brackets is: a name with its post, else the words before a comma."""
    first, _, more = who.partition("，")
    if more and is_name(first) and re.search(POST, more):
        return f"{first}（{more}）"
    return re.sub(r"(?<=记者)（.*$", "", first)


def find_spokesperson(known: Mapping[str, Speaker]) -> Speaker | None:
    """Return the one spokesperson of those known, or the one official; None where more may be."""
    named = [s for s in known.values() if s.title and re.search(r"发言人(?!助理)", s.title)]
    officials = [s for s in known.values() if s.role == "official"]
    meant = named or officials
    return meant[0] if len(meant) == 1 else None


def _kind(speaker: Speaker) -> TurnKind:
    kinds: dict[str, TurnKind] = {"moderator": "moderation", "journalist": "question"}
    return kinds.get(speaker.role, "statement")


def _known(label: str, known: Mapping[str, Speaker]) -> Speaker | None:
    """Find the person of a label that consists of, ends or begins with a known name."""
    if match := re.fullmatch(
        rf"(?:主持人|发布人|嘉宾|主讲人|答复人|{POST})(?:（({NAME})）|[·/]({NAME}))", label
    ):
        name = match[1] or match[2]
        role: Role = "moderator" if label.startswith("主持") else "official"
        return known.get(name) or Speaker(name, role)
    if host := re.fullmatch(rf"主持人（(\S*{POST})[ \u3000]?({NAME})）", label):
        return Speaker(host[2], "moderator", host[1])
    if (within := re.search(rf"（({NAME})）$", label)) and within[1] in known:
        return known[within[1]]
    addressed, label = label, re.sub(rf"{ADDRESS}$", "", label)
    for name in (addressed, label):
        if name in known:
            return known[name]
    if prefix := re.match(rf"^主持人\s*({NAME})$", label):
        return replace(known.get(prefix[1]) or Speaker(prefix[1], "moderator"), role="moderator")
    for name, speaker in known.items():
        if speaker.role in ("official", "moderator") and (
            label.endswith(name)
            or label.startswith((name + "（", name + " "))
            or re.fullmatch(rf"{re.escape(name)}{_RANK}{POST}", label)
        ):
            return speaker
    return _called(label, known)


def _called(label: str, known: Mapping[str, Speaker]) -> Speaker | None:
    """Find the one person whom a surname with a post means (江局长, 祁副局长, 李支队长)."""
    called = re.fullmatch(
        rf"(?P<surname>{SURNAME}|.)(?P<rank>{_RANK})(?P<post>{POST}|总|工)", label
    )
    if not called:
        return None
    alike = [s for s in known.values() if s.name.startswith(called["surname"])]
    if not alike and not re.fullmatch(SURNAME, called["surname"]):
        return None
    meant = [s for s in alike if s.title]
    if called["post"] in ("总", "工"):
        return meant[0] if len(meant) == 1 else None
    for post in (rf"(?<!副){called['rank']}{called['post']}", called["post"]):
        held = [s for s in meant if re.search(post, s.title or "")]
        if len(held) == 1:
            return held[0]
    return Speaker(label, "official")


def _titled(label: str) -> Speaker | None:
    """Read a name that has a post, or what else its bearer is, in front or in brackets."""
    if match := re.match(rf"^(?P<name>{NAME}|{_NICKNAME})（(?P<title>[^）]*)）$", label):
        return _speaker(match["name"], match["title"])
    match = re.match(rf"^(?P<name>[{HAN}]{{2,4}})（(?P<title>[^）]*{POST})）$", label)
    if match and not is_word(match["name"], 1):
        return _speaker(match["name"], match["title"])
    if match := _ONLINE.match(_ASKING.sub("", label)):
        return Speaker(match[0], "unknown")
    if match := _QUOTED.match(label):
        return Speaker(match[0], "unknown")
    if re.fullmatch(rf"{SURNAME}{_HONORIFIC}|[老小]{SURNAME}|阿[{HAN}]", label):
        return None if is_word(label, 20) else Speaker(label, "unknown")
    if (match := _SPACED.match(label)) and len(label) <= 40:
        name, title = match["name"], match["title"]
        said = re.search(rf"(?:{POST}|{LAY}|{_OFFICE})$", title)
        if not said and _NO_PERSON.search(title):
            return None
        named = is_name(name, 3000 if said else 5) and (said or not _heads(name))
        called = re.fullmatch(_NICKNAME, name) and not is_word(name, 300)
        other = re.search(rf"(?:{POST}|{PUBLIC})$", title) and len(name) <= 6
        if named or called or (other and not is_word(name, 300) and not _heads(name)):
            return _speaker(name, title)
        if re.fullmatch(NAME, name) or not said:
            return None
    for pattern, least in ((rf"\S.*{POST}", 300), (rf"\S*{_OFFICE}", 5), (rf"\S*{LAY}", 5)):
        match = re.match(rf"^(?P<title>{pattern})\s*(?P<name>{NAME})$", label)
        if match and is_name(match["name"], least) and not match["name"].endswith("会"):
            return _speaker(match["name"], match["title"])
    if match := re.match(rf"^(?P<title>\S*{PUBLIC})(?P<name>{_NICKNAME})$", label):
        return None if is_word(match["name"], 20) else _speaker(match["name"], match["title"])
    match = re.match(rf"^(?P<name>{NAME})\s+(?P<title>\S.*{POST})$", label)
    return _speaker(match["name"], match["title"]) if match and is_name(match["name"]) else None


def _speaker(name: str, title: str) -> Speaker:
    """Return a speaker whom only a label names: an official where the title is a post."""
    if re.fullmatch(MODERATORS, title):
        return Speaker(name, "moderator", title)
    post = re.search(rf"(?:{POST}|{_OFFICE}|长)$", title) and not is_public(title)
    return Speaker(name, "official" if post else "unknown", title)


# --- labels that only their place makes clear ---------------------------------------------------


def _guess(
    lines: Sequence[Line], written: Sequence[_Written | None], labels: list[Label | None]
) -> None:
    """Fill in the labels of unlisted people, told from headings by what stands around them."""
    clear = [label for label in labels if label]
    inline = sum(label.rest is not None for label in clear) * 2 >= len(clear)
    standing = sum(
        label.rest is None for w, label in zip(written, labels, strict=True) if label and not w
    )
    text = "\n".join(line.text for line in lines)
    previous: Label | None = None
    asked = False
    for at, w in enumerate(written):
        if label := labels[at]:
            previous = label
            asked = asked or label.kind == "question"
            continue
        w = w or (_bare(lines, at) if standing >= _MANY else None)
        if w is None or w.round or (previous is None and not may_be_outlet(w.words)):
            continue
        words = _VERB.sub("", w.words).strip() or w.words
        after = next((n for n in range(at + 1, len(lines)) if labels[n]), len(lines))
        said = lines[at].text.split("：", 1)[-1] or lines[min(at + 1, len(lines) - 1)].text
        replies = (
            previous is not None
            and previous.kind == "question"
            and asks(lines[at - 1].text)
            and not asks(said)
        )
        questions = after < len(lines) and asks(lines[after - 1].text)
        speaker = None
        asking = _ASKING.sub("", words)
        papers = [n for n in re.split(r"[&＆/、·—-]+", asking) if n]
        outlets = bool(papers) and all(map(may_be_outlet if questions else is_outlet, papers))
        if outlets and _put(lines[at:after], labels[after : after + 1]):
            speaker = Speaker(asking, "journalist")
        elif (asker := _asker(words)) and _put(lines[at:after], labels[after : after + 1]):
            speaker = asker
        elif written[at] is None and not (replies or _is_called(words, previous, lines[at - 1])):
            continue
        elif previous and _is_unlisted(words, text, replies=replies, questions=questions):
            speaker = Speaker(words, "official")
        elif (
            previous
            and (w.rest is not None) == inline
            and (
                _is_audience(words, said, questions=questions)
                or (_may_speak(words) and (replies or (asked and questions and len(words) <= 8)))
            )
        ):
            speaker = Speaker(words, "unknown")
        if speaker:
            answers = replies and speaker.role == "unknown"
            kind: TurnKind = "answer" if answers else _kind(speaker)
            labels[at] = previous = Label(speaker, kind, w.rest)


def _is_called(name: str, previous: Label | None, before: Line) -> bool:
    """Tell whether the moderator has just called somebody to speak."""
    if previous is None or previous.kind != "moderation":
        return False
    return bool(re.search(rf"{re.escape(name)}|{re.escape(name[0])}(?:{POST}|总|工)", before.text))


def _bare(lines: Sequence[Line], at: int) -> _Written | None:
    """Read a short line between paragraphs as what may be a label where others stand so."""
    line, *after = lines[at : at + 2]
    short = re.fullmatch(r"(?:“[^”]+”|（[^）]+）|[^。！？，；：…\d]){2,30}", line.text)
    paragraph = after and re.search(r"[。！？]", after[0].text)
    return _Written(line.text, False, False, None) if short and paragraph else None


def _asker(label: str) -> Speaker | None:
    """Return who asks, with a name or without."""
    if _ADDRESSES.match(label):
        return None
    named = _titled(re.sub(r"（[^）]*）$", "", label)) or _titled(label)
    return named if named and named.role == "unknown" else read_asker(label)


def _put(said: Sequence[Line], after: Sequence[Label | None]) -> bool:
    """Tell whether a few lines put a question that somebody else then takes up."""
    said = [line for line in said if not re.fullmatch(TIME, line.text)]
    words = said[-1].text if said else ""
    taken = any(label and label.kind != "question" for label in after)
    return taken and len(said) <= 4 and (asks(words) or mentions_question(words))


def _is_unlisted(label: str, text: str, *, replies: bool, questions: bool) -> bool:
    """Tell whether a label is the name of somebody unlisted; next to a question less is asked."""
    if replies or not is_name(label, 50):
        return replies and is_name(label)
    if (questions or len(label) > 2) and not _heads(label, 50):
        return True
    called = rf"{re.escape(label)}(?![：:])|{re.escape(label[0])}(?:{POST}|{_HONORIFIC}|总|工)"
    return bool(re.search(called, text))


def _is_audience(label: str, said: str, *, questions: bool) -> bool:
    """Tell whether a label is somebody of the public without a name: they ask, or say I."""
    if not re.fullmatch(rf"[{HAN}、]*{PUBLIC}(?:“[^”]+”)?(?:（[^）]*）)?", label):
        return False
    return questions or asks(said) or (len(label) > 3 and bool(_FIRST_PERSON.match(said)))


def _may_speak(label: str) -> bool:
    """Tell whether a label that nothing explains may be a person or a body, not a phrase."""
    plain = re.fullmatch(rf"[{HAN}]{{2,10}}", label) and not is_word(label, 1)
    return bool(plain) and not _NO_PERSON.search(label)


def _heads(label: str, least: int = 500) -> bool:
    """Tell whether a word makes up what looks like a given name (强监管, 展位费)."""
    return len(label) == 3 and (is_word(label[1:], least) or bool(_THING.search(label)))
