"""A text on its way from raw to canonical: every edit keeps its place in the raw text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from index.records import Emendation, EmendationKind, Span


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `span` of a draft's text by `after`."""

    span: Span
    after: str
    kind: EmendationKind
    reason: str


@dataclass(frozen=True, slots=True)
class _Change:
    raw: Span
    before: str
    after: str
    kind: EmendationKind
    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """`origins[i]` is the span of `raw` that character `i` of `text` stands for."""

    raw: str
    text: str
    origins: tuple[Span, ...]
    changes: tuple[_Change, ...] = field(default=())

    @classmethod
    def of(cls, raw: str) -> Draft:
        """Begin with the raw text itself."""
        return cls(raw, raw, tuple(Span(i, i + 1) for i in range(len(raw))))

    def apply(self, edits: Iterable[Edit]) -> Draft:
        """Return the draft with the edits made; they must be in order and must not overlap."""
        parts: list[str] = []
        origins: list[Span] = []
        changes: list[_Change] = []
        at = 0
        for edit in edits:
            if edit.span.start < at:
                raise ValueError(f"edits overlap or are out of order at {edit.span}")
            parts.append(self.text[at : edit.span.start])
            origins.extend(self.origins[at : edit.span.start])
            before = edit.span.of(self.text)
            place = self._raw_of(edit.span)
            parts.append(edit.after)
            if len(edit.after) == len(edit.span):
                origins.extend(self.origins[edit.span.start : edit.span.end])
            else:
                origins.extend([place] * len(edit.after))
            changes.append(_Change(place, before, edit.after, edit.kind, edit.reason))
            at = edit.span.end
        if not changes:
            return self
        parts.append(self.text[at:])
        origins.extend(self.origins[at:])
        return Draft(self.raw, "".join(parts), tuple(origins), self.changes + tuple(changes))

    def emendations(self) -> tuple[Emendation, ...]:
        """Return every change with its place in the raw and in the present text, in text order."""
        starts = [span.start for span in self.origins]
        ends = [span.end for span in self.origins]
        found = []
        for change in self.changes:
            first = bisect_right(ends, change.raw.start)
            last = max(first, bisect_left(starts, change.raw.end))
            found.append(
                Emendation(
                    change.raw,
                    Span(first, last),
                    change.kind,
                    change.before,
                    change.after,
                    change.reason,
                )
            )
        return tuple(sorted(found, key=lambda e: (e.raw, e.span)))

    def _raw_of(self, span: Span) -> Span:
        covered = self.origins[span.start : span.end]
        if covered:
            return Span(covered[0].start, covered[-1].end)
        place = self.origins[span.start].start if span.start < len(self.origins) else len(self.raw)
        return Span(place, place)
