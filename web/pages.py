"""Transcripts as markup; every text is escaped here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from index.records import Span, Transcript, Turn
from qa.records import Quote
from web.wording import CHINESE, Wording


def transcript_html(
    transcript: Transcript, quotes: Sequence[Quote] = (), wording: Wording = CHINESE
) -> str:
    """Return the whole transcript by turn, the quoted spans marked and addressable."""
    spans = sorted({Span(q.start, q.end) for q in quotes if q.document_id == transcript.id})
    parts = [f'<h2 class="zw-title" lang="zh-CN">{escape(transcript.source.title)}</h2>']
    before = None
    for number, turn in enumerate(transcript.turns):
        again = turn.kind == before == "head"
        before = turn.kind
        name = "" if again else f'<h3 class="zw-speaker">{_speaker(turn, wording)}</h3>'
        words = _words(transcript.text, turn.span, spans)
        parts.append(
            f'<div class="zw-turn zw-{turn.kind}" id="turn{number}">{name}'
            f'<p class="zw-words" lang="zh-CN">{words}</p></div>'
        )
    return "".join(parts)


def _speaker(turn: Turn, wording: Wording) -> str:
    if turn.speaker is None:
        return escape(wording.head if turn.kind == "head" else wording.unnamed)
    roles = {"journalist": wording.asking, "moderator": wording.moderator, "editor": wording.head}
    note = f"（{wording.inferred}）" if turn.attribution_inferred else None
    who = " ".join(part for part in (turn.speaker.name, turn.speaker.title) if part)
    rest = [escape(part) for part in (roles.get(turn.speaker.role), note) if part]
    return " ".join([f'<span lang="zh-CN">{escape(who)}</span>', *rest])


def _words(text: str, within: Span, spans: Sequence[Span]) -> str:
    parts, at = [], within.start
    for span in spans:
        if within.contains(span) and span.start >= at:
            parts.append(escape(text[at : span.start]))
            parts.append(
                f'<mark id="c{span.start}-{span.end}" tabindex="-1">{escape(span.of(text))}</mark>'
            )
            at = span.end
    parts.append(escape(text[at : within.end]))
    return "".join(parts).replace("\n", "<br>")
