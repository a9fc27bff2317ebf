"""What is measured: each a few lines, each with a hand-worked test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from eval.cases import Case
from index.records import Span, Transcript
from index.words import fold
from qa.records import Answer

_RESAMPLES = 1000
REFUSED = ("not_in_sources", "off_topic", "invalid")


def is_refused(answer: Answer) -> bool:
    """Tell whether the answer declines to quote a reply."""
    return answer.status in REFUSED


def shows(answer: Answer, wanted: str) -> bool:
    """Tell whether one quote holds the words, script and width aside."""
    return any(fold(wanted) in fold(quote.text) for quote in answer.quotes)


def completeness(case: Case, answer: Answer) -> float:
    """Return the share of `must_all` that the quotes show; 1 where nothing is listed."""
    if not case.must_all:
        return 1.0
    return float(np.mean([shows(answer, wanted) for wanted in case.must_all]))


def is_right(case: Case, answer: Answer) -> bool:
    """Tell whether an answerable case is answered with what it asks for, by whom it asks for."""
    if is_refused(answer) or completeness(case, answer) < 1:
        return False
    if case.answers and not any(shows(answer, wanted) for wanted in case.answers):
        return False
    return case.speaker is None or answer.quotes[0].speaker == case.speaker


def finds_evidence(case: Case, answer: Answer) -> bool:
    """Tell whether a quote overlaps a sentence that holds the answer."""
    return any(
        fold(quote.text) in fold(sentence) or fold(sentence) in fold(quote.text)
        for quote in answer.quotes
        for sentence in case.evidence
    )


def marks_answer(case: Case, answer: Answer) -> bool | None:
    """Tell whether what is marked in the first quote is of an answer that stands there.

    None where nothing is marked, or no answer stands there.
    """
    if not answer.quotes or not answer.quotes[0].highlights:
        return None
    quote = answer.quotes[0]
    standing = find_answers(case, quote.text)
    marked = [Span(*place) for place in quote.highlights]
    return any(m.overlaps(s) for m in marked for s in standing) if standing else None


def find_answers(case: Case, text: str) -> list[Span]:
    """Return where the case's answers stand in `text`, the first time each."""
    return [Span(at, at + len(a)) for a in case.answers if (at := text.find(a)) >= 0]


def is_exact(answer: Answer, transcripts: Mapping[str, Transcript]) -> bool:
    """Tell whether every quote and related passage stands in its transcript at its offsets."""
    return all(
        transcripts[q.document_id].text[q.start : q.end] == q.text
        for q in (*answer.quotes, *answer.related)
    )


def is_attributed(answer: Answer, transcripts: Mapping[str, Transcript]) -> bool:
    """Tell whether every quote lies in one turn and carries that turn's speaker."""
    for quote in answer.quotes:
        turns = [
            t
            for t in transcripts[quote.document_id].turns
            if t.span.start <= quote.start and quote.end <= t.span.end
        ]
        names = {t.speaker.name if t.speaker else None for t in turns}
        if names != {quote.speaker}:
            return False
    return True


def auroc(answerable: Sequence[bool], confidence: Sequence[float]) -> float:
    """Return the chance that an answerable question is surer than another; nan with one class."""
    if len(set(answerable)) < 2:
        return float("nan")
    return float(roc_auc_score(answerable, confidence))


def risk_curve(
    confidence: Sequence[float], right: Sequence[bool]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return coverage and error as the surest answers are given first (El-Yaniv, Wiener 2010)."""
    order = np.argsort(-np.asarray(confidence), kind="stable")
    wrong = 1.0 - np.asarray(right, dtype=np.float64)[order]
    given = np.arange(1, len(wrong) + 1)
    return given / len(wrong), np.cumsum(wrong) / given


def interval(values: Sequence[float], seed: int = 0) -> tuple[float, float, float]:
    """Return the mean and its 95 % percentile-bootstrap interval (Efron, 1979)."""
    array = np.asarray(values, dtype=np.float64)
    if not len(array):
        return float("nan"), float("nan"), float("nan")
    rng = np.random.default_rng(seed)
    means = [rng.choice(array, len(array)).mean() for _ in range(_RESAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(array.mean()), float(low), float(high)
