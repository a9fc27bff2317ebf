"""Whom a question names: speakers by name, post or organisation, journalists by outlet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.askers import is_public
from index.records import Speaker, Transcript, Turn
from index.words import fold
from qa.posts import Held, find_posts, holds
from qa.question import TELLING, TELLS, Question, covered

_ASKED = re.compile(r"问了|提问|问到|的问题|问题是|关心|提了|提的|提出|想知道|asked?")
_SAID = re.compile(
    rf"{TELLS}|认为|表示|怎么看|看待|看法|评价|提醒|承认|强调|指出|宣布|要求|呼吁"
    r"|says?\b|said|mention|announce|explain|talk|think|stress|answer|respond"
)
_ANSWERED = re.compile(r"回答|答复|回应|答了|answer|respond")
_IDENTITY = re.compile(
    r"职务|是谁|谁是|什么人|哪位|任什么|担任|身份|职位|谁(?:来)?代表|派[出了来]?谁"
    r"|position|who is|who represent|title"
)
_ANOTHER = (
    r"的(?!职[务位]|身份|头衔|单位|名字)(?P<another>[^,。?]{2,6}?)(?:是|叫)(?:谁|哪位|什么名字)"
)
"""After a name it asks for somebody else: 刘忠波的前任是谁."""
_SENT = re.compile(r"派[出了来]?(?:谁|哪位)|(?:谁|哪位)(?:来)?代表|who represent")
_HOSTS = re.compile(
    r"^主持(?:人|者)?$|谁(?:来)?主持|主持人?(?:的)?(?:是|叫)(?:谁|哪位|什么)|主持人的?(?:名字|职务)|哪位.{0,4}主持"
    r"|who (?:host|moderat|chair)|moderator"
)
_ANYBODY_ASKED = re.compile(
    r"(?:哪|什么|谁)[^,。?]{0,6}(?:媒体|报社|报纸|电视台|通讯社|记者)[^,。?]{0,8}?(?:提了?问|问|关心|关注)"
    r"|(?:谁|哪位)(?:来)?(?:提问|问[了的到起])|(?:提问|(?<!请)问(?!一下))[^,。?]{0,16}(?:的|是)(?:谁|哪[^,。?]{0,3}(?:媒体|记者))"
    r"|\b(?:who|(?:which|what) [a-z ]{0,12}(?:outlet|organi[sz]ation|media|journalist|reporter"
    r"|newspaper|agency|broadcaster)s?) (?:asked|raised|wanted)"
)
_OF_ASKING = re.compile(
    r"媒体|报社|报纸|电视|通讯社|新闻|发布|机构|组织|记者|问|要求|关心|关注|^(?:请|提了?|上|几家)$"
)
_STRANGER = re.compile(
    r"[\u3400-\u9fff](?:社|报|网|台|周刊|杂志|财经|观察|广播|电视)(?:的?记者|问(?![题诊卷询])|提问|提了)"
)
_ORGANISATION = re.compile(
    r"[\u3400-\u9fff]{2,14}?(?:联合会|协会|委员会|局|委|厅|办|院|公司|集团|中心|大学|学院|政府)"
)
_OUTLET = re.compile(r"([\u3400-\u9fffa-z]{2,}?)的?记者")
_ANY_OUTLET = re.compile(r"[日晚早]报|报社|电视台?|广播|网站|媒体|新闻|杂志|[一哪各那]位")
_ANY_ORGANISATION = re.compile(r"(?:有限|股份)公司|人?民政府")
_PLACE = re.compile(r"[\u3400-\u9fff]{2}[省市县区州]$|国家$")
_MOST = 0.75
_SHORTENED = (("卫生健康委", "卫健委"), ("发展和改革委员会", "发改委"), ("医疗保障局", "医保局"))


@dataclass(frozen=True, slots=True)
class Named:
    """Who a question is about.

    `speakers` are names as the transcripts have them; `asked` says that a journalist's question
    is meant, `anybody` that it is asked whose, `stranger` that an outlet is named which asked
    nothing, `identity` that it is asked who somebody is, `telling` that it is asked who spoke of
    something. `posts` are those at an office whose holder it asks for, or asks about; `another`
    is what somebody is to those speakers, where it asks who that is.
    """

    speakers: frozenset[str]
    asked: bool
    stranger: bool
    identity: bool = False
    telling: bool = False
    posts: tuple[Held, ...] = ()
    anybody: bool = False
    another: str = ""


def find_named(question: Question, transcripts: Iterable[Transcript]) -> Named:
    """Return the speakers and outlets that the question names."""
    folded = question.folded
    if _HOSTS.search(folded):
        hosts = {p.name for t in transcripts for p in t.participants if p.role == "moderator"}
        return Named(frozenset(hosts), asked=False, stranger=False, identity=True)
    said = bool(_SAID.search(folded))
    speakers = {s for t in transcripts for s in t.people}
    if not _ANSWERED.search(folded):
        asking = {s.name for s in speakers if s.role == "journalist" and _is_of(s.name, folded)}
        if asking and (_ASKED.search(folded) or "记者" in folded):
            return Named(frozenset(asking), asked=True, stranger=False)
        if _ANYBODY_ASKED.search(folded):
            every = {s.name for s in speakers if s.role == "journalist"}
            return Named(frozenset(every), asked=True, stranger=False, anybody=True)
        if _STRANGER.search(folded) and _ASKED.search(folded):
            return Named(frozenset(), asked=True, stranger=True)
    posts = find_posts(folded)
    telling = [s for s in speakers if s.role != "journalist" and not is_public(s.name)]
    named = {s.name for s in telling if fold(s.name) in folded}
    if not named and (said or question.wanted == "person"):
        named = {s.name for s in telling if _holds_post(s, folded, posts)}
    asks_who = bool(TELLING.search(folded)) and not _SENT.search(folded)
    asks_post = bool(_IDENTITY.search(folded))
    another = _another(named, folded)
    identity = not asks_who and not another and (asks_post or not said)
    about = tuple(posts) if said or asks_post or question.checks else ()
    return Named(frozenset(named), False, False, identity, asks_who, about, another=another)


def _another(names: Iterable[str], folded: str) -> str:
    """Return what somebody asked for is to those named: 前任 in 刘忠波的前任是谁."""
    matches = (re.search(re.escape(fold(name)) + _ANOTHER, folded) for name in names)
    return next((m["another"] for m in matches if m), "")


def is_theirs(named: Named, turn: Turn) -> bool:
    """Tell whether the turn was spoken by somebody whom the question names."""
    return turn.speaker is not None and turn.speaker.name in named.speakers


def is_meant(named: Named, question: Question, put: str) -> bool:
    """Tell whether a journalist's question deals with most of what it is asked who asked about."""
    if not named.anybody:
        return True
    about = [t for t in question.terms if not any(_OF_ASKING.search(f) for f in t.forms)]
    return covered(replace(question, terms=tuple(about)), fold(put)) >= _MOST or not about


