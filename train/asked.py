"""Questions with their candidates and which of them are right: open data, and the suite's own."""

from __future__ import annotations

import json
import lzma
import random
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.cases import FOLDER, SEEDS, Case, read_cases
from index.encoder import Encoder, open_encoder
from index.passages import PassageSettings
from index.read import read_seeds
from index.records import Source, Span, Transcript, Turn
from index.store import Index, build, expect
from index.words import dictionary, fold
from qa.evidence import Candidate, weigh
from qa.question import Question, Understanding
from qa.retrieve import retrieve
from qa.sites import Sites

SEED = 20240825
PASSAGES = 10
READER = 6000
CLOZE = 1500
REWORDED = 0.5
WITHHELD = 0.5
_NEIGHBOURS = 6
_HELD_PER_CENT = 15


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's candidates; `right` flags those that hold the answer, none when withheld.

    `held` questions are not trained on.
    """

    candidates: list[Candidate]
    right: NDArray[np.bool_]
    terms: int
    there: bool
    held: bool


def ask_open(data: Path) -> list[Asked]:
    """Ask the open reader data of an index of its own paragraphs, half of them left out."""
    with tempfile.TemporaryDirectory() as folder:
        return _ask_all(_items(data), Path(folder))


def ask_suite() -> list[Asked]:
    """Ask the dev cases of the suite of their transcripts; a fifth of them counts as held."""
    asked = []
    for name, seeds in SEEDS.items():
        model, transcripts = open_encoder(None), read_seeds(seeds)
        with tempfile.TemporaryDirectory() as folder:
            index = build(transcripts, model, Path(folder), expect(model, {}))
            sites, understanding = Sites(index), Understanding(transcripts, model)
            for case in read_cases(FOLDER / f"{name}.jsonl"):
                question = understanding.read(case.question, case.history)
                if case.split == "dev" and isinstance(question, Question):
                    asked.append(_ask_case(index, sites, question, case))
    return asked


def _ask_case(index: Index, sites: Sites, question: Question, case: Case) -> Asked:
    candidates = [
        c
        for c in weigh(index, sites, question, retrieve(index, question.search, PASSAGES))
        if index.transcripts[c.document_id].turns[c.turn].kind != "question"
    ]
    texts = [fold(c.span.of(index.transcripts[c.document_id].text)) for c in candidates]
    wanted = [fold(w) for w in case.answers or case.must_all]
    right = np.array([any(w in text for w in wanted) for text in texts], dtype=bool)
    return Asked(candidates, right, len(question.terms), case.answerable, _share(case.id) < 20)


def _share(name: str) -> int:
    return int(sha256(name.encode()).hexdigest()[:8], 16) % 100


def _items(data: Path) -> list[dict[str, object]]:
    with lzma.open(data / "reader.jsonl.xz", "rt", encoding="utf-8") as lines:
        items = [json.loads(line) for line in lines]
    with lzma.open(data / "cloze.jsonl.xz", "rt", encoding="utf-8") as lines:
        cloze = [json.loads(line) for line in lines]
    chosen = random.Random(SEED)
    return chosen.sample(items, READER) + chosen.sample(cloze, CLOZE)


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
        if chance.random() < REWORDED:
            text = reword(text, chance)
        question = understanding.read(text)
        if isinstance(question, Question):
            if len(asked) % 1000 == 0:
                print(f"{len(asked)}/{len(items)}", flush=True)
            one = _ask(index, sites, question, item, kept.get(str(item["context"])))
            asked += [one, _near_miss(one)] if one.right.any() else [one]
    return asked


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
    """The same question with the sentences that answer it, and those beside them, taken away."""
    gone = [c.sentence for c, right in zip(asked.candidates, asked.right, strict=True) if right]
    homes = {c.document_id for c, right in zip(asked.candidates, asked.right, strict=True) if right}
    left = [
        c
        for c in asked.candidates
        if c.document_id not in homes
        or all(c.span.end < g.start - 1 or g.end + 1 < c.span.start for g in gone)
    ]
    return Asked(left, np.zeros(len(left), dtype=bool), asked.terms, False, asked.held)


def _ask(
    index: Index, sites: Sites, question: Question, item: dict[str, object], home: str | None
) -> Asked:
    candidates = weigh(index, sites, question, retrieve(index, question.search, PASSAGES))
    start = int(str(item["start"]))
    answer = Span(start, start + len(str(item["answer"])))
    right = np.array(
        [c.document_id == home and c.span.contains(answer) for c in candidates], dtype=bool
    )
    return Asked(
        candidates,
        right,
        len(question.terms),
        home is not None,
        _share(str(item["context"])) < _HELD_PER_CENT,
    )


def _transcript(name: str, text: str) -> Transcript:
    turn = Turn(Span(0, len(text)), "statement", None)
    return Transcript(Source(name, name), text, text, (), (), (turn,))
