"""A transcript laid out to be read: its turns with restored words marked, or its raw text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import get_args

from markupsafe import Markup, escape

from index.records import Emendation, EmendationKind, Span, Transcript, Turn
from web.wording import page_wording

_CHINESE = page_wording("")


@dataclass(frozen=True, slots=True)
class Block:
    """One turn as it is shown; `words` is markup whose text is the turn's, to the character.

    `name` and `title` are the transcript's own words, `note` is ours, in the reader's language.
    """

    number: int
    turn: Turn
    name: str
    title: str
    note: str
    words: Markup


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker and the turns that are theirs."""

    name: str
    title: str
    note: str
    turns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A place where the raw text (`raw`) and the canonical text (`span`) differ."""

    raw: Span
    span: Span
    steps: tuple[Emendation, ...]

    @property
    def restored(self) -> bool:
        """Whether the raw text had lost what stands here."""
        return any(step.restored for step in self.steps)


def lay_out(transcript: Transcript, say: Mapping[str, str] = _CHINESE) -> list[Block]:
    """Return every turn of a transcript in order, its kind of speaker named in the words given."""
    restored = [e for e in transcript.emendations if e.restored]
    return [
        Block(number, turn, *_named(turn, say), _words(transcript.text, turn.span, restored, say))
        for number, turn in enumerate(transcript.turns)
    ]


def voices(shown: Sequence[Block]) -> list[Voice]:
    """Return who speaks, in the order of their first words."""
    theirs: dict[tuple[str, str, str], list[int]] = {}
    for block in shown:
        if block.turn.speaker:
            theirs.setdefault((block.name, block.title, block.note), []).append(block.number)
    return [Voice(*who, tuple(turns)) for who, turns in theirs.items()]


def tally(transcript: Transcript, say: Mapping[str, str] = _CHINESE) -> list[tuple[str, int]]:
    """Return how many changes of each kind led from the raw text to this one."""
    counted = Counter[str](e.kind for e in transcript.emendations)
    return [(say[kind], counted[kind]) for kind in get_args(EmendationKind) if counted[kind]]


def raw_words(transcript: Transcript, say: Mapping[str, str] = _CHINESE) -> Markup:
    """Return the raw text as markup; changed places say where they stand in the canonical text.

    Between them both texts are the same, character by character. What the markup adds for the
    eye (what a restored place became) stands in attributes: its text is the raw text alone.
    """
    parts, raw = [], 0
    for change in changes(transcript):
        parts.append(exact(transcript.raw[raw : change.raw.start]))
        parts.append(_changed(change, transcript, say))
        raw = change.raw.end
    return Markup("").join([*parts, exact(transcript.raw[raw:])])


def changes(transcript: Transcript) -> list[Change]:
    """Return the changed places in order, apart from each other: steps upon steps are one."""
    found: list[Change] = []
    for step in sorted(transcript.emendations, key=lambda e: (e.raw, e.span)):
        last = found[-1] if found else None
        if last and (step.raw.start < last.raw.end or step.span.start < last.span.end):
            raw, span = _cover(last.raw, step.raw), _cover(last.span, step.span)
            found[-1] = Change(raw, span, (*last.steps, step))
        else:
            found.append(Change(step.raw, step.span, (step,)))
    return found


def _cover(one: Span, other: Span) -> Span:
    return Span(min(one.start, other.start), max(one.end, other.end))


def exact(text: str) -> Markup:
    """Return `text` escaped so that a browser reads every character back, returns included."""
    return Markup(str(escape(text)).replace("\r", "&#13;"))


def _changed(change: Change, transcript: Transcript, say: Mapping[str, str]) -> Markup:
    kinds = " · ".join(dict.fromkeys(say[step.kind] for step in change.steps))
    before, after = change.raw.of(transcript.raw), change.span.of(transcript.text)
    return Markup(
        '<span class="change{}" data-at="{}" data-after="{}" title="{}">{}</span>'
    ).format(
        " restored" if change.restored else "",
        change.span.start,
        after,
        f"{kinds} · {before or say['nothing']} → {after or say['deleted']}",
        exact(before),
    )


def _named(turn: Turn, say: Mapping[str, str]) -> tuple[str, str, str]:
    if turn.speaker is None:
        return "", "", say["head" if turn.kind == "head" else "unnamed"]
    role = say[turn.speaker.role] if turn.speaker.role in ("journalist", "moderator") else ""
    return turn.speaker.name, turn.speaker.title or "", role


def _words(
    text: str, within: Span, restored: Sequence[Emendation], say: Mapping[str, str]
) -> Markup:
    """Return the words of a turn, a line each; the line break stays in the text."""
    inside = [e for e in restored if within.contains(e.span) and len(e.span)]
    lines, at = [], within.start
    for line in within.of(text).splitlines(keepends=True):
        lines.append(_line(text, Span(at, at + len(line)), inside, say))
        at += len(line)
    return Markup("").join(Markup('<span class="line">{}</span>').format(line) for line in lines)


def _line(text: str, line: Span, restored: Sequence[Emendation], say: Mapping[str, str]) -> Markup:
    edges = {line.start, line.end}
    for change in restored:
        edges |= {e for e in (change.span.start, change.span.end) if line.start < e < line.end}
    parts = []
    for start, end in pairwise(sorted(edges)):
        piece = exact(text[start:end])
        here = [e for e in restored if e.span.overlaps(Span(start, end))]
        if here:
            piece = Markup('<span class="restored" title="{}">{}</span>').format(
                f"{say[here[0].kind]} · {here[0].reason}", piece
            )
        parts.append(piece)
    return Markup("").join(parts)
