"""The embedding model behind one small protocol."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError

BUNDLED = Path(__file__).resolve().parent.parent / "models" / "zaowen-static"


class Encoder(Protocol):
    """Turns text into unit vectors; asking and building may use different prompts."""

    name: str
    digest: str
    dimension: int

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row a text, shape (len(texts), dimension)."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row a text, shape (len(texts), dimension)."""
        ...
