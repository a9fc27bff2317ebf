"""Retrieval on open benches: BM25, dense, fused, met token by token; with intervals and a test."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import ir_measures
import numpy as np
from ir_measures import RR, Success, nDCG
from scipy.stats import wilcoxon

from eval.corpus import Bench, as_transcript
from eval.metrics import interval
from index.encoder import open_encoder
from index.store import build, expect
from qa.engine import Engine
from qa.retrieve import Mode

MODES: tuple[Mode, ...] = ("bm25", "dense", "fused", "late")
MEASURES = {
    "recall@1": Success @ 1,
    "recall@5": Success @ 5,
    "recall@10": Success @ 10,
    "mrr@10": RR @ 10,
    "ndcg@10": nDCG @ 10,
}
_DOCUMENTS = 10
_PASSAGES = 60


@dataclass(frozen=True, slots=True)
class Result:
    """One measure of one mode: mean, 95 % interval, p of the paired test against BM25."""

    mean: float
    low: float
    high: float
    p: float | None


def run_bench(
    bench: Bench, encoder: str | None, progress: Callable[[str], None]
) -> dict[str, dict[str, Result]]:
    """Return measures by mode; a question for which nothing is found counts as zero.

    Recall@k is the share of questions with a relevant document among the first k.
    """
    judged = [q for q in bench.questions if q.relevant]
    qrels = {q.id: dict.fromkeys(q.relevant, 1) for q in judged}
    with tempfile.TemporaryDirectory() as folder:
        engine = open_bench(bench, encoder, Path(folder), progress)
        runs = {mode: {q.id: _ranked(engine, q.question, mode) for q in judged} for mode in MODES}
    values = {mode: _by_question(qrels, run) for mode, run in runs.items()}
    return {
        mode: {
            name: _result(values[mode][name], values["bm25"][name] if mode != "bm25" else None)
            for name in MEASURES
        }
        for mode in MODES
    }


def open_bench(
    bench: Bench, encoder: str | None, folder: Path, progress: Callable[[str], None]
) -> Engine:
    """Return an engine over the bench's documents, indexed in `folder`."""
    model = open_encoder(encoder)
    transcripts = [as_transcript(number, text) for number, text in bench.documents.items()]
    return Engine(build(transcripts, model, folder, expect(model, {}), progress))


def _ranked(engine: Engine, question: str, mode: Mode) -> dict[str, float]:
    """Return the best documents; a document ranks where its best passage does."""
    found: dict[str, float] = {}
    for hit in engine.retrieve(question, _PASSAGES, mode):
        found.setdefault(hit.passage.document_id, 1.0 / (len(found) + 1))
        if len(found) == _DOCUMENTS:
            break
    return found


def _by_question(
    qrels: dict[str, dict[str, int]], run: dict[str, dict[str, float]]
) -> dict[str, list[float]]:
    names = {str(measure): name for name, measure in MEASURES.items()}
    values: dict[str, dict[str, float]] = {name: dict.fromkeys(qrels, 0.0) for name in MEASURES}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), qrels, run):
        values[names[str(metric.measure)]][metric.query_id] = metric.value
    return {name: list(by_id.values()) for name, by_id in values.items()}


def _result(values: Sequence[float], baseline: Sequence[float] | None) -> Result:
    mean, low, high = interval(values)
    p = None
    if baseline is not None:
        same = np.allclose(values, baseline)
        p = 1.0 if same else float(wilcoxon(values, baseline).pvalue)
    return Result(mean, low, high, p)
