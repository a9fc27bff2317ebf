"""Posts that a question names: one office's director is not another's, a deputy not the head."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pypinyin import lazy_pinyin

from index.people import HAN, NAME
from index.words import fold

_RULERS = ("省长", "市长", "县长", "区长", "州长", "镇长", "乡长")
_HELD = re.compile(
    rf"(?P<deputy>副?)(?P<post>书记|{'|'.join(_RULERS)}|局长|厅长|部长|署长|司长|处长|院长|校长|行长|会长"
    r"|秘书长|理事长|董事长|主席|主任|总经理|总裁)(?![期度远大途廊效者级制护势]|会议|助[理手]|医师|护师)"
)
_OFFICE = re.compile(
    r".+(?:[省市县区州镇乡局委厅办院部署会处所社站馆台]|党[组委]|公司|集团|大学|[中小]学|学校|中心"
    r"|实验室|银行|政府)"
)
_ANY = re.compile(r"公司|企业|单位|学校|医院|学院|机构|部门|银行|协会|委员会|[^省市县区]政府")
_BEFORE = re.compile(rf"[{HAN}、]*$")
_LEADING = re.compile(
    r".*(?:请问|什么|怎么|[我咱你他]们|担任|[现时新]任|代表|来自|提到|介绍|邀请|分管|主管|常务|挂职"
    r"|[这那哪一几两]家|[是任由和与及跟对让请在从到了问见个位这那谁哪该的原老新全])"
)
_PARTY = re.compile(r"党[组委]$|(?:党[组委])?(?:副?书记)?、$")
_NATION = re.compile(r"国家|全?国|中国")
_NEAR = 25
_ENGLISH = {
    "governor": ("省长", "州长", "行长"),
    "mayor": ("市长",),
    "magistrate": ("县长",),
    "minister": ("部长",),
    "secretary general": ("秘书长",),
}
_CALLED = re.compile(
    rf"(?:(?P<owner>[a-z]+|[{HAN}]+)['’]s )?(?P<deputy>(?:deputy|vice)[ -])?"
    rf"(?P<post>{'|'.join(_ENGLISH)})\b(?: of (?:the )?(?P<of>[a-z]+|[{HAN}]+))?"
)
_COMMON = re.compile(r"(?:city|province|county|ministry|town|conference|who|it|what|that|there)$")


@dataclass(frozen=True, slots=True)
class Held:
    """A post at an office, folded, or at a place in pinyin; `deputy` is 副 or nothing."""

    office: str
    deputy: str
    post: str


def find_posts(folded: str) -> list[Held]:
    """Return the posts that a folded question names together with an office or a place."""
    found = []
    for match in _HELD.finditer(folded):
        before = _run_before(folded, match.start()).rpartition("、")[2]
        office = _LEADING.sub("", before.removesuffix("的"))
        if _is_named(office, match["post"]):
            found.append(Held(office, match["deputy"], match["post"]))
    return found or _called(folded)


def holds(text: str, held: Held) -> bool:
    """Tell whether a text names the post at that office, which either may shorten."""
    folded = fold(text)
    return any(
        (match["deputy"], match["post"]) == (held.deputy, held.post)
        and _is_office(held.office, folded[: match.start()])
        for match in _HELD.finditer(folded)
    )


def _called(folded: str) -> list[Held]:
    """Return what an English question may mean: Shandong's vice governor."""
    return [
        Held(office, "副" if match["deputy"] else "", post)
        for match in _CALLED.finditer(folded)
        if (office := match["of"] or match["owner"]) and not _COMMON.match(office)
        for post in _ENGLISH[match["post"]]
    ]


def _is_named(office: str, post: str) -> bool:
    """Tell whether it is one office or place, and not any (公司) or a person (蓝市长)."""
    if post in _RULERS and len(office) > 1 and not re.fullmatch(NAME, office):
        return not _ANY.fullmatch(office)
    return bool(_OFFICE.fullmatch(office)) and not _ANY.fullmatch(office)


def _run_before(text: str, end: int) -> str:
    found = _BEFORE.search(text[max(0, end - _NEAR) : end])
    return found[0] if found else ""


def _is_office(office: str, before: str) -> bool:
    """Tell whether what stands before a post names the office: 发改委 is 发展和改革委员会.

    A post that begins a clause is that of an office named before: 成立了研究院，院长由…
    """
    told = _run_before(before, len(before))
    if office.isascii():
        return office in "".join(lazy_pinyin(told or before))
    if not told:
        return office in before
    if _shortens(office, told):
        return True
    if office[0] in "省市县区" and not re.search("[省市县区州]", told):
        return _shortens(office[1:], told)
    core = _LEADING.sub("", _PARTY.sub("", told))
    dropped = office.removesuffix(core)
    return len(core) > 2 and dropped != office and not _NATION.match(dropped)


def _shortens(short: str, long: str) -> bool:
    """Tell whether the characters of `short` stand in `long` in their order."""
    rest = iter(long)
    return bool(short) and all(character in rest for character in short)
