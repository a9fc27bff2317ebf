"""A reader that was written before, to learn on from.

The weights come back from whole numbers of seven bits (embeddings of eight): near enough to begin
with, as learning goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from train.reader import PAD, pad
from train.smooth import ENDING

_ENDINGS = ("/MatMul_quant", "/Gemm_MatMul_quant", "/MatMul")


class Served:
    """The lower layers as they are served."""

    def __init__(self, folder: Path) -> None:
        self._session = onnxruntime.InferenceSession(folder / "alone.onnx")

    def __call__(self, tokens: Tensor) -> Tensor:
        """Take (texts, tokens), padded; return (texts, tokens, width)."""
        rows = [row[row != PAD][None].numpy().astype(np.int64) for row in tokens]
        found = [self._session.run(["states"], {"tokens": row})[0][0] for row in rows]
        return pad([torch.from_numpy(states) for states in found], 0.0)


def resume(part: nn.Module, folder: Path, *files: str) -> None:
    """Fill a part of the reader with the weights that the files in `folder` hold of it.

    Raises RuntimeError if a weight is missing there or has another shape.
    """
    found: dict[str, Tensor] = {}
    for file in files:
        graph = onnx.load(folder / file).graph
        held = {i.name: torch.tensor(numpy_helper.to_array(i)) for i in graph.initializer}
        for name, values in held.items():
            found[name.removeprefix("together.")] = values
            if (table := name.removesuffix("_quantized")) != name:
                found[table] = _exact(held, table)
        made = {output: node for node in graph.node for output in node.output}
        for node in graph.node:
            if node.op_type == "MatMulInteger":
                name = node.input[1].removesuffix("_quantized")
                table, met = _exact(held, name), made[node.input[0]].input[0]
            elif node.op_type == "MatMul" and node.input[1] in held:
                table, met = held[node.input[1]], node.input[0]
            else:
                continue
            found[_weight(node.name)] = (table * _evened(made.get(met), held)).T
    wanted = part.state_dict()
    part.load_state_dict({name: found[name] for name in wanted if name in found})


def _exact(held: Mapping[str, Tensor], name: str) -> Tensor:
    """Return a table of whole numbers as what it stands for."""
    whole = held[f"{name}_quantized"].float() - held[f"{name}_zero_point"].float()
    return whole * held[f"{name}_scale"]


def _evened(maker: onnx.NodeProto | None, held: Mapping[str, Tensor]) -> Tensor:
    """Return what takes back, (inputs, 1), how `train.smooth` changed the weights; else 1.

    `maker` makes what goes into the product.
    """
    by = maker.input[-1] if maker else ""
    return held[by][:, None] if by.endswith(ENDING) else torch.ones(1)


def _weight(node: str) -> str:
    """Return the name of the weight that a product multiplies by, from the product's own."""
    path = node.removeprefix("/")
    for ending in _ENDINGS:
        path = path.removesuffix(ending)
    names = path.split("/")
    if names[0] in ("asks", "tells"):
        names.insert(0, "meet")
    kept = [name for name, within in pairwise((*names, "")) if not within.startswith(f"{name}.")]
    return ".".join((*kept, "weight"))
