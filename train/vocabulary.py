"""A tokenizer whose tokens are words: jieba's units and English, scored by their frequencies.

A unigram model that picks the most probable segmentation is what jieba does; written as a
`tokenizers` file it needs no jieba to serve, and falls back to characters for unknown words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

import jieba
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import Unigram
from wordfreq import top_n_list

UNKNOWN = "[UNK]"
ENGLISH = 14_000
_BREAK = r"[\p{P}\p{S}\s]+"


def count_words(texts: Iterable[str]) -> Counter[str]:
    """Count the words and the characters of folded texts."""
    words = jieba.Tokenizer()
    words.initialize()
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(words.cut(text, HMM=False))
    for word, count in list(counts.items()):
        for character in word:
            counts[character] += count // 50 + 1
    return counts


def build_tokenizer(counts: Counter[str], size: int) -> Tokenizer:
    """Return a tokenizer over characters seen twice, English words and the commonest others."""
    usable = {w: n for w, n in counts.items() if n >= 2 and w.isalnum() and len(w) <= 8}
    usable = {w: n for w, n in usable.items() if len(w) == 1 or not any(map(str.isdigit, w))}
    for rank, word in enumerate(top_n_list("en", ENGLISH)):
        if word.isascii() and word.isalpha():
            usable[word] = max(usable.get(word, 0), 20_000_000 // (rank + 10) ** 2, 3)
    single = sorted(w for w in usable if len(w) == 1)
    english = [w for w in usable if len(w) > 1 and w.isascii()]
    ranked = sorted((w for w in usable if not w.isascii() and len(w) > 1), key=usable.__getitem__)
    kept = single + english + ranked[::-1][: size - 1 - len(single) - len(english)]
    total = math.log(sum(usable[w] for w in kept))
    vocabulary = [(UNKNOWN, -30.0), *((w, math.log(usable[w]) - total) for w in kept)]
    tokenizer = Tokenizer(Unigram(vocabulary, unk_id=0))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_BREAK), behavior="removed"),
            pre_tokenizers.Digits(individual_digits=True),
        ]
    )
    return tokenizer
