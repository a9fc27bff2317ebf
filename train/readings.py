"""What the reader learns from: a question, a window of text, and where the answer stands in it.

Beside the windows that answer there are near ones that do not: others of the same text, the most
alike of other texts, and the right one under a question whose year or name was changed.
"""

from __future__ import annotations

import json
import lzma
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import jieba.posseg
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from index.passages import PassageSettings, split_sentences
from index.passages import make_passages as windows_of
from index.records import Source, Span, Transcript, Turn
from index.words import dictionary, fold
from qa.cedict import entries
from train.draw import draw

HELD_PER_CENT = 20
TEXTS, CLOZE, FACTS = 1_600, 2_500, 2_500
_DROPPED = 0.25
_MIXED = 0.08
_CHANGED = 0.3
_TITLED = 0.4
_NAMES = ("nr", "ns", "nt", "nz", "nrt")
_ASKING = re.compile(r"多少|哪|谁|几|什么")


@dataclass(frozen=True, slots=True)
class Reading:
    """A question and a window; `answer` are the answer's offsets in `window`, None if not there."""

    question: str
    window: str
    answer: tuple[int, int] | None
    context: str = ""
    answers: bool = False


def is_held(context: str) -> bool:
    """Tell whether a text is kept from the reader, for the weighings that use it to learn from."""
    return draw(context) < HELD_PER_CENT


def read_readings(data: Path, seed: int, held: bool = False) -> list[Reading]:
    """Return what there is to learn from, shuffled; or the held part of it."""
    chance = random.Random(seed)
    found = [i for i in _lines(data / "reader.jsonl.xz") if is_held(i["context"]) == held]
    texts = sorted({i["context"] for i in found})
    chosen = set(chance.sample(texts, min(TEXTS, len(texts))))
    cloze = [i for i in _lines(data / "cloze.jsonl.xz") if is_held(i["context"]) == held]
    items = [i for i in found if i["context"] in chosen]
    items += chance.sample(cloze, min(CLOZE, len(cloze)) if not held else 0)
    readings = list(_located(items, chance))
    if not held:
        readings += _facts(data, chance)
        readings = [_mix(r, chance) for r in readings]
    chance.shuffle(readings)
    return readings


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def _located(items: Sequence[dict[str, str]], chance: random.Random) -> Iterator[Reading]:
    windows = {c: _windows(c) for c in {i["context"] for i in items}}
    alike = _Alike([(c, fold(s.of(c))) for c, spans in windows.items() for s in spans])
    changes = _Changes([fold(i["question"]) for i in items])
    others = alike.others([(i["context"], fold(i["question"])) for i in items])
    for item, other in zip(items, others, strict=True):
        context, question = item["context"], fold(item["question"])
        if "cloze" in item.get("kind", ""):
            question = _shorten(question, chance)
        start, answer = int(item["start"]), item["answer"]
        title = fold(item.get("title", "")) if chance.random() < _TITLED else ""
        holding = [s for s in windows[context] if s.start <= start and start + len(answer) <= s.end]
        if not holding:
            continue
        span = chance.choice(holding)
        text, place = _fold_around(span.of(context), start - span.start, len(answer))
        right = Reading(question, text, place, title, True)
        yield right
        wanted = {fold(answer)}
        misses = [
            t
            for s in windows[context]
            if not any(a in (t := fold(s.of(context))) for a in wanted) and not s.overlaps(span)
        ]
        for miss in chance.sample(misses, min(len(misses), 1)):
            yield Reading(question, miss, None, title)
        if not any(a in other for a in wanted):
            yield Reading(question, other, None, "")
        if chance.random() < _CHANGED and (changed := changes(question, text, chance)):
            yield replace(right, question=changed, answer=None, answers=False)


def _windows(context: str) -> list[Span]:
    turn = Turn(Span(0, len(context)), "statement", None)
    whole = Transcript(Source("", ""), context, context, (), (), (turn,))
    return [p.span for p in windows_of(whole, PassageSettings())] or split_sentences(
        context, turn.span
    )


def _fold_around(text: str, start: int, length: int) -> tuple[str, tuple[int, int]]:
    before, answer = fold(text[:start]), fold(text[start : start + length])
    return before + answer + fold(text[start + length :]), (len(before), len(before) + len(answer))


