"""The reader: a small transformer that reads a question and a passage together.

It tells whether the passage answers, and where the answer begins; it never writes a word.
`models/zaowen-reader/README.md` says what it learnt from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.words import fold

FOLDER = Path(__file__).resolve().parent.parent / "models" / "zaowen-reader"
_BEGIN, _END = 0, 2
_LONGEST, _LONGEST_QUESTION, _LONGEST_CONTEXT = 192, 64, 48


@dataclass(frozen=True, slots=True)
class Text:
    """What is read: `pieces` make the passage, in order; `context` says who speaks and on what."""

    context: str
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The log-odds that a text answers, and the chance that the answer begins in each piece."""

    answers: float
    begins: tuple[float, ...]


class Reader:
    """Reads with the model in `folder`. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.enable_cpu_mem_arena = False
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            folder / "model.onnx", options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def read(self, question: str, text: Text) -> Reading:
        """Read one text; both are folded here.

        Several texts in one batch take longer than one after the other.
        """
        page = self._page(self._encode(fold(question)).ids[:_LONGEST_QUESTION], text)
        tokens = np.array([page.tokens], dtype=np.int64)
        answers, ends = self._session.run(None, {"tokens": tokens})
        return Reading(float(answers[0]), _shares(ends[0, :, 0], page))

    def _page(self, asked: Sequence[int], text: Text) -> _Page:
        pieces = [fold(piece) for piece in text.pieces]
        context = self._encode(fold(text.context) + ":").ids if text.context else []
        told = self._encode("".join(pieces))
        opening = [_BEGIN, *asked, _END, _END, *context[:_LONGEST_CONTEXT]]
        tokens = [*opening, *told.ids, _END][:_LONGEST]
        bounds = np.cumsum([len(piece) for piece in pieces])
        starts = [start for start, _ in told.offsets][: len(tokens) - len(opening) - 1]
        homes = np.searchsorted(bounds, starts, side="right").clip(max=len(pieces) - 1)
        return _Page(tokens, len(opening), homes, len(pieces))

    def _encode(self, text: str) -> Encoding:
        return self._tokenizer.encode(text, add_special_tokens=False)


@dataclass(frozen=True, slots=True)
class _Page:
    """A text in tokens: those from `opening` on belong to the pieces numbered by `homes`."""

    tokens: list[int]
    opening: int
    homes: NDArray[np.int64]
    pieces: int


def _shares(scores: NDArray[np.float32], page: _Page) -> tuple[float, ...]:
    inside = scores[page.opening : page.opening + len(page.homes)]
    if not len(inside):
        return (0.0,) * page.pieces
    weights = np.exp(inside - inside.max())
    shares = np.bincount(page.homes, weights / weights.sum(), page.pieces)
    return tuple(float(share) for share in shares)


@cache
def reader() -> Reader:
    """The bundled reader, loaded once."""
    return Reader(FOLDER)
