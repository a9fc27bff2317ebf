"""Speed and memory of encoding and answering: `python -m bench.engine`.

Each row is measured in a fresh process on one thread; the bundled model is served without torch,
and through sentence-transformers for comparison.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from importlib.metadata import version

_ENCODE = """
import json, resource, time
started = time.perf_counter()
from index.encoder import BUNDLED, {name}
encoder = {name}({folder})
loaded = time.perf_counter() - started
asked = ["海上风车发的电排到全国老几了？", "签约项目总投资多少？"]
encoder.encode_questions(asked)
times = []
for n in range(400):
    started = time.perf_counter()
    encoder.encode_questions([asked[n % 2]])
    times.append(time.perf_counter() - started)
"""
_ANSWER = """
import json, resource, time
started = time.perf_counter()
from pathlib import Path
from qa.engine import open_or_build
from eval.cases import FOLDER, read_cases
engine = open_or_build(Path("var/index"), Path("seeds"))
loaded = time.perf_counter() - started
cases = read_cases(FOLDER / "battery-conference.jsonl")
times = []
for case in cases:
    started = time.perf_counter()
    engine.ask(case.question, case.history)
    times.append(time.perf_counter() - started)
"""
_REPORT = """
times.sort()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([loaded, times[len(times) // 2], times[len(times) * 95 // 100], peak]))
"""
_ROWS = (
    ("encode, served", _ENCODE.format(name="StaticEncoder", folder="BUNDLED")),
    ("encode, torch", _ENCODE.format(name="TransformerEncoder", folder="str(BUNDLED)")),
    ("answer", _ANSWER),
)
_LIBRARIES = ("numpy", "tokenizers", "faiss-cpu", "tantivy", "sentence-transformers", "torch")


def main() -> None:
    """Print the table with the machine and the versions."""
    print(platform.platform(), f"{os.cpu_count()} cores, Python {platform.python_version()}")
    print(", ".join(f"{name} {version(name)}" for name in _LIBRARIES))
    print(f"{'':16}{'load s':>8}{'p50 ms':>8}{'p95 ms':>8}{'peak MB':>9}")
    for name, code in _ROWS:
        loaded, middle, slow, peak = _measure(code)
        print(f"{name:16}{loaded:8.2f}{middle * 1e3:8.2f}{slow * 1e3:8.2f}{peak:9.0f}")


def _measure(code: str) -> list[float]:
    single = dict.fromkeys(("OMP_NUM_THREADS", "RAYON_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code + _REPORT],
        env=os.environ | single,
        capture_output=True,
        text=True,
        check=True,
    )
    figures: list[float] = json.loads(done.stdout.splitlines()[-1])
    return figures


if __name__ == "__main__":
    main()
