"""Press conferences written for training, with questions: fictional, and the project's own.

A quarter of the questions has no answer there, though something near is said; many share hardly a
word with what answers them. Conferences that `train.readings.is_held` keeps from the reader teach
the weighings, which use it.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.cases import Case
from index.encoder import Encoder, open_encoder
from index.read import read_seed
from index.records import Passage, Span, Transcript
from index.store import Index, build, expect
from index.words import fold
from qa.question import Question, Understanding
from qa.retrieve import retrieve
from qa.sites import Sites
from train.readings import Reading, is_held

FOLDER = Path(__file__).with_name("conferences")
NEAR = 20


@dataclass(frozen=True, slots=True)
class Conference:
    """A transcript, what is asked about it, and the other editions of the same event."""

    transcript: Transcript
    cases: tuple[Case, ...]
    others: tuple[Transcript, ...] = ()

    @property
    def indexed(self) -> list[Transcript]:
        """What its questions are asked of."""
        return [self.transcript, *self.others]


def read_conferences(held: bool) -> Iterator[Conference]:
    """Yield the conferences that the reader learns from, or those that are held from it."""
    read = {path: read_seed(path) for path in sorted(FOLDER.glob("*.txt"))}
    for path, transcript in read.items():
        if is_held(transcript.text) == held:
            lines = path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
            cases = [_case(f"{path.stem}-{n:03}", line) for n, line in enumerate(lines)]
            cases = [said for case in cases if (said := _as_said(case, transcript))]
            others = [t for p, t in read.items() if p != path and _event(p) == _event(path)]
            yield Conference(transcript, tuple(cases), tuple(others))


def _event(path: Path) -> str:
    """Return a file's name without its year: what the editions of one event share."""
    return path.stem.partition("-")[2]


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


def _as_said(case: Case, transcript: Transcript) -> Case | None:
    """Return the case with answers as they are quoted, without labels; None if one is a label."""
    whole = [_said(wanted, transcript) for wanted in case.must_all]
    some = tuple(said for wanted in case.answers if (said := _said(wanted, transcript)))
    if not all(whole) or (case.answers and not some):
        return None
    return replace(case, answers=some, must_all=tuple(whole))


def _said(wanted: str, transcript: Transcript) -> str:
    """Return what of the words stands in one turn: `张三：有的。` is quoted as 有的."""
    at = transcript.text.find(wanted)
    if at < 0:
        return wanted
    place = Span(at, at + len(wanted))
    turns = [t.span for t in transcript.turns if t.span.overlaps(place)]
    if not turns:
        return ""
    return Span(max(at, turns[-1].start), min(place.end, turns[-1].end)).of(transcript.text)


def genre_readings(held: bool) -> Iterator[list[Reading]]:
    """Yield for each conference what its passages say to each question.

    Those that answer come first, then the nearest that do not.
    """
    encoder = open_encoder(None)
    for conference in read_conferences(held):
        with tempfile.TemporaryDirectory() as folder:
            index = build(conference.indexed, encoder, Path(folder), expect(encoder, {}))
            yield list(_readings(conference, index, encoder))


def _readings(conference: Conference, index: Index, encoder: Encoder) -> Iterator[Reading]:
    sites, understanding = Sites(index), Understanding(conference.indexed, encoder)
    for case in conference.cases:
        question = understanding.read(case.question, case.history)
        if not isinstance(question, Question):
            continue
        wanted = [fold(w) for w in (*case.answers, *case.must_all)]
        holding = [p for p in index.passages if any(w in fold(p.text) for w in wanted)]
        right = [p for p in holding if p.document_id == conference.transcript.id]
        near = [h.passage for h in retrieve(index, question.search, NEAR)]
        for passage in right[:2]:
            yield _reading(question, sites, passage, wanted)
        for passage in near:
            if passage not in holding:
                yield _reading(question, sites, passage, [])


def _reading(question: Question, sites: Sites, passage: Passage, wanted: Sequence[str]) -> Reading:
    text = sites.text(passage)
    window = "".join(map(fold, text.pieces))
    found = next((w for w in wanted if w in window), None)
    at = (window.index(found), window.index(found) + len(found)) if found else None
    return Reading(question.whole, window, at, text.context, bool(wanted))
