"""The real engine over the real seed, built once."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.engine import Engine, open_or_build


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return open_or_build(tmp_path_factory.mktemp("index"), Path("seeds"))