class _Alike:
    """Finds for a question the window most like it of another text."""

    def __init__(self, windows: Sequence[tuple[str, str]]) -> None:
        self._windows = windows
        self._counts = TfidfVectorizer(analyzer="char", ngram_range=(2, 2), sublinear_tf=True)
        self._table = self._counts.fit_transform([text for _, text in windows]).T.tocsr()

    def others(self, asked: Sequence[tuple[str, str]]) -> list[str]:
        found = []
        for first in range(0, len(asked), 500):
            part = asked[first : first + 500]
            scores = (self._counts.transform([q for _, q in part]) @ self._table).toarray()
            for row, (context, _) in zip(scores, part, strict=True):
                best = np.argpartition(-row, 12)[:12]
                best = sorted(best, key=lambda i: -row[i])
                found.append(
                    next((self._windows[i][1] for i in best if self._windows[i][0] != context), "")
                )
        return found


class _Changes:
    """Changes a year, a number or a name in a question, so that its window answers no more."""

    def __init__(self, questions: Sequence[str]) -> None:
        self._tagger = jieba.posseg.POSTokenizer(dictionary())
        self._names: dict[str, list[str]] = {name: [] for name in _NAMES}
        for question in questions[::3]:
            for word, flag in self._tagger.cut(question):
                if flag in self._names and len(word) > 1:
                    self._names[flag].append(word)

    def __call__(self, question: str, window: str, chance: random.Random) -> str | None:
        numbers = [m.span() for m in re.finditer(r"\d+", question) if m[0] in window]
        words = [
            (word, flag)
            for word, flag in self._tagger.cut(question)
            if flag in self._names and len(word) > 1 and word in window
        ]
        if numbers and (not words or chance.random() < 0.6):
            start, end = chance.choice(numbers)
            number = int(question[start:end][:9])
            other = str(max(0, number + chance.choice([-5, -3, -2, -1, 1, 2, 3, 5])))
            return None if other in window else question[:start] + other + question[end:]
        if not words:
            return None
        word, flag = chance.choice(words)
        other = chance.choice(self._names[flag])
        return None if other in window else question.replace(word, other)


def _shorten(question: str, chance: random.Random) -> str:
    """Leave out some words: a question made of a sentence repeats too much of it."""
    asks = _ASKING.search(question)
    near = range(asks.start() - 6, asks.end() + 6) if asks else range(0)
    kept, place = [], 0
    for word in dictionary().cut(question):
        if place in near or chance.random() > _DROPPED:
            kept.append(word)
        place += len(word)
    return "".join(kept)


def _facts(data: Path, chance: random.Random) -> list[Reading]:
    """Return conversational questions with the fact that answers, and another of the same thing."""
    pairs = [
        (fold(p["question"]), fold(p["passage"])[:200])
        for p in _lines(data / "pairs.jsonl.xz")
        if p["source"] in ("kdconv", "dureader2_demo") and not is_held(p["passage"])
    ]
    about: dict[str, list[str]] = {}
    for _, passage in pairs:
        about.setdefault(passage.split("，")[0], []).append(passage)
    readings = []
    for question, passage in chance.sample(pairs, min(FACTS, len(pairs))):
        readings.append(Reading(question, passage, None, "", True))
        same = [p for p in about[passage.split("，")[0]] if p != passage]
        other = chance.choice(same) if same else chance.choice(pairs)[1]
        readings.append(Reading(question, other, None))
    return readings


def _mix(reading: Reading, chance: random.Random) -> Reading:
    """Put some questions into English, word by word, so that both languages are read alike."""
    if chance.random() > _MIXED:
        return reading
    glosses = _glosses()
    said = [glosses.get(w, w) for w in dictionary().cut(reading.question)]
    return replace(reading, question=" ".join(said))


_GLOSSES: dict[str, str] = {}


def _glosses() -> dict[str, str]:
    if not _GLOSSES:
        for word, meanings in entries():
            first = meanings[0].strip().removeprefix("to ")
            if first and not first.startswith(("CL:", "see ")):
                _GLOSSES.setdefault(word, fold(first))
    return _GLOSSES
