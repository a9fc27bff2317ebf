"""Questions with their candidates and which of them are right: open data, and the suite's own."""

from __future__ import annotations

import json
import lzma
import random
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from eval.cases import FOLDER, SEEDS, Case, read_cases
from eval.metrics import find_answers, is_right
from index.encoder import Encoder, open_encoder
from index.passages import PassageSettings
from index.read import read_seeds
from index.records import Source, Span, Transcript, Turn
from index.store import Index, build, expect
from index.words import dictionary, fold
from qa.engine import Engine, Weighed
from qa.evidence import Candidate, read_passages, weigh
from qa.forest import Forest
from qa.highlight import MARKS, mark_rows, places
from qa.judge import Weighing, close_ones, order, order_rows, rank
from qa.late import late
from qa.question import Question, Understanding
from qa.reader import Asked as Put
from qa.reader import reader
from qa.retrieve import find
from qa.select import choose
from qa.sites import Sites
from train.draw import draw
from train.genre import read_conferences
from train.readings import is_held

SEED = 20240825
PASSAGES = 10
READER = 2000
CLOZE = 600
REWORDED = 0.3
KEYWORDS = 0.1
WITHHELD = 0.5
FOLDS = 5
Given, Found = TypeVar("Given"), TypeVar("Found")
_NEIGHBOURS = 6
_HELD_PER_CENT = 15


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's candidates; `right` flags those that hold the answer, none when withheld.

    `held` questions are not trained on.
    """

    index: Index
    sites: Sites
    question: Question
    put: Put
    candidates: list[Candidate]
    right: NDArray[np.bool_]
    there: bool
    held: bool

    def read(self, by: Weighing) -> Asked:
        """Return it with the readings of the passages that a weighing puts first."""
        right = {
            (c.document_id, c.span): r for c, r in zip(self.candidates, self.right, strict=True)
        }
        ranked = rank(self.candidates, by)
        known = read_passages(self.index, self.sites, self.put, ranked)
        flags = np.array([right[c.document_id, c.span] for c in known], dtype=bool)
        return replace(self, candidates=known, right=flags)


def ask_open(data: Path) -> list[Asked]:
    """Ask the open reader data of an index of its own paragraphs, half of them left out."""
    with tempfile.TemporaryDirectory() as folder:
        return _ask_all(_items(data), Path(folder))


def ask_spoken() -> list[Asked]:
    """Ask the spoken questions of their transcripts; a fifth of them counts as held."""
    asked = []
    for transcripts, cases in _spoken():
        index = _index(transcripts)
        sites, understanding = Sites(index), Understanding(transcripts, index.encoder)
        for case in cases:
            question = understanding.read(case.question, case.history)
            if isinstance(question, Question):
                asked.append(_ask_case(index, sites, question, case))
    return asked


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the engine weighed of questions about some transcripts, before their last order.

    `fold` is the same for all questions about the same transcripts.
    """

    transcripts: list[Transcript]
    asked: list[tuple[Case, Weighed]]

    @property
    def fold(self) -> int:
        """The share of FOLDS that its transcripts belong to."""
        return draw(min(t.id for t in self.transcripts)) % FOLDS


@dataclass(frozen=True, slots=True)
class Listed:
    """A question's closest candidates: a row of `qa.judge.ORDER` each, and which are right."""

    rows: NDArray[np.float64]
    right: NDArray[np.bool_]
    fold: int


@dataclass(frozen=True, slots=True)
class Decided:
    """What the engine would decide a question from, and if it has an answer (`there`).

    `marks` has a row of `qa.highlight.MARKS` for each place of the first quote that may be marked,
    `marked` flags those in the answer; both are empty where no answer stands there.
    """

    row: NDArray[np.float64]
    there: bool
    fold: int
    marks: NDArray[np.float64]
    marked: NDArray[np.bool_]


def weigh_spoken() -> list[Spoken]:
    """Ask the engine the spoken questions, each of its transcripts, in several processes."""
    return _of_each(_weigh, _spoken())


def list_spoken(spoken: Sequence[Spoken]) -> list[Listed]:
    """Return the questions that have an answer, in the order that is to be bettered."""
    return [one for of in spoken for one in _list(of)]


