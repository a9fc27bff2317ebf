"""Lists that run over sentences and paragraphs: 一是…二是…, 第一条…第二条…, 首先…其次…最后…."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from index.passages import split_sentences
from index.records import Span

_NUMBERS = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨"
_KIND = "(?:个方面|个|条|件|点|句|项|类|种|样|批|步|道|处|笔|方面)"
_SAID = "[嘛呢啊吧]?(?:就?是|，)"
_AFTER, _AFTER_COMMA = r"(?:(?<=[。；：！？\s])|^)", r"(?:(?<=[。；：，！？\s])|^)"
_STYLES = tuple(
    re.compile(style, re.M)
    for style in (
        rf"(?<![{_NUMBERS}第之唯统单其百万])(?P<n>[{_NUMBERS}])是(?=[^否不])",
        rf"{_AFTER}[（(](?P<n>[{_NUMBERS}])[）)]",
        rf"{_AFTER_COMMA}第(?P<n>[{_NUMBERS}])(?=[，、：,是看抓]|就是|嘛|{_KIND})",
        rf"{_AFTER}(?P<n>[{_NUMBERS}])、",
        rf"{_AFTER}(?P<n>[1-9])(?:[.．](?!\d)|[、）)])",
        rf"{_AFTER_COMMA}(?P<n>[{_CIRCLED}])",
        rf"{_AFTER_COMMA}(?:其|方向|任务|措施|建议|问题|原因)(?P<n>[{_NUMBERS}])(?=[，、：,是])",
        rf"{_AFTER_COMMA}(?P<n>[{_NUMBERS}])(?:来(?=[，、是])|要(?![素点求务领塞]))",
    )
)
_FIRST = re.compile(rf"{_AFTER_COMMA}(?:首先|先是|一方面|头一{_KIND}|一{_KIND}{_SAID})", re.M)
_NEXT = re.compile(
    rf"{_AFTER_COMMA}(?:其次|再次|再(?:就|一|有一?){_KIND}?|另一?{_KIND}|第?[{_NUMBERS}]{_KIND}{_SAID})"
    rf"|{_AFTER}(?:还有|此外|另外|最后)",
    re.M,
)
_FAR = 300
"""So many characters apart the words that count in speech belong to one list no more."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A numbered list of one turn: the sentence that leads in, and its items in order."""

    lead: Span
    items: tuple[Span, ...]

    @property
    def span(self) -> Span:
        """From the lead to the end of the last item."""
        return Span(self.lead.start, self.items[-1].end)


@lru_cache(maxsize=1000)
def find_listings(text: str, within: Span) -> tuple[Listing, ...]:
    """Return the numbered lists inside `within`, each at least two items long."""
    found = []
    for style in _STYLES:
        marks = list(style.finditer(text[within.start : within.end]))
        run: list[re.Match[str]] = []
        for mark in [*marks, None]:
            if mark and _value(mark["n"]) == len(run) + 1:
                run.append(mark)
                continue
            if len(run) > 1:
                found.append(_listing(text, within, [m.start() + within.start for m in run]))
            run = [mark] if mark and _value(mark["n"]) == 1 else []
    found += [_listing(text, within, starts) for starts in _spoken(text, within)]
    return tuple(found)


def find_row(text: str, within: Span, at: Span) -> tuple[Span, ...]:
    """Return the pieces set apart by ； of the sentence inside `within` that holds `at`.

    Empty where it is all of one piece.
    """
    pieces = split_sentences(text, within)
    place = next((n for n, piece in enumerate(pieces) if piece.overlaps(at)), None)
    if place is None:
        return ()
    first = last = place
    while first and pieces[first - 1].of(text).endswith("；"):
        first -= 1
    while last + 1 < len(pieces) and pieces[last].of(text).endswith("；"):
        last += 1
    return tuple(pieces[first : last + 1]) if last > first else ()


def _spoken(text: str, within: Span) -> Iterator[list[int]]:
    """Yield where the items begin of what is counted in words: 首先…其次…, 一件是…另一件是…."""
    said = text[within.start : within.end]
    for first in _FIRST.finditer(said):
        starts = [first.start()]
        for mark in _NEXT.finditer(said, first.end()):
            if mark.start() - starts[-1] > _FAR:
                break
            starts.append(mark.start())
        if len(starts) > 1:
            yield [start + within.start for start in starts]


def _value(number: str) -> int:
    for row in (_NUMBERS, _CIRCLED):
        if number in row:
            return row.index(number) + 1
    return int(number)


def _listing(text: str, within: Span, starts: list[int]) -> Listing:
    ends = [*starts[1:], _end(text, within, starts)]
    items = tuple(_trimmed(text, Span(a, b)) for a, b in zip(starts, ends, strict=True))
    before = split_sentences(text, Span(within.start, starts[0]))
    lead = before[-1] if before else items[0]
    return Listing(lead, items)


def _end(text: str, within: Span, starts: list[int]) -> int:
    """The last item ends where its like would: at a sentence in a line of items, else a line."""
    first = text[starts[0] : starts[1]]
    stop = "\n" if "。" in first or "\n" in first else "。"
    at = text.find(stop, starts[-1], within.end)
    return within.end if at < 0 else at + (stop == "。")


def _trimmed(text: str, span: Span) -> Span:
    piece = span.of(text).rstrip("；;、 \n")
    return Span(span.start, span.start + len(piece))
