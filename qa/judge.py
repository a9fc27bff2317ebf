"""The two small learned models: which candidate answers best, and whether it answers at all.

Each is a perceptron with one hidden layer, trained by `python -m train.evidence` on open
reading-comprehension data. The decision is then calibrated by `python -m train.calibration` on the
dev split of the suite, whose test split is never read there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.evidence import FEATURES, Candidate

FOLDER = Path(__file__).resolve().parent.parent / "models" / "zaowen-evidence"
DECISION = (*FEATURES, "score", "margin", "share", "terms")
_MARGIN_DEPTH = 10


@dataclass(frozen=True)
class Perceptron:
    """`tanh` layer and a linear output over standardised features."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    hidden: NDArray[np.float64]
    bias: NDArray[np.float64]
    output: NDArray[np.float64]
    offset: float

    def __call__(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return one number a row."""
        inner = np.tanh((rows - self.mean) / self.scale @ self.hidden + self.bias)
        result: NDArray[np.float64] = inner @ self.output + self.offset
        return result

    @classmethod
    def load(cls, path: Path) -> Perceptron:
        """Read the arrays of an .npz file."""
        with np.load(path) as arrays:
            return cls(
                **{n: arrays[n] for n in arrays.files if n != "offset"},
                offset=float(arrays["offset"]),
            )


@cache
def ranker() -> Perceptron:
    """The model whose output orders candidates."""
    return Perceptron.load(FOLDER / "ranker.npz")


@cache
def decider() -> Perceptron:
    """The model whose output is the log-odds that the best candidate answers."""
    return Perceptron.load(FOLDER / "decider.npz")


def rank(candidates: Sequence[Candidate], model: Perceptron | None = None) -> list[Candidate]:
    """Return the candidates with their scores, best first, by the bundled model or another."""
    if not candidates:
        return []
    scores = (model or ranker())(np.stack([c.features for c in candidates]))
    scored = [replace(c, score=float(s)) for c, s in zip(candidates, scores, strict=True)]
    return sorted(scored, key=lambda c: -c.score)


@cache
def calibration() -> tuple[NDArray[np.float64], float]:
    """Weights over the decider's log-odds and its inputs, and an offset."""
    with np.load(FOLDER / "calibration.npz") as arrays:
        return arrays["weights"], float(arrays["offset"])


def probability(ranked: Sequence[Candidate], terms: int) -> float:
    """Return the calibrated probability that the first candidate answers the question."""
    if not ranked:
        return 0.0
    row = decision_row(ranked, terms)
    weights, offset = calibration()
    signal = float(weights @ np.concatenate([decider()(row[None, :]), row]) + offset)
    return float(1 / (1 + np.exp(-signal)))


def decision_row(ranked: Sequence[Candidate], terms: int) -> NDArray[np.float64]:
    """Return the features of the best candidate and how it stands to the next ones."""
    scores = np.array([c.score for c in ranked[:_MARGIN_DEPTH]])
    shares = np.exp(scores - scores.max())
    margin = scores[0] - scores[1] if len(scores) > 1 else 5.0
    extra = (scores[0], margin, shares[0] / shares.sum(), min(terms, 12) / 6)
    return np.concatenate([ranked[0].features, extra])
