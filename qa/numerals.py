"""Chinese numerals as digits: 二百七十家 and 270家 ask for the same."""

from __future__ import annotations

import re

import cn2an

_UNITS = "十百千万亿"
_ONES = "一二两三四五六七八九"
_NUMERAL = re.compile(
    rf"(?<![几数])[零〇{_ONES}][零〇{_ONES}{_UNITS}]+(?!几)|(?<![几数])十(?!足|几|分(?!钟|之))[{_ONES}]?(?![{_ONES}])"
    rf"|(?<=第)[{_ONES}]|[{_ONES}](?=[号期届年次成级季层等])"
)
_ROUGH = re.compile(rf"[{_ONES}]{{2,3}}")
"""四五个, 一二三产业: digits side by side are a number from four on, as in a year."""
NOW = "今年"
_YEARS = {"前年": -2, "去年": -1, "上年": -1, NOW: 0, "明年": 1, "后年": 2}
_ENGLISH_YEARS = {"last year": "去年", "this year": NOW, "next year": "明年"}
_YEAR_NAMES = re.compile(r"(?<![目当此])前年|去年|(?<!以)上年|今年|明年|(?<![今以此])后年")
YEAR = re.compile(r"(?:19|20)\d\d")
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")


def as_digits(folded: str, least: int = 1) -> str:
    """Return a folded text with its Chinese numerals in Arabic digits, 亿 and 万 kept as units.

    Numerals of fewer than `least` characters stay as they are: 一 is seldom an amount.
    """
    return _NUMERAL.sub(lambda m: _convert(m) if len(m[0]) >= least else m[0], folded)


def numbers(folded: str) -> frozenset[str]:
    """Return the Arabic and Chinese numbers of a folded text, as digits without separators."""
    return frozenset(n.replace(",", "") for n in _DIGITS.findall(as_digits(folded)))


def names(folded: str) -> frozenset[str]:
    """Return the numbers of a folded text, and the years it names by their distance: 去年."""
    english = {year for words, year in _ENGLISH_YEARS.items() if words in folded}
    return numbers(folded) | english | set(_YEAR_NAMES.findall(folded))


def years(named: frozenset[str], now: int) -> frozenset[str]:
    """Return the years among what a text of the year `now` names, in digits and by distance.

    In 2024 去年 is also 2023, and 2023 also 去年.
    """
    told = {str(now + away) for year, away in _YEARS.items() if year in named}
    told |= {number for number in named if YEAR.fullmatch(number)}
    return frozenset(told | {year for year, away in _YEARS.items() if str(now + away) in told})


def _convert(match: re.Match[str]) -> str:
    numeral = match[0]
    if _ROUGH.fullmatch(numeral):
        return numeral
    unit = re.search(r"[万亿]+$", numeral)
    bare = numeral[: unit.start()] if unit else numeral
    try:
        if unit and re.search(r"[万亿]", bare):
            value = cn2an.cn2an(numeral, "smart")
            return f"{value / 1e8:g}亿" if value >= 1e8 else f"{value / 1e4:g}万"
        return f"{cn2an.cn2an(bare, 'smart')}{unit[0] if unit else ''}"
    except (ValueError, KeyError):  # KeyError: a spoken range such as 七八千
        return numeral
