"""Where in a quote the answer stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from index.words import dictionary, fold
from qa.judge import marker, softmax
from qa.kinds import RANKS, measures, unit
from qa.numerals import as_digits
from qa.question import Question, covered
from qa.reader import Points

_QUALIFIER = (
    r"(?:(?:并未|尚未|没有|未能|未|没|不)?(?:超过|突破|达到|接近|将近|大约|少于|多于|低于|高于|不到|超|约|近"
    r"|逾|达|不足|至少|至多|最少|最多|最低|最高|零下|累计|共计)|并未|尚未|没有)?"
)
_DIGITS, _SPOKEN = r"\d[\d,.]*", r"[零一二三四五六七八九十百千两]{1,6}"
_NUMBER = (
    rf"(?:{_DIGITS}(?:[万亿]?[元%％]?(?:[—–~～至到-]+{_DIGITS}))?|{_SPOKEN}(?:[至到]{_SPOKEN})?)"
)
_MEASURE = (
    r"(?:余|多)?[万亿]*(?:平方公里|平方米|公里|千瓦时|千瓦|兆瓦|GWh|kWh|MW|kW|平米|美元|欧元|亿元|人次|个百分点|小时|分钟|"
    r"[%％℃]|[A-Za-z]+|(?P<words>[\u3400-\u9fff]{1,8}))(?:以上|左右|以下)?"
)
_YEAR = r"(?<![\d.])(?!(?:19|20)\d\d(?![\d,.]|[个家名位人件项亿万元吨台座辆公平千余多]))"
_AMOUNT = re.compile(_QUALIFIER + _YEAR + _NUMBER + _MEASURE)
_DATE = re.compile(
    r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?(?:至\d{1,2}日)?(?:上午|下午)?(?:\d{1,2}时)?|\d{4}年(?:上半年|下半年|底)?"
)
_ORDINAL = r"[一二三四五六七八九十百\d]++"
_RANK = re.compile(
    r"(?:连续[^，。；]{1,4}年)?(?:位居|位列|名列|跃居|跃升至|稳居|排名|排在|居|列|排)?"
    r"(?:全国|全省|全市|全县|世界|全球|国内|国际|同?行业|[省市]内)?的?"
    rf"(?:第{_ORDINAL}(?![届批次条款章期个季天轮场站代产步阶大书部])[位名]?|首位|榜首|前列|前{_ORDINAL}[位名强]?)"
)
_TITLED = re.compile(r"(?<=“)[^”]+(?=”)|《[^》]+》")
_NAMES = re.compile(r"叫什么|名称|名字|主题|哪部|什么(?:条例|文件|书|白皮书)|theme|name|title")
_AFTER = re.compile(r"以上|左右|以下")
_TIME = re.compile(rf"(?:年|月|天|日|周|小时|分钟|秒)(?:{_AFTER.pattern})?$")
_ASKS_TIME = re.compile(
    r"多[久长]|时长|时间|期限|[工任假学周]期|寿命|年龄|how (?:long|old|fast|soon)"
    r"|(?:year|month|week|day|hour|minute|second)s"
)
_HOW_MANY, _MONEY = re.compile(r"\bhow many\b|\bnumber of\b"), re.compile(r"元|[%％]")
_CLAUSE = re.compile(r"[^，。；：！？\n]+")
MARKS = ("pointed", "close", "unit", "measure", "later")
_UNIT = MARKS.index("unit")
SURE = 0.5
_LEAST = 0.02
_AFTERWARDS = 8


def mark(question: Question, text: str, points: Points = ()) -> tuple[tuple[int, int], ...]:
    """Return the offsets in `text` of the answer: an amount, rank, date, title, else a clause.

    Nothing where it is not likely enough which of several it is, or where others count what is
    asked for and it does not: a wrong number named first is worse than none.
    """
    found = [] if question.many else places(question, text)
    if not found:
        return ()
    rows = mark_rows(question, text, found, points)
    chances, counts = softmax(marker()(rows)), rows[:, _UNIT]
    best = int(chances.argmax())
    counted = counts[best] == counts.max() or not _counts(question)
    if _HOW_MANY.search(question.asking) and not counts.any():
        counted = not _MONEY.search(_told(text, found[best]))
    return (found[best],) if chances[best] >= SURE and counted else ()


def _counts(question: Question) -> bool:
    """Tell whether the question asks how many there are of something."""
    ranks = RANKS.search(question.asking)
    return question.wanted == "number" and not question.checks and not ranks


def places(question: Question, text: str) -> list[tuple[int, int]]:
    """Return the offsets in `text` of all that is of the kind asked for; clauses at the least."""
    found: list[tuple[int, int]] = []
    if RANKS.search(question.asking):
        found = [m.span() for m in _RANK.finditer(text)]
    elif question.wanted == "number":
        found = _meant(question, text, _amounts(text))
    elif question.wanted == "date":
        found = [m.span() for m in _DATE.finditer(text)]
    elif _NAMES.search(question.asking):
        found = [m.span() for m in _TITLED.finditer(text)]
    return found or [m.span() for m in _CLAUSE.finditer(text)]


def mark_rows(
    question: Question, text: str, found: list[tuple[int, int]], points: Points
) -> NDArray[np.float64]:
    """Return what speaks for each place: a row of MARKS."""
    measured = [pattern.pattern for pattern in measures(question.asking)]
    counted = unit(question)
    last = max(1, len(found) - 1)
    rows = []
    for n, share in enumerate(_shares(_unfold(text, points), found)):
        told = _told(text, found[n])
        rows.append(
            (
                np.log(share + _LEAST),
                covered(question, _clause(text, found[n])),
                _holds(told, [counted]),
                _holds(told, measured),
                n / last,
            )
        )
    return np.array(rows)


def _unfold(text: str, points: Points) -> Points:
    """Return the points as offsets in the text, where folding has changed its length."""
    if not points or len(fold(text)) == len(text):
        return points
    ends = list(accumulate(len(fold(c)) for c in text))
    return tuple((bisect_right(ends, at), share) for at, share in points)


def _shares(points: Points, found: list[tuple[int, int]]) -> list[float]:
    """Return the chance that the answer begins in each place or in the words that lead to it."""
    ends = [end for _, end in found]
    shares = [0.0] * (len(found) + 1)
    for at, share in points:
        shares[bisect_right(ends, at)] += share
    return shares[:-1]


def _amounts(text: str) -> list[tuple[int, int]]:
    """Return the numbers of a text with their qualifiers and units; no word is cut in two."""
    found, at = [], 0
    while match := _AMOUNT.search(text, at):
        end = match.end()
        if match["words"]:
            counted = next(dictionary().cut(match["words"]))
            end = match.start("words") + len(counted)
            rounded = _AFTER.match(text, end)
            end = rounded.end() if rounded else end
        found.append((match.start(), end))
        at = end
    return found


def _meant(question: Question, text: str, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out spans of time and ordinals where the question counts something else.

    装机多少 is answered neither by 连续两年 nor by 第三届; they stay where nothing else is there.
    """
    if _ASKS_TIME.search(question.asking):
        return found
    counted = [unit(question)]
    amounts = [
        (a, b)
        for a, b in found
        if _holds(_told(text, (a, b)), counted)
        or not (_TIME.search(text[a:b]) or text[max(0, a - 1) : a] == "第")
    ]
    return amounts or found


def _told(text: str, place: tuple[int, int]) -> str:
    """Return what stands at a place, folded, in digits."""
    return as_digits(fold(text[slice(*place)]))


def _holds(told: str, patterns: list[str]) -> bool:
    """Tell whether folded words, in digits, hold one of the patterns."""
    return any(p and re.search(p, told) for p in patterns)


def _clause(text: str, place: tuple[int, int]) -> str:
    """Return the folded clause that a place stands in, up to a few characters after it."""
    start = max((text.rfind(stop, 0, place[0]) for stop in "，。；、："), default=-1) + 1
    return fold(text[start : place[1] + _AFTERWARDS])
