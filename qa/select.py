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

_NUMBER = r"(?:\d[\d,.]*|[零一二三四五六七八九十百千两]+(?!是))"
_SHORTEST = 4
_MEASURE = (
    r"(?:平方公里|平方米|平米|千瓦时|千瓦|兆瓦|公里|GWh|kWh|MW|kW|万亩|亩|万?吨|美元|欧元|人次|"
    r"[\u3400-\u9fff%％])"
)
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
    surroundings hold; `nearness` the cosine to the question; `fits`, from -1 to 1, whether the kind
    of answer asked for stands in it.
    """

    document_id: str
    turn: int
    span: Span
    coverage: float
    nearness: float
    fits: float

    @property
    def score(self) -> float:
        """How well the sentence fits, for ranking within one question."""
        return self.coverage + self.nearness + 0.4 * self.fits


def rank_sentences(index: Index, question: Question, hits: Sequence[Hit]) -> list[Candidate]:
    """Return the sentences of the hits' passages, best first, each once."""
    places: dict[tuple[str, Span], int] = {}
    for hit in hits:
        text = index.transcripts[hit.passage.document_id].text
        for span in split_sentences(text, hit.passage.span):
            if len(span) < _SHORTEST:
                continue
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
        around = set(cut(fold(describe(transcript, turn, span) + transcript.source.title)))
        lent = 0.8 if turn.kind == "head" else 0.4
        covered = sum(w for word, w in weights.items() if word in own) + lent * sum(
            w for word, w in weights.items() if word in around - own
        )
        penalty = 0.6 if turn.kind == "question" else 0.0
        found.append(
            Candidate(
                document,
                places[document, span],
                span,
                covered / total - penalty,
                float(near),
                _fits(question, text),
            )
        )
    return sorted(found, key=lambda c: -c.score)


def _fits(question: Question, text: str) -> float:
    pattern = _EVIDENCE.get(question.wanted)
    if pattern is None:
        return 0.0
    unit = _unit(question)
    if unit and re.search(rf"{_NUMBER}(?:余|多)?[万亿]?(?:名|个|位|家|项)?{unit}", fold(text)):
        return 1.0
    return 0.3 if pattern.search(text) else -0.5


def _unit(question: Question) -> str:
    """Return the measure word or noun that a question counts, as a pattern; "" if none."""
    asked = re.search(r"(?:多少|几)\s*([\u3400-\u9fff])", question.folded)
    return re.escape(asked[1]) if asked and asked[1] not in "是有个的大长高" else ""


def confidence(question: Question, best: Candidate | None) -> float:
    """Return a provisional probability that the best sentence answers (to be learned)."""
    if best is None or not question.words:
        return 0.0
    signal = 6.0 * best.coverage + 4.0 * best.nearness + 0.5 * best.fits - 4.6
    return 1 / (1 + math.exp(-signal))


def mark(question: Question, text: str) -> tuple[tuple[int, int], ...]:
    """Return where in a sentence the answer stands: a number with its unit, else a clause."""
    if question.wanted == "number":
        unit = _unit(question)
        before = rf"(?:超过|约|近|逾|不足|至少|至多)?{_NUMBER}(?:余|多)?[万亿]?"
        numbers = [m.span() for m in re.finditer(rf"{before}{unit or _MEASURE}", text)] or [
            m.span() for m in re.finditer(rf"{before}{_MEASURE}", text)
        ]
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
