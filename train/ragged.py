"""Many token lists in one array: what training shuffles and slices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer


@dataclass(frozen=True, slots=True)
class Ragged:
    """Row `i` is `tokens[starts[i]:starts[i + 1]]`."""

    tokens: NDArray[np.int32]
    starts: NDArray[np.int64]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Tokens of each row."""
        return np.diff(self.starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, row: int) -> NDArray[np.int32]:
        return self.tokens[self.starts[row] : self.starts[row + 1]]


def encode(tokenizer: Tokenizer, texts: Sequence[str], batch: int = 2000) -> Ragged:
    """Return the token ids of the texts, unknown ones (id 0) left out."""
    rows: list[NDArray[np.int32]] = []
    for first in range(0, len(texts), batch):
        for encoding in tokenizer.encode_batch_fast(list(texts[first : first + batch])):
            ids = np.asarray(encoding.ids, dtype=np.int32)
            rows.append(ids[ids > 0])
    starts = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(r) for r in rows], out=starts[1:])
    tokens = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int32)
    return Ragged(tokens, starts)
