"""The conferences that the models learn from are sound, and none of them is in the suite."""

from __future__ import annotations

import json

from eval.cases import SEEDS
from train.genre import FOLDER


def test_every_answer_stands_word_for_word_in_its_conference() -> None:
    paths = sorted(FOLDER.glob("*.jsonl"))
    assert len(paths) >= 90
    for path in paths:
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        for line in path.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            for wanted in (*item["answers"], *item["must_all"]):
                assert wanted in text, f"{path.name}: {wanted}"
            assert (item["category"] == "absent") == (not item["answers"] + item["must_all"])


def test_no_conference_of_the_suite_is_learnt_from() -> None:
    learnt = {path.read_text(encoding="utf-8") for path in FOLDER.glob("*.txt")}
    asked = {p.read_text(encoding="utf-8") for seeds in SEEDS.values() for p in seeds.glob("*.txt")}
    assert len(learnt) == len(list(FOLDER.glob("*.txt")))
    assert not learnt & asked
