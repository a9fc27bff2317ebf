"""The bundled encoder is served without torch and equals sentence-transformers' own vectors."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from model2vec import StaticModel
from safetensors.numpy import load_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer

from eval.cases import SEEDS
from index.encoder import BUNDLED, TransformerEncoder, open_encoder
from index.errors import EncoderError, IndexStale
from index.words import fold
from qa.engine import Engine, open_or_build

SMALL = SEEDS["fresh-conferences"]
TEXTS = ["枣庄锂电企业有多少家？", "棗莊鋰電產業", "TCO镀膜玻璃 32GWh", "第１次", "问🙂", ""]


def test_three_libraries_read_the_same_vectors() -> None:
    ours = open_encoder().encode_questions(TEXTS)
    folded = [fold(t) for t in TEXTS]
    theirs = TransformerEncoder(str(BUNDLED)).encode_questions(folded)
    small = StaticModel.from_pretrained(BUNDLED, max_length=None).encode(folded)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    np.testing.assert_allclose(ours, small, atol=1e-5)


def test_serving_does_not_import_torch() -> None:
    code = (
        "import sys; from index.encoder import open_encoder;"
        "open_encoder().encode_questions(['问']);"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of another width that asks for a prompt before questions."""
    folder = tmp_path_factory.mktemp("small")
    bundled = load_file(BUNDLED / "model.safetensors")
    words = StaticEmbedding(
        Tokenizer.from_file(str(BUNDLED / "tokenizer.json")),
        embedding_weights=bundled["embeddings"][:, :64].astype(np.float32),
    )
    SentenceTransformer(modules=[words], prompts={"query": "问题：", "document": ""}).save(
        str(folder)
    )
    return folder


def test_another_model_drops_in_with_its_own_width_and_prompt(small: Path) -> None:
    encoder = open_encoder(str(small))
    assert encoder.dimension == 64
    plain = encoder.encode_passages(["问题：锂电"])
    np.testing.assert_allclose(encoder.encode_questions(["锂电"]), plain, atol=1e-6)
    assert not np.allclose(encoder.encode_passages(["锂电"]), plain)


def test_another_model_has_the_index_built_anew(small: Path, tmp_path: Path) -> None:
    open_or_build(tmp_path, SMALL)
    with pytest.raises(IndexStale, match="encoder"):
        Engine.open(tmp_path, str(small))
    lines: list[str] = []
    engine = open_or_build(tmp_path, SMALL, str(small), lines.append)
    assert lines and engine.ask("截至9月底，全省冷库总库容达到多少？").status == "answered"
    lines.clear()
    open_or_build(tmp_path, SMALL, str(small), lines.append)
    assert not lines


def test_a_model_that_is_not_there_is_named() -> None:
    with pytest.raises(EncoderError, match="ZAOWEN_ENCODER"):
        open_encoder("./no-such-model")
