"""Canonical text to turns: who says what, as the layouts of press conferences show it.

Lines become blocks behind labels, blocks become turns. Where no label tells who speaks, the
words are kept and the speaker stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from index.askers import is_public
from index.labels import TIME, asks, find_names, mentions_question, read_labels
from index.people import (
    EMOJI,
    HAN,
    NAME,
    PAGE,
    POST,
    Line,
    find_introduced,
    find_listed,
    split_lines,
)
from index.records import Span, Speaker, Turn, TurnKind

_SECTION = re.compile(
    rf"^(?:[{EMOJI}▎▌▼]+ ?)*(?:[一二三四五六七八九十]、)?(?:问题[\d一二三四五六七八九十]{{1,2}}|现场问答|投资者问答|主题发言|结束语|答记者问|记者提问|记者问答|现场提问|提问环节|问答环节|互动交流|媒体提问|文字实录|实录|发布会实录|以下为\S{{0,12}}实录)(?: ?[▼▎▌])?[：:]?$"
)
_MARKED = re.compile(
    rf"^(?:[{EMOJI}▎▌▼■◆●▲★○☆━—＝=]+ ?|[一二三四五六七八九十]{{1,2}}、|\d{{1,2}}[ \u3000、.．]+|{TIME} )"
    rf"[^。！？；：，\d]{{2,24}}$"
)
_RULE = re.compile(r"^[-—–━＝=*＊_~]{3,}$")
_TIMESTAMP = re.compile(rf"^(?:{TIME}|\d{{4}}-\d\d-\d\d)$")
_STAFF = "责任编辑|责编|编辑|校对|审核|初审|复审|终审|撰稿|供稿|监制|摄影|图/文|文/图"
_TAIL = re.compile(
    rf"^[（(【]?(?:{_STAFF}|来源|稿源|文稿来源|附件|相关链接|相关阅读|相关报道|往期推荐|推荐阅读|版权所有|上一篇|下一篇|扫一扫|分享到|打印本页|关闭窗口)[\d]*[：:】丨|｜]"
    rf"|^(?:{_STAFF})[ \u3000]+\S{{2,12}}$|^【(?:打印|关闭|纠错)】|^(?:[-—–]+ ?)?(?:END|完|（完）)(?: ?[-—–]+)?$"
    r"|^（[^（）。]{0,12}(?:现场速记|录音|实录)[^（）。]{0,8}整理[^（）]{0,20}）$|^\S{0,4}ICP备\S+$|^阅读[ \u3000]?\d+"
)
_OVER = re.compile(r"(?:到此|圆满|就此)结束|到这里|散会")
_PARTS = re.compile(r"谢|感谢|再见|各位|大家|欢迎")
_CAPTION = re.compile(r"^图为[^。]{2,60}。?(?:（[^（）]{2,12}）|[^。]{2,20}摄)?$")
_PRESS = re.compile(r"我是\S{0,20}(?:报|台|社|网|刊|频道|记者|》)")
_REPORTED = r"获悉|记者从|记者了解|告诉记者|{name}[^，。]{{0,8}}(?:说|表示|介绍|指出|透露)"
_INVITES = re.compile(
    r"(?:邀请|请)[到来]|(?:出席|参加)[^。]{0,16}(?:有|是)|下面[^。]{0,8}请|先请|首先请|有请"
)
_ANALYST = re.compile(r"(?:分析师|研究员|基金经理|投资经理)$")
_BRIEF = 120
_HANDS_OVER = re.compile(r"请.{0,30}(?:回答|解答|回应|介绍|来讲|来说|来答|说说|补充)|有请|下一个")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says about itself: its people and its turns, in the order of the text."""

    participants: tuple[Speaker, ...]
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """Consecutive lines behind one label."""

    span: Span
    speaker: Speaker | None
    kind: TurnKind
    inferred: bool = False


def parse(text: str) -> Reading:
    """Return participants and turns of a canonical text.

    Turns are disjoint and in order; labels and section headings belong to none.
    """
    lines = list(split_lines(text))
    participants, listed = find_listed(lines)
    known = {p.name: p for p in participants}
    labels = {name: title for name, title in find_names(lines).items() if name not in known}
    known = find_introduced(text[:3000], labels, participants) | known
    blocks = list(_blocks(lines, listed, known))
    blocks = list(_opened(blocks, participants, listed, text))
    blocks = _presided(blocks, text)
    return Reading(participants, tuple(_turns(blocks, known, text)))


def _opened(
    blocks: list[_Block], participants: tuple[Speaker, ...], listed: Span | None, text: str
) -> Iterator[_Block]:
    """Give the words between the list and the first label to the first of those listed.

    Where the first label is that person's own, the moderator said them; a report is nobody's.
    """
    labelled = [b for b in blocks if b.kind != "head"]
    officials = [p for p in participants if p.role == "official"]
    first: Speaker | None = next(iter(officials or participants), None)
    if labelled and first and labelled[0].speaker == first:
        first = next((p for p in participants if p.role == "moderator"), None)
    opening = bool(labelled and listed and first)
    for b in blocks:
        opening = opening and b.kind == "head"
        told = first and opening and b.kind == "head" and listed and b.span.start > listed.end
        reported = first and re.search(_REPORTED.format(name=first.name), b.span.of(text))
        caption = _CAPTION.match(b.span.of(text))
        if (
            first
            and told
            and not (reported or caption)
            and re.search(r"[。！？：]", b.span.of(text))
        ):
            kind: TurnKind = "moderation" if first.role == "moderator" else "statement"
            yield _Block(b.span, first, kind, inferred=True)
            continue
        yield b


