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


Points = tuple[tuple[int, float], ...]
_LEAST = 0.01


@dataclass(frozen=True, slots=True)
class Text:
    """What is read: `pieces` make the passage, in order; `context` says who speaks and on what."""

    context: str
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer begins: the chance of each piece, and its `points`.

    Those are offsets in the piece, in folded characters, each with its chance. `answers` are the
    log-odds that it is an answer, now that the place is known.
    """

    answers: float
    begins: tuple[float, ...]
    points: tuple[Points, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """The log-odds at first sight that a text answers, and the question as read with it."""

    answers: float
    read: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Page:
    """A text in tokens: from `opening` on one a place in `offsets`, of the joined folded pieces."""

    tokens: list[int]
    opening: int
    offsets: list[tuple[int, int]]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What a text is alone: (tokens, width) in half precision.

    From the token `opening` on, `homes` are the pieces that the tokens begin in and `places` where
    in them, in folded characters.
    """

    states: NDArray[np.float16]
    opening: int
    homes: NDArray[np.int64]
    places: NDArray[np.int64]
    pieces: int


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What a question is alone: (1, tokens, width)."""

    states: NDArray[np.float32]


class Reader:
    """Reads with the model in `folder`. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._alone = _session(folder / "alone.onnx")
        self._decide = _session(folder / "decide.onnx")
        self._locate = _session(folder / "locate.onnx")
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
        bounds = np.cumsum([0, *(len(fold(piece)) for piece in text.pieces)])
        starts = np.array([start for start, _ in told.offsets], dtype=np.int64)
        homes = np.searchsorted(bounds[1:], starts, side="right").clip(max=len(text.pieces) - 1)
        places = starts - bounds[homes]
        return Known(states.astype(np.float16), told.opening, homes, places, len(text.pieces))

    def judge(self, asked: Asked, known: Known) -> Judged:
        """Read a question and a text together: does it answer?"""
        answers, read = self._decide.run(["answers", "read"], _together(asked, known))
        return Judged(float(answers[0]), read)

    def locate(self, asked: Asked, known: Known, judged: Judged) -> Place:
        """Tell where in a text the answer would begin, and whether it answers after all."""
        answers = np.array([judged.answers], np.float32)
        given = _together(asked, known) | {"read": judged.read, "answers": answers}
        again, begins = self._locate.run(["again", "begins"], given)
        return _place(float(again[0]), begins[0], known)


def _together(asked: Asked, known: Known) -> dict[str, NDArray[np.float32]]:
    return {"asked": asked.states, "window": known.states[None].astype(np.float32)}


def question_tokens(tokenizer: Tokenizer, question: str) -> list[int]:
    """Return a question in tokens, folded; of a long one the end, where it is mostly put."""
    tokens = _encode(tokenizer, _ASKS + fold(question)).ids
    if len(tokens) > LONGEST_QUESTION:
        opening = len(_encode(tokenizer, _ASKS).ids)
        tokens = tokens[:opening] + tokens[opening - LONGEST_QUESTION :]
    return [_BEGIN, *tokens, _END]


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


def _place(answers: float, scores: NDArray[np.float32], known: Known) -> Place:
    inside = scores[known.opening : known.opening + len(known.homes)]
    if not len(inside):
        return Place(answers, (0.0,) * known.pieces, ((),) * known.pieces)
    weights = np.exp(inside - inside.max())
    chances = weights / weights.sum()
    points: list[list[tuple[int, float]]] = [[] for _ in range(known.pieces)]
    for n in np.flatnonzero(chances > _LEAST):
        points[known.homes[n]].append((int(known.places[n]), float(chances[n])))
    begins = np.bincount(known.homes, chances, known.pieces)
    return Place(answers, tuple(float(share) for share in begins), tuple(map(tuple, points)))


@cache
def reader() -> Reader:
    """The bundled reader, loaded once."""
    return Reader(FOLDER)
