"""Answers on open benches: does the first quote hold a gold answer, and is the rest refused?"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from eval.bench import open_bench
from eval.corpus import Bench
from eval.metrics import auroc, is_refused, shows
from index.words import fold

FIRST_QUOTE = 120
_SEED = 20240825


def run_answers(
    bench: Bench,
    withhold: float,
    most: int | None,
    encoder: str | None,
    progress: Callable[[str], None],
) -> dict[str, float]:
    """Return the measures of one bench.

    A share `withhold` of the relevant documents is left out of the index (seeded); questions all
    of whose relevant documents are gone count as unanswerable. At most `most` questions are asked,
    drawn with the same seed; the index holds all documents even so.
    """
    kept = _withhold(bench, withhold)
    if most is not None and most < len(kept.questions):
        kept = replace(kept, questions=tuple(random.Random(_SEED).sample(kept.questions, most)))
    with tempfile.TemporaryDirectory() as folder:
        engine = open_bench(kept, encoder, Path(folder), progress)
        answers = [(q, engine.ask(q.question)) for q in kept.questions]
    there = [(q, a) for q, a in answers if q.answerable]
    gone = [a for q, a in answers if not q.answerable]
    first = [
        any(
            fold(x) in fold(a.quotes[0].text) and len(a.quotes[0].text) <= FIRST_QUOTE
            for x in q.answers
        )
        if a.quotes
        else False
        for q, a in there
    ]
    best = [
        any(fold(x) in fold(s.text) for x in q.answers for s in (*a.quotes, *a.related)[:1])
        for q, a in there
    ]
    return {
        "first_quote": _mean(first),
        "first_quote_unrefused": _mean(best),
        "shown": _mean([any(shows(a, x) for x in q.answers) for q, a in there]),
        "rejection": _mean([is_refused(a) for a in gone]),
        "false_refusal": _mean([is_refused(a) for _, a in there]),
        "auroc": auroc([q.answerable for q, _ in answers], [a.confidence for _, a in answers]),
        "median_ms": float(np.median([a.elapsed_ms for _, a in answers])),
    }


def _withhold(bench: Bench, share: float) -> Bench:
    relevant = sorted({name for q in bench.questions for name in q.relevant})
    gone = set(random.Random(_SEED).sample(relevant, round(share * len(relevant))))
    documents = {name: text for name, text in bench.documents.items() if name not in gone}
    questions = tuple(
        replace(q, answerable=False) if q.relevant and q.relevant <= gone else q
        for q in bench.questions
    )
    return Bench(bench.name, documents, questions)


def _mean(values: list[bool]) -> float:
    return float(np.mean(values)) if values else float("nan")
