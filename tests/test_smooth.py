"""Evening out changes no result, and less is lost when the weights become whole numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import quantize_dynamic

from train.smooth import smooth

Rows = NDArray[np.float32]


def _uneven() -> tuple[onnx.ModelProto, Rows]:
    """Return one product, and rows for it in which one column is fifty times the others."""
    chance = np.random.default_rng(7)
    weights = chance.normal(size=(64, 16)).astype(np.float32)
    rows = chance.normal(size=(1, 20, 64)).astype(np.float32)
    rows[:, :, 3] *= 50
    weights[3] /= 50
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["rows", "weights"], ["found"], "product")],
        "product",
        [helper.make_tensor_value_info("rows", TensorProto.FLOAT, [1, "n", 64])],
        [helper.make_tensor_value_info("found", TensorProto.FLOAT, [1, "n", 16])],
        [numpy_helper.from_array(weights, "weights")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), rows


def _run(model: onnx.ModelProto, rows: Rows) -> Rows:
    session = onnxruntime.InferenceSession(model.SerializeToString())
    found: Rows = session.run(["found"], {"rows": rows})[0]
    return found


def _run_whole(model: onnx.ModelProto, rows: Rows, folder: Path) -> Rows:
    path = folder / "whole.onnx"
    quantize_dynamic(model, path, per_channel=True, reduce_range=True)
    return _run(onnx.load(path), rows)


def test_less_is_lost_and_exact_results_stay(tmp_path: Path) -> None:
    model, rows = _uneven()
    exact, plain = _run(model, rows), _run_whole(model, rows, tmp_path)
    smooth(model, [{"rows": rows}])
    np.testing.assert_allclose(_run(model, rows), exact, atol=1e-3)
    evened = _run_whole(model, rows, tmp_path)
    assert np.abs(evened - exact).mean() < np.abs(plain - exact).mean() / 3
