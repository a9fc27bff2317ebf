"""Quotes to the words a person reads first: quoted spans and fixed wording only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.records import Transcript
from qa.records import Quote

ELLIPSIS = "……"
_SHORT = 0.6


@dataclass(frozen=True, slots=True)
class Wording:
    """The fixed sentences of one language."""

    not_in_sources: str
    off_topic: str
    related: str
    elsewhere: str
    organisers: str
    check: str
    head: str
    unknown: str
    asks: str
    inferred: str
    said: str
    rest: str


CHINESE = Wording(
    "发布会实录中没有找到回答这个问题的原话。",
    "发布会实录中没有找到与这个问题相近的内容，这里只检索发布会实录。",
    "下面是相关的原文段落，供参考，不是答案。",
    "如需进一步了解，请联系{where}。",
    "发布会主办单位",
    "请对照原文：",
    "实录文首",
    "发言人未注明",
    "{name}提问",
    "（发言人系推定）",
    "{who}：“{text}”",
    "问题的其余部分，发布会实录中没有找到回答的原话。",
)
ENGLISH = Wording(
    "No words that answer this were found in the transcripts. ",
    "Nothing near this was found; only transcripts of press conferences are searched here. ",
    "The passages below are related; they are not an answer. ",
    "For more, please contact {where}.",
    "the organisers",
    "In the original words: ",
    "Head of the transcript",
    "Speaker not named",
    "{name}, asking",
    " (speaker inferred)",
    "{who}: “{text}”",
    "No words that answer the rest were found.",
)


def compose(quotes: Sequence[Quote], wording: Wording = CHINESE, checks: bool = False) -> str:
    """Return the short answer, where one span is marked, and each quote behind who said it.

    Quotes of several documents carry their document's title and date.
    """
    lines = []
    if len(quotes) == 1 and len(quotes[0].highlights) == 1 and not checks:
        start, end = quotes[0].highlights[0]
        if end - start < _SHORT * len(quotes[0].text):
            lines.append(f"“{quotes[0].text[start:end]}”")
    dated = len({quote.document_id for quote in quotes}) > 1
    lines += [_line(quote, wording, dated) for quote in quotes]
    return (wording.check if checks else "") + "\n".join(lines)


def join(answers: Sequence[str], complete: bool, wording: Wording = CHINESE) -> str:
    """Return the short answers to the parts of a question, one after the other."""
    return "\n".join([*dict.fromkeys(answers), *([] if complete else [wording.rest])])


def refuse(
    related: Sequence[Quote],
    off_topic: bool = False,
    wording: Wording = CHINESE,
    where: str | None = None,
) -> str:
    """Return the plain statement that no answer was found, and `where` to ask instead."""
    if off_topic:
        return wording.off_topic
    elsewhere = wording.elsewhere.format(where=where or wording.organisers)
    return wording.not_in_sources + (wording.related if related else "") + elsewhere


def whom_to_ask(transcripts: Mapping[str, Transcript], related: Sequence[Quote]) -> str | None:
    """Return who knows more: whom the nearest document names, or the only one."""
    ids = [q.document_id for q in related[:1]] or list(transcripts)
    known = [transcripts[id_] for id_ in ids if id_ in transcripts]
    return known[0].source.asks_at if len(known) == 1 else None


def attribute(quote: Quote, wording: Wording = CHINESE) -> str:
    """Return who said a quote, as it is written in front of it."""
    if quote.speaker is None:
        return wording.head if quote.role == "editor" else wording.unknown
    if quote.role == "journalist":
        return wording.asks.format(name=quote.speaker)
    title = f"（{quote.title}）" if quote.title else ""
    return f"{quote.speaker}{title}{wording.inferred if quote.attribution_inferred else ''}"


def elide(quote: Quote) -> str:
    """Return the quoted words, with an ellipsis where they begin or end within a sentence."""
    before, after = ELLIPSIS * quote.cut_before, ELLIPSIS * quote.cut_after
    return f"{before}{quote.text}{after}"


def _line(quote: Quote, wording: Wording, dated: bool) -> str:
    source = f"《{quote.document_title}》" if dated else ""
    source += f"（{quote.date}）" if dated and quote.date else ""
    return source + wording.said.format(who=attribute(quote, wording), text=elide(quote))
