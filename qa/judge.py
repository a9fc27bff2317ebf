"""What is learned: which passages are worth reading, which candidate answers best, whether it does.

A question that a press conference does not answer is near to much that it says; one that a
collection of articles does not answer is far from all: each genre has a decision of its own. For
transcripts the last order and the decision are made by trees, since what speaks for an answer
depends on what is asked; all else is linear. `python -m train.evidence` learns them from open
reading-comprehension data, conferences written for training and the dev split of the suite; its
test split is never read there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qa.evidence import ANSWERS, FEATURES, Candidate
from qa.forest import Forest
from qa.question import Question

Genre = Literal["spoken", "written"]
Ordering = Callable[[Sequence[Candidate]], list[Candidate]]
FOLDER = Path(__file__).resolve().parent.parent / "models" / "zaowen-evidence"
DECISION = (
    *FEATURES, "score", "margin", "share", "best", "bonus", "terms",
    "many", "leans", "english", "checks", "asks",
)  # fmt: skip
_MARGIN_DEPTH = 10
CLOSE = 10
ORDER = (*FEATURES, "score", "bonus", "behind", "place", *(f"{name}_behind" for name in FEATURES))
_MOST_TERMS = 12
_MOST_BONUS = 8.0


@dataclass(frozen=True)
class Weighing:
    """A weight for each feature, an offset, and the values that are typical of training."""

    weights: NDArray[np.float64]
    offset: float
    typical: NDArray[np.float64]

    def __call__(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return one number a row."""
        result: NDArray[np.float64] = rows @ self.weights + self.offset
        return result

    @classmethod
    def load(cls, path: Path) -> Weighing:
        """Read an .npz file."""
        with np.load(path) as arrays:
            return cls(arrays["weights"], float(arrays["offset"]), arrays["typical"])


@cache
def ranker() -> Weighing:
    """What candidates are ordered by before they are read."""
    return Weighing.load(FOLDER / "ranker.npz")


@cache
def reranker() -> Weighing:
    """What candidates are ordered by once the best passages are read."""
    return Weighing.load(FOLDER / "reranker.npz")


@cache
def decider(genre: Genre) -> Weighing | Forest:
    """The log-odds that the best candidate answers, for transcripts or for plain articles."""
    path = FOLDER / f"decider-{genre}.npz"
    return Forest.load(path) if genre == "spoken" else Weighing.load(path)


@cache
def orderer() -> Forest:
    """The log-odds that a candidate answers, beside the others of its question."""
    return Forest.load(FOLDER / "orderer.npz")


@cache
def marker() -> Weighing:
    """What the places of a quote are ordered by, of which one is marked."""
    return Weighing.load(FOLDER / "marker.npz")


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chances that scores give to what they order; together 1."""
    weights = np.exp(scores - scores.max())
    chances: NDArray[np.float64] = weights / weights.sum()
    return chances


def rank(candidates: Sequence[Candidate], by: Weighing) -> list[Candidate]:
    """Return the candidates with their scores, best first."""
    if not candidates:
        return []
    scores = by(np.stack([c.features for c in candidates]))
    scored = [replace(c, score=float(s)) for c, s in zip(candidates, scores, strict=True)]
    return sorted(scored, key=lambda c: -c.score)


def order(ranked: Sequence[Candidate], by: Forest | None = None) -> list[Candidate]:
    """Return the candidates with the best CLOSE of them put in order once more.

    Those that a rule puts first or last stay there. `by` stands for the bundled `orderer`.
    """
    close = close_ones(ranked)
    if not close or (ranked[0].ruled and ranked[0].bonus > 0):
        return list(ranked)
    odds = (by or orderer())(order_rows(close))
    placed = [replace(c, score=float(z) - c.bonus) for c, z in zip(close, odds, strict=True)]
    lowered = min(c.standing for c in placed) - close[-1].standing
    known = {id(c) for c in close}
    rest = [replace(c, score=c.score + lowered) for c in ranked if id(c) not in known]
    return sorted(placed, key=lambda c: -c.standing) + rest


def close_ones(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates whose order is open."""
    return [c for c in ranked if not c.ruled][:CLOSE]


def order_rows(close: Sequence[Candidate]) -> NDArray[np.float64]:
    """Return a row of ORDER for each candidate: what speaks for it, and how far behind the best."""
    features = np.stack([c.features for c in close])
    standing = np.array([c.standing for c in close])
    told = [[c.score for c in close], [c.bonus for c in close], standing - standing.max()]
    places = np.arange(len(close))
    return np.column_stack([features, *told, places, features - features.max(axis=0)])


def probability(ranked: Sequence[Candidate], question: Question, genre: Genre) -> float:
    """Return the calibrated probability that the first candidate answers the question."""
    if not ranked:
        return 0.0
    return float(1 / (1 + np.exp(-decider(genre)(decision_row(ranked, question)))))


def explain(row: NDArray[np.float64], genre: Genre, most: int = 6) -> list[tuple[str, float]]:
    """Return what moves a decision most where it is put back to what is typical, in log-odds."""
    decide = decider(genre)
    less = np.tile(row, (len(row), 1))
    np.fill_diagonal(less, decide.typical)
    moved = decide(row) - decide(less)
    return [(DECISION[n], float(moved[n])) for n in np.argsort(-abs(moved))[:most]]


def decision_row(ranked: Sequence[Candidate], question: Question) -> NDArray[np.float64]:
    """Return the features of the best candidate, how it stands to the next, and what is asked."""
    scores = np.array([c.standing for c in ranked[:_MARGIN_DEPTH]])
    extra = (
        scores[0],
        scores[0] - scores[1] if len(scores) > 1 else 5.0,
        softmax(scores)[0],
        max(c.features[ANSWERS] for c in ranked),
        np.clip(ranked[0].bonus, -_MOST_BONUS, _MOST_BONUS),
        min(len(question.terms), _MOST_TERMS) / 6,
        question.many,
        question.leans,
        question.english,
        question.checks,
        question.asks,
    )
    return np.concatenate([ranked[0].features, np.array(extra, dtype=np.float64)])
