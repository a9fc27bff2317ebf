"""The kind of answer that a question asks for, and what in a text is of that kind."""

from __future__ import annotations

import re

from index.words import fold
from qa.numerals import as_digits
from qa.question import Question, Wanted

_NUMBER = r"(?:\d[\d,.]*|[零一二三四五六七八九十百千两]{2,})"
_FITS: dict[Wanted, re.Pattern[str]] = {
    "number": re.compile(rf"{_NUMBER}\s*(?:余|多)?[万亿]?[\u3400-\u9fff%a-z]"),
    "date": re.compile(r"\d+年|\d+月|\d+日|今年|去年|明年|上午|下午|年底|\d+时|\d+世纪"),
    "person": re.compile(r"书记|局长|市长|主任|主席|记者|主持|先生|女士|教授|院长|处长|会长|·"),
    "place": re.compile(r"在[\u3400-\u9fff]{2}|位于|[市省县区镇村路]|酒店|中心|国"),
    "reason": re.compile(r"因为|由于|因此|所以|为了|原因|从而|以便|以此|导致|使得|受.{1,12}影响"),
    "definition": re.compile(r"是(?:一[种个项]|指|由|为|我国|全国)|作为|即|就是|指的是|简单说"),
}
"""What fits is a matter of degree, for the weighings."""

_SOME = "[两二三四五六七八九十百千万亿半几]"
_GIVES: dict[Wanted, re.Pattern[str]] = {
    "number": re.compile(
        rf"\d|{_SOME}+[\u3400-\u9fff%]"
        r"|一(?!是|些|定|直|起|样|体|带|流|系列|方面|批|步|路|致|般|如|旦)|没有|全部|[无零免未不]"
    ),
    "date": re.compile(
        rf"(?:[\d一零]|{_SOME})\s*(?:年|个?月|日|号|点|时|天|周|个?星期|个?礼拜|小时|分|秒|届|季)"
        r"|[今明昨后去前当同次本上下这]\S?[年天日周月晚]|上午|下午|晚上|夜里|凌晨|傍晚|中午|早上"
        r"|[月年季]底|年初|季度|周[一二三四五六日末]|星期|礼拜|最后|日期|时间另|另行|尚未|还没|没有定"
        r"|[待未]定|随时|期间|之前|之后|以后|以前|春|夏|秋|冬"
    ),
}
"""Without this nothing answers."""

_PLAINLY: dict[Wanted, re.Pattern[str]] = {
    "date": re.compile(r"\d月|\d{4}年"),
    "place": re.compile(
        r"(?:在|于|到)[^,。;]{1,24}(?:举[办行]|召开|开幕|开馆|开赛|开[业工建]|揭牌|启动|设立|建[设成])"
        r"|位于|坐落|地处|地[点址][是为:在]|选址|设在|落户|落地|会场"
    ),
}
"""What names a day, or where something is or happens; a place alone is named in most sentences."""
PLAIN_KINDS = frozenset(_PLAINLY)

_THEME = re.compile(
    r"主题(?!论坛|演讲|报告|公园|活动|展|班|馆|日|教育|歌|曲|词)|\btheme\b(?! park)"
)
_TITLE = re.compile(r"[“《「\"]|主题(?:是|为|叫)")

