"""Answers as cards in the chat: one line of markup each, in which every text is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from html import escape

from qa.compose import ELLIPSIS
from qa.records import Answer, Quote
from web.citation import outward, share
from web.wording import CHINESE, Wording

_MARKDOWN = {ord(c): f"&#{ord(c)};" for c in "\\`*_{}[]()+-.!|~$^:@/=#"}


def plain(text: str) -> str:
    """Return `text` so that neither HTML nor Markdown finds anything in it."""
    kept = "".join(_MARKDOWN.get(ord(c)) or escape(c) for c in text)
    return kept.replace("\r", "").replace("\n", "<br>")


def answer_card(answer: Answer, wording: Wording = CHINESE, asks_at: str | None = None) -> str:
    """Return the reply to one question: its status in words first, then what was said."""
    quoted = answer.quotes and answer.status in ("answered", "partial")
    body = _quotes(answer, wording) if quoted else _refusal(answer, wording, asks_at)
    return (
        f'<div class="zw-answer zw-is-{answer.status}">'
        f'<p class="zw-status">{plain(getattr(wording, answer.status))}</p>'
        f"{body}{_related(answer.related, wording)}{_vote(answer.question, wording)}</div>"
    )


def stale_card(wording: Wording = CHINESE) -> str:
    """Return what stands for an answer whose transcript has been replaced since."""
    return f'<div class="zw-stale"><p class="zw-sentence">{plain(wording.replaced)}</p></div>'


def waiting_card(wording: Wording = CHINESE) -> str:
    """Return what stands for an answer that is being looked for."""
    return f'<div class="zw-waiting"><p class="zw-sentence">{plain(wording.searching)}</p></div>'


def phrases(wording: Wording) -> str:
    """Return the phrases that cite.js shows, hidden, each under its own id."""
    return "".join(
        f'<span hidden id="{field.name}">{plain(getattr(wording, field.name))}</span>'
        for field in fields(wording)
        if field.name.startswith("say_")
    )


def attribution(quote: Quote, wording: Wording = CHINESE) -> str:
    """Return the speaker, or what stands for one, as markup: the name apart from the title."""
    if quote.speaker is None:
        name, title = plain(wording.head if quote.role == "editor" else wording.unnamed), None
    else:
        name, title = chinese(quote.speaker), quote.title and chinese(quote.title)
    role = {"journalist": wording.journalist, "moderator": wording.moderator}.get(quote.role)
    return " ".join(
        part for part in (f"<strong>{name}</strong>", title, role and plain(role)) if part
    )


def provenance(quote: Quote, wording: Wording = CHINESE) -> str:
    """Return event, date and whose question it answered, as markup."""
    parts = [chinese(f"《{quote.document_title}》")]
    if quote.date:
        parts.append(plain(wording.date.format(quote.date)))
    if quote.asked_by:
        parts.append(_naming(wording.asked_by, quote.asked_by))
    return " · ".join(parts)


def chinese(text: str) -> str:
    """Return a transcript's words as markup that tells their language, whatever the page's is."""
    return f'<span lang="zh-CN">{plain(text)}</span>'


def _naming(phrase: str, who: str) -> str:
    return chinese(who).join(plain(part) for part in phrase.split("{who}"))


def page_of(quote: Quote, wording: Wording = CHINESE) -> str:
    """Return where the quote stands on a page of its own, in the reader's language.

    The link holds the digest of the words: passed on, it says when they have been corrected.
    """
    path, _, place = share(quote).partition("#")
    return f"{path}{asked_in(wording)}#{place}"


def asked_in(wording: Wording) -> str:
    """Return the query that asks a page for a language; the pages' own is simplified Chinese."""
    return "" if wording.tag == CHINESE.tag else f"?lang={wording.tag}"


def _quotes(answer: Answer, wording: Wording) -> str:
    short = _short(answer)
    lead = "".join(f'<p class="zw-lead" lang="zh-CN">{plain(text)}</p>' for text in short)
    cards = "".join(_card(q, n, wording) for n, q in enumerate(answer.quotes, 1))
    rest = f'<p class="zw-rest">{plain(wording.rest)}</p>' if answer.status == "partial" else ""
    kind = "zw-quotes" if short else "zw-quotes zw-foremost"
    label = f'<p class="zw-label">{plain(wording.label)}</p>'
    return f'{lead}{label}<ol class="{kind}">{cards}</ol>{rest}'


