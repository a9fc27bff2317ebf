"""Words of the transcripts that mean what a word of the question means: 宾馆, 酒店."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from index.records import Transcript
from index.words import cut, fold
from qa.cedict import entries

_ARTICLE = re.compile(r"^(?:(?:to|a|an|the|be) )+")
_IDLE = ("cl:", "variant", "see ", "abbr", "used ", "also ")
_VAGUE = 12
_FEW = 3


class Synonyms:
    """Chinese words that share a whole English meaning in CC-CEDICT.

    A meaning that more than a dozen words have says too little, and words of one character mean
    too much; both are left out.
    """

    def __init__(self, transcripts: Iterable[Transcript]) -> None:
        words = {w for t in transcripts for w in cut(fold(t.text)) if len(w) > 1}
        meaning: dict[str, set[str]] = defaultdict(set)
        for word, given in entries(words):
            for sense in _senses(given):
                meaning[sense].add(word)
        sharing: Counter[str] = Counter()
        known: dict[str, set[str]] = defaultdict(set)
        for word, given in entries():
            for sense in _senses(given) & meaning.keys():
                sharing[sense] += 1
                if len(word) > 1 and word not in words:
                    known[word].add(sense)
        self._known = {
            word: _closest(meaning, {s for s in senses if sharing[s] <= _VAGUE})
            for word, senses in known.items()
        }

    def of(self, word: str) -> tuple[str, ...]:
        """Return up to three words of the transcripts, those that share most meanings first.

        A word that the transcripts hold themselves has none.
        """
        return self._known.get(word, ())


def _senses(given: list[str]) -> set[str]:
    bare = (_ARTICLE.sub("", sense.strip().lower()) for sense in given)
    return {sense for sense in bare if sense and not sense.startswith(_IDLE)}


def _closest(meaning: dict[str, set[str]], senses: set[str]) -> tuple[str, ...]:
    shared = Counter(word for sense in senses for word in meaning[sense])
    return tuple(sorted(shared, key=lambda w: (-shared[w], w))[:_FEW])
