"""A question meets the index: nearest in meaning and best in words, fused by rank."""

from __future__ import annotations

from collections import defaultdict
from typing import Literal

from index.records import Hit
from index.store import Index

Mode = Literal["fused", "bm25", "dense"]
DEPTH = 50
_RANK_CONSTANT = 60
"""k of reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009)."""


def retrieve(index: Index, question: str, k: int, mode: Mode = "fused") -> list[Hit]:
    """Return the `k` best passages; scores are comparable within this list only."""
    if mode == "dense":
        return index.search_dense(question, k)
    if mode == "bm25":
        return index.search_words(question, k)
    depth = max(k, DEPTH)
    return fuse([index.search_words(question, depth), index.search_dense(question, depth)])[:k]


def fuse(lists: list[list[Hit]]) -> list[Hit]:
    """Return the union of ranked lists by reciprocal rank fusion, best first."""
    scores: dict[int, float] = defaultdict(float)
    passages = {}
    for hits in lists:
        for rank, hit in enumerate(hits, 1):
            scores[hit.passage.id] += 1 / (_RANK_CONSTANT + rank)
            passages[hit.passage.id] = hit.passage
    ranked = sorted(scores, key=lambda number: (-scores[number], number))
    return [Hit(passages[number], scores[number]) for number in ranked]
