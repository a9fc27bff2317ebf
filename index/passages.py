"""Turns to passages: whole sentences, one speaker, never across a turn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.records import Passage, Span, Transcript, Turn

_PRESENT = {
    "official": "发布人，出席发布会的嘉宾，职务",
    "moderator": "主持人，主持发布会，职务",
}
_LABELLED = (
    (re.compile(r"(?:发布|举行|会议)?(?:时间|日期)[：:]"), "发布会是什么时候举行的，哪天召开"),
    (re.compile(r"(?:发布|举行|会议)?(?:地点|地址|会场)[：:]"), "发布会在哪里举行，什么地方召开"),
)
_SENTENCE = re.compile(r"[^。！？!?；\n]*(?:[。！？!?；]+[”’）》】」』)]*|\n+|$)")


@dataclass(frozen=True, slots=True)
class PassageSettings:
    """Window sizes in characters: `size` at most unless one sentence is longer."""

    size: int = 160
    overlap: int = 60


def split_sentences(text: str, within: Span) -> list[Span]:
    """Return the sentences of `text` inside `within`, blanks at their ends left out.

    A sentence ends at 。！？； or a line end; a closing quotation mark belongs to it.
    """
    found = []
    for match in _SENTENCE.finditer(text, within.start, within.end):
        piece = match[0]
        stripped = piece.strip()
        if stripped:
            start = match.start() + piece.index(stripped)
            found.append(Span(start, start + len(stripped)))
    return found


def make_passages(
    transcript: Transcript, settings: PassageSettings, first_id: int = 0
) -> Iterator[Passage]:
    """Yield the passages of one transcript, numbered from `first_id`."""
    number = first_id
    for place, turn in enumerate(transcript.turns):
        for span in _windows(split_sentences(transcript.text, turn.span), settings):
            text = span.of(transcript.text)
            context = describe(transcript, turn, span)
            yield Passage(number, transcript.id, place, span, text, context)
            number += 1


def describe(transcript: Transcript, turn: Turn, span: Span) -> str:
    """Return what is embedded in front of words at `span`: who speaks, the question asked.

    A line of the head gets what its heading or its label says of it.
    """
    parts = []
    if turn.kind == "head":
        words = span.of(transcript.text)
        roles = {p.role for p in transcript.participants if p.name in words}
        parts += [_PRESENT[role] for role in sorted(roles) if role in _PRESENT]
        parts += [told for label, told in _LABELLED if label.search(words)]
    if turn.speaker:
        parts.append(f"{turn.speaker.title or ''}{turn.speaker.name}")
    if turn.question is not None:
        asked = transcript.turns[turn.question]
        parts.append(asked.span.of(transcript.text)[:120])
    return "：".join(parts)


def _windows(sentences: list[Span], settings: PassageSettings) -> Iterator[Span]:
    start = 0
    while start < len(sentences):
        end = start + 1
        while end < len(sentences) and (
            sentences[end].end - sentences[start].start <= settings.size
        ):
            end += 1
        yield Span(sentences[start].start, sentences[end - 1].end)
        if end == len(sentences):
            return
        after = end
        while after > start + 1 and (
            sentences[end - 1].end - sentences[after - 1].start <= settings.overlap
        ):
            after -= 1
        start = after
