"""Ask from the command line: `python -m qa "问题"`, or `python -m qa --jsonl` for a stream.

A stream line is `{"id", "question", "history"}`; each gives one answer object a line, in order.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from index.errors import ZaowenError
from qa.compose import attribute
from qa.engine import Engine, open_or_build
from qa.records import Answer

SEEDS = Path("seeds")
INDEX = Path("var/index")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m qa", description=__doc__)
    parser.add_argument("question", nargs="?")
    parser.add_argument("--jsonl", action="store_true")
    parser.add_argument("--index", type=Path, default=None)
    options = parser.parse_args(arguments)
    if options.question is None and not options.jsonl:
        parser.error('give a question, e.g. python -m qa "大会主题是什么", or --jsonl')
    try:
        if options.index:
            engine = Engine.open(options.index)
        else:
            engine = open_or_build(INDEX, SEEDS, progress=lambda line: print(line, file=sys.stderr))
    except ZaowenError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    if options.jsonl:
        for line in sys.stdin.buffer:
            if line.strip():
                told = json.dumps(answer_line(engine, line), ensure_ascii=False)
                print(told.encode("utf-8", "replace").decode(), flush=True)
        return 0
    print_answer(engine.ask(options.question))
    return 0


def answer_line(engine: Engine, line: bytes) -> dict[str, Any]:
    """Return the answer object for one line of input; a bad line gives `invalid`."""
    try:
        item = json.loads(line)
    except (ValueError, RecursionError):
        return Answer("", "invalid", "这一行不是 JSON 对象。").to_json()
    if not isinstance(item, dict) or not isinstance(item.get("question"), str):
        return Answer("", "invalid", "缺少文字字段 question。").to_json(
            item.get("id") if isinstance(item, dict) else None
        )
    history = item.get("history") or []
    if not isinstance(history, list) or not all(isinstance(h, str) for h in history):
        return Answer(item["question"], "invalid", "history 应为问题的列表。").to_json(
            item.get("id")
        )
    return engine.ask(item["question"], history).to_json(item.get("id"))


def print_answer(answer: Answer) -> None:
    """Print an answer for a person."""
    print(answer.answer)
    for number, quote in enumerate(answer.quotes, 1):
        asked = f"，回答{quote.asked_by}提问" if quote.asked_by else ""
        print(
            f"  [{number}] {attribute(quote)}，《{quote.document_title}》{quote.date or ''}{asked}"
        )
        print(f"      {quote.permalink}")
    if answer.status == "not_in_sources":
        for quote in answer.related:
            print(f"  相关：{attribute(quote)}：“{quote.text}”")


if __name__ == "__main__":
    sys.exit(main())
