"""What each step is worth: the first passage of each retrieval, selection, reading, decision."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.cases import FOLDER, SEEDS, Case, Split, read_cases
from eval.metrics import is_refused, is_right
from index.words import fold
from qa.engine import Engine, open_or_build
from qa.retrieve import Mode

STEPS = ("BM25", "dense", "fused", "+ late interaction", "+ selection", "+ reading", "+ decision")
_MODES: dict[str, Mode] = {
    "BM25": "bm25",
    "dense": "dense",
    "fused": "fused",
    "+ late interaction": "late",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One row: share of answerable cases shown right, characters shown, share of others refused.

    A retrieval step shows its first passage whole and never refuses.
    """

    name: str
    right: float
    characters: float
    rejection: float


def run_ablation(split: Split | None, encoder: str | None = None) -> list[Step]:
    """Return a row for each of STEPS over the suite's cases."""
    shown: dict[str, list[tuple[Case, bool, int]]] = {name: [] for name in STEPS}
    for name, seeds in SEEDS.items():
        with tempfile.TemporaryDirectory() as folder:
            engine = open_or_build(Path(folder), seeds, encoder)
            for case in read_cases(FOLDER / f"{name}.jsonl"):
                if split in (None, case.split):
                    for step, right, length in _shown(engine, case):
                        shown[step].append((case, right, length))
    return [_step(name, of) for name, of in shown.items()]


def _shown(engine: Engine, case: Case) -> Iterator[tuple[str, bool, int]]:
    unread, read = (engine.deliberate(case.question, case.history, r) for r in (False, True))
    asked = unread.question.search if unread and case.history else case.question
    for name, mode in _MODES.items():
        found = engine.retrieve(asked, 1, mode)
        text = found[0].passage.text if found else ""
        wanted = case.must_all or case.answers
        holds = [fold(w) in fold(text) for w in wanted]
        yield name, case.answerable and (all if case.must_all else any)(holds), len(text)
    for step, weighed in (("+ selection", unread), ("+ reading", read)):
        forced = engine.quote(weighed) if weighed and weighed.ranked else None
        length = sum(len(q.text) for q in forced.quotes) if forced else 0
        yield step, case.answerable and forced is not None and is_right(case, forced), length
    answer = engine.ask(case.question, case.history)
    length = sum(len(q.text) for q in answer.quotes)
    right = is_right(case, answer) if case.answerable else is_refused(answer)
    yield "+ decision", right, length


def _step(name: str, shown: list[tuple[Case, bool, int]]) -> Step:
    return Step(
        name,
        float(np.mean([right for case, right, _ in shown if case.answerable])),
        float(np.median([length for case, _, length in shown if case.answerable])),
        float(np.mean([right for case, right, _ in shown if not case.answerable])),
    )
