"""Transcripts as markup; every text is escaped here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from index.records import Span, Transcript, Turn
from qa.records import Quote

_ROLES = {"journalist": "记者提问", "moderator": "主持人", "editor": "实录文首"}


def transcript_html(transcript: Transcript, quotes: Sequence[Quote] = ()) -> str:
    """Return the whole transcript by turn, the quoted spans marked and addressable."""
    spans = sorted({Span(q.start, q.end) for q in quotes if q.document_id == transcript.id})
    parts = [f'<h2 class="zw-title">{escape(transcript.source.title)}</h2>']
    for number, turn in enumerate(transcript.turns):
        parts.append(
            f'<div class="zw-turn zw-{turn.kind}" id="turn{number}">'
            f'<h3 class="zw-speaker">{escape(_speaker(turn))}</h3>'
            f'<p class="zw-words">{_words(transcript.text, turn.span, spans)}</p></div>'
        )
    return "".join(parts)


def _speaker(turn: Turn) -> str:
    if turn.speaker is None:
        return "实录文首" if turn.kind == "head" else "发言人未注明"
    role = _ROLES.get(turn.speaker.role)
    note = "（原文未署名，推定）" if turn.attribution_inferred else ""
    extra = " ".join(t for t in (turn.speaker.title, role) if t)
    return f"{turn.speaker.name}{note} {extra}".strip()


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
