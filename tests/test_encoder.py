"""The bundled encoder is served without torch and equals sentence-transformers' own vectors."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from model2vec import StaticModel

from index.encoder import BUNDLED, TransformerEncoder, open_encoder
from index.errors import EncoderError
from index.words import fold

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


def test_a_model_that_is_not_there_is_named() -> None:
    with pytest.raises(EncoderError, match="ZAOWEN_ENCODER"):
        open_encoder("./no-such-model")
