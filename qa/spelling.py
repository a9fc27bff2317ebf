"""What was meant by a word the transcripts do not hold but that sounds like one they do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from pypinyin import lazy_pinyin

from index.likelihood import Likelihood
from index.records import Transcript
from index.words import cut, dictionary, fold
from qa.english import is_english

_LONGEST = 5
_LARGE = 300_000
_CLEAR_GAIN = 4.0
_SPELLED, _ENGLISH = 5, 7
"""How long one word of pinyin is at the least; in English, where women is no 我们, longer."""
_RUN = re.compile(r"[\u3400-\u9fff]{2,}")
_LATIN = re.compile(r"[a-z]+")
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))


class Spelling:
    """Words and short runs of the transcripts by their sound.

    Runs are kept only where the transcripts are small (up to 300,000 characters); beyond that
    words and the names of those present.
    """

    def __init__(self, transcripts: Iterable[Transcript]) -> None:
        texts = [fold(t.text) for t in transcripts]
        names = {fold(p.name) for t in transcripts for p in t.people}
        self._known = {w for text in texts for w in cut(text) if _RUN.fullmatch(w)} | names
        if sum(map(len, texts)) <= _LARGE:
            self._known |= {g for text in texts for g in _grams(text)}
        else:
            self._known |= {g for name in names for g in _grams(name)}
        self._likelihood = Likelihood("\n".join(texts)[:_LARGE])
        self._by_sound: dict[str, list[str]] = {}
        self._by_letters: dict[str, list[str]] = {}
        words = names | {w for text in texts for w in cut(text)}
        for known in sorted(self._known, key=lambda k: (k not in words, k)):
            self._by_sound.setdefault(_sound(known), []).append(known)
            if known in words:
                self._by_letters.setdefault("".join(_syllables(known)), []).append(known)

    def correct(self, folded: str) -> str:
        """Return a folded question, its words that occur nowhere put as the transcripts do."""
        return _RUN.sub(lambda m: self._heard(m[0]), self._spelled(folded))

    def _heard(self, run: str) -> str:
        at = 0
        while at < len(run):
            for size in range(min(_LONGEST, len(run) - at), 1, -1):
                window = run[at : at + size]
                meant = self._meant(window)
                if meant and self._reads_better(run, at, meant):
                    run = run[:at] + meant + run[at + size :]
                    at += size - 1
                    break
            at += 1
        return run

    def _reads_better(self, run: str, at: int, meant: str) -> bool:
        left, right = run[max(0, at - 2) : at], run[at + len(meant) : at + len(meant) + 2]
        before = self._likelihood.of(left + run[at : at + len(meant)] + right)
        return self._likelihood.of(left + meant + right) - before > _CLEAR_GAIN

    def _meant(self, window: str) -> str | None:
        if window in self._known or (len(window) == 2 and _is_word(window)):
            return None
        for known in self._by_sound.get(_sound(window), ()):
            shared = sum(a == b for a, b in zip(window, known, strict=False))
            if len(known) == len(window) and shared * 2 >= len(window):
                return known
        return None

    def _spelled(self, folded: str) -> str:
        """Read pinyin, one word or a few in a row, as the word it spells."""
        tokens, english = list(_LATIN.finditer(folded)), is_english(folded)
        for size in (3, 2, 1):
            for first in range(len(tokens) - size + 1):
                group = tokens[first : first + size]
                between = [
                    folded[a.end() : b.start()] for a, b in zip(group, group[1:], strict=False)
                ]
                if any(gap not in (" ", "-", "'") for gap in between):
                    continue
                found = self._by_letters.get("".join(t[0] for t in group), [])
                spelled = folded[group[0].start() : group[-1].end()]
                least = _ENGLISH if english and size == 1 else _SPELLED
                if found and len(spelled) >= least and spelled not in self._known:
                    rest = folded[: group[0].start()] + found[0] + folded[group[-1].end() :]
                    return self._spelled(rest)
        return folded


def _grams(text: str) -> Iterable[str]:
    for run in _RUN.findall(text):
        for size in range(2, _LONGEST + 1):
            for at in range(len(run) - size + 1):
                yield run[at : at + size]


@cache
def _letters(char: str) -> str:
    return str(lazy_pinyin(char)[0])


def _syllables(text: str) -> list[str]:
    return [_letters(c) for c in text]


def _sound(text: str) -> str:
    syllables = []
    for syllable in _syllables(text):
        for precise, loose in _ALIKE:
            syllable = syllable.replace(precise, loose)
        syllables.append(syllable)
    return " ".join(syllables)


def _is_word(text: str) -> bool:
    return bool(dictionary().FREQ.get(text, 0))
