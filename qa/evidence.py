"""What speaks for a sentence as the answer: a row of numbers for each candidate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.passages import describe, split_sentences
from index.records import Hit, Span
from index.store import Index
from index.words import cut, fold, pair
from qa.numerals import as_digits, numbers
from qa.question import Question, Wanted

LONGEST = 120
_SHORTEST = 4
_CLAUSE = re.compile(r"[^，、：,]*[，、：,]*")
_NUMBER = r"(?:\d[\d,.]*|[零一二三四五六七八九十百千两]{2,})"
_KINDS: tuple[Wanted, ...] = ("number", "date", "person", "place", "reason", "definition")
_FITS: dict[Wanted, re.Pattern[str]] = {
    "number": re.compile(rf"{_NUMBER}\s*(?:余|多)?[万亿]?[\u3400-\u9fff%a-z]"),
    "date": re.compile(r"\d+年|\d+月|\d+日|今年|去年|明年|上午|下午|年底|\d+时|\d+世纪"),
    "person": re.compile(r"书记|局长|市长|主任|主席|记者|主持|先生|女士|教授|院长|处长|会长|·"),
    "place": re.compile(r"在[\u3400-\u9fff]{2}|位于|[市省县区镇村路]|酒店|中心|国"),
    "reason": re.compile(r"因为|由于|因此|所以|为了|原因|从而|以便|以此|导致|使得|受.{1,12}影响"),
    "definition": re.compile(r"是(?:一[种个项]|指|由|为|我国|全国)|作为|即|就是|指的是|简单说"),
}

FEATURES = (
    "own", "beside", "around", "pairs", "pairs_beside", "soft", "near", "near_passage",
    "retrieved", "rank", "fits", "unit", "run", "length", "rarest", "unseen", "numbers", "first",
    *_KINDS,
)  # fmt: skip
NEAR_PASSAGE = FEATURES.index("near_passage")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A quotable run of one turn, at most LONGEST characters, and what speaks for it.

    `features` follow FEATURES; `sentence` is the whole sentence that `span` lies in; `score` is the
    learned ranker's, `bonus` what the question says of speakers and lists.
    """

    document_id: str
    turn: int
    span: Span
    sentence: Span
    features: NDArray[np.float64]
    score: float = 0.0
    bonus: float = 0.0

    @property
    def standing(self) -> float:
        """What candidates are ordered by, comparable within one question."""
        return self.score + self.bonus


def weigh(index: Index, question: Question, hits: Sequence[Hit]) -> list[Candidate]:
    """Return the candidates of the hits' passages, each once, in the order of the hits."""
    places: dict[tuple[str, int, Span, Span], tuple[int, Hit]] = {}
    for rank, hit in enumerate(hits):
        text = index.transcripts[hit.passage.document_id].text
        for sentence in split_sentences(text, hit.passage.span):
            for span in split_clauses(text, sentence):
                key = (hit.passage.document_id, hit.passage.turn, span, sentence)
                places.setdefault(key, (rank, hit))
    if not places:
        return []
    texts = [fold(key[2].of(index.transcripts[key[0]].text)) for key in places]
    asked = index.encoder.encode_questions([question.search])[0]
    nearness = index.encoder.encode_passages(texts) @ asked
    passages = index.similarities(question.search, [h.passage.id for h in hits])
    weighed = _Weighed(index, question)
    found = []
    for (key, (rank, hit)), text, near in zip(places.items(), texts, nearness, strict=True):
        row = weighed.row(key, text, hit, rank, float(near), float(passages[rank]))
        found.append(Candidate(*key, row))
    return found


def split_clauses(text: str, sentence: Span) -> list[Span]:
    """Return the sentence whole, or in runs of clauses where it exceeds LONGEST characters."""
    if len(sentence) <= LONGEST:
        return [sentence] if len(sentence) >= _SHORTEST else []
    found: list[Span] = []
    start = sentence.start
    for match in _CLAUSE.finditer(text, sentence.start, sentence.end):
        if match.end() - start > LONGEST and match.start() > start:
            found.append(Span(start, match.start()))
            start = match.start()
    found.append(Span(start, sentence.end))
    return found


