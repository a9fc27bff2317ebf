"""Train the weighings of `qa/judge.py`.

    python -m train.evidence DATA models/zaowen-evidence

Questions of the open reader data are asked of an index of their own paragraphs and of news; half
of the paragraphs are left out, so that half of the questions have no answer there. The dev split of
the suite weighs in, since a press conference is not an encyclopaedia; its test split is never read.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score, roc_curve
from sklearn.model_selection import KFold
from sklearn.preprocessing import StandardScaler
from torch import nn

from qa.forest import Forest
from qa.highlight import SURE
from qa.judge import DECISION, ORDER, Weighing, decision_row, rank, softmax
from train.asked import (
    FOLDS,
    SEED,
    Asked,
    Decided,
    Listed,
    ask_open,
    ask_spoken,
    decide_spoken,
    list_spoken,
    weigh_spoken,
)
from train.forest import Growth, grow, level

HOMELY = 6.0
EPOCHS, MARKS_EPOCHS = 25, 200
BATCH = 256
RATE = 1e-2
CLIP = 5.0
OPEN_PENALTY = 0.1
STILL = 1e-6
ORDERING = Growth(trees=150, rate=0.08, leaves=12, least=30, deepest=4)
DECIDING = Growth(trees=400, rate=0.03, leaves=12, least=25, deepest=None)
REFUSED, EASED = 0.8, 0.2


def main() -> None:
    """Ask, learn to rank, read, learn to rank again and to decide; report on what is held; write.

    Each step is written before the next, which uses it.
    """
    data, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    open_data, suite = ask_open(data), ask_spoken()
    _write(out, "ranker", ranker := _rank_all(open_data, suite))
    open_data = [a.read(ranker) for a in open_data]
    suite = [a.read(ranker) for a in suite]
    _report(_rank_all(open_data, [a for a in suite if not a.held]), open_data, suite)
    _write(out, "reranker", reranker := _rank_all(open_data, suite))
    shown, held = [a for a in open_data if not a.held], [a for a in open_data if a.held]
    written = _even(_fit(*_table(reranker, shown), OPEN_PENALTY), reranker, shown)
    print(f"written: AUROC {_area(written, *_rows(reranker, held)):.3f}")
    _write(out, "decider-written", written)
    _write(out, "decider-spoken", level(len(DECISION)))
    order_and_decide(out)


def order_and_decide(out: Path) -> None:
    """Learn, from what the engine finds by all the rest, to order, decide and mark in transcripts.

    The decision learns from what is ordered by trees that never saw the transcript.
    """
    _write(out, "orderer", level(len(ORDER)))
    spoken = weigh_spoken()
    listed = list_spoken(spoken)
    apart = [fit_order([one for one in listed if one.fold != n]) for n in range(FOLDS)]
    first = [one.right[apart[one.fold](one.rows).argmax()] for one in listed]
    before = np.mean([one.right[0] for one in listed])
    print(f"ordered: right first {np.mean(first):.3f} across {FOLDS} folds, {before:.3f} before")
    _write(out, "orderer", fit_order(listed))
    decided = decide_spoken(spoken, apart)
    _write(out, "decider-spoken", fit_spoken(decided))
    _write(out, "marker", fit_marker(decided))


def fit_order(listed: Sequence[Listed]) -> Forest:
    """Learn which of a question's candidates is right."""
    right = np.concatenate([one.right for one in listed])
    rows = np.concatenate([one.rows for one in listed])
    return grow(rows, right, np.ones(len(rows)), ORDERING, SEED)


def fit_spoken(decided: Sequence[Decided]) -> Forest:
    """Learn the decision for transcripts, and be strict: refuse REFUSED of what has no answer.

    A quote that only comes near is worse than none, and a refusal still shows what comes near. The
    bound is then lowered by EASED log-odds: what the newest conferences do not answer comes nearer
    to an answer than what is asked otherwise.
    """
    rows, there = np.stack([d.row for d in decided]), np.array([d.there for d in decided])
    counts, folds = _even_kinds(rows, there), np.array([d.fold for d in decided])
    odds = np.zeros(len(rows))
    for n in range(FOLDS):
        shown = folds != n
        fitted = grow(rows[shown], there[shown], counts[shown], DECIDING, SEED)
        odds[~shown] = fitted(rows[~shown])
    bound = float(np.quantile(odds[~there], REFUSED, weights=counts[~there], method="inverted_cdf"))
    print(f"spoken: AUROC {roc_auc_score(there, odds):.3f} across {FOLDS} folds", end=", ")
    print(f"answers {np.mean(odds[there] >= bound):.3f} where {REFUSED} of the others are refused")
    spoken = grow(rows, there, counts, DECIDING, SEED)
    return replace(spoken, offset=spoken.offset - bound + EASED)


def _write(out: Path, name: str, weighing: Weighing | Forest) -> None:
    np.savez(out / f"{name}.npz", **asdict(weighing))


def _rank_all(open_data: list[Asked], suite: list[Asked]) -> Weighing:
    """Learn to rank from what is not held of the open data, and the suite, weighing HOMELY."""
    found = (
        [a for a in open_data if a.right.any() and not a.held],
        [a for a in suite if a.right.any()],
    )
    weights = [1.0] * len(found[0]) + [HOMELY] * len(found[1])
    return train_ranker(found[0] + found[1], weights)


