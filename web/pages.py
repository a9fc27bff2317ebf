"""Answers and transcripts as markup; every text is escaped here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from index.records import Span, Transcript, Turn
from qa.compose import attribute
from qa.records import Answer, Quote

LABEL = "以下为原文检索摘录"
_MARKDOWN = {ord(c): f"&#{ord(c)};" for c in "\\`*_{}[]()#+-.!|~$^:@/="}
_ROLES = {"journalist": "记者提问", "moderator": "主持人", "editor": "实录文首"}


def plain(text: str) -> str:
    """Return `text` so that neither HTML nor Markdown finds anything in it."""
    return (
        escape(text)
        .translate({k: v for k, v in _MARKDOWN.items() if chr(k) not in "&#;"})
        .replace("\n", "<br>")
    )


def answer_markdown(answer: Answer) -> str:
    """Return the chat's reply: the answer, then numbered quotes that link to their places."""
    if answer.status != "answered" and answer.status != "partial":
        return _refusal(answer)
    parts = [f"<small>{LABEL}</small>"]
    for number, quote in enumerate(answer.quotes, 1):
        parts.append(
            f"> {_marked(quote)} [\\[{number}\\]](#{anchor(quote)})\n>\n"
            f"> **{plain(attribute(quote))}**<br><small>{plain(provenance(quote))}</small>"
        )
    return "\n\n".join(parts)


def anchor(quote: Quote) -> str:
    """Return the element id of a quote's place in the transcript panel."""
    return f"c{quote.start}-{quote.end}"


def provenance(quote: Quote) -> str:
    """Return event, date, whose question it answered, and what a reader has to know."""
    parts = [f"《{quote.document_title}》"]
    if quote.date:
        parts.append(f"{quote.date.year}年{quote.date.month}月{quote.date.day}日")
    if quote.asked_by:
        parts.append(f"回答{quote.asked_by}提问")
    if quote.attribution_inferred:
        parts.append("原文未署名，发言人系推定")
    if quote.emended:
        parts.append("含据上下文校订的文字")
    return " · ".join(parts)


def _refusal(answer: Answer) -> str:
    parts = [f"**{plain(answer.answer)}**"]
    for quote in answer.related:
        parts.append(f"> 相关：{plain(quote.text)}\n>\n> <small>{plain(attribute(quote))}</small>")
    return "\n\n".join(parts)


def _marked(quote: Quote) -> str:
    parts, at = [], 0
    for start, end in quote.highlights:
        parts += [plain(quote.text[at:start]), f"<mark>{plain(quote.text[start:end])}</mark>"]
        at = end
    return "“" + "".join(parts) + plain(quote.text[at:]) + "”"


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
