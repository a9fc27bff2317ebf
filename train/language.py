"""Count the character pairs of running text: the language model that repair leans on.

    python -m train.language SOURCE.xz… OUT.npz

Keeps the pairs seen at least five times among the 4,000 commonest characters.
"""

from __future__ import annotations

import json
import lzma
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from index.words import fold

_CHARACTERS = 4000
_LEAST = 5


def count(lines: list[str]) -> tuple[str, np.ndarray, np.ndarray]:
    """Return the vocabulary, its counts, and rows (first, second, count) of frequent pairs."""
    singles: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for line in lines:
        singles.update(line)
        pairs.update(a + b for a, b in zip(line, line[1:], strict=False))
    vocabulary = "".join(c for c, _ in singles.most_common(_CHARACTERS) if not c.isspace())
    place = {char: i for i, char in enumerate(vocabulary)}
    rows = [
        (place[pair[0]], place[pair[1]], n)
        for pair, n in pairs.items()
        if n >= _LEAST and pair[0] in place and pair[1] in place
    ]
    return vocabulary, np.array([singles[c] for c in vocabulary]), np.array(sorted(rows))


def read(source: Path) -> Iterator[str]:
    """Yield the lines of an xz file: plain text, or the running text of JSON lines."""
    seen: set[int] = set()
    with lzma.open(source, "rt", encoding="utf-8") as file:
        for line in file:
            text = line.strip()
            if source.name.endswith(".jsonl.xz"):
                item = json.loads(line)
                text = item.get("passage") or item.get("context") or ""
            if text and hash(text) not in seen:
                seen.add(hash(text))
                yield from text.splitlines()


def main(sources: list[Path], out: Path) -> None:
    """Count over all `sources`, write the counts to `out`."""
    wide = str.maketrans(",:;!?()", "，：；！？（）")
    lines = [fold(line).translate(wide) for source in sources for line in read(source)]
    vocabulary, singles, rows = count(lines)
    np.savez_compressed(
        out,
        vocabulary=np.array(vocabulary),
        singles=singles.astype(np.int32),
        first=rows[:, 0].astype(np.uint16),
        second=rows[:, 1].astype(np.uint16),
        counts=rows[:, 2].astype(np.int32),
    )


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:-1]], Path(sys.argv[-1]))