def _presided(blocks: list[_Block], text: str) -> list[_Block]:
    """Make a moderator of whom no list names: who opens, introduces others and is brief after."""
    labelled = [b for b in blocks if b.kind != "head" and b.speaker]
    first = labelled[0].speaker if labelled else None
    if first is None or first.role != "official" or any(b.kind == "moderation" for b in labelled):
        return blocks
    opening, *later = [b.span.of(text) for b in labelled if b.speaker == first]
    if not later or not _INVITES.search(opening) or any(len(words) > _BRIEF for words in later):
        return blocks
    host = replace(first, role="moderator")
    return [
        replace(b, speaker=host, kind="moderation") if b.speaker == first else b for b in blocks
    ]


def _turns(blocks: list[_Block], known: dict[str, Speaker], text: str) -> Iterator[Turn]:
    """Yield the turns: an answer belongs to the last question, a lay person's words to nobody's."""
    lone = [p for p in known.values() if p.role == "official"]
    asking = _asking(blocks, known, text)
    question: int | None = None
    before: TurnKind = "head"
    for at, b in enumerate(blocks):
        speaker, kind, inferred = asking.get(b.speaker, b.speaker), b.kind, b.inferred
        words = b.span.of(text)
        if kind == "answer" and speaker is None and len(lone) == 1:
            speaker, inferred = lone[0], True
        elif kind == "statement" and speaker and _speaks_for_many(speaker) and asks(words):
            kind = "question"
        elif kind == "statement" and speaker and speaker.role in ("unknown", "journalist"):
            after = next((n.speaker for n in blocks[at + 1 :] if n.kind != "head"), None)
            replied = after is not None and after.role in ("official", "moderator")
            if asks(words) or (replied and mentions_question(words)):
                kind = "question"
            elif before == "question" and speaker.title and not is_public(speaker.title):
                kind = "answer"
            else:
                question = None
        elif kind == "statement" and question is not None:
            kind = "answer"
        elif kind == "moderation" and before == "question" and len(words) > 40:
            kind = "moderation" if _HANDS_OVER.search(words) else "answer"
        if kind == "question":
            question = at
        yield Turn(b.span, kind, speaker, inferred, question if kind == "answer" else None)
        before = before if kind == "head" else kind


def _speaks_for_many(speaker: Speaker) -> bool:
    """Tell whether somebody listed is there for the public (居民代表) and may ask as it does."""
    return bool(speaker.title and speaker.title.endswith("代表") and is_public(speaker.title))


def _asking(
    blocks: list[_Block], known: dict[str, Speaker], text: str
) -> dict[Speaker | None, Speaker]:
    """Find those without a post, or analysts, whom nobody listed and whose turns mostly ask."""
    found: dict[Speaker | None, Speaker] = {}
    for speaker in {b.speaker for b in blocks}:
        if speaker is None or speaker.name in known or speaker.role != "official":
            continue
        if speaker.title and not _ANALYST.search(speaker.title):
            continue
        said = [b.span.of(text) for b in blocks if b.speaker == speaker]
        asked = [asks(words) or (speaker.title and mentions_question(words)) for words in said]
        if sum(map(bool, asked)) * 2 >= len(said):
            press = any(_PRESS.search(words) for words in said)
            found[speaker] = replace(speaker, role="journalist" if press else "unknown")
    return found


def _blocks(lines: list[Line], listed: Span | None, known: dict[str, Speaker]) -> Iterator[_Block]:
    """Yield head, questions, answers and statements as runs of lines behind one label."""
    labels = read_labels(lines, listed, known)
    speaker: Speaker | None = None
    kind: TurnKind = "head"
    span: Span | None = None
    index = 0

    while index < len(lines):
        line = lines[index]
        index += 1
        in_list = listed is not None and listed.contains(line.span)
        found = labels[index - 1]
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
            speaker, kind, span = found.speaker, found.kind, found.rest
            continue
        over = kind == "moderation" and span and _OVER.search(lines[index - 2].text)
        ends = bool(
            _SECTION.match(line.text)
            or _RULE.match(line.text)
            or (index < len(lines) and labels[index] and _heads(lines[index - 2], line))
            or (speaker and _TAIL.match(line.text))
            or (over and not _PARTS.search(line.text))
        )
        edge = ends or in_list != (
            listed is not None and span is not None and listed.contains(span)
        )
        foreign = (
            _TIMESTAMP.match(line.text)
            or PAGE.match(line.text)
            or _CAPTION.match(line.text)
            or re.fullmatch(r"[（(]?https?://\S+[）)]?", line.text)
        )
        if edge or foreign:
            if span:
                yield _Block(span, speaker, kind)
                span = None
            if foreign:
                yield _Block(line.span, None, "head")
                continue
            if ends:
                speaker, kind = None, "head"
                continue
        if in_list:
            speaker, kind = None, "head"
        span = Span(span.start, line.span.end) if span else line.span
    if span:
        yield _Block(span, speaker, kind)


def _heads(before: Line, line: Line) -> bool:
    """Tell whether a line in front of a label is marked as a heading, and no item of a list."""
    return bool(_MARKED.match(line.text) and not _MARKED.match(before.text))


def _card(lines: list[Line], at: int) -> tuple[Speaker, int] | None:
    """Read a name on its own line with the person's posts on the lines below."""
    match = re.fullmatch(rf"(?:文字实录)?\s*({NAME})", lines[at].text)
    if not match:
        return None
    titles = []
    for line in lines[at + 1 : at + 5]:
        if not re.fullmatch(rf"[{HAN}、（）· ]{{2,40}}", line.text) or not re.search(
            rf"{POST}(?:）)?$", line.text
        ):
            break
        titles.append(line.text)
    if not titles:
        return None
    return Speaker(match[1], "official", "、".join(titles)), 1 + len(titles)
