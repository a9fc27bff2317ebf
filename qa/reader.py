"""The reader: a small transformer that reads a question and a passage, alone and then together.

It tells whether the passage answers, and where the answer begins; it never writes a word. What a
passage is alone is computed once, whoever asks. `models/zaowen-reader/README.md` says what it
learnt from.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.words import fold

FOLDER = Path(__file__).resolve().parent.parent / "models" / "zaowen-reader"
LONGEST_QUESTION, LONGEST_TEXT, LONGEST_CONTEXT = 56, 176, 48
_BEGIN, _END = 0, 2
_ASKS, _TELLS = "query: ", "passage: "


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


@dataclass(frozen=True, slots=True)
class Page:
    """A text in tokens: from `opening` on one a place in `offsets`, of the joined folded pieces."""

    tokens: list[int]
    opening: int
    offsets: list[tuple[int, int]]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What a text is alone: (tokens, width) in half precision, and the piece of each place."""

    states: NDArray[np.float16]
    opening: int
    homes: NDArray[np.int64]
    pieces: int


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What a question is alone: (1, tokens, width)."""

    states: NDArray[np.float32]


class Reader:
    """Reads with the model in `folder`. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._alone = _session(folder / "alone.onnx")
        self._together = _session(folder / "together.onnx")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def ask(self, question: str) -> Asked:
        """Return what a question is alone; it is folded here."""
        tokens = question_tokens(self._tokenizer, question)
        return Asked(self._alone.run(["states"], {"tokens": np.array([tokens], np.int64)})[0])

    def know(self, text: Text) -> Known:
        """Return what a text is alone; it is folded here, and what lies beyond the limit cut."""
        told = page(self._tokenizer, text)
        tokens = np.array([told.tokens], np.int64)
        states = self._alone.run(["states"], {"tokens": tokens})[0][0]
        bounds = np.cumsum([len(fold(piece)) for piece in text.pieces])
        starts = [start for start, _ in told.offsets]
        homes = np.searchsorted(bounds, starts, side="right").clip(max=len(text.pieces) - 1)
        return Known(states.astype(np.float16), told.opening, homes, len(text.pieces))

    def read(self, asked: Asked, known: Known) -> Reading:
        """Read a question and a text together."""
        given = {"asked": asked.states, "window": known.states[None].astype(np.float32)}
        answers, begins = self._together.run(["answers", "begins"], given)
        return Reading(float(answers[0]), _shares(begins[0], known))


def question_tokens(tokenizer: Tokenizer, question: str) -> list[int]:
    """Return a question in tokens, folded and cut."""
    tokens = _encode(tokenizer, _ASKS + fold(question)).ids
    return [_BEGIN, *tokens[:LONGEST_QUESTION], _END]


def page(tokenizer: Tokenizer, text: Text) -> Page:
    """Return a text in tokens: its context, then its pieces, folded and cut."""
    opening = _TELLS + (fold(text.context) + ":" if text.context else "")
    before = [_BEGIN, *_encode(tokenizer, opening).ids[:LONGEST_CONTEXT]]
    told = _encode(tokenizer, "".join(map(fold, text.pieces)))
    space = LONGEST_TEXT - len(before) - 1
    return Page([*before, *told.ids[:space], _END], len(before), told.offsets[:space])


def _encode(tokenizer: Tokenizer, text: str) -> Encoding:
    return tokenizer.encode(text, add_special_tokens=False)


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _shares(scores: NDArray[np.float32], known: Known) -> tuple[float, ...]:
    inside = scores[known.opening : known.opening + len(known.homes)]
    if not len(inside):
        return (0.0,) * known.pieces
    weights = np.exp(inside - inside.max())
    shares = np.bincount(known.homes, weights / weights.sum(), known.pieces)
    return tuple(float(share) for share in shares)


@cache
def reader() -> Reader:
    """The bundled reader, loaded once."""
    return Reader(FOLDER)
