"""Late interaction: each token of a question looks for what in a passage comes nearest to it.

After Khattab and Zaharia (2020), over the states of the reader, known before anything is asked;
`train/late.py` learns the projection.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.reader import FOLDER, Asked, Known

FILE = FOLDER / "late.npz"
Matrix = NDArray[np.float32]
_STEPS = 127


@dataclass(frozen=True, slots=True, eq=False)
class Sought:
    """A question's tokens: unit rows (tokens, width), and what each counts, together 1."""

    rows: Matrix
    weights: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """A passage's tokens: unit rows in steps of 1/127; piece n of its text begins at `starts[n]`.

    `there` tells which pieces have a token: what lies beyond the reader's limit has none.
    """

    rows: NDArray[np.int8]
    starts: NDArray[np.int64]
    there: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Met:
    """How near a passage and each of its pieces come to a question, -1 to 1."""

    whole: float
    pieces: tuple[float, ...]


class Late:
    """The learned projections of questions and passages, and what a question's token counts."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as arrays:
            self._asks, self._tells = arrays["asks"], arrays["tells"]
            self._counts = arrays["counts"]

    def seek(self, asked: Asked) -> Sought:
        """Return what a question looks for."""
        states = _with_one(asked.states[0])
        counts = np.exp(states @ self._counts)
        return Sought(_unit(states @ self._asks), counts / counts.sum())

    def trace(self, known: Known) -> Trace:
        """Return what may be found in a passage."""
        rows = _unit(_with_one(known.states.astype(np.float32)) @ self._tells)
        bounds = np.searchsorted(known.homes, np.arange(known.pieces + 1)) + known.opening
        last = max(len(rows) - 1, 0)
        steps = np.rint(rows * _STEPS).astype(np.int8)
        return Trace(steps, bounds[:-1].clip(max=last), bounds[1:] > bounds[:-1])


def meet(sought: Sought, trace: Trace) -> Met:
    """Return how near a passage comes: for each token of the question its nearest, weighed."""
    near = sought.rows @ trace.rows.T.astype(np.float32) / np.float32(_STEPS)
    pieces = sought.weights @ np.maximum.reduceat(near, trace.starts, axis=1)
    pieces = np.where(trace.there, pieces, pieces.min())
    return Met(float(sought.weights @ near.max(axis=1)), tuple(float(p) for p in pieces))


def _with_one(states: Matrix) -> Matrix:
    return np.column_stack([states, np.ones(len(states), dtype=np.float32)])


def _unit(rows: Matrix) -> Matrix:
    found: Matrix = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return found


@cache
def late() -> Late:
    """The bundled projections, loaded once."""
    return Late(FILE)