class _Weighed:
    """One question's terms with their weights, against candidate after candidate."""

    def __init__(self, index: Index, question: Question) -> None:
        self._index, self._question = index, question
        rarities = [max(index.rarity(f) for f in t.forms) for t in question.terms]
        self._terms = [
            (term.forms, term.weight * rarity)
            for term, rarity in zip(question.terms, rarities, strict=True)
        ]
        self._total = sum(weight for _, weight in self._terms) or 1.0
        unseen = index.unseen
        self._unseen = sum(
            w for (_, w), r in zip(self._terms, rarities, strict=True) if r >= unseen
        )
        grams = dict.fromkeys(pair(question.folded))
        self._pairs = {gram: index.rarity(gram, "pairs") for gram in grams}
        self._pairs_total = sum(self._pairs.values()) or 1.0
        self._unit = unit(question)
        self._vectors = index.word_vectors([forms[0] for forms, _ in self._terms])

    def row(
        self,
        key: tuple[str, int, Span, Span],
        text: str,
        hit: Hit,
        rank: int,
        near: float,
        near_passage: float,
    ) -> NDArray[np.float64]:
        document, number, span, _ = key
        transcript = self._index.transcripts[document]
        turn = transcript.turns[number]
        question = self._question
        window = Span(max(turn.span.start, span.start - 80), min(turn.span.end, span.end + 80))
        beside = fold(window.of(transcript.text))
        around = fold(describe(transcript, turn, span) + transcript.source.title)
        own = _tokens(text)
        held = [self._holds(forms, own, text) for forms, _ in self._terms]
        near_by = _tokens(beside)
        lent = [
            not h and self._holds(f, near_by, beside)
            for h, (f, _) in zip(held, self._terms, strict=True)
        ]
        told = [
            not h and not b and any(form in around for form in f)
            for h, b, (f, _) in zip(held, lent, self._terms, strict=True)
        ]
        missing = [
            w for (_, w), *seen in zip(self._terms, held, lent, told, strict=True) if not any(seen)
        ]
        grams, grams_beside = set(pair(text)), set(pair(beside))
        asked = question.numbers
        fits = _FITS.get(question.wanted)
        values = (
            self._share(held),
            self._share(lent),
            self._share(told),
            sum(w for g, w in self._pairs.items() if g in grams) / self._pairs_total,
            sum(w for g, w in self._pairs.items() if g in grams_beside) / self._pairs_total,
            self._soft(held, own),
            near,
            near_passage,
            hit.score,
            1.0 / (1 + rank),
            0.0 if fits is None else 1.0 if fits.search(text) else -1.0,
            1.0 if self._unit and re.search(self._unit, as_digits(text)) else 0.0,
            _longest_run(question.folded, text) / max(4, len(question.folded)),
            np.log1p(len(text)) / 5,
            max(missing, default=0.0) / self._index.unseen,
            self._unseen / self._total,
            len(asked & numbers(beside)) / len(asked) if asked else 1.0,
            1.0 if span.start == turn.span.start else 0.0,
            *(1.0 if question.wanted == kind else 0.0 for kind in _KINDS),
        )
        return np.array(values, dtype=np.float64)

    def _holds(self, forms: tuple[str, ...], tokens: frozenset[str], text: str) -> bool:
        return any(f in tokens or (len(f) > 1 and f in text) for f in forms)

    def _share(self, flags: Sequence[bool]) -> float:
        return sum(w for (_, w), flag in zip(self._terms, flags, strict=True) if flag) / self._total

    def _soft(self, held: Sequence[bool], tokens: frozenset[str]) -> float:
        """Return how near, by rarity, each term lies to its nearest word of the text."""
        if not tokens or not self._terms:
            return 0.0
        near = (self._vectors @ self._index.word_vectors(sorted(tokens)).T).max(axis=1)
        return (
            sum(
                w * (1.0 if h else max(0.0, float(n)))
                for (_, w), h, n in zip(self._terms, held, near, strict=True)
            )
            / self._total
        )


def unit(question: Question) -> str:
    """Return a pattern of a number with what the question counts; "" where it counts nothing."""
    asked = re.search(r"(?:多少|几|第几)\s*([\u3400-\u9fff])([\u3400-\u9fff]?)", question.folded)
    if not asked or asked[1] in "是有个的大长高呢啊":
        return ""
    return rf"{_NUMBER}(?:余|多|几)?[万亿]?[名个位家项座件条种]?{re.escape(asked[1])}"


@lru_cache(maxsize=50_000)
def _tokens(text: str) -> frozenset[str]:
    digits = as_digits(text)
    words = frozenset(cut(text))
    return words if digits == text else words | frozenset(cut(digits))


def _longest_run(question: str, text: str) -> int:
    best = 0
    for start in range(len(question)):
        while question[start : start + best + 1] in text and start + best < len(question):
            best += 1
    return best
