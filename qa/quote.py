"""Sentences to quotes: word for word, with who said it, checked when made."""

from __future__ import annotations

from index.errors import ZaowenError
from index.records import Span, Transcript
from qa.records import Quote

_STOPS = "。！？!?；…\n：:"
_CLOSING = " \u3000”’）》】」』"


class QuoteError(ZaowenError):
    """A quote does not stand in its transcript, word for word."""


def make_quote(
    transcript: Transcript, turn: int, span: Span, highlights: tuple[tuple[int, int], ...] = ()
) -> Quote:
    """Return the quote at `span`, inside turn number `turn`.

    Raises QuoteError when the span leaves the turn: a quote never joins two speakers.
    """
    spoken = transcript.turns[turn]
    text = span.of(transcript.text)
    if not text or not spoken.span.contains(span):
        raise QuoteError(f"{transcript.id}: {span} is not inside turn {turn}, {spoken.span}")
    if any(not 0 <= start < end <= len(text) for start, end in highlights):
        raise QuoteError(f"{transcript.id}: highlights {highlights} leave the quote {span}")
    text_before = transcript.text[spoken.span.start : span.start].rstrip(_CLOSING)
    text_after = transcript.text[span.end : spoken.span.end].lstrip(_CLOSING)
    ends = text.rstrip(_CLOSING)[-1:] in _STOPS
    asked = transcript.turns[spoken.question].speaker if spoken.question is not None else None
    return Quote(
        text=text,
        start=span.start,
        end=span.end,
        highlights=highlights,
        speaker=spoken.speaker.name if spoken.speaker else None,
        title=spoken.speaker.title if spoken.speaker else None,
        role=spoken.speaker.role
        if spoken.speaker
        else ("editor" if spoken.kind == "head" else "unknown"),
        attribution_inferred=spoken.attribution_inferred,
        asked_by=asked.name if asked else None,
        document_id=transcript.id,
        document_title=transcript.source.title,
        date=transcript.source.date,
        source_url=transcript.source.url,
        cut_before=bool(text_before) and text_before[-1] not in _STOPS,
        cut_after=bool(text_after) and not ends and text_after[0] not in _STOPS,
        emended=any(place.overlaps(span) for place in transcript.restored),
    )
