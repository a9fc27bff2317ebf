"""Which of several transcripts a question means: one year's, one edition's, or all of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from index.records import Transcript
from index.words import fold
from qa.numerals import NOW, YEAR, as_digits, numbers
from qa.question import EDITIONS, Question

_ORDINAL = re.compile(r"第(\d+)届")


def dates_of(transcript: Transcript) -> frozenset[str]:
    """Return the numbers of a document's title and its year, as digits and as 今年."""
    year = str(transcript.source.date or "")[:4]
    return numbers(f"{fold(transcript.source.title)} {year}") | {NOW}


def find_editions(question: Question, transcripts: Mapping[str, Transcript]) -> frozenset[str]:
    """Return the documents whose year or edition (第六届) the question names, if not all."""
    years, ordinals = _named(question)
    if not (years or ordinals) or len(transcripts) < 2:
        return frozenset()
    meant = {
        name
        for name, transcript in transcripts.items()
        if not years.isdisjoint(dates_of(transcript))
        or not ordinals.isdisjoint(_ordinals(fold(transcript.source.title)))
    }
    return frozenset(meant) if len(meant) < len(transcripts) else frozenset()


def set_apart(question: Question, transcripts: Mapping[str, Transcript]) -> Question:
    """Return the question without the year that only says which documents it means.

    A document of that year need not name it again, so that the reader is not asked for it either.
    """
    if not find_editions(question, transcripts):
        return question
    kept = tuple(t for t in question.terms if not YEAR.fullmatch(t.forms[0]))
    years = "|".join(_named(question)[0])
    whole = re.sub(rf"(?:{years})年?的?", "", question.whole) if years else question.whole
    return replace(question, terms=kept, whole=whole) if kept else question


def asks_several(question: Question, transcripts: Mapping[str, Transcript]) -> bool:
    """Tell whether what each document says may be asked for: no year and no edition is named."""
    return len(transcripts) > 1 and (
        bool(EDITIONS.search(question.folded)) or not any(_named(question))
    )


def _named(question: Question) -> tuple[set[str], set[str]]:
    """Return the years and ordinals of editions that a question names, or one it leans on."""
    for folded in (question.folded, *question.earlier):
        years, ordinals = {n for n in numbers(folded) if YEAR.fullmatch(n)}, _ordinals(folded)
        if years or ordinals:
            return years, ordinals
    return set(), set()


def _ordinals(folded: str) -> set[str]:
    return set(_ORDINAL.findall(as_digits(folded)))
