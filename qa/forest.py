"""Boosted trees (Friedman, 2001), grown elsewhere and read here with numpy alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Forest:
    """Trees in tables of (trees, nodes), node 0 the root; the sum of their values is the log-odds.

    At a node the value of `features` is compared with `bounds`: up to it one goes `left`, else
    `right`. A leaf leads to itself. `deepest` is how many steps the longest way takes, `typical` a
    row that is typical of training.
    """

    features: NDArray[np.int16]
    bounds: NDArray[np.float64]
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    values: NDArray[np.float64]
    deepest: int
    offset: float
    typical: NDArray[np.float64]

    def __call__(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return one number for each row, or for the one row given."""
        table, trees = np.atleast_2d(rows), np.arange(len(self.features))
        lines = np.arange(len(table))[:, None]
        at = np.zeros((len(table), len(trees)), dtype=np.int16)
        for _ in range(self.deepest):
            under = table[lines, self.features[trees, at]] <= self.bounds[trees, at]
            at = np.where(under, self.left[trees, at], self.right[trees, at])
        result: NDArray[np.float64] = self.values[trees, at].sum(axis=1) + self.offset
        return result if np.ndim(rows) > 1 else result[0]

    @classmethod
    def load(cls, path: Path) -> Forest:
        """Read an .npz file."""
        with np.load(path) as of:
            return cls(
                of["features"],
                of["bounds"],
                of["left"],
                of["right"],
                of["values"],
                int(of["deepest"]),
                float(of["offset"]),
                of["typical"],
            )
