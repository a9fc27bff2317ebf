"""Which of several transcripts a question means: one year's, one edition's, or all of them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from index.records import Transcript
from index.words import fold
from qa.numerals import as_digits, numbers
from qa.question import EDITIONS, Question

_YEAR = re.compile(r"(?:19|20)\d\d")
_ORDINAL = re.compile(r"第(\d+)届")


def find_editions(question: Question, transcripts: Mapping[str, Transcript]) -> frozenset[str]:
    """Return the documents whose year or edition (第六届) the question names, if not all."""
    years = {n for n in question.numbers if _YEAR.fullmatch(n)}
    ordinals = set(_ORDINAL.findall(as_digits(question.folded)))
    if (not years and not ordinals) or len(transcripts) < 2:
        return frozenset()
    meant = set()
    for name, transcript in transcripts.items():
        title = as_digits(fold(transcript.source.title))
        dated = str(transcript.source.date)[:4] in years or not years.isdisjoint(numbers(title))
        if dated or not ordinals.isdisjoint(_ORDINAL.findall(title)):
            meant.add(name)
    return frozenset(meant) if len(meant) < len(transcripts) else frozenset()


def asks_several(question: Question, transcripts: Mapping[str, Transcript]) -> bool:
    """Tell whether what each document says may be asked for: no year and no edition is named."""
    if len(transcripts) < 2:
        return False
    dated = any(_YEAR.fullmatch(n) for n in question.numbers)
    return bool(EDITIONS.search(question.folded)) or not (
        dated or _ORDINAL.search(as_digits(question.folded))
    )
