"""Quotes to the words a person reads first: quoted spans and fixed wording only."""

from __future__ import annotations

from collections.abc import Sequence

from qa.records import Quote

NOT_IN_SOURCES = "发布会实录中没有说到这个问题。"
SEE_RELATED = "下面是相关的原文段落，供参考，不是答案。"
ASK_ELSEWHERE = "如需进一步了解，请联系发布会主办单位。"


def compose(quotes: Sequence[Quote]) -> str:
    """Return each quote behind the name of who said it, one a line."""
    return "\n".join(f"{attribute(quote)}：“{quote.text}”" for quote in quotes)


def refuse(related: Sequence[Quote]) -> str:
    """Return the plain statement that the transcript does not say."""
    return NOT_IN_SOURCES + (SEE_RELATED if related else "") + ASK_ELSEWHERE


def attribute(quote: Quote) -> str:
    """Return who said a quote, as it is written in front of it."""
    if quote.speaker is None:
        return "实录文首" if quote.role == "editor" else "发言人未注明"
    if quote.role == "journalist":
        return f"{quote.speaker}提问"
    title = f"（{quote.title}）" if quote.title else ""
    inferred = "（发言人系推定）" if quote.attribution_inferred else ""
    return f"{quote.speaker}{title}{inferred}"
