"""Words for matching: folding of script, width, digits and case, and jieba's words.

Building and asking fold alike. Folding is for matching only; nothing folded is ever shown.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import jieba
from opencc import OpenCC

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9.%]+")


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def fold(text: str) -> str:
    """Return `text` in the form that matching uses: NFKC, simplified script, lower case."""
    return str(_simplifier().convert(unicodedata.normalize("NFKC", text))).lower()


@cache
def dictionary() -> jieba.Tokenizer:
    """Return jieba's tokenizer over its own dictionary, loaded once (about 70 MB)."""
    tokenizer = jieba.Tokenizer()
    jieba.setLogLevel(60)
    tokenizer.initialize()
    return tokenizer


def cut(text: str) -> list[str]:
    """Return the words of a folded text, long words followed by their parts, no punctuation."""
    return [w for w in dictionary().cut_for_search(text) if any(c.isalnum() for c in w)]


def pair(text: str) -> list[str]:
    """Return the character pairs of a folded text's Chinese runs; Latin and numbers stay whole."""
    found = []
    for run in _RUN.findall(text):
        if run[0] < "\u3400" or len(run) == 1:
            found.append(run)
        else:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
    return found
