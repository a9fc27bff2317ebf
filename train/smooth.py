"""Evens out what is multiplied, so that little is lost when both sides become whole numbers.

A few of a transformer's columns are many times larger than the others and make the steps of eight
bits coarse for all of them. Each column of what goes into a product is divided by a factor, and the
row of the weights that meets it multiplied by the same (SmoothQuant, Xiao et al., 2023): in exact
arithmetic nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import numpy_helper

Rows = NDArray[np.float32]
Feed = dict[str, NDArray[np.generic]]

ENDING = "_smooth"
STEPS, WEIGHTS = 255, 64
"""What is met becomes one of 256 numbers, a weight one of -64 to 64: see `train.reading`."""
_SHARES = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_LEAST = 1e-6


def smooth(model: onnx.ModelProto, feeds: Sequence[Feed]) -> None:
    """Put the factors into `model`; `feeds` are inputs that it may meet.

    How much of the unevenness goes over to the weights is chosen for each product apart, where its
    result on `feeds` comes nearest to the exact one.
    """
    held = {i.name: i for i in model.graph.initializer}
    products = _products(model.graph)
    for (name, nodes), met in zip(products.items(), _met(model, products, feeds), strict=True):
        weights = [held[node.input[1]] for node in nodes]
        tables = [numpy_helper.to_array(of) for of in weights]
        factors = _best(met, np.concatenate(tables, axis=1))
        for of, table in zip(weights, tables, strict=True):
            of.CopyFrom(numpy_helper.from_array(table * factors[:, None], of.name))
        _divide(model.graph, name, nodes, factors)


def _products(graph: onnx.GraphProto) -> dict[str, list[onnx.NodeProto]]:
    """Return by the name of what goes in the nodes that multiply it by weights."""
    held = {i.name for i in graph.initializer}
    found: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in held:
            found.setdefault(node.input[0], []).append(node)
    return found


def _met(
    model: onnx.ModelProto, names: Iterable[str], feeds: Sequence[Feed]
) -> Iterator[list[Rows]]:
    """Yield for each name what stands there with each of `feeds`."""
    seen = onnx.ModelProto()
    seen.CopyFrom(model)
    known = {value.name for value in (*seen.graph.input, *seen.graph.output)}
    seen.graph.output.extend(onnx.ValueInfoProto(name=n) for n in names if n not in known)
    session = onnxruntime.InferenceSession(seen.SerializeToString())
    outputs = [output.name for output in session.get_outputs()]
    runs = [feed | dict(zip(outputs, session.run(outputs, feed), strict=True)) for feed in feeds]
    for name in names:
        yield [_rows(run[name]) for run in runs]


def _rows(states: NDArray[np.generic]) -> Rows:
    return states.reshape(-1, states.shape[-1]).astype(np.float32)


def _best(met: Sequence[Rows], table: Rows) -> Rows:
    exact = [rows @ table for rows in met]
    highest = np.maximum(np.max([np.abs(rows).max(axis=0) for rows in met], axis=0), _LEAST)
    heaviest = np.maximum(np.abs(table).max(axis=1), _LEAST)

    def factors(share: float) -> Rows:
        if not share:
            return np.ones_like(highest)
        uneven = highest**share / heaviest ** (1 - share)
        return (uneven / np.exp(np.log(uneven).mean())).astype(np.float32)

    def error(share: float) -> float:
        by = factors(share)
        weights = _whole_weights(table * by[:, None])
        pairs = zip(met, exact, strict=True)
        return sum(float(((_whole_steps(r / by) @ weights - e) ** 2).sum()) for r, e in pairs)

    return factors(min(_SHARES, key=error))


def _whole_steps(rows: Rows) -> Rows:
    lowest, highest = min(rows.min(), 0), max(rows.max(), _LEAST)
    step = (highest - lowest) / STEPS
    return (np.rint(rows / step) * step).astype(np.float32)


def _whole_weights(table: Rows) -> Rows:
    step = np.maximum(np.abs(table).max(axis=0), _LEAST) / WEIGHTS
    return np.rint(table / step) * step


def _divide(
    graph: onnx.GraphProto, met: str, nodes: Sequence[onnx.NodeProto], factors: Rows
) -> None:
    """Divide what goes in by the factors, before the first product that it goes into."""
    by = met + ENDING
    graph.initializer.append(numpy_helper.from_array((1 / factors).astype(np.float32), by))
    divided = f"{by}d"
    division = onnx.helper.make_node("Mul", [met, by], [divided], divided)
    graph.node.insert(list(graph.node).index(nodes[0]), division)
    for node in nodes:
        node.input[0] = divided
