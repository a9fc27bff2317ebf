"""A question meets the index: nearest in meaning and best in words, fused; then token by token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.records import Hit
from index.store import Index
from qa.late import Met, Sought, meet
from qa.sites import Sites

Search = Literal["fused", "bm25", "dense"]
Mode = Literal["late"] | Search
DEPTH, WIDE = 60, 40
_WORDS, _PAIRS, _MEANING, _MET = 0.5, 1.0, 1.0, 3.0


def retrieve(index: Index, question: str, k: int, mode: Search = "fused") -> list[Hit]:
    """Return the `k` best passages; scores are comparable within this list only."""
    if mode == "dense":
        return index.search_dense(question, k)
    if mode == "bm25":
        return index.search_words(question, k)
    return fuse(index, question, max(k, DEPTH))[:k]


def fuse(index: Index, question: str, depth: int) -> list[Hit]:
    """Return the union of three searches, best first, by a weighted sum of their scores.

    Each BM25 score is divided by the most its terms could give, so that it lies within 0 and 1
    for every question, as cosines do; a sum then means the same everywhere (Bruch, Gai and
    Ingber, 2023, on convex combination against reciprocal ranks).
    """
    by_words = {h.passage.id: h for h in index.search_words(question, depth)}
    by_pairs = {h.passage.id: h for h in index.search_pairs(question, depth)}
    near = {h.passage.id: h for h in index.search_dense(question, depth)}
    found = {**near, **by_pairs, **by_words}
    numbers = sorted(found)
    if not numbers:
        return []
    scores = {
        number: _MEANING * float(cosine)
        + _WORDS * (by_words[number].score if number in by_words else 0.0)
        + _PAIRS * (by_pairs[number].score if number in by_pairs else 0.0)
        for number, cosine in zip(numbers, index.similarities(question, numbers), strict=True)
    }
    ranked = sorted(numbers, key=lambda number: (-scores[number], number))
    return [Hit(found[number].passage, scores[number]) for number in ranked]


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was retrieved, and how near its tokens come to the question's."""

    hit: Hit
    met: Met

    @property
    def score(self) -> float:
        """What passages are ordered by, comparable within one question."""
        return self.hit.score + _MET * self.met.whole


def find(index: Index, sites: Sites, search: str, sought: Sought, depth: int = WIDE) -> list[Found]:
    """Return the `depth` best passages, ordered anew by how near their tokens come as well."""
    hits = retrieve(index, search, depth)
    found = [Found(hit, meet(sought, sites.trace(hit.passage))) for hit in hits]
    return sorted(found, key=lambda f: -f.score)
