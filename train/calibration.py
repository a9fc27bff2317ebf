"""Fit the last step of the decision on the suite's dev split: `python -m train.calibration OUT`.

The decider of `train/evidence.py` learns from encyclopaedia and news, where a question without an
answer is far from every paragraph; at a press conference it is near. A logistic regression over
the decider's log-odds and its inputs closes that gap. The test split is never read here.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from eval.cases import FOLDER, SEEDS, read_cases
from eval.metrics import auroc, is_right
from qa.engine import open_or_build
from qa.judge import decider

PENALTY = 0.1


def main() -> None:
    """Ask the dev cases, fit, write, print the cross-validated AUROC."""
    rows, answered = [], []
    for name, seeds in SEEDS.items():
        with tempfile.TemporaryDirectory() as folder:
            engine = open_or_build(Path(folder), seeds)
            for case in read_cases(FOLDER / f"{name}.jsonl"):
                if case.split != "dev":
                    continue
                weighed = engine.deliberate(case.question, case.history)
                if weighed is None or not weighed.ranked:
                    continue
                answer = engine.quote(weighed)
                if not case.answerable or is_right(case, answer):
                    rows.append(weighed.row)
                    answered.append(case.answerable)
    table = np.stack(rows)
    table = np.column_stack([decider()(table), table])
    model = make_pipeline(
        StandardScaler(), LogisticRegression(C=PENALTY, class_weight="balanced", max_iter=3000)
    )
    folds = cross_val_predict(model, table, answered, cv=10, method="predict_proba")[:, 1]
    print(f"{len(rows)} dev cases, AUROC by tenfold cross-validation {auroc(answered, folds):.3f}")
    scaler, fitted = model.fit(table, answered)
    weights = fitted.coef_[0] / scaler.scale_
    offset = float(fitted.intercept_[0] - weights @ scaler.mean_)
    np.savez(Path(sys.argv[1]) / "calibration.npz", weights=weights, offset=offset)


if __name__ == "__main__":
    main()