def decide_spoken(spoken: Sequence[Spoken], by: Sequence[Forest]) -> list[Decided]:
    """Return what is decided from where the forests put in order what they never saw.

    A question whose answer is there, but would not be shown, teaches nothing about deciding.
    """
    return [one for of in _of_each(partial(_decide, by), spoken) for one in of]


def _of_each(ask: Callable[[Given], Found], given: Iterable[Given]) -> list[Found]:
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        return list(pool.map(ask, given))


def _weigh(of: tuple[list[Transcript], list[Case]]) -> Spoken:
    transcripts, cases = of
    engine = Engine(_index(transcripts))
    weighed = [(case, engine.deliberate(case.question, case.history, by=list)) for case in cases]
    return Spoken(transcripts, [(case, w) for case, w in weighed if w and w.ranked])


def _list(spoken: Spoken) -> Iterator[Listed]:
    transcripts = {t.id: t for t in spoken.transcripts}
    for case, weighed in spoken.asked:
        close = close_ones(weighed.ranked) if case.answerable else []
        right = _right(transcripts, close, case)
        if right.any():
            yield Listed(order_rows(close), right, spoken.fold)


def _decide(by: Sequence[Forest], spoken: Spoken) -> list[Decided]:
    engine, found, fold = Engine(_index(spoken.transcripts)), [], spoken.fold
    for case, weighed in spoken.asked:
        ordered = replace(weighed, ranked=order(weighed.ranked, by[fold]))
        if not case.answerable or is_right(case, engine.quote(ordered)):
            marks = _marks(engine, ordered, case)
            found.append(Decided(ordered.row, case.answerable, fold, *marks))
    return found


def _index(transcripts: list[Transcript]) -> Index:
    model = open_encoder(None)
    with tempfile.TemporaryDirectory() as folder:
        return build(transcripts, model, Path(folder), expect(model, {}))


def _right(
    transcripts: Mapping[str, Transcript], candidates: Sequence[Candidate], case: Case
) -> NDArray[np.bool_]:
    """Return which candidates hold an answer of the case."""
    texts = [fold(c.span.of(transcripts[c.document_id].text)) for c in candidates]
    wanted = [fold(w) for w in case.answers or case.must_all]
    return np.array([any(w in text for w in wanted) for text in texts], dtype=bool)


