"""Passages to the sentences that answer."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.passages import describe, split_sentences
from index.records import Hit, Span, Turn
from index.store import Index
from index.words import cut, fold
from qa.question import Question

_NUMBER = r"(?:\d[\d,.]*|[零一二三四五六七八九十百千两]+)"
_EVIDENCE = {
    "number": re.compile(rf"{_NUMBER}\s*(?:余|多)?[万亿]?[\w%％]"),
    "date": re.compile(r"\d+年|\d+月|\d+日|今年|去年|上午|下午"),
    "person": re.compile(r"书记|长|主任|主席|记者|主持"),
    "place": re.compile(r"在[\u3400-\u9fff]{2}|市|省|县|区|酒店"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer: where it stands and how well it fits.

    `coverage` is the share, by rarity, of the question's content words that the sentence and its
    surroundings hold; `nearness` the cosine to the question; `fits` whether the kind of answer
    asked for stands in it.
    """

    document_id: str
    turn: int
    span: Span
    coverage: float
    nearness: float
    fits: bool

    @property
    def score(self) -> float:
        """How well the sentence fits, for ranking within one question."""
        return self.coverage + self.nearness + 0.15 * self.fits


def rank_sentences(index: Index, question: Question, hits: Sequence[Hit]) -> list[Candidate]:
    """Return the sentences of the hits' passages, best first, each once."""
    places: dict[tuple[str, Span], int] = {}
    for hit in hits:
        text = index.transcripts[hit.passage.document_id].text
        for span in split_sentences(text, hit.passage.span):
            places.setdefault((hit.passage.document_id, span), hit.passage.turn)
    if not places:
        return []
    weights = {word: index.rarity(word) for word in question.words}
    total = sum(weights.values()) or 1.0
    texts = [span.of(index.transcripts[document].text) for document, span in places]
    asked = index.encoder.encode_questions([question.folded])[0]
    nearness = index.encoder.encode_passages(texts) @ asked
    found = []
    for (document, span), near, text in zip(places, nearness, texts, strict=True):
        transcript = index.transcripts[document]
        turn: Turn = transcript.turns[places[document, span]]
        own = set(cut(fold(text)))
        around = set(cut(fold(describe(transcript, turn) + transcript.source.title)))
        covered = sum(w for word, w in weights.items() if word in own) + 0.4 * sum(
            w for word, w in weights.items() if word in around - own
        )
        pattern = _EVIDENCE.get(question.wanted)
        fits = bool(pattern and pattern.search(text))
        penalty = 0.3 if turn.kind == "question" else 0.0
        found.append(
            Candidate(
                document,
                places[document, span],
                span,
                covered / total - penalty,
                float(near),
                fits,
            )
        )
    return sorted(found, key=lambda c: -c.score)


def confidence(question: Question, best: Candidate | None) -> float:
    """Return a provisional probability that the best sentence answers (to be learned)."""
    if best is None or not question.words:
        return 0.0
    signal = 6.0 * best.coverage + 4.0 * best.nearness + 0.5 * best.fits - 4.6
    return 1 / (1 + math.exp(-signal))


def mark(question: Question, text: str) -> tuple[tuple[int, int], ...]:
    """Return where in a sentence the answer stands: a number with its unit, else a clause."""
    if question.wanted == "number":
        unit = re.search(r"(?:多少|几)\s*([\u3400-\u9fff])", question.folded)
        tail = re.escape(unit[1]) if unit and unit[1] not in "是有个" else r"[\u3400-\u9fff%％]"
        pattern = rf"(?:超过|约|近|逾|达|不足|至少|至多)*{_NUMBER}(?:余|多)?[万亿]?{tail}"
        numbers = [m.span() for m in re.finditer(pattern, text)]
        if numbers:
            return (min(numbers, key=lambda n: -_closeness(question, text, n)),)
    clauses = [m.span() for m in re.finditer(r"[^，。；：！？]+", text)]
    if not clauses:
        return ((0, len(text)),)
    return (max(clauses, key=lambda c: _overlap(question, text[c[0] : c[1]])),)


def _closeness(question: Question, text: str, place: tuple[int, int]) -> float:
    clause = text[max(0, text.rfind("，", 0, place[0])) : place[1]]
    return _overlap(question, clause)


def _overlap(question: Question, text: str) -> int:
    folded = fold(text)
    return sum(len(word) for word in question.words if word in folded)