_HOW_BIG = r"(?<!更)多大(?![学型])"
_MEASURES = tuple(
    (re.compile(asked), re.compile(rf"{_NUMBER}\s*(?:余|多)?[万亿]?(?:{given})"))
    for asked, given in (
        (r"钱|投资|金额|(?<!评)价(?!值)|(?<![消免])费|收入|产值|税|资金|贷款|补贴|补助|奖|成本|利润"
         r"|营收|薪|(?<!板)块|(?<!多)元"
         r"|cost|price|invest|fund|pay|revenue", r"元|块|美元|欧元"),
        (r"多少人|几个?人|人数|人口|多少[名位]|几[名位]|people|population|staff", r"余?[人名位户]"),
        (r"多久|多长时间|多少[天年]|几[天年]|时长|how long",
         r"年|个多?月|天|日|小时|分|秒|周|公里|米"),
        (r"几成|占比|比例|比重|百分|率|增速|[涨降长]了?多少|几折|percent|\b(?:share|rate)s?\b",
         r"%|成|折|倍|个百分"),
        (rf"面积|{_HOW_BIG}|\barea", r"平方|亩|公顷|平米"),
        (r"多远|里程(?!碑)|全长|how far|length", r"公里|千米|米|里"),
        (rf"岁|年纪|年龄|{_HOW_BIG}|how old", r"岁"),
        (r"几点|时刻|what time", r"时|点|:\d"),
        (r"哪一?天|几号|几日|日期|what (?:date|day)", r"[日号]"),
        (r"哪一?年|哪年|what year", r"年"),
    )
)  # fmt: skip
RANKS = re.compile(r"第几|老几|排名|排第|排到|名次|位次|\brank(?:s|ed|ing)?\b")
_RANK = re.compile(r"第[一二三四五六七八九十\d]|首位|首个|前列|前[三五十\d]|居[^,。]{0,6}首|最")
_NO_UNITS = "是有个的大长高呢啊"


def lacks_kind(question: Question, text: str) -> bool:
    """Tell whether a text holds nothing of the kind asked for: no number, time or title."""
    if question.many or question.checks:
        return False
    needed = [_GIVES[question.wanted]] if question.wanted in _GIVES else []
    if RANKS.search(question.asking):
        needed = [_RANK]
    if _THEME.search(question.folded):
        needed.append(_TITLE)
    folded = fold(text) if needed else ""
    return any(not pattern.search(folded) for pattern in needed)


def fits(question: Question, folded: str) -> float:
    """Return 1 where a folded text gives the kind asked for, -1 where not, 0 where none is asked.

    Of places, 0 is for a text that names one and does not say that something is there.
    """
    pattern = _FITS.get(question.wanted)
    if pattern is None:
        return 0.0
    if not pattern.search(folded):
        return -1.0
    return 1.0 if question.wanted != "place" or _PLAINLY["place"].search(folded) else 0.0


def is_plain(question: Question, text: str) -> bool:
    """Tell whether a text plainly names the date or place that is asked for."""
    pattern = _PLAINLY.get(question.wanted)
    return pattern is not None and bool(pattern.search(fold(text)))


def measures(question: str) -> list[re.Pattern[str]]:
    """Return patterns of the amounts that a folded question may ask for: 多少钱 wants 元."""
    wanted = [given for asked, given in _MEASURES if asked.search(question)]
    return [*wanted, _RANK] if RANKS.search(question) else wanted


def unit(question: Question) -> str:
    """Return a pattern of a number with what the question counts; "" where it counts nothing.

    A statement that is put to be confirmed counts what its own number counts: 300家.
    """
    nouns = "|".join(re.escape(f) for t in question.terms if t.focus for f in t.forms[:4])
    beside = rf"(?:{nouns})[\u3400-\u9fff]{{0,3}}{_NUMBER}|{_NUMBER}[^,。;]{{0,3}}(?:{nouns})"
    if question.checks:
        said = as_digits(question.folded)
        asked = re.search(r"\d[\d,.]*(?:多|余)?[万亿]?([\u3400-\u9fff])", said)
    else:
        asked = re.search(r"(?:多少|第?几)\s*(个百分点|[\u3400-\u9fff])", question.asking)
    if asked and asked[1] == "个" and not question.checks:
        return rf"{_NUMBER}(?:余|多|几)?[万亿]?(?:个(?!百分点)|[家项座处件]?(?:{nouns or '个'}))"
    if not asked or asked[1] in _NO_UNITS:
        return beside if nouns and question.wanted == "number" and question.english else ""
    counted = rf"{_NUMBER}(?:余|多|几)?[万亿]?[名个位家项座件条种部]?{re.escape(asked[1])}"
    return f"{counted}|{beside}" if nouns and not question.checks else counted
