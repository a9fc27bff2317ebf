"""Train the ranker and the decider of `qa/judge.py`.

    python -m train.evidence DATA models/zaowen-evidence

Questions of the open reader data are asked of an index of their own paragraphs and of news; half
of the paragraphs are left out, so that half of the questions have no answer there. The dev split of
the suite weighs in, since a press conference is not an encyclopaedia; its test split is never read.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score, roc_curve
from sklearn.preprocessing import StandardScaler
from torch import nn

from qa.evidence import FEATURES
from qa.judge import Weighing, decision_row, rank
from train.asked import SEED, Asked, ask_open, ask_suite

HOMELY = 20.0
EPOCHS = 25
BATCH = 256
RATE = 1e-2
CLIP = 5.0
OPEN_PENALTY = 0.1
PENALTY = 0.1


def main() -> None:
    """Ask, train on what is not held and report on the rest, train on all of the suite, write."""
    data, out = Path(sys.argv[1]), Path(sys.argv[2])
    open_data, suite = ask_open(data), ask_suite()
    shown = [a for a in open_data if not a.held]
    models = train(shown, [a for a in suite if not a.held])
    _report("written", models, [a for a in open_data if a.held])
    _report("spoken", models, [a for a in suite if a.held])
    out.mkdir(parents=True, exist_ok=True)
    for name, model in train(shown, suite).items():
        np.savez(out / f"{name}.npz", **asdict(model))


def train(open_data: list[Asked], suite: list[Asked]) -> dict[str, Weighing]:
    """Return the models by name; a question of the suite weighs HOMELY others in the ranker."""
    found = [a for a in open_data if a.right.any()], [a for a in suite if a.right.any()]
    weights = [1.0] * len(found[0]) + [HOMELY] * len(found[1])
    ranker = train_ranker(found[0] + found[1], weights)
    written = _even(_fit(*_table(ranker, open_data), OPEN_PENALTY), ranker, open_data)
    spoken = adapt(written, *_table(ranker, suite))
    return {"ranker": ranker, "decider-written": written, "decider-spoken": spoken}


def _even(decider: Weighing, ranker: Weighing, asked: list[Asked]) -> Weighing:
    """Move the offset so that as many answers are refused as other questions are answered."""
    known = [a for a in asked if a.candidates]
    signal = decider(np.stack([_row(ranker, a) for a in known]))
    false, true, bounds = roc_curve([a.there for a in known], signal)
    return replace(decider, offset=decider.offset - bounds[np.argmin(abs(1 - true - false))])


def adapt(written: Weighing, rows: NDArray[np.float64], there: list[bool]) -> Weighing:
    """Fit a logistic regression over another's log-odds and its inputs; two linear steps are one.

    There is much open data, where a question without an answer is far from every paragraph, and
    little of press conferences, where it is near.
    """
    second = _fit(np.column_stack([written(rows), rows]), there, PENALTY)
    return Weighing(
        second.weights[1:] + second.weights[0] * written.weights,
        second.offset + second.weights[0] * written.offset,
        second.typical[1:],
    )


def _report(genre: str, models: dict[str, Weighing], asked: list[Asked]) -> None:
    ranker, decider = models["ranker"], models[f"decider-{genre}"]
    first = [_first(ranker, a) for a in asked if a.right.any()]
    known = [a for a in asked if a.candidates]
    area = roc_auc_score([a.there for a in known], [decider(_row(ranker, a)) for a in known])
    print(f"{genre}: right first {np.mean(first):.3f} of {len(first)}, AUROC {area:.3f}")


def train_ranker(asked: list[Asked], weights: list[float]) -> Weighing:
    """Fit by listwise cross-entropy over each question's candidates (Cao et al., 2007)."""
    tables = [np.stack([c.features for c in a.candidates]) for a in asked]
    rows = np.concatenate(tables)
    mean, scale = rows.mean(0), rows.std(0) + 1e-6
    lists = [torch.tensor(((x - mean) / scale).clip(-CLIP, CLIP)).float() for x in tables]
    pad = nn.utils.rnn.pad_sequence
    padded = pad(lists, batch_first=True)
    right = pad([torch.tensor(a.right) for a in asked], batch_first=True)
    mask = pad([torch.ones(len(x), dtype=torch.bool) for x in lists], batch_first=True)
    weighs = torch.tensor(weights).float()
    torch.manual_seed(SEED)
    model = nn.Linear(len(FEATURES), 1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=1e-2)
    batches = -(-len(asked) // BATCH)
    plan = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=EPOCHS * batches)
    for _ in range(EPOCHS):
        for part in torch.randperm(len(asked)).split(BATCH):
            scores = model(padded[part]).squeeze(-1).masked_fill(~mask[part], -1e9)
            spread = scores.log_softmax(1).masked_fill(~right[part], -1e9)
            loss = -(spread.logsumexp(1) * weighs[part]).sum() / weighs[part].sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            plan.step()
    found = model.weight.detach().double().numpy()[0] / scale
    return Weighing(found, float(-found @ mean), mean)


def _table(ranker: Weighing, asked: list[Asked]) -> tuple[NDArray[np.float64], list[bool]]:
    """Return a row a question; one whose answer is there but not first is left out."""
    kept = [a for a in asked if a.candidates and (not a.there or _first(ranker, a))]
    return np.stack([_row(ranker, a) for a in kept]), [a.there for a in kept]


def _fit(rows: NDArray[np.float64], there: list[bool], penalty: float) -> Weighing:
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression(C=penalty, class_weight="balanced", max_iter=4000)
    model.fit(scaler.transform(rows), there)
    weights = model.coef_[0] / scaler.scale_
    return Weighing(
        weights, float(model.intercept_[0] - weights @ scaler.mean_), np.asarray(scaler.mean_)
    )


def _row(ranker: Weighing, asked: Asked) -> NDArray[np.float64]:
    return decision_row(rank(asked.candidates, ranker), asked.terms)


def _first(ranker: Weighing, asked: Asked) -> bool:
    if not asked.right.any():
        return False
    scores = ranker(np.stack([c.features for c in asked.candidates]))
    return bool(asked.right[int(scores.argmax())])


if __name__ == "__main__":
    main()