def _even(decider: Weighing, ranker: Weighing, asked: list[Asked]) -> Weighing:
    """Move the offset so that as many answers are refused as other questions are answered."""
    rows, there = _rows(ranker, asked)
    false, true, bounds = roc_curve(there, decider(rows))
    return replace(decider, offset=decider.offset - bounds[np.argmin(abs(1 - true - false))])


def _even_kinds(rows: NDArray[np.float64], there: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Count a follow-up or a why-question without an answer no more often than any other.

    More were written of them than are asked, so that there are some to learn from.
    """
    counts = np.ones(len(rows))
    for kind in ("leans", "reason"):
        asked = rows[:, DECISION.index(kind)] > 0
        gone = asked & ~there
        counts[gone] *= (~there).mean() / there.mean() * (asked & there).sum() / max(1, gone.sum())
    return counts


def _report(reranker: Weighing, open_data: list[Asked], suite: list[Asked]) -> None:
    for genre, asked in (("written", open_data), ("spoken", suite)):
        first = [_first(reranker, a) for a in asked if a.right.any() and a.held]
        print(f"{genre}: right first {np.mean(first):.3f} of {len(first)} held", flush=True)


def _area(decider: Weighing, rows: NDArray[np.float64], there: Sequence[bool]) -> float:
    return float(roc_auc_score(there, decider(rows)))


def fit_marker(decided: Sequence[Decided]) -> Weighing:
    """Learn which place of a quote to mark; report how often that is right across folds."""
    known = [d for d in decided if d.marked.any() and not d.marked.all()]
    right, sure = np.zeros(len(known), dtype=bool), np.zeros(len(known))
    for shown, held in KFold(FOLDS, shuffle=True, random_state=SEED).split(known):
        fitted = _fit_marks([known[i] for i in shown])
        for i in held:
            chances = softmax(fitted(known[i].marks))
            right[i], sure[i] = known[i].marked[chances.argmax()], chances.max()
    shown = sure >= SURE
    print(f"marked: {right.mean():.3f} of {len(known)} right across {FOLDS} folds", end=", ")
    print(f"{right[shown].mean():.3f} of the {shown.mean():.3f} that are sure")
    return _fit_marks(known)


def _fit_marks(decided: Sequence[Decided]) -> Weighing:
    tables, right = [d.marks for d in decided], [d.marked for d in decided]
    return fit_lists(tables, right, [1.0] * len(decided), MARKS_EPOCHS)


def train_ranker(asked: list[Asked], weights: list[float]) -> Weighing:
    """Learn which of each question's candidates is right."""
    tables = [np.stack([c.features for c in a.candidates]) for a in asked]
    return fit_lists(tables, [a.right for a in asked], weights)


def fit_lists(
    tables: Sequence[NDArray[np.float64]],
    right: Sequence[NDArray[np.bool_]],
    weights: Sequence[float],
    epochs: int = EPOCHS,
) -> Weighing:
    """Fit by listwise cross-entropy over the rows of each table (Cao et al., 2007)."""
    rows = np.concatenate(tables)
    mean, scale = rows.mean(0), rows.std(0) + STILL / 2
    lists = [torch.tensor(((x - mean) / scale).clip(-CLIP, CLIP)).float() for x in tables]
    pad = nn.utils.rnn.pad_sequence
    padded = pad(lists, batch_first=True)
    flags = pad([torch.tensor(r) for r in right], batch_first=True)
    mask = pad([torch.ones(len(x), dtype=torch.bool) for x in lists], batch_first=True)
    weighs = torch.tensor(weights).float()
    torch.manual_seed(SEED)
    model = nn.Linear(rows.shape[1], 1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=1e-2)
    batches = -(-len(tables) // BATCH)
    plan = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=epochs * batches)
    for _ in range(epochs):
        for part in torch.randperm(len(tables)).split(BATCH):
            scores = model(padded[part]).squeeze(-1).masked_fill(~mask[part], -1e9)
            spread = scores.log_softmax(1).masked_fill(~flags[part], -1e9)
            loss = -(spread.logsumexp(1) * weighs[part]).sum() / weighs[part].sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            plan.step()
    found = model.weight.detach().double().numpy()[0] / scale * (scale > STILL)
    return Weighing(found, float(-found @ mean), mean)


def _rows(ranker: Weighing, asked: list[Asked]) -> tuple[NDArray[np.float64], list[bool]]:
    known = [a for a in asked if a.candidates]
    return np.stack([_row(ranker, a) for a in known]), [a.there for a in known]


def _table(ranker: Weighing, asked: list[Asked]) -> tuple[NDArray[np.float64], list[bool]]:
    """Return a row a question; one whose answer is there but not first is left out."""
    return _rows(ranker, [a for a in asked if not a.there or _first(ranker, a)])


def _fit(rows: NDArray[np.float64], there: list[bool], penalty: float) -> Weighing:
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression(C=penalty, class_weight="balanced", max_iter=4000)
    model.fit(scaler.transform(rows), there)
    weights = model.coef_[0] / scaler.scale_
    return Weighing(
        weights, float(model.intercept_[0] - weights @ scaler.mean_), np.asarray(scaler.mean_)
    )


def _row(ranker: Weighing, asked: Asked) -> NDArray[np.float64]:
    return decision_row(rank(asked.candidates, ranker), asked.question)


def _first(ranker: Weighing, asked: Asked) -> bool:
    if not asked.right.any():
        return False
    scores = ranker(np.stack([c.features for c in asked.candidates]))
    return bool(asked.right[int(scores.argmax())])


if __name__ == "__main__":
    main()
