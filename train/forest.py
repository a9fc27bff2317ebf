"""Grows the trees that `qa.forest` reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from qa.forest import Forest

_PENALTY, _SEEN = 5.0, 0.3


@dataclass(frozen=True, slots=True)
class Growth:
    """How many trees are grown, how fast, with how many leaves, of how many rows at least each."""

    trees: int
    rate: float
    leaves: int
    least: int
    deepest: int | None


def grow(
    rows: NDArray[np.float64],
    right: NDArray[np.bool_],
    counts: NDArray[np.float64],
    growth: Growth,
    seed: int,
) -> Forest:
    """Fit boosted trees to tell the rows that are `right`, each row counting so often."""
    model = HistGradientBoostingClassifier(
        max_iter=growth.trees,
        learning_rate=growth.rate,
        max_leaf_nodes=growth.leaves,
        min_samples_leaf=growth.least,
        max_depth=growth.deepest,
        l2_regularization=_PENALTY,
        max_features=_SEEN,
        class_weight="balanced",
        early_stopping=False,
        random_state=seed,
    ).fit(rows, right, sample_weight=counts)
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


def level(width: int) -> Forest:
    """Return one that tells no rows of this width apart: what it orders stays as it was."""
    root, none = np.zeros((1, 1), dtype=np.int16), np.zeros((1, 1))
    return Forest(root, none, root, root, none, 0, 0.0, np.zeros(width))
