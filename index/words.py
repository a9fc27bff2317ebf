"""Words for matching: folding of script, width, digits and case, and jieba's words.

Building and asking fold alike. Folding is for matching only; nothing folded is ever shown.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import jieba
from opencc import OpenCC

VERSION = "1"


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def fold(text: str) -> str:
    """Return `text` in the form that matching uses: NFKC, simplified script, lower case."""
    return str(_simplifier().convert(unicodedata.normalize("NFKC", text))).lower()


@cache
def _tokenizer() -> jieba.Tokenizer:
    tokenizer = jieba.Tokenizer()
    jieba.setLogLevel(60)
    tokenizer.initialize()
    return tokenizer


def cut(text: str) -> list[str]:
    """Return the words of a folded text, long words followed by their parts, no punctuation."""
    return [w for w in _tokenizer().cut_for_search(text) if any(c.isalnum() for c in w)]
