"""Where in a quote the answer stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

from index.words import dictionary, fold
from qa.evidence import measures, unit
from qa.numerals import as_digits
from qa.question import Question
from qa.reader import Points

_QUALIFIER = (
    r"(?:超过|突破|接近|将近|大约|不少于|不低于|不超过|超|约|近|逾|达|不足|至少|至多|累计|共计)?"
)
_NUMBER = r"(?:\d[\d,.]*(?:[—~至-]\d[\d,.]*)?|[零一二三四五六七八九十百千两]{1,6})"
_MEASURE = (
    r"(?:余|多)?[万亿]*(?:平方公里|平方米|公里|千瓦时|千瓦|兆瓦|GWh|kWh|MW|kW|平米|美元|欧元|亿元|人次|个百分点|小时|分钟|"
    r"[%％]|[A-Za-z]+|(?P<words>[\u3400-\u9fff]{1,8}))(?:以上|左右|以下)?"
)
_YEAR = r"(?<![\d.])(?!(?:19|20)\d\d(?![\d,.]|[个家名位人件项亿万元吨台座辆公平千余多]))"
_AMOUNT = re.compile(_QUALIFIER + _YEAR + _NUMBER + _MEASURE)
_DATE = re.compile(
    r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?(?:至\d{1,2}日)?(?:上午|下午)?(?:\d{1,2}时)?|\d{4}年(?:上半年|下半年|底)?"
)
_TITLED = re.compile(r"“[^”]+”|《[^》]+》")
_NAMES = re.compile(r"叫什么|名称|名字|主题|哪部|什么(?:条例|文件|书|白皮书)|theme|name|title")
_AFTER = re.compile(r"以上|左右|以下")
_CLAUSE = re.compile(r"[^，。；：！？\n]+")
_SURE = 0.3


def mark(question: Question, text: str, points: Points = ()) -> tuple[tuple[int, int], ...]:
    """Return the offsets in `text` of the answer: an amount, a date, a title, else a clause.

    Of several it is the one that the reader points at, or else the one with most that is asked for
    around it.
    """
    if question.many:
        return ()
    found = _marked(question, text, _unfold(text, points))
    return (found,) if found else ()


def _marked(question: Question, text: str, points: Points) -> tuple[int, int] | None:
    def pick(places: list[tuple[int, int]]) -> tuple[int, int]:
        pointed = max(places, key=lambda p: _share(points, p))
        if _share(points, pointed) >= _SURE:
            return pointed
        return max(places, key=lambda p: _closeness(question, text, p))

    if question.wanted == "number":
        places = _amounts(text)
        right = _fitting(text, places, [unit(question)]) or _fitting(
            text, places, [pattern.pattern for pattern in measures(question.folded)]
        )
        if right or places:
            return pick(right or places)
    if question.wanted == "date":
        dates = [m.span() for m in _DATE.finditer(text)]
        if dates:
            return pick(dates)
    if _NAMES.search(question.folded):
        titled = [m.span() for m in _TITLED.finditer(text)]
        if titled:
            return pick(titled)
    clauses = [m.span() for m in _CLAUSE.finditer(text)]
    if len(clauses) < 2:
        return (0, len(text.rstrip("。；！？"))) if text else None
    pointed = max(clauses, key=lambda p: _share(points, p))
    if _share(points, pointed) >= _SURE:
        return pointed
    return max(clauses, key=lambda p: _overlap(question, text[slice(*p)]))


def _unfold(text: str, points: Points) -> Points:
    """Return the points as offsets in the text, where folding has changed its length."""
    if not points or len(fold(text)) == len(text):
        return points
    ends = list(accumulate(len(fold(c)) for c in text))
    return tuple((bisect_right(ends, at), share) for at, share in points)


def _share(points: Points, place: tuple[int, int]) -> float:
    """Return the chance that the answer begins in a place or right before it."""
    return sum(share for at, share in points if place[0] - 1 <= at < place[1])


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


def _fitting(
    text: str, places: list[tuple[int, int]], patterns: list[str]
) -> list[tuple[int, int]]:
    """Return the places whose folded words, in digits, hold one of the patterns."""
    return [
        place
        for place in places
        if any(p and re.search(p, as_digits(fold(text[slice(*place)]))) for p in patterns)
    ]


def _closeness(question: Question, text: str, place: tuple[int, int]) -> float:
    """Return how many asked-for characters stand around, those in the same clause most."""
    start = max((text.rfind(stop, 0, place[0]) for stop in "，。；、："), default=-1) + 1
    clause = text[max(0, text.rfind("。", 0, place[0])) : place[1] + 12]
    return _overlap(question, text[start : place[1] + 8]) + 0.3 * _overlap(question, clause)


def _overlap(question: Question, text: str) -> float:
    folded = fold(text)
    return sum(t.weight * max(len(f) * (f in folded) for f in t.forms) for t in question.terms)
