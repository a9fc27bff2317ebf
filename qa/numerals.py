"""Chinese numerals as digits: 二百七十家 and 270家 ask for the same."""

from __future__ import annotations

import re

import cn2an

_UNITS = "十百千万亿"
_ONES = "一二两三四五六七八九"
_NUMERAL = re.compile(
    rf"[零〇{_ONES}][零〇{_ONES}{_UNITS}]+|十[{_ONES}]?"
    rf"|(?<=第)[{_ONES}]|[{_ONES}](?=[号期届年次成级季层等])"
)
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")


def as_digits(folded: str) -> str:
    """Return a folded text with its Chinese numerals in Arabic digits, 亿 and 万 kept as units."""
    return _NUMERAL.sub(_convert, folded)


def numbers(folded: str) -> frozenset[str]:
    """Return the Arabic and Chinese numbers of a folded text, as digits without separators."""
    return frozenset(n.replace(",", "") for n in _DIGITS.findall(as_digits(folded)))


def _convert(match: re.Match[str]) -> str:
    numeral = match[0]
    unit = re.search(r"[万亿]+$", numeral)
    bare = numeral[: unit.start()] if unit else numeral
    try:
        return f"{cn2an.cn2an(bare, 'smart')}{unit[0] if unit else ''}"
    except (ValueError, KeyError):  # KeyError: a spoken range such as 七八千
        return numeral
