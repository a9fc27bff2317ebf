"""Raw text to canonical text; every change on the way is an emendation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index import garbling, script
from index.draft import Draft, Edit
from index.errors import CorrectionError
from index.records import Emendation, Span


@dataclass(frozen=True, slots=True)
class Correction:
    """What a seed's TOML states where no method can restore the text."""

    raw: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """The canonical text, what was changed, and what stayed unreadable (spans of `raw`)."""

    text: str
    emendations: tuple[Emendation, ...]
    unreadable: tuple[garbling.Damage, ...]


def repair(raw: str, corrections: Sequence[Correction] = ()) -> Repaired:
    """Return the canonical text of `raw`.

    Raises CorrectionError when a correction's raw text does not stand in `raw` exactly once, or
    when two of them overlap.
    """
    draft = Draft.of(raw)
    draft = draft.apply(script.unmark(draft.text))
    draft = draft.apply(script.tidy(draft.text))
    draft = draft.apply(script.unify(draft.text))
    draft = draft.apply(_stated(draft.text, corrections))
    edits, unreadable = garbling.undo(draft.text)
    draft = draft.apply(edits)
    draft = draft.apply(script.simplify(draft.text))
    draft = draft.apply(script.widen(draft.text))
    draft = draft.apply(script.close_names(draft.text))
    return Repaired(draft.text, draft.emendations(), tuple(unreadable))


def _stated(text: str, corrections: Sequence[Correction]) -> list[Edit]:
    edits = []
    for correction in corrections:
        found = text.count(correction.raw)
        if found != 1 or not correction.raw:
            raise CorrectionError(
                f"更正的原文 {correction.raw!r} 在文件中出现 {found} 次，应恰好一次；"
                "请从文件中照抄，前后多带几个字。 / "
                f"correction {correction.raw!r}: found {found} times in the raw text, expected "
                "exactly once; copy the raw text from the seed, with enough around it"
            )
        start = text.index(correction.raw)
        span = Span(start, start + len(correction.raw))
        edits.append(Edit(span, correction.text, "correction", correction.reason))
    edits.sort(key=lambda edit: edit.span)
    for before, after in pairwise(edits):
        if before.span.overlaps(after.span):
            one, other = before.span.of(text), after.span.of(text)
            raise CorrectionError(
                f"两条更正的原文重叠：{one!r} 与 {other!r}；请合为一条。 / "
                f"corrections overlap: {one!r} and {other!r}; write one for both"
            )
    return edits
