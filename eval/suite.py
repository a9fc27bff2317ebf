"""The suite: every case through `Engine.ask`, scored by category."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

import numpy as np

from eval import metrics
from eval.cases import FOLDER, SEEDS, Case, Split, read_cases
from qa.engine import Engine, open_or_build
from qa.judge import explain
from qa.records import Answer

GATES = Path(__file__).resolve().parent / "gates.toml"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case, what the engine said, whether that was right, and if not what moved the decision."""

    case: Case
    answer: Answer
    right: bool
    exact: bool
    attributed: bool
    evidence: bool
    completeness: float
    marked: bool | None
    moved: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: share right with its 95 % interval."""

    category: str
    count: int
    right: float
    low: float
    high: float


def run_suite(
    split: Split | None, encoder: str | None = None, sets: Sequence[str] = tuple(SEEDS)
) -> list[Outcome]:
    """Ask the sets' cases of the split (None: all) of the engine over their own transcripts."""
    return [outcome for name in sets for outcome in run_set(name, split, encoder)[1]]


def run_set(
    name: str, split: Split | None = None, encoder: str | None = None
) -> tuple[Engine, list[Outcome]]:
    """Ask one set's cases; return the engine that answered, too."""
    cases = [c for c in read_cases(FOLDER / f"{name}.jsonl") if split in (None, c.split)]
    with tempfile.TemporaryDirectory() as folder:
        engine = open_or_build(Path(folder), SEEDS[name], encoder)
    engine.ask("试运行")
    return engine, [judge(engine, case) for case in cases]


def judge(engine: Engine, case: Case) -> Outcome:
    """Ask one case and score the answer."""
    answer = engine.ask(case.question, case.history)
    right = metrics.is_right(case, answer) if case.answerable else metrics.is_refused(answer)
    return Outcome(
        case,
        answer,
        right,
        metrics.is_exact(answer, engine.transcripts),
        metrics.is_attributed(answer, engine.transcripts),
        metrics.finds_evidence(case, answer),
        metrics.completeness(case, answer) if case.answerable else 1.0,
        metrics.marks_answer(case, answer),
        () if right else _moved(engine, case),
    )


def _moved(engine: Engine, case: Case) -> tuple[tuple[str, float], ...]:
    weighed = engine.deliberate(case.question, case.history)
    return tuple(explain(weighed.row, weighed.genre)) if weighed and weighed.ranked else ()


def tabulate(outcomes: Sequence[Outcome]) -> list[Row]:
    """Return a row a category, in the order of the cases."""
    rows = []
    for category in dict.fromkeys(o.case.category for o in outcomes):
        right = [float(o.right) for o in outcomes if o.case.category == category]
        rows.append(Row(category, len(right), *metrics.interval(right)))
    return rows


def summarise(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return the measures that gates and baselines compare."""
    asked = [o for o in outcomes if o.case.answerable]
    other = [o for o in outcomes if not o.case.answerable]
    quoted = [o for o in outcomes if o.answer.quotes]
    facts = [len(o.answer.quotes[0].text) for o in quoted if o.case.category == "fact"]
    times = [o.answer.elapsed_ms for o in outcomes]
    return {
        "right": _share(o.right for o in asked),
        "evidence": _share(o.evidence for o in asked),
        "completeness": float(np.mean([o.completeness for o in asked if o.case.must_all] or [1.0])),
        "attribution": _share(
            o.attributed and o.case.speaker in (None, o.answer.quotes[0].speaker) for o in quoted
        ),
        "exactness": _share(o.exact for o in outcomes),
        "marks": _share(o.marked for o in asked if o.marked is not None),
        "rejection": _share(o.right for o in other),
        "false_refusal": _share(metrics.is_refused(o.answer) for o in asked),
        "auroc": metrics.auroc(
            [o.case.answerable for o in outcomes], [o.answer.confidence for o in outcomes]
        ),
        "fact_characters": float(np.median(facts or [0])),
        "median_ms": float(np.median(times or [0])),
        "p95_ms": float(np.percentile(times or [0], 95)),
    }


def fallen(measures: Mapping[str, float]) -> list[str]:
    """Return what `gates.toml` asks of the gated sets and their measures do not reach."""
    gates = tomllib.loads(GATES.read_text(encoding="utf-8"))
    return [
        f"{name} = {measures[name]:.3f}，要求 {bounds}"
        for name, bounds in gates.items()
        if not bounds.get("least", -inf) <= measures[name] <= bounds.get("most", inf)
    ]


def to_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the run as plain data: what `--baseline` reads back."""
    return {
        "measures": summarise(outcomes),
        "categories": {r.category: r.right for r in tabulate(outcomes)},
        "cases": {
            o.case.id: {
                "question": o.case.question,
                "right": o.right,
                "answer": o.answer.to_json(o.case.id),
            }
            for o in outcomes
        },
    }


def _share(values: Any) -> float:
    found = [float(v) for v in values]
    return float(np.mean(found)) if found else float("nan")