def is_held(named: Named, text: str, speaker: Speaker | None) -> bool:
    """Tell whether a text, or the title of who says it, holds what the question names.

    That is one of its posts, and what somebody else is to whom it names.
    """
    told = f"{text} {(speaker and speaker.title) or ''}"
    if named.another and not re.search(f"{re.escape(named.another)}(?![长处])", fold(text)):
        return False
    return not named.posts or any(holds(told, post) for post in named.posts)


def _is_of(name: str, folded: str) -> bool:
    """Tell whether a question names a journalist's outlet, in full or by a part of its name."""
    outlet = fold(name).partition("记者")[0].strip("《》 ")
    if len(outlet) > 1 and outlet in folded:
        return True
    called = _OUTLET.search(folded)
    return bool(called and called[1] in outlet and not _ANY_OUTLET.fullmatch(called[1]))


def _holds_post(speaker: Speaker, folded: str, posts: Sequence[Held]) -> bool:
    """Tell whether the question names the speaker's post, or their organisation and no post."""
    title = fold(speaker.title or "")
    if posts:
        return any(holds(title, post) for post in posts)
    for long, short in _SHORTENED:
        title = title + "," + title.replace(long, short) if long in title else title
    for part in re.split(r"[、,，]", title):
        for organisation in _ORGANISATION.findall(part):
            core = organisation[-8:]
            least = 3 if core[-1] in "局委厅办院" else 4
            endings = [core[i:] for i in range(max(0, len(core) - least + 1))]
            if any(_names_office(e, title, folded) for e in endings):
                return True
        post = re.search(r"(?:市长|省长|县长|秘书长|局长|院长|董事长|总经理|部长|处长|会长)$", part)
        if post and not part.endswith(f"副{post[0]}") and re.search(f"(?<!副){post[0]}", folded):
            return True
    return False


def _names_office(office: str, title: str, folded: str) -> bool:
    """Tell whether a question names an office, and of no other place than the title's."""
    at = folded.find(office)
    if at < 0 or _ANY_ORGANISATION.fullmatch(office):
        return False
    place = _PLACE.search(folded[:at])
    return not place or place[0] in title
