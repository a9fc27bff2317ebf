"""Evens out what is multiplied, so that little is lost when both sides become whole numbers.

A few of a transformer's columns are many times larger than the others and make the steps of eight
bits coarse for all of them. Each column of what goes into a product is divided by a factor, and the
row of the weights that meets it multiplied by the same (SmoothQuant, Xiao et al., 2023): in exact
arithmetic nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import numpy_helper

Rows = NDArray[np.float32]
Feed = Mapping[str, NDArray[np.generic]]

ENDING = "_smooth"
STEPS, WEIGHTS = 255, 64
"""What is met becomes one of 256 numbers, a weight one of -64 to 64: see `train.reading`."""
_SHARES = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_LEAST = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class _Product:
    """What goes in (name), and all weights (inputs, outputs) that it is multiplied by."""

    met: str
    weights: tuple[str, ...]


def smooth(model: onnx.ModelProto, feeds: Sequence[Feed]) -> None:
    """Put the factors into `model`; `feeds` are inputs that it may meet.

    How much of the unevenness goes over to the weights is chosen for each product apart, where its
    result on `feeds` comes nearest to the exact one.
    """
    held = {i.name: i for i in model.graph.initializer}
    for product, met in _met(model, list(_products(model.graph)), feeds):
        tables = [numpy_helper.to_array(held[name]) for name in product.weights]
        factors = _best(met, np.concatenate(tables, axis=1))
        for name, table in zip(product.weights, tables, strict=True):
            held[name].CopyFrom(numpy_helper.from_array(table * factors[:, None], name))
        _divide(model.graph, product, factors)


def _products(graph: onnx.GraphProto) -> Iterator[_Product]:
    held = {i.name for i in graph.initializer}
    found: dict[str, list[str]] = {}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in held:
            found.setdefault(node.input[0], []).append(node.input[1])
    yield from (_Product(met, tuple(weights)) for met, weights in found.items())


def _met(
    model: onnx.ModelProto, products: Sequence[_Product], feeds: Sequence[Feed]
) -> Iterator[tuple[_Product, list[Rows]]]:
    """Yield with each product what goes into it for each of `feeds`."""
    seen = onnx.ModelProto()
    seen.CopyFrom(model)
    given = {i.name for i in seen.graph.input}
    inside = [p.met for p in products if p.met not in given]
    seen.graph.output.extend(onnx.ValueInfoProto(name=name) for name in inside)
    session = onnxruntime.InferenceSession(seen.SerializeToString())
    names = [output.name for output in session.get_outputs()]
    runs = [{**feed, **dict(zip(names, session.run(names, feed), strict=True))} for feed in feeds]
    for product in products:
        yield product, [_rows(run[product.met]) for run in runs]


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


def _divide(graph: onnx.GraphProto, product: _Product, factors: Rows) -> None:
    """Divide what goes in by the factors, before the first product that it goes into."""
    name = product.met + ENDING
    graph.initializer.append(numpy_helper.from_array((1 / factors).astype(np.float32), name))
    divided = f"{name}d"
    users = [
        n
        for n in graph.node
        if n.op_type == "MatMul" and n.input[0] == product.met and n.input[1] in product.weights
    ]
    division = onnx.helper.make_node("Mul", [product.met, name], [divided], divided)
    graph.node.insert(list(graph.node).index(users[0]), division)
    for node in users:
        node.input[0] = divided
