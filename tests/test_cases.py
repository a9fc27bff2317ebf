"""The suite's cases can be believed: both splits are filled, a bad line is named."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from eval.cases import FOLDER, SEEDS, read_cases
from index.errors import SourceError


def test_there_are_enough_cases_of_both_splits() -> None:
    cases = {name: read_cases(FOLDER / f"{name}.jsonl") for name in SEEDS}
    assert len(cases["battery-conference"]) >= 300
    assert len(cases["other-conferences"]) >= 200
    splits = Counter(c.split for found in cases.values() for c in found)
    assert min(splits["dev"], splits["test"]) >= 250
    paraphrased = [c for found in cases.values() for c in found if c.category == "paraphrase"]
    assert len(paraphrased) >= 150


def test_a_line_that_is_no_case_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps({"id": "1"}) + "\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"cases.jsonl:1: not a case"):
        read_cases(path)