def _marks(
    engine: Engine, weighed: Weighed, case: Case
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    first = choose(weighed.ranked, weighed.question, engine.transcripts)[0]
    text = first.span.of(engine.transcripts[first.document_id].text)
    answers = find_answers(case, text)
    found = places(weighed.question, text) if answers else []
    if not found:
        return np.empty((0, len(MARKS))), np.empty(0, dtype=bool)
    marked = [any(Span(*place).overlaps(a) for a in answers) for place in found]
    return mark_rows(weighed.question, text, found, first.points), np.array(marked)


def _spoken() -> Iterator[tuple[list[Transcript], list[Case]]]:
    """Yield the suite's transcripts with their dev cases, and conferences held from the reader."""
    for name, seeds in SEEDS.items():
        dev = [c for c in read_cases(FOLDER / f"{name}.jsonl") if c.split == "dev"]
        if dev:
            yield read_seeds(seeds), dev
    for conference in read_conferences(held=True):
        yield conference.indexed, list(conference.cases)


def _ask_case(index: Index, sites: Sites, question: Question, case: Case) -> Asked:
    put = reader().ask(question.whole)
    candidates = [
        c
        for c in _gather(index, sites, question, put)
        if index.transcripts[c.document_id].turns[c.turn].kind != "question"
    ]
    right = _right(index.transcripts, candidates, case)
    held = draw(case.id) < 20
    return Asked(index, sites, question, put, candidates, right, case.answerable, held)


def _gather(index: Index, sites: Sites, question: Question, put: Put) -> list[Candidate]:
    found = find(index, sites, question.search, late().seek(put))
    return weigh(index, sites, question, found[:PASSAGES])


def _items(data: Path) -> list[dict[str, object]]:
    """Return questions about texts that the reader has not learnt from."""
    found = []
    for name, most in (("reader", READER), ("cloze", CLOZE)):
        with lzma.open(data / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
            items = [i for line in lines if is_held((i := json.loads(line))["context"])]
        found += random.Random(SEED).sample(items, min(most, len(items)))
    return found


def _ask_all(items: list[dict[str, object]], folder: Path) -> list[Asked]:
    contexts = sorted({str(i["context"]) for i in items})
    gone = set(random.Random(SEED).sample(contexts, round(WITHHELD * len(contexts))))
    kept = {c: str(n) for n, c in enumerate(contexts) if c not in gone}
    transcripts = [_transcript(name, text) for text, name in kept.items()]
    model = open_encoder(None)
    index = build(transcripts, model, folder, expect(model, {}, PassageSettings()))
    sites, understanding = Sites(index), Understanding(transcripts[:1], model)
    reword = _Synonyms(model)
    chance = random.Random(SEED)
    asked = []
    for item in items:
        text = str(item["question"])
        drawn = chance.random()
        if drawn < REWORDED:
            text = reword(text, chance)
        elif drawn < REWORDED + KEYWORDS:
            text = _keywords(text, understanding)
        question = understanding.read(text)
        if isinstance(question, Question):
            if len(asked) % 1000 == 0:
                print(f"{len(asked)}/{len(items)}", flush=True)
            one = _ask(index, sites, question, item, kept.get(str(item["context"])))
            asked += [one, _near_miss(one)] if one.right.any() else [one]
    return asked


def _keywords(text: str, understanding: Understanding) -> str:
    """Return what a question asks about, as somebody types who only types words."""
    question = understanding.read(text)
    terms = question.terms if isinstance(question, Question) else ()
    words = [
        t.forms[0] for t in terms if not any(t.forms[0] in o.forms[0] for o in terms if o != t)
    ]
    return " ".join(words) or text


class _Synonyms:
    """Says a question in other words: some of its words give way to near ones of the encoder."""

    def __init__(self, encoder: Encoder) -> None:
        self._jieba = dictionary()
        common = sorted(self._jieba.FREQ, key=lambda w: -self._jieba.FREQ[w])
        self._words = [w for w in common if len(w) > 1 and not w.isascii()][:30_000]
        self._encoder = encoder
        self._rows = encoder.encode_passages(self._words)

    def __call__(self, text: str, chance: random.Random) -> str:
        said = []
        for word in self._jieba.cut(text):
            if len(word) > 1 and word in self._jieba.FREQ and chance.random() < 0.6:
                near = self._rows @ self._encoder.encode_passages([word])[0]
                nearest = [self._words[i] for i in np.argsort(-near)[:_NEIGHBOURS]]
                word = chance.choice([w for w in nearest if w != word])
            said.append(word)
        return "".join(said)


def _near_miss(asked: Asked) -> Asked:
    """The same question with the passages that hold the answer taken away."""
    right = [c for c, right in zip(asked.candidates, asked.right, strict=True) if right]
    passages = asked.index.passages
    left = [
        c
        for c in asked.candidates
        if not any(
            c.document_id == r.document_id and passages[c.passage].span.overlaps(r.span)
            for r in right
        )
    ]
    return replace(asked, candidates=left, right=np.zeros(len(left), dtype=bool), there=False)


def _ask(
    index: Index, sites: Sites, question: Question, item: dict[str, object], home: str | None
) -> Asked:
    put = reader().ask(question.whole)
    candidates = _gather(index, sites, question, put)
    start = int(str(item["start"]))
    answer = Span(start, start + len(str(item["answer"])))
    right = np.array(
        [c.document_id == home and c.span.contains(answer) for c in candidates], dtype=bool
    )
    return Asked(
        index,
        sites,
        question,
        put,
        candidates,
        right,
        home is not None,
        draw(str(item["context"])) < _HELD_PER_CENT,
    )


def _transcript(name: str, text: str) -> Transcript:
    turn = Turn(Span(0, len(text)), "statement", None)
    return Transcript(Source(name, name), text, text, (), (), (turn,))
