"""Grows the trees that `qa.forest` reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from qa.forest import Forest

_TREES, _RATE, _LEAVES, _LEAST, _PENALTY, _SEEN = 400, 0.03, 12, 25, 5.0, 0.3


def grow(
    rows: NDArray[np.float64], there: NDArray[np.bool_], counts: NDArray[np.float64], seed: int
) -> Forest:
    """Fit boosted trees to tell the rows that are `there`, each row counting so often."""
    model = HistGradientBoostingClassifier(
        max_iter=_TREES,
        learning_rate=_RATE,
        max_leaf_nodes=_LEAVES,
        min_samples_leaf=_LEAST,
        l2_regularization=_PENALTY,
        max_features=_SEEN,
        class_weight="balanced",
        early_stopping=False,
        random_state=seed,
    ).fit(rows, there, sample_weight=counts)
    trees = [of[0].nodes for of in model._predictors]
    nodes = max(len(tree) for tree in trees)

    def table(name: str, kind: type[Any]) -> NDArray[Any]:
        found = np.zeros((len(trees), nodes), dtype=kind)
        for tree, row in zip(trees, found, strict=True):
            row[: len(tree)] = tree[name]
        return found

    leaf, own = table("is_leaf", np.bool_), np.arange(nodes)
    return Forest(
        np.where(leaf, 0, table("feature_idx", np.int16)).astype(np.int16),
        table("num_threshold", np.float64),
        np.where(leaf, own, table("left", np.int16)).astype(np.int16),
        np.where(leaf, own, table("right", np.int16)).astype(np.int16),
        table("value", np.float64),
        max(int(tree["depth"].max()) for tree in trees),
        float(model._baseline_prediction[0, 0]),
        rows.mean(axis=0),
    )
