"""Whom a question names: speakers by name, post or organisation, journalists by outlet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.records import Speaker, Transcript, Turn
from index.words import fold
from qa.question import TELLING, Question

_ASKED = re.compile(r"问了|提问|问到|的问题|问题是|关心|提了|提的|提出|想知道|asked?")
_SAID = re.compile(
    r"说|谈|介绍|认为|表示|提到|怎么看|评价|提醒|回答|承认|强调|透露|says?|said|mention"
)
_IDENTITY = re.compile(r"职务|是谁|什么人|哪位|任什么|担任|身份|职位|position|who is|title")
_HOSTS = re.compile(
    r"谁(?:来)?主持|主持人?(?:的)?(?:是|叫)(?:谁|哪位|什么)|主持人的?(?:名字|职务)|哪位.{0,4}主持"
    r"|who (?:host|moderat|chair)|moderator"
)
_STRANGER = re.compile(
    r"[\u3400-\u9fff](?:社|报|网|台|周刊|杂志|财经|观察|广播|电视)(?:的?记者|问|提)"
)
_ORGANISATION = re.compile(
    r"[\u3400-\u9fff]{2,14}?(?:联合会|协会|委员会|局|委|厅|办|院|公司|集团|中心|大学|学院|政府)"
)
_SHORTENED = (("卫生健康委", "卫健委"), ("发展和改革委员会", "发改委"), ("医疗保障局", "医保局"))


@dataclass(frozen=True, slots=True)
class Named:
    """Who a question is about.

    `speakers` are names as the transcripts have them; `asked` says that a journalist's question
    is meant, `stranger` that an outlet is named which asked nothing, `identity` that it is asked
    who somebody is, `telling` that it is asked who spoke of something.
    """

    speakers: frozenset[str]
    asked: bool
    stranger: bool
    identity: bool = False
    telling: bool = False


def find_named(question: Question, transcripts: Iterable[Transcript]) -> Named:
    """Return the speakers and outlets that the question names."""
    folded = question.folded
    if _HOSTS.search(folded):
        hosts = {p.name for t in transcripts for p in t.participants if p.role == "moderator"}
        return Named(frozenset(hosts), asked=False, stranger=False, identity=True)
    said = bool(_SAID.search(folded))
    speakers = {s for t in transcripts for s in t.people}
    asking = {s.name for s in speakers if s.role == "journalist" and _outlet(s.name) in folded}
    if asking and (_ASKED.search(folded) or "记者" in folded):
        return Named(frozenset(asking), asked=True, stranger=False)
    if _STRANGER.search(folded) and _ASKED.search(folded):
        return Named(frozenset(), asked=True, stranger=True)
    named = {s.name for s in speakers if s.role != "journalist" and fold(s.name) in folded}
    if not named and (said or question.wanted == "person"):
        named = {s.name for s in speakers if s.role != "journalist" and _holds_post(s, folded)}
    telling = bool(TELLING.search(folded))
    identity = not telling and (bool(_IDENTITY.search(folded)) or not said)
    return Named(frozenset(named), False, False, identity, telling)


def is_theirs(named: Named, turn: Turn) -> bool:
    """Tell whether the turn was spoken by somebody whom the question names."""
    return turn.speaker is not None and turn.speaker.name in named.speakers


def _outlet(name: str) -> str:
    return fold(name).removesuffix("记者")


def _holds_post(speaker: Speaker, folded: str) -> bool:
    """Tell whether the question names the speaker's organisation, or their post and no other."""
    title = fold(speaker.title or "")
    for long, short in _SHORTENED:
        title = title + "," + title.replace(long, short) if long in title else title
    for part in re.split(r"[、,，]", title):
        for organisation in _ORGANISATION.findall(part):
            core = organisation[-8:]
            if any(core[i:] in folded for i in range(max(0, len(core) - 3))):
                return True
        post = re.search(r"(?:市长|省长|县长|秘书长|局长|院长|董事长|总经理|部长|处长|会长)$", part)
        if post and re.search(rf"(?<!副){post[0]}", folded) and not part.endswith(f"副{post[0]}"):
            return True
    return False
