"""How likely a stretch of Chinese is: character pairs of news and of the document itself."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from opencc import OpenCC

from index.words import dictionary

PAIRS = Path(__file__).resolve().parent.parent / "models" / "zaowen-language" / "pairs.npz"

_WIDE = str.maketrans(",:;!?()", "，：；！？（）")
_NEVER = 2e-7
_KEPT = 100_000
_INDENT = "\u3000"
_NEVER_FIRST = "，。、；：！？）”》"
_LONGEST_WORD = 8


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


@cache
def simplified(char: str) -> str:
    """Return the simplified form of one character."""
    return str(_simplifier().convert(char))


@dataclass(frozen=True, slots=True)
class _News:
    """Counts of a news corpus; `keys` are the codes of the pairs, in order."""

    unigram: dict[str, float]
    place: dict[str, int]
    keys: NDArray[np.int64]
    conditional: NDArray[np.float32]

    def of_pair(self, before: str, char: str) -> float:
        """Return P(char | before); 0 for a pair not counted."""
        first, second = self.place.get(before), self.place.get(char)
        if first is None or second is None:
            return 0.0
        key = first * len(self.place) + second
        at = int(np.searchsorted(self.keys, key))
        return float(self.conditional[at]) if at < len(self.keys) and self.keys[at] == key else 0.0


@cache
def _news() -> _News:
    """Return the bundled counts as probabilities."""
    with np.load(PAIRS) as file:
        vocabulary = str(file["vocabulary"])
        singles = file["singles"].astype(np.float64)
        first, second = file["first"].astype(np.int64), file["second"].astype(np.int64)
        conditional = (file["counts"] / singles[first]).astype(np.float32)
    shares = singles / singles.sum()
    place = {char: i for i, char in enumerate(vocabulary)}
    keys = first * len(place) + second
    order = np.argsort(keys)
    unigram = dict(zip(vocabulary, shares.tolist(), strict=True))
    return _News(unigram, place, keys[order], conditional[order])


class Likelihood:
    """Log-likelihoods (natural logarithm) of text, whatever its script and punctuation width.

    Interpolates the pairs of a news corpus with those of `sample`, the undamaged part of the
    document: what a speaker says once, they say again.
    """

    def __init__(self, sample: str) -> None:
        text = _plain(sample)
        self._singles = Counter(text)
        self._pairs = Counter(map("".join, zip(text, text[1:], strict=False)))
        self._total = max(1, len(text))
        self._words = Counter(w for w in dictionary().cut(text, HMM=False) if len(w) > 1)
        self._known = lru_cache(maxsize=_KEPT)(self._of_pair)
        self._news = _news()

    def of_char(self, char: str) -> float:
        """Return P(char), a probability; characters never met get a very small one."""
        if char == _INDENT:
            return 0.01
        char = _plain(char)
        own = self._singles[char] / self._total
        return 0.6 * self._news.unigram.get(char, 0.0) + 0.4 * own + _NEVER

    def of_pair(self, before: str, char: str) -> float:
        """Return log P(char | the character before it)."""
        return self._known(before, char)

    def _of_pair(self, before: str, char: str) -> float:
        if char == _INDENT and before in "\n" + _INDENT:
            return math.log(0.5)
        if char in _NEVER_FIRST and before in "\n" + _INDENT:
            return math.log(1e-4)
        before, char = _plain("\n" if before == _INDENT else before), _plain(char)
        own = self._pairs[before + char] / (self._singles[before] + 2.0)
        news = self._news.of_pair(before, char)
        word = 0.01 if dictionary().FREQ.get(before + char) else 0.0
        return math.log(0.45 * news + 0.3 * own + word + 0.24 * self.of_char(char))

    def of(self, text: str) -> float:
        """Return the log-likelihood of `text` as characters, its first one taken as given."""
        return sum(self.of_pair(a, b) for a, b in zip(text, text[1:], strict=False))

    def of_words(self, text: str) -> float:
        """Return the log-likelihood of the best segmentation of `text` into words."""
        text = _plain(text)
        best = [0.0] + [-math.inf] * len(text)
        for start in range(len(text)):
            for end in range(start + 1, min(len(text), start + _LONGEST_WORD) + 1):
                best[end] = max(best[end], best[start] + self._of_word(text[start:end]))
        return best[-1]

    def _of_word(self, word: str) -> float:
        words = dictionary()
        known = words.FREQ.get(word, 0) / words.total
        if len(word) == 1:
            known = min(known, self.of_char(word)) if known else 0.1 * self.of_char(word)
            if not word.isalnum():
                known = self.of_char(word)
        own = self._words[word] / self._total
        return math.log(0.5 * known + 0.5 * own) if known or own else -math.inf


@cache
def _plain_char(char: str) -> str:
    return simplified(char).translate(_WIDE)


def _plain(text: str) -> str:
    return _plain_char(text) if len(text) == 1 else "".join(map(_plain_char, text))
