"""The command lines keep their contract and never show a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from eval.cases import SEEDS
from index.encoder import open_encoder
from index.store import load

SMALL = str(SEEDS["fresh-conferences"])


def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments], input=given, capture_output=True, text=True, timeout=120
    )


def test_a_stream_is_answered_line_by_line_in_order() -> None:
    lines = [
        '{"id":"a","question":"棗莊鋰電企業有多少家？"}',
        "not json",
        '{"id":7,"question":""}',
        "[]",
        '{"question":"\\ud800"}',
        "[" * 100_000,
        '{"id":"b","question":"枣庄锂电企业有多少家？"}',
    ]
    done = run("qa", "--jsonl", given="\n".join(lines) + "\n")
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [a["id"] for a in answers] == ["a", None, 7, None, None, None, "b"]
    assert [a["status"] for a in answers] == ["answered", *["invalid"] * 5, "answered"]
    assert "270家" in answers[0]["quotes"][0]["text"]


def test_an_index_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = run("qa", "--index", str(tmp_path), "问题")
    assert done.returncode == 1
    assert "python -m index" in done.stderr and "Traceback" not in done.stderr


def test_a_damaged_index_is_refused(tmp_path: Path) -> None:
    assert run("index", "--seeds", SMALL, "--out", str(tmp_path)).returncode == 0
    passages = next(tmp_path.glob("generation-*/passages.json"))
    passages.write_bytes(passages.read_bytes().replace(b"2025", b"2026"))
    done = run("qa", "--index", str(tmp_path), "冷链物流园投资多少")
    assert done.returncode == 1
    assert "checksum" in done.stderr and "Traceback" not in done.stderr


def test_builds_at_the_same_time_leave_one_index_that_is_whole(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "index", "--seeds", SMALL, "--out", str(tmp_path)]
    builders = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [builder.wait(timeout=120) for builder in builders] == [0, 0]
    assert len(list(tmp_path.glob("generation-*"))) == 1
    load(tmp_path, open_encoder(None))


def test_show_text_prints_the_canonical_text_and_nothing_else() -> None:
    done = run("index", "--show", "text")
    assert done.stdout.startswith("8月13日，市政府新闻办")
    assert done.stdout.rstrip().endswith("d9k4snZo0WwEtzO8dItDDg)")
