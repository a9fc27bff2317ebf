"""Measure: `python -m eval bench DIR… [--encoder NAME] [--json FILE]`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from eval.bench import MEASURES, Result, run_bench
from eval.corpus import read_bench
from index.errors import ZaowenError


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    bench = commands.add_parser("bench", help="retrieval on open benches")
    bench.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    bench.add_argument("--encoder", default=None)
    bench.add_argument("--json", type=Path, default=None)
    options = parser.parse_args(arguments)
    results = {}
    try:
        for folder in options.folders:
            read = read_bench(folder)
            results[read.name] = run_bench(read, options.encoder, _say)
            _print(read.name, results[read.name])
    except ZaowenError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    if options.json:
        plain = {
            name: {mode: {m: r.mean for m, r in of.items()} for mode, of in modes.items()}
            for name, modes in results.items()
        }
        options.json.write_text(json.dumps(plain, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _print(name: str, modes: dict[str, dict[str, Result]]) -> None:
    print(f"{name:8}" + "".join(f"{m:>26}" for m in MEASURES))
    for mode, of in modes.items():
        cells = []
        for r in of.values():
            star = "*" if r.p is not None and r.p < 0.05 else " "
            cells.append(f"{f'{r.mean:.3f} [{r.low:.3f}, {r.high:.3f}]{star}':>26}")
        print(f"{mode:8}" + "".join(cells))


if __name__ == "__main__":
    sys.exit(main())
