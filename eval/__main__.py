"""Measure: the suite, or open benches of retrieval and of answers.

python -m eval [--split dev|test|all] [--baseline FILE] [--gate]
python -m eval ablation     [--split dev|test|all]
python -m eval paraphrases  [--split dev|test|all]
python -m eval bench DIR…   [--encoder NAME] [--json FILE]
python -m eval answers DIR… [--withhold SHARE] [--encoder NAME] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.ablation import run_ablation
from eval.answers import run_answers
from eval.bench import MEASURES, Result, run_bench
from eval.cases import FOLDER, GATED, SEEDS, read_cases
from eval.corpus import Bench, paraphrase_bench, read_bench
from eval.report import render
from eval.suite import GATES, fallen, run_suite, summarise, tabulate, to_json
from index.errors import ZaowenError

OUT = Path("var/eval")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m eval",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--split", choices=["dev", "test", "all"], default="all")
    parser.add_argument("--encoder", default=None)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--baseline", type=Path, default=None)
    parser.add_argument(
        "--gate", action="store_true", help=f"fail where the gated sets do not meet {GATES.name}"
    )
    commands = parser.add_subparsers(dest="command")
    for name, about in (("bench", "retrieval on open benches"), ("answers", "answers on them")):
        command = commands.add_parser(name, help=about)
        command.add_argument("folders", nargs="+", type=Path, metavar="DIR")
        command.add_argument("--encoder", default=argparse.SUPPRESS)
        command.add_argument("--json", type=Path, default=None)
        if name == "answers":
            command.add_argument("--withhold", type=float, default=0.0)
            command.add_argument("--most", type=int, default=None, help="questions asked, drawn")
    for name, about in (
        ("paraphrases", "retrieval for the suite's paraphrases"),
        ("ablation", "what each step is worth"),
    ):
        command = commands.add_parser(name, help=about)
        command.add_argument("--split", choices=["dev", "test", "all"], default=argparse.SUPPRESS)
        command.add_argument("--encoder", default=argparse.SUPPRESS)
        command.add_argument("--json", type=Path, default=None)
    options = parser.parse_args(arguments)
    commanded = {
        "bench": _bench,
        "paraphrases": _paraphrases,
        "answers": _answers,
        "ablation": _ablation,
        None: _suite,
    }
    try:
        return commanded[options.command](options)
    except ZaowenError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1


def _suite(options: argparse.Namespace) -> int:
    split = None if options.split == "all" else options.split
    before = options.baseline and json.loads(options.baseline.read_text(encoding="utf-8"))
    outcomes = run_suite(split, options.encoder, GATED if options.gate else tuple(SEEDS))
    for row in tabulate(outcomes):
        print(f"{row.category:12}{row.count:5}  {row.right:.3f} [{row.low:.3f}, {row.high:.3f}]")
    measures = summarise(outcomes)
    print("\n".join(f"{name:16} {value:.3f}" for name, value in measures.items()))
    if before:
        _compare(before, to_json(outcomes))
    _write(options.out / "report.json", to_json(outcomes))
    (options.out / "report.html").write_text(render(outcomes), encoding="utf-8")
    print(f"报告：{options.out / 'report.html'}")
    missed = fallen(measures) if options.gate else []
    for line in missed:
        print(f"未达到门槛：{line}", file=sys.stderr)
    return 1 if missed else 0


def _compare(before: dict[str, Any], after: dict[str, Any]) -> None:
    for name, value in after["measures"].items():
        change = value - before["measures"].get(name, value)
        print(f"{name:16} {change:+.3f}")
    for name, case in after["cases"].items():
        earlier = before["cases"].get(name)
        if earlier and earlier["right"] != case["right"]:
            print(f"{'变对' if case['right'] else '变错'} {name} {case['question']}")


def _bench(options: argparse.Namespace) -> int:
    return _retrieve([read_bench(folder) for folder in options.folders], options)


def _paraphrases(options: argparse.Namespace) -> int:
    benches = []
    for name, seeds in SEEDS.items():
        cases = read_cases(FOLDER / f"{name}.jsonl")
        chosen = [c for c in cases if options.split in ("all", c.split)]
        benches.append(paraphrase_bench(name, seeds, chosen))
    return _retrieve(benches, options)


def _retrieve(benches: Sequence[Bench], options: argparse.Namespace) -> int:
    results = {}
    for bench in benches:
        results[bench.name] = run_bench(bench, options.encoder, _say)
        _print(bench.name, results[bench.name])
    if options.json:
        plain = {
            name: {mode: {m: r.mean for m, r in of.items()} for mode, of in modes.items()}
            for name, modes in results.items()
        }
        _write(options.json, plain)
    return 0


def _answers(options: argparse.Namespace) -> int:
    results = {}
    for folder in options.folders:
        read = read_bench(folder)
        results[read.name] = run_answers(
            read, options.withhold, options.most, options.encoder, _say
        )
        measures = "  ".join(f"{name} {value:.3f}" for name, value in results[read.name].items())
        print(f"{read.name:8} {measures}")
    if options.json:
        _write(options.json, results)
    return 0


def _ablation(options: argparse.Namespace) -> int:
    steps = run_ablation(None if options.split == "all" else options.split, options.encoder)
    print(f"{'':12}{'right':>8}{'shown':>8}{'rejected':>10}")
    for step in steps:
        print(f"{step.name:12}{step.right:8.3f}{step.characters:8.0f}{step.rejection:10.3f}")
    if options.json:
        _write(options.json, [asdict(step) for step in steps])
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _print(name: str, modes: dict[str, dict[str, Result]]) -> None:
    print(f"{name:8}" + "".join(f"{m:>26}" for m in MEASURES))
    for mode, of in modes.items():
        cells: Sequence[str] = [
            f"{f'{r.mean:.3f} [{r.low:.3f}, {r.high:.3f}]'}"
            f"{'*' if r.p is not None and r.p < 0.05 else ' '}"
            for r in of.values()
        ]
        print(f"{mode:8}" + "".join(f"{cell:>26}" for cell in cells))


if __name__ == "__main__":
    sys.exit(main())
