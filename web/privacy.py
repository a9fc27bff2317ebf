"""Personal data out of what people type, before anything is stored.

A mask hides too much rather than too little; what a press conference counts, dates and prices
keeps its digits.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from index.people import NAME

_HAN = "\u3400-\u9fff"
_SHORTEST = NAME.replace("{1,2}", "{1,2}?")
_GAP = r"[ \-.·_*~]"
_UNIT = r"(?! ?(?:[元亿吨]|万(?!一)|千[瓦米克]|兆瓦|平方|立方|美元|kw|gw|mw|yuan|rmb|usd))"
_END = rf"(?=[^{_HAN}]|$|电话|手机|微信|住|来自|是|在|想|请|家|今年|的|和|吗|吧|呢|啊)"
_ROAD = "(?:大道|公路|路|大街|街|巷|弄|胡同|小区|花园|家园|新村|公寓|苑)"
_DOOR = r"(?:号楼|号院|号|弄|栋|幢|座|单元|室|楼|层)"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九幺", "0012345678" + "91")


def _plain(character: str) -> str:
    if "！" <= character <= "～":
        return chr(ord(character) - 0xFEE0)
    if character in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63":
        return "-"
    if character.isspace():
        return character if character == "\n" else " "
    return str(unicodedata.decimal(character, character))


_PLAIN = {n: p for n in range(128, 0x10000) if (p := _plain(chr(n))) != chr(n)}


@dataclass(frozen=True, slots=True)
class _Rule:
    """`of` says which reading of the text is searched: letters, or spelled digits as figures."""

    label: str
    pattern: re.Pattern[str]
    of: Literal["letters", "digits"] = "letters"


def _rule(label: str, pattern: str, of: Literal["letters", "digits"] = "letters") -> _Rule:
    return _Rule(f"〔{label}〕", re.compile(pattern, re.IGNORECASE), of)


_RULES = (
    _rule("邮箱", r"(?<![\w.+%-])[a-z0-9_.+%-]+ ?@ ?[a-z0-9-]+(?:\.[a-z0-9-]+)*"),
    _rule(
        "邮箱",
        r"(?<![\w.+%-])[a-z0-9_.+%-]+ ?[\[(]\s?at\s?[\])] ?[a-z0-9-]+"
        r"(?: ?(?:\.|[\[(]\s?dot\s?[\])]) ?[a-z0-9-]+)*",
    ),
    _rule(
        "证件号",
        rf"(?<!\d)[1-9]\d{{5}}{_GAP}?(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])"
        rf"{_GAP}?\d{{3}}[\dx](?![\da-z])",
        "digits",
    ),
    _rule("证件号", r"(?<!\d)[1-9]\d{7}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}(?!\d)"),
    _rule("证件号", r"(?:护照|通行证|passport)\D{0,12}?(?=[a-z]*\d)[a-z0-9]{6,12}(?![a-z0-9])"),
    _rule("证件号", r"(?<!\d)\d{17}[\dx](?![\da-z])", "digits"),
    _rule("银行卡", r"(?<!\d)\d{16,19}(?!\d)", "digits"),
    _rule(
        "银行卡",
        r"(?<!\d)(?!(?:(?:19|20)\d\d[ \-]){3}(?:19|20)\d\d(?!\d))\d{4}(?:[ \-]\d{4}){3}"
        r"(?:[ \-]?\d{1,3})?(?!\d)",
    ),
    _rule(
        "电话",
        rf"(?<!\d)(?:(?:\+|00)?86{_GAP}?)?"
        rf"(?=1{_GAP}?[3-9](?:{_GAP}?\d){{9}}(?!\d))"
        rf"(?:\d{{11}}|\d{{3,5}}(?:{_GAP}\d{{3,5}}){{1,2}}|\d{{6}}{_GAP}\d{{5}}|\d(?:{_GAP}\d){{10}})"
        rf"(?!\d){_UNIT}",
        "digits",
    ),
    _rule("电话", r"\+\d{1,3}[ \-]?(?:\(\d{1,4}\)[ \-]?)?\d(?:[ \-]?\d){6,12}(?!\d)"),
    _rule(
        "电话", r"\(\d{3}\) ?\d{3}-\d{4}(?!\d)|(?<![\d-])(?![48]00)[2-9]\d\d-\d{3}-\d{4}(?![\d-])"
    ),
    _rule(
        "电话",
        r"(?<![\d.])\(?0(?:10|2\d|[3-9]\d{2})\)?[ \-]?[1-9]\d{2,3}[ \-]?\d{4}(?!\d)"
        r"(?:[ ,]?(?:转|分机|ext\.?)[ ]?\d{1,6})?",
        "digits",
    ),
    _rule(
        "电话",
        r"(?:电话|手机|座机|号码|联系方式|\btel|phone|mobile|call me)[^\d,。;!?\n]{0,8}"
        r"(?![48]00)\d(?:[ \-]?\d){6,10}(?!\d)",
        "digits",
    ),
    _rule(
        "车牌",
        rf"[{_PROVINCES}][a-hj-np-z] ?[·•.\-]? ?(?=[a-z]{{0,4}}\d)[a-hj-np-z0-9]{{4,5}}"
        r"[a-hj-np-z0-9挂学警港澳](?![a-z0-9])",
    ),
    _rule("QQ号", r"(?<![a-z])qq ?(?:群|号码|号)? ?[:是为=]? ?[1-9]\d{4,10}(?!\d)", "digits"),
    _rule(
        "微信号",
        r"(?:微信|薇信|威信|加微|(?<![a-z])(?:wx|vx|v信))(?:号码|号|id)? ?[:是为=]? ?"
        r"[a-z0-9][a-z0-9_\-]{4,19}",
    ),
    _rule(
        "微信号", r"(?:wechat|weixin)(?: ?(?:id|number))? ?(?::|=|is) ?[a-z0-9][a-z0-9_\-]{4,19}"
    ),
    _rule(
        "住址",
        rf"(?:(?:家住|住在|住址|地址|居住在|住|address)[是在为:]? ?[^,。;!?\n]{{1,40}}?\d"
        rf"(?:{_DOOR}[\d\-]{{0,6}})+)",
        "digits",
    ),
    _rule(
        "住址",
        rf"[{_HAN}]{{1,6}}{_ROAD} ?\d{{1,5}}(?:{_DOOR}(?!线|文|令|公告|台风)[\d\-]{{0,6}})+",
    ),
    _rule("住址", r"\d{1,4}(?:号楼|栋|幢|座)\d{0,3}(?:单元)?\d{1,5}(?:室|号)?", "digits"),
    _rule(
        "住址",
        r"(?<!\d)\d{1,5} (?:[a-z]+ ){1,3}(?:street|st|road|rd|avenue|ave|lane|drive|boulevard)\b",
    ),
)
_NAMES = (
    re.compile(rf"(?:我是|俺是|在下)(?P<name>{_SHORTEST}){_END}"),
    re.compile(
        rf"(?:我叫做?|本人(?:姓名|叫)|我的?名字[是叫]|我名叫|姓名 ?[是为:]|署名 ?[是为:]"
        rf"|联系人 ?[是为:]? ?)(?P<name>{_SHORTEST}{_END}|{NAME}"
        rf"|(?![是的谁什有在叫怎几哪请和电])[{_HAN}]{{2,4}}{_END})"
    ),
    re.compile(
        r"(?i:\b(?:my name is|my name's|call me|contact(?: person)? ?:|name ?:)) ?"
        r"(?P<name>[A-Za-z]+(?: [A-Z][a-z'\-]+){0,3})"
    ),
    re.compile(r"\b(?i:i am|i'm) (?P<name>[A-Z][a-z'\-]+(?: [A-Z][a-z'\-]+){1,3})"),
)


def mask(text: str) -> str:
    """Return `text` with personal data replaced by what kind it was, such as 〔电话〕.

    Full-width figures and spelled ones (一三八…) are found too; invisible characters go.
    """
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cs"))
    for pattern in _NAMES:
        text = _replace(text, _letters(text), pattern, "〔姓名〕", "name")
    for rule in _RULES:
        read = _letters(text)
        if rule.of == "digits":
            read = read.translate(_CHINESE_DIGITS)
        text = _replace(text, read, rule.pattern, rule.label)
    return text


def _replace(
    text: str, read: str, pattern: re.Pattern[str], label: str, group: str | int = 0
) -> str:
    parts, at = [], 0
    for match in pattern.finditer(read):
        parts += [text[at : match.start(group)], label]
        at = match.end(group)
    return "".join([*parts, text[at:]])


def _letters(text: str) -> str:
    """Return `text` with full-width forms, blanks and dashes made plain, place for place."""
    return text.translate(_PLAIN)
