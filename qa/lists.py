"""Lists that run over sentences and paragraphs: 一是…二是…, （一）…（二）…, 第一…第二…."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from index.passages import split_sentences
from index.records import Span

_NUMBERS = "一二三四五六七八九十"
_STYLES = (
    r"(?:(?<=[。；：，！？\s、])|^)(?P<n>[{n}])是(?=[^否不])",
    r"(?:(?<=[。；：！？\s])|^)[（(](?P<n>[{n}])[）)]",
    r"(?:(?<=[。；：，！？\s])|^)第(?P<n>[{n}])[，、：,]",
    r"(?:(?<=[。；：！？\s])|^)(?P<n>[{n}])、",
    r"(?:(?<=[。；：！？\s])|^)(?P<n>[1-9])[.、．](?!\d)",
)


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
        marks = list(re.finditer(style.format(n=_NUMBERS), text[within.start : within.end], re.M))
        run: list[re.Match[str]] = []
        for mark in [*marks, None]:
            if mark and _value(mark["n"]) == len(run) + 1:
                run.append(mark)
                continue
            if len(run) > 1:
                found.append(_listing(text, within, [m.start() + within.start for m in run]))
            run = [mark] if mark and _value(mark["n"]) == 1 else []
    return tuple(found)


def _value(number: str) -> int:
    return int(number) if number.isdigit() else _NUMBERS.index(number) + 1


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
