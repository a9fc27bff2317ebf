"""A quote on its way out: found again in its transcript, named, and copied in four forms."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import quote as percent
from urllib.parse import urlsplit

from index.records import Span, Transcript
from qa.compose import elide
from qa.quote import QuoteError, make_quote
from qa.records import Quote

LABEL = "以下为原文检索摘录"
PUBLISHED = "原始出处："
LONGEST = 5000
_KEPT = "（引文内含引号；为一字不改，另起一段引用，未将内层引号改为单引号。）"
# Where a clause ends; not within 1,234 or 10:30.
_BREAK = re.compile(
    r"\s*(?:(?:[。！？!?；…\n]|(?<!\d)[，,：:]|[，,：:](?!\d))[”’）》】」』)]*\s*)+"
)
_WHOLE = re.compile(r"https?://[^\s<>]+")
_MARKS = re.compile('[“”"]')
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class Forms:
    """One quote as it is pasted; every form carries the label, the event, the date, the link."""

    news: str
    plain: str
    markdown: str
    json: str

    def to_json(self) -> dict[str, str]:
        """Return the forms by name."""
        return asdict(self)


def locate(transcripts: Mapping[str, Transcript], document: str, span: Span) -> Quote:
    """Return the quote that stands at `span`; QuoteError where none can stand."""
    found, number = _turn(transcripts, document, span)
    return make_quote(found, number, span)


def locate_whole(transcripts: Mapping[str, Transcript], document: str, span: Span) -> Quote:
    """Return the quote of the clauses that `span` touches; QuoteError where none can stand."""
    found, number = _turn(transcripts, document, span)
    return make_quote(found, number, widen(found.text, found.turns[number].span, span))


def _turn(
    transcripts: Mapping[str, Transcript], document: str, span: Span
) -> tuple[Transcript, int]:
    found = transcripts.get(document)
    if found is None or not span.start < span.end <= span.start + LONGEST:
        raise QuoteError(f"{document}: nothing can be quoted at {span}")
    for number, turn in enumerate(found.turns):
        if turn.span.contains(span):
            return found, number
    raise QuoteError(f"{document}: {span} is not inside one turn")


def widen(text: str, within: Span, span: Span) -> Span:
    """Return `span` grown to whole clauses, so that no number and no negation is cut off.

    A list (甲、乙) is one clause: what is said of it, or denied, stands before it.
    """
    start, end = within.start, within.end
    for found in _BREAK.finditer(text, within.start, within.end):
        if found.start() <= span.start and found.end() < span.end:
            start = found.end()
        if found.end() >= span.end:
            end = max(span.end, found.start())
            break
    words = text[start:end].strip()
    start = text.index(words, start)
    return Span(start, start + len(words))


def digest(text: str) -> str:
    """Return eight hexadecimal digits that change with the words (FNV-1a over code points).

    page.js computes the same: browsers offer no SHA-256 on a page served without TLS.
    """
    value = 0x811C9DC5
    for character in text:
        value = (value ^ ord(character)) * 0x01000193 & 0xFFFFFFFF
    return f"{value:08x}"


def share(quote: Quote) -> str:
    """Return the permalink with the digest of the words, so that a later correction shows."""
    return f"{percent(quote.permalink, safe='/#')}-{digest(quote.text)}"


def make_forms(quote: Quote, base: str = "") -> Forms:
    """Return the quote in all forms, its link below `base`."""
    link = base.rstrip("/") + share(quote)
    ends = (source(quote), *publication(quote), link)
    return Forms(
        news="\n".join((LABEL, report(quote), *ends)),
        plain="\n".join((LABEL, _within_marks(quote), f"——{name(quote)}", *ends)),
        markdown=to_markdown(quote, link),
        json=json.dumps(
            {"label": LABEL, **quote.to_json(), "permalink": link}, ensure_ascii=False, indent=2
        ),
    )


def report(quote: Quote) -> str:
    """Return the quote as a news sentence; words with marks of their own get a paragraph."""
    who = f"{quote.title or ''}{quote.speaker or ''}"
    notes = "".join(f"（{note}）" for note in remarks(quote))
    if quote.role == "journalist":
        lead = f"{who}{notes}提问"
    elif quote.speaker:
        lead = f"{who}{notes}表示"
    else:
        lead = f"{name(quote)}{notes}"
    if _MARKS.search(quote.text):
        return f"{lead}：\n\n{elide(quote)}\n\n{_KEPT}"
    ends = "" if elide(quote).endswith(("。", "！", "？", "…")) else "。"
    return f"{lead}，“{elide(quote)}”{ends}" if quote.speaker else f"{lead}：“{elide(quote)}”{ends}"


def name(quote: Quote) -> str:
    """Return who said it, title first; what a reader has to know about it is in `remarks`."""
    if quote.speaker is None:
        return "发布会实录文首" if quote.role == "editor" else "发布会实录（发言人未注明）"
    asks = "（提问）" if quote.role == "journalist" else ""
    return f"{quote.title or ''}{' ' if quote.title else ''}{quote.speaker}{asks}"


def source(quote: Quote) -> str:
    """Return event, date, whose question was answered, and the remarks."""
    parts = [f"《{quote.document_title}》"]
    if quote.date:
        parts.append(f"{quote.date.year}年{quote.date.month}月{quote.date.day}日")
    if quote.asked_by:
        parts.append(f"回答{quote.asked_by}提问")
    return "，".join([*parts, *remarks(quote)])


def remarks(quote: Quote) -> list[str]:
    """Return what a reader has to know: an inferred speaker, restored words."""
    inferred = ["原文未署名，发言人系推定"] if quote.attribution_inferred else []
    return [*inferred, *(["含据上下文校订的文字"] if quote.emended else [])]


def publication(quote: Quote) -> list[str]:
    """Return where the words were first published, as a line, or nothing."""
    link = outward(quote.source_url)
    return [f"{PUBLISHED}{link}"] if link else []


def outward(url: str | None) -> str | None:
    """Return an address that may be linked: http or https, nothing that runs."""
    return url if url and urlsplit(url).scheme in ("http", "https") else None


def to_markdown(quote: Quote, link: str) -> str:
    """Return a block quotation that renders as exactly the words."""
    words = inert(elide(quote)).replace("\n", "\\\n> ")
    lines = [f"——{inert(name(quote))}，{inert(source(quote))}"]
    lines += [f"{PUBLISHED}{_address(url)}" for url in [outward(quote.source_url)] if url]
    return "\n\n".join((f"**{LABEL}**", f"> {words}", *lines, _address(link))) + "\n"


def inert(text: str) -> str:
    """Return `text` so that Markdown renders it as it is: nothing in it is markup."""
    escaped = _PUNCTUATION.sub(r"\\\1", text)
    lines = (re.sub(r"^\s+|\s+$", _as_entities, line) for line in escaped.split("\n"))
    return "\n".join(lines).replace("\t", "&#9;").replace("\r", "&#13;")


def _address(link: str) -> str:
    return f"<{link}>" if _WHOLE.fullmatch(link) else inert(link)


def _within_marks(quote: Quote) -> str:
    """Return the words within quotation marks, or bare where they hold marks of their own."""
    return elide(quote) if _MARKS.search(quote.text) else f"“{elide(quote)}”"


def _as_entities(found: re.Match[str]) -> str:
    return "".join(f"&#{ord(c)};" for c in found[0])
