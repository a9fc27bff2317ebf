"""The embedding model behind one small protocol."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from index.errors import EncoderError
from index.words import fold

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


class StaticEncoder:
    """A static model (one vector a token, in whole numbers), served without torch.

    The folder also loads in sentence-transformers and in model2vec, with equal vectors; reading it
    here keeps one copy of the tokenizer instead of three (40 MB instead of 160).
    """

    def __init__(self, folder: Path) -> None:
        tensors = load_file(folder / "model.safetensors")
        self._rows = tensors["embeddings"]
        self._factors = tensors["weights"]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.name = folder.name
        self.digest = digest(folder)
        self.dimension = int(self._rows.shape[1])

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row a text; questions and passages are encoded alike."""
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row a text; questions and passages are encoded alike."""
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        encoded = self._tokenizer.encode_batch_fast(
            [fold(t) for t in texts], add_special_tokens=False
        )
        rows = np.empty((len(encoded), self.dimension), dtype=np.float32)
        for row, tokens in zip(rows, encoded, strict=True):
            row[:] = self._factors[tokens.ids] @ self._rows[tokens.ids]
        return _unit(rows)


class TransformerEncoder:
    """Any sentence-transformers model; its own prompts and dimension are used."""

    def __init__(self, name: str) -> None:
        if name.startswith((".", "/", "~")) and not Path(name).is_dir():
            raise EncoderError(
                f"encoder {name!r}: no such folder; set ZAOWEN_ENCODER to a sentence-transformers "
                "folder or model name, or unset it for the bundled model"
            )
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(name, device="cpu")
        except (OSError, ValueError) as error:
            raise EncoderError(
                f"encoder {name!r}: could not be loaded ({error}); expected a folder or the name "
                "of a sentence-transformers model; set ZAOWEN_ENCODER to one, or unset it for the "
                "bundled model"
            ) from error
        self.name = name
        self.digest = digest(Path(name)) if Path(name).is_dir() else name
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row a text, with the model's query prompt."""
        return _unit(np.asarray(self._model.encode_query(list(texts)), dtype=np.float32))

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row a text, with the model's document prompt."""
        return _unit(np.asarray(self._model.encode_document(list(texts)), dtype=np.float32))


def open_encoder(name: str | None = None) -> Encoder:
    """Return the encoder of that folder or model name; the bundled one when none is named.

    Raises EncoderError when there is no such model.
    """
    if name is None or Path(name).resolve() == BUNDLED:
        if not (BUNDLED / "modules.json").exists():
            raise EncoderError(
                f"{BUNDLED}: the bundled model is missing; restore it from the repository"
            )
        return StaticEncoder(BUNDLED)
    return TransformerEncoder(name)


def digest(folder: Path) -> str:
    """Return the SHA-256 over a model folder's file names and contents."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".md"):
        total.update(str(path.relative_to(folder)).encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), dtype=np.float32)
