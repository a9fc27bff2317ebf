"""English questions: which words of the transcripts an English word may stand for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np
import snowballstemmer

from index.encoder import Encoder
from index.records import Transcript
from index.words import cut, fold
from qa.cedict import entries

_WORD = re.compile(r"[a-z]+")
_TOKEN = re.compile(r"[a-z]+|\d+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_EMPTY = frozenset(Path(__file__).with_name("stopwords.en.txt").read_text(encoding="utf-8").split())
_ASKS = re.compile(r"\bhow (?:many|much|long|large|big|far|old|high|fast|often)\b")
_FORMS = re.compile(r"\b(?:what|whose?|how|when|where|why|which|is|are|was|were|did|does|do|and)\b")
"""A word of these is enough where few letters are typed: Who is he?"""
_ALTERNATIVES = 8
_STEMS = 50_000
_NEAREST = 4
_NEAR = 0.4
_GENRE = {
    "conference": ("大会", "会议", "发布会"),
    "press conference": ("发布会", "新闻发布会", "通气会"),
    "moderator": ("主持人", "主持"),
    "moderate": ("主持人", "主持"),
    "spokesperson": ("发言人", "发布人"),
    "speaker": ("发言人", "发布人"),
    "reporter": ("记者",),
    "attend": ("参会", "出席", "参加", "与会"),
    "venue": ("地点", "会场", "会址"),
    "capacity": ("产能", "容量", "装机", "能力"),
    "installed capacity": ("装机容量", "装机"),
    "launch": ("启动", "开通", "投用", "发布"),
    "output": ("产量", "产值"),
    "target": ("目标", "力争"),
    "goal": ("目标", "力争"),
    "measure": ("措施", "举措"),
    "offshore": ("海上", "近海"),
}
"""What the words of press conferences are called there, where CC-CEDICT knows only other senses."""
_IRREGULAR = {
    "held": "hold",
    "built": "build",
    "spent": "spend",
    "said": "say",
    "made": "make",
    "gave": "give",
    "given": "give",
    "won": "win",
    "paid": "pay",
    "sold": "sell",
    "bought": "buy",
    "grew": "grow",
    "grown": "grow",
    "led": "lead",
    "began": "begin",
    "took": "take",
    "taken": "take",
    "went": "go",
    "met": "meet",
    "rose": "rise",
    "fell": "fall",
}


class Lexicon:
    """CC-CEDICT, kept to the words that the transcripts hold.

    An English word that it lacks stands for the words of the transcripts that the encoder puts
    nearest to it, if any is near.
    """

    def __init__(self, transcripts: Iterable[Transcript], encoder: Encoder) -> None:
        words = {w for t in transcripts for w in cut(fold(t.text)) if _HAN.match(w)}
        self._encoder = encoder
        self._words = sorted(w for w in words if len(w) > 1)
        self._vectors = encoder.encode_passages(self._words)
        self._by_phrase: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
        self._by_word: dict[str, dict[str, float]] = defaultdict(dict)
        for word, meanings in entries(words):
            for meaning in meanings:
                self._add(word, _stems(meaning))
        for phrase, meant in _GENRE.items():
            for word in words.intersection(meant):
                self._add(word, _stems(phrase))

    def _add(self, word: str, stems: tuple[str, ...]) -> None:
        if not stems:
            return
        weight = len(word) ** 0.1 / len(stems)
        self._by_phrase[stems][word] = 1.0
        for stem in stems:
            known = self._by_word[stem]
            known[word] = max(known.get(word, 0.0), weight)

    def translate(self, question: str) -> list[tuple[str, ...]]:
        """Return, for each content word or phrase, the Chinese words that it may stand for.

        Longest phrases first; a word that the dictionary lacks comes back as itself.
        """
        asked = _ASKS.sub(" ", question.lower())
        tokens = [t for t in _TOKEN.findall(asked) if t not in _EMPTY]
        stems = [_stem(t) for t in tokens]
        found: list[tuple[str, ...]] = []
        at = 0
        while at < len(stems):
            for size in (3, 2):
                phrase = tuple(stems[at : at + size])
                if len(phrase) == size and phrase in self._by_phrase:
                    found.append(_best(self._by_phrase[phrase]))
                    at += size
                    break
            else:
                known = self._by_word.get(stems[at])
                found.append(_best(known) if known else self._nearest(tokens[at]))
                at += 1
        return found

    def _nearest(self, token: str) -> tuple[str, ...]:
        if token.isdigit() or not self._words:
            return (token,)
        cosines = self._vectors @ self._encoder.encode_questions([token])[0]
        best = [n for n in np.argsort(-cosines)[:_NEAREST] if cosines[n] >= _NEAR]
        return (*(self._words[n] for n in best), token)


def is_english(folded: str) -> bool:
    """Tell whether a question is put in English: Latin words and no more than a name in Chinese."""
    letters = len("".join(_WORD.findall(folded)))
    few = len(_HAN.findall(folded)) * 3 < letters
    return few and " " in folded and (letters > 8 or bool(_FORMS.search(folded)))


def _best(weights: dict[str, float]) -> tuple[str, ...]:
    ranked = sorted(weights, key=lambda w: (-weights[w], w))
    return tuple(ranked[:_ALTERNATIVES])


def _stems(text: str) -> tuple[str, ...]:
    return tuple(_stem(t) for t in _WORD.findall(text.lower()) if t not in _EMPTY)


@lru_cache(maxsize=_STEMS)
def _stem(word: str) -> str:
    return str(snowballstemmer.stemmer("english").stemWord(_IRREGULAR.get(word, word)))
