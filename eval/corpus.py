"""Open benches: documents and judged questions, read from a folder."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.cases import Case
from index.errors import SourceError
from index.passages import PassageSettings, make_passages
from index.read import read_seeds
from index.records import Source, Span, Transcript, Turn
from index.repair import repair


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with the documents that answer it and the answers they give."""

    id: str
    question: str
    answers: tuple[str, ...]
    relevant: frozenset[str]
    answerable: bool


@dataclass(frozen=True, slots=True)
class Bench:
    """`documents` maps ids to texts; every relevant id of a question is among them."""

    name: str
    documents: dict[str, str]
    questions: tuple[Judged, ...]


def read_bench(folder: Path) -> Bench:
    """Return the bench in `folder`: corpus.jsonl and queries.jsonl, either may be .xz."""
    documents = {
        str(item["id"]): "\n".join(t for t in (item.get("title"), item["text"]) if t)
        for item in _items(folder, "corpus")
    }
    questions = tuple(
        Judged(
            str(item["id"]),
            item["question"],
            tuple(item.get("answers") or ()),
            frozenset(map(str, item.get("relevant") or ())),
            bool(item.get("answerable", True)),
        )
        for item in _items(folder, "queries")
    )
    return Bench(folder.name, documents, questions)


def paraphrase_bench(name: str, seeds: Path, cases: Sequence[Case]) -> Bench:
    """Return the paraphrased questions over the passages of the transcripts in `seeds`.

    Every passage is a document of its own; relevant are those that hold an answer.
    """
    passages = [
        passage
        for transcript in read_seeds(seeds)
        for passage in make_passages(transcript, PassageSettings())
    ]
    documents = {str(number): p.text for number, p in enumerate(passages)}
    questions = tuple(
        Judged(
            case.id,
            case.question,
            case.answers,
            frozenset(n for n, text in documents.items() if any(a in text for a in case.answers)),
            True,
        )
        for case in cases
        if case.category == "paraphrase"
    )
    return Bench(name, documents, questions)


def as_transcript(number: str, text: str) -> Transcript:
    """Return a document as a transcript of one turn without a speaker."""
    repaired = repair(text)
    start = len(repaired.text) - len(repaired.text.lstrip())
    span = Span(start, len(repaired.text.rstrip()))
    turn = Turn(span, "statement", None)
    source = Source(number, number)
    return Transcript(source, text, repaired.text, repaired.emendations, (), (turn,))


def _items(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    plain, packed = folder / f"{name}.jsonl", folder / f"{name}.jsonl.xz"
    if plain.is_file():
        with plain.open(encoding="utf-8") as file:
            yield from (json.loads(line) for line in file if line.strip())
    elif packed.is_file():
        with lzma.open(packed, "rt", encoding="utf-8") as file:
            yield from (json.loads(line) for line in file if line.strip())
    else:
        raise SourceError(f"{folder}: found neither {plain.name} nor {packed.name}; expected one")
