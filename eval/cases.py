"""Cases: questions with what a right answer must show."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.errors import SourceError

FOLDER = Path(__file__).resolve().parent / "cases"
SEEDS = {
    "battery-conference": Path(__file__).resolve().parent.parent / "seeds",
    "other-conferences": Path(__file__).resolve().parent / "seeds",
    "later-conferences": Path(__file__).resolve().parent / "later",
    "battery-newcomers": Path(__file__).resolve().parent.parent / "seeds",
    "fresh-conferences": Path(__file__).resolve().parent / "fresh",
    "unseen-conferences": Path(__file__).resolve().parent / "unseen",
    "battery-examiners": Path(__file__).resolve().parent.parent / "seeds",
}
_LATER = ("unseen-conferences", "battery-examiners")
GATED = tuple(name for name in SEEDS if name not in _LATER)
"""The sets that the bounds of `gates.toml` were taken on; what came later is only reported."""
Split = Literal["dev", "test"]


@dataclass(frozen=True, slots=True)
class Case:
    """One question. Every string of `answers`, `must_all` and `evidence` is verbatim.

    Right is an answer that shows one of `answers` (where there are any), all of `must_all`, and
    quotes `speaker` (where one is named). `evidence` holds the whole sentences they stand in.
    """

    id: str
    question: str
    history: tuple[str, ...]
    answerable: bool
    answers: tuple[str, ...]
    must_all: tuple[str, ...]
    evidence: tuple[str, ...]
    speaker: str | None
    category: str
    split: Split


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a JSON-lines file. Raises SourceError where a line is not a case."""
    cases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            item = json.loads(line)
            lists = ("history", "answers", "must_all", "evidence")
            cases.append(Case(**item | {name: tuple(item[name]) for name in lists}))
        except (ValueError, KeyError, TypeError) as error:
            raise SourceError(f"{path}:{number}: not a case: {error}") from error
    return cases