def _short(answer: Answer) -> list[str]:
    """Return the marked spans that the answer itself puts in front of its quotes."""
    marked = {f"“{q.text[start:end]}”" for q in answer.quotes for start, end in q.highlights}
    return [line for line in answer.answer.split("\n") if line in marked]


def _refusal(answer: Answer, wording: Wording, asks_at: str | None) -> str:
    said = {"not_in_sources": wording.unsaid, "off_topic": wording.elsewhere}
    sentence = said.get(answer.status, answer.answer)
    parts = [f'<p class="zw-sentence">{plain(sentence)}</p>']
    if answer.status == "not_in_sources":
        general = plain(wording.refer.format(who=wording.organiser))
        who = _naming(wording.refer, asks_at) if asks_at else general
        parts.append(f'<p class="zw-refer">{who}</p>')
    return "".join(parts)


def _card(quote: Quote, number: int, wording: Wording) -> str:
    link, page = escape(quote.permalink), escape(page_of(quote, wording))
    notes = [wording.inferred] * quote.attribution_inferred + [wording.emended] * quote.emended
    return (
        f'<li class="zw-card">{_said(quote)}'
        f'<p class="zw-who">{attribution(quote, wording)}</p>'
        f'<p class="zw-from">{provenance(quote, wording)}</p>'
        + "".join(f'<p class="zw-note">{plain(note)}</p>' for note in notes)
        + '<p class="zw-acts">'
        f'<a class="zw-cite" href="{link}">[{number}] {plain(wording.compare)}</a>'
        f'<a class="zw-original" href="{page}" target="_blank" rel="noopener">'
        f"{plain(wording.original)}</a>{_publication(quote, wording)}"
        f'<button type="button" class="zw-copy">{plain(wording.copy)}</button>'
        f'<button type="button" class="zw-doubt">{plain(wording.doubt)}</button></p></li>'
    )


def _publication(quote: Quote, wording: Wording) -> str:
    """Return the link to where the words were first published, if there is one to follow."""
    link = outward(quote.source_url)
    return (
        f'<a class="zw-source" href="{escape(link)}" target="_blank" rel="noopener noreferrer">'
        f"{plain(wording.publication)}</a>"
        if link
        else ""
    )


def _said(quote: Quote) -> str:
    parts, at = [], 0
    for start, end in quote.highlights:
        parts += [plain(quote.text[at:start]), f"<mark>{plain(quote.text[start:end])}</mark>"]
        at = end
    words = "".join(parts) + plain(quote.text[at:])
    before, after = ELLIPSIS * quote.cut_before, ELLIPSIS * quote.cut_after
    return f'<blockquote class="zw-said" lang="zh-CN">“{before}{words}{after}”</blockquote>'


def _related(related: Sequence[Quote], wording: Wording) -> str:
    if not related:
        return ""
    rows = "".join(
        f'<li>{_said(quote)}<p class="zw-who">{attribution(quote, wording)} '
        f'<a class="zw-cite" href="{escape(quote.permalink)}">{plain(wording.compare)}</a></p></li>'
        for quote in related
    )
    title = plain(wording.related.format(count=len(related)))
    return (
        f'<details class="zw-related"><summary>{title} '
        f"<em>{plain(wording.not_answer)}</em></summary><ul>{rows}</ul></details>"
    )


def _vote(question: str, wording: Wording) -> str:
    value = escape(question).replace("\r", "").replace("\n", "&#10;")
    buttons = "".join(
        f'<button type="button" class="{kind}" value="{value}">{plain(name)}</button>'
        for kind, name in (("zw-helpful", wording.helpful), ("zw-unhelpful", wording.unhelpful))
    )
    return f'<p class="zw-vote"><span>{plain(wording.helped)}</span>{buttons}</p>'
