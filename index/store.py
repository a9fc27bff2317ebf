"""The index on disk: vectors in FAISS, words in tantivy, transcripts in JSON, one manifest.

A generation is a folder of its own; the manifest names it and is replaced last, in one step.
A reader sees the old index or the new one, never a half-written one.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, cast

import faiss
import numpy as np
import tantivy
from filelock import FileLock
from numpy.typing import NDArray
from pydantic import TypeAdapter

from index import words
from index.encoder import Encoder
from index.errors import IndexDamaged, IndexMissing, IndexStale
from index.passages import PassageSettings, make_passages, split_sentences
from index.records import Hit, Passage, Span, Transcript

FORMAT = 6
_MOST = 2.2
"""What BM25 with k1 = 1.2 gives a term at most, as a multiple of its rarity (k1 + 1)."""
_QUESTIONS = 256
_MOST_WORDS = 100_000
_ROWS_A_PASSAGE = 4
MANIFEST = "manifest.json"
_TRANSCRIPTS = TypeAdapter(list[Transcript])
_PASSAGES = TypeAdapter(list[Passage])


@dataclass(frozen=True, slots=True)
class Expected:
    """What an index must have been built with to be used."""

    encoder: str
    encoder_digest: str
    passages: PassageSettings
    code: str
    seeds: Mapping[str, str]


def expect(
    encoder: Encoder, seeds: Mapping[str, str], settings: PassageSettings | None = None
) -> Expected:
    """Return the expectation for an encoder and seed digests (document id -> SHA-256)."""
    return Expected(
        encoder.name, encoder.digest, settings or PassageSettings(), code(), dict(seeds)
    )


@cache
def code() -> str:
    """Return a digest of this package's code: what it reads and cuts otherwise is built anew."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


