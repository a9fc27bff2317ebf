"""Press conferences written for training, with questions: fictional, and the project's own.

A quarter of the questions has no answer there, though something near is said; many share hardly a
word with what answers them. Conferences that `train.readings.is_held` keeps from the reader teach
the weighings, which use it.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.cases import Case
from index.encoder import Encoder, open_encoder
from index.read import read_seed
from index.records import Passage, Transcript
from index.store import Index, build, expect
from index.words import fold
from qa.question import Question, Understanding
from qa.retrieve import retrieve
from qa.sites import Sites
from train.readings import Reading, is_held

FOLDER = Path(__file__).with_name("conferences")
NEAR = 10
MISSES, MISSES_ABSENT = 4, 5


@dataclass(frozen=True, slots=True)
class Conference:
    """A transcript and what is asked about it."""

    transcript: Transcript
    cases: tuple[Case, ...]


def read_conferences(held: bool) -> Iterator[Conference]:
    """Yield the conferences that the reader learns from, or those that are held from it."""
    for path in sorted(FOLDER.glob("*.txt")):
        transcript = read_seed(path)
        if is_held(transcript.text) == held:
            lines = path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
            cases = [_case(f"{path.stem}-{n:03}", line) for n, line in enumerate(lines)]
            yield Conference(transcript, tuple(cases))


def _case(name: str, line: str) -> Case:
    item = json.loads(line)
    answers, all_of = tuple(item["answers"]), tuple(item["must_all"])
    return Case(
        id=name,
        question=item["question"],
        history=tuple(item["history"]),
        answerable=bool(answers or all_of),
        answers=answers,
        must_all=all_of,
        evidence=(),
        speaker=None,
        category=item["category"],
        split="dev",
    )


def genre_readings(seed: int, held: bool) -> Iterator[Reading]:
    """Yield what the passages say to each question: those that answer, the nearest that do not."""
    chance, encoder = random.Random(seed), open_encoder(None)
    for conference in read_conferences(held):
        with tempfile.TemporaryDirectory() as folder:
            index = build([conference.transcript], encoder, Path(folder), expect(encoder, {}))
            yield from _readings(conference, index, encoder, chance)


def _readings(
    conference: Conference, index: Index, encoder: Encoder, chance: random.Random
) -> Iterator[Reading]:
    sites, understanding = Sites(index), Understanding([conference.transcript], encoder)
    for case in conference.cases:
        question = understanding.read(case.question, case.history)
        if not isinstance(question, Question):
            continue
        wanted = [fold(w) for w in (*case.answers, *case.must_all)]
        right = [p for p in index.passages if any(w in fold(p.text) for w in wanted)]
        near = [h.passage for h in retrieve(index, question.search, NEAR)]
        others = [p for p in near if p not in right]
        for passage in right[:2]:
            yield _reading(question, sites, passage, wanted)
        most = min(len(others), MISSES if case.answerable else MISSES_ABSENT)
        nearest, rest = others[: most // 2], others[most // 2 :]
        for passage in nearest + chance.sample(rest, most - len(nearest)):
            yield _reading(question, sites, passage, [])


def _reading(question: Question, sites: Sites, passage: Passage, wanted: Sequence[str]) -> Reading:
    text = sites.text(passage)
    window = "".join(map(fold, text.pieces))
    found = next((w for w in wanted if w in window), None)
    at = (window.index(found), window.index(found) + len(found)) if found else None
    return Reading(question.whole, window, at, text.context, bool(wanted), found is not None)