class Index:
    """Transcripts, passages, vectors and words, in memory and ready to search."""

    def __init__(
        self,
        encoder: Encoder,
        transcripts: Sequence[Transcript],
        passages: Sequence[Passage],
        vectors: faiss.IndexFlatIP,
        terms: tantivy.Index,
    ) -> None:
        self.encoder = encoder
        self.transcripts = {t.id: t for t in transcripts}
        self.passages = tuple(passages)
        self._vectors = vectors
        flat = faiss.rev_swig_ptr(vectors.get_xb(), vectors.ntotal * vectors.d)
        self._rows = flat.reshape(vectors.ntotal, vectors.d)
        counts = np.array([len(_parts(p)) for p in passages], dtype=np.int64)
        self._sentences = len(passages) + np.concatenate([[0], np.cumsum(counts)])
        numbers = np.arange(len(passages))
        self._owners = np.concatenate([numbers, np.repeat(numbers, counts)])
        self._terms = terms
        self._searcher = terms.searcher()
        self._vector = lru_cache(maxsize=_QUESTIONS)(lambda q: encoder.encode_questions([q])[0])
        self._known_words: dict[str, NDArray[np.float32]] = {}

    def vector(self, question: str) -> NDArray[np.float32]:
        """Return a question's unit row; one question is encoded once, however many ask for it."""
        found: NDArray[np.float32] = self._vector(question)
        return found

    def search_dense(self, question: str, k: int) -> list[Hit]:
        """Return the `k` passages nearest in meaning; scores are those of `similarities`."""
        asked = self.vector(question)
        _, rows = self._vectors.search(asked[None], min(_ROWS_A_PASSAGE * k, self._vectors.ntotal))
        numbers = sorted({int(self._owners[row]) for row in rows[0] if row >= 0})
        scores = self._similarities(asked, numbers)
        ranked = sorted(zip(scores.tolist(), numbers, strict=True), key=lambda r: (-r[0], r[1]))
        return [Hit(self.passages[number], score) for score, number in ranked[:k]]

    def search_words(self, question: str, k: int) -> list[Hit]:
        """Return the `k` passages with the best BM25 over words; none when no word occurs."""
        return self._search_terms("body", words.cut(words.fold(question)), k)

    def search_pairs(self, question: str, k: int) -> list[Hit]:
        """Return the `k` passages with the best BM25 over character pairs."""
        return self._search_terms("pairs", words.pair(words.fold(question)), k)

    def similarities(self, question: str, passages: Sequence[int]) -> NDArray[np.float32]:
        """Return, for each passage by id, the mean of two cosines to the question.

        One is the whole passage's with its context, the other its nearest sentence's.
        """
        return self._similarities(self.vector(question), passages)

    def _similarities(
        self, asked: NDArray[np.float32], passages: Sequence[int]
    ) -> NDArray[np.float32]:
        numbers = np.asarray(passages, dtype=np.int64)
        whole = self._rows[numbers] @ asked
        firsts, counts = self._sentences[numbers], np.diff(self._sentences)[numbers]
        starts = np.cumsum(counts) - counts
        rows = np.repeat(firsts - starts, counts) + np.arange(counts.sum())
        best = whole.copy()
        spoken = counts > 0
        if spoken.any():
            best[spoken] = np.maximum.reduceat(self._rows[rows] @ asked, starts[spoken])
        return np.asarray((whole + best) / 2, dtype=np.float32)

    def _search_terms(self, field: str, terms: Sequence[str], k: int) -> list[Hit]:
        """Return the best by BM25, each score divided by the most that the terms could give."""
        asked = list(dict.fromkeys(terms))
        if not asked:
            return []
        schema = self._terms.schema
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, field, term)) for term in asked
        ]
        most = _MOST * sum(self.rarity(term, field) for term in asked)
        found = self._searcher.search(tantivy.Query.boolean_query(clauses), min(k, 10_000))
        return [
            Hit(self.passages[self._searcher.doc(address)["id"][0]], float(score) / most)
            for score, address in found.hits
        ]

    def word_vectors(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row a word, kept for the next question that meets it."""
        if not terms:
            return np.zeros((0, self.encoder.dimension), dtype=np.float32)
        if len(self._known_words) > _MOST_WORDS:
            self._known_words = {}
        known = self._known_words
        new = [term for term in terms if term not in known]
        if new:
            known.update(zip(new, self.encoder.encode_passages(new), strict=True))
        return np.stack([known[term] for term in terms])

    @property
    def unseen(self) -> float:
        """The rarity of a term that occurs nowhere."""
        return math.log(1 + (len(self.passages) + 0.5) / 0.5)

    def rarity(self, term: str, field: str = "body") -> float:
        """Return a term's inverse document frequency among the passages, as BM25 has it."""
        holding = self._searcher.doc_freq(field, term)
        return math.log(1 + (len(self.passages) - holding + 0.5) / (holding + 0.5))


def build(
    transcripts: Sequence[Transcript],
    encoder: Encoder,
    folder: Path,
    expected: Expected,
    progress: Callable[[str], None] = lambda line: None,
) -> Index:
    """Write a new index to `folder` and return it; whatever stood there before goes last.

    Who builds in the same folder meanwhile waits for it.
    """
    passages: list[Passage] = []
    for transcript in transcripts:
        passages.extend(make_passages(transcript, expected.passages, len(passages)))
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".lock"):
        vectors, terms = _write_generation(
            transcripts, passages, encoder, folder, expected, progress
        )
    return Index(encoder, transcripts, passages, vectors, terms)


def _write_generation(
    transcripts: Sequence[Transcript],
    passages: list[Passage],
    encoder: Encoder,
    folder: Path,
    expected: Expected,
    progress: Callable[[str], None],
) -> tuple[faiss.IndexFlatIP, tantivy.Index]:
    generation = Path(tempfile.mkdtemp(prefix="generation-", dir=folder))
    try:
        progress(f"向量：{len(passages)} 段…")
        vectors = _vectors(passages, encoder)
        faiss.write_index(vectors, str(generation / "vectors.faiss"))
        progress(f"词语：{len(passages)} 段…")
        (generation / "words").mkdir()
        terms = _terms(passages, generation / "words")
        _write(generation / "transcripts.json", _TRANSCRIPTS.dump_json(list(transcripts)))
        _write(generation / "passages.json", _PASSAGES.dump_json(passages))
        _commit(folder, generation, expected)
    except BaseException:
        shutil.rmtree(generation, ignore_errors=True)
        raise
    sweep(folder, {generation.name})
    return vectors, terms


def sweep(folder: Path, kept: set[str]) -> None:
    """Remove the generations of `folder` but those of the names `kept`."""
    for old in folder.glob("generation-*"):
        if old.name not in kept:
            shutil.rmtree(old, ignore_errors=True)


def load(folder: Path, encoder: Encoder, expected: Expected | None = None) -> Index:
    """Return the index in `folder`, verified against its checksums and `expected`.

    Without `expected`, the encoder alone is compared. Raises IndexMissing, IndexStale or
    IndexDamaged.
    """
    manifest = read_manifest(folder)
    _compare(folder, manifest, encoder, expected)
    generation = folder / str(manifest["generation"])
    for name, checksum in manifest["files"].items():
        path = generation / name
        if not path.is_file() or _checksum(path) != checksum:
            raise IndexDamaged(
                f"{path}: differs from the checksum in {folder / MANIFEST}; "
                "run `python -m index` to build the index again"
            )
    return Index(
        encoder,
        _TRANSCRIPTS.validate_json((generation / "transcripts.json").read_bytes()),
        _PASSAGES.validate_json((generation / "passages.json").read_bytes()),
        cast(faiss.IndexFlatIP, faiss.read_index(str(generation / "vectors.faiss"))),
        tantivy.Index.open(str(generation / "words")),
    )


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of the index in `folder`. Raises IndexMissing or IndexDamaged."""
    path = folder / MANIFEST
    if not path.is_file():
        raise IndexMissing(
            f"{folder}: found no {MANIFEST}; run `python -m index` to build the index"
        )
    try:
        manifest = json.loads(path.read_bytes())
    except ValueError as error:
        raise IndexDamaged(f"{path}: not valid JSON; run `python -m index`") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        found = manifest.get("format") if isinstance(manifest, dict) else "no manifest"
        raise IndexStale(f"{path}: found format {found}, expected {FORMAT}; run `python -m index`")
    return manifest


def _compare(
    folder: Path, manifest: dict[str, Any], encoder: Encoder, expected: Expected | None
) -> None:
    wanted: dict[str, Any] = {"encoder": encoder.name, "encoder_digest": encoder.digest}
    wanted["code"] = code()
    if expected:
        wanted |= asdict(expected)
    for key, value in wanted.items():
        if manifest["built_with"].get(key) != value:
            raise IndexStale(
                f"{folder}: built with {key} {manifest['built_with'].get(key)!r}, expected "
                f"{value!r}; run `python -m index` to build it again"
            )


def _vectors(passages: Sequence[Passage], encoder: Encoder) -> faiss.IndexFlatIP:
    """Return one row a passage, in order, then one a sentence of each passage of several."""
    vectors = faiss.IndexFlatIP(encoder.dimension)
    texts = [embedded_text(p) for p in passages] + [s for p in passages for s in _parts(p)]
    for start in range(0, len(texts), 4096):
        vectors.add(encoder.encode_passages(texts[start : start + 4096]))
    return vectors


def _parts(passage: Passage) -> list[str]:
    """Return the sentences that get vectors of their own: none where there is only one."""
    spans = split_sentences(passage.text, Span(0, len(passage.text)))
    return [span.of(passage.text) for span in spans] if len(spans) > 1 else []


def embedded_text(passage: Passage) -> str:
    """Return what is embedded and indexed for a passage: its context, then its words."""
    return f"{passage.context}\n{passage.text}" if passage.context else passage.text


def _terms(passages: Sequence[Passage], folder: Path) -> tantivy.Index:
    schema = (
        tantivy.SchemaBuilder()
        .add_integer_field("id", stored=True)
        .add_text_field("body", tokenizer_name="whitespace", index_option="freq")
        .add_text_field("pairs", tokenizer_name="whitespace", index_option="freq")
        .build()
    )
    index = tantivy.Index(schema, path=str(folder))
    writer = index.writer(heap_size=64_000_000, num_threads=1)
    for passage in passages:
        text = words.fold(embedded_text(passage))
        body, pairs = " ".join(words.cut(text)), " ".join(words.pair(text))
        writer.add_document(tantivy.Document(id=passage.id, body=body, pairs=pairs))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def _commit(folder: Path, generation: Path, expected: Expected) -> None:
    files = {
        str(path.relative_to(generation)): _checksum(path)
        for path in sorted(generation.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
    for name in files:
        with (generation / name).open("rb+") as file:
            os.fsync(file.fileno())
    manifest = {
        "format": FORMAT,
        "generation": generation.name,
        "built_with": asdict(expected),
        "files": files,
    }
    beside = folder / f".{MANIFEST}"
    _write(beside, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
    beside.replace(folder / MANIFEST)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
