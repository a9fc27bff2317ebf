"""Build the index: `python -m index [--seeds DIR] [--out DIR] [--encoder NAME]`.

`--show emendations|turns|text [DOCUMENT]` prints how a transcript was read instead.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from index.encoder import open_encoder
from index.errors import SourceError, ZaowenError
from index.garbling import UNREADABLE
from index.read import digest, read_seeds
from index.records import Transcript
from index.store import build, expect

SEEDS = Path("seeds")
OUT = Path("var/index")

_ROLES = {
    "official": "发布人",
    "journalist": "记者",
    "moderator": "主持人",
    "editor": "编者",
    "unknown": "不明",
}
_KINDS = {
    "head": "文首",
    "statement": "发布",
    "question": "提问",
    "answer": "回答",
    "moderation": "主持",
}
_EMENDATIONS = {
    "annotation": "去除拼音",
    "realignment": "字节重排",
    "restoration": "缺字补出",
    "correction": "注明更正",
    "script": "繁体转简",
    "punctuation": "标点转全角",
    "spacing": "空格换行",
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m index", description=__doc__)
    parser.add_argument("--seeds", type=Path, default=SEEDS)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--encoder", default=None)
    parser.add_argument("--show", choices=("emendations", "turns", "text"))
    parser.add_argument("document", nargs="?")
    options = parser.parse_args(arguments)
    try:
        transcripts = read_seeds(options.seeds)
        if options.show:
            for transcript in _chosen(transcripts, options.document):
                _show(transcript, options.show)
            return 0
        for transcript in transcripts:
            _report(transcript)
        encoder = open_encoder(options.encoder)
        seeds = {t.id: digest(options.seeds / f"{t.id}.txt") for t in transcripts}
        index = build(transcripts, encoder, options.out, expect(encoder, seeds), print)
        print(f"{len(transcripts)} 份文档，{len(index.passages)} 个段落 → {options.out}")
    except ZaowenError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    return 0


def _chosen(transcripts: list[Transcript], name: str | None) -> list[Transcript]:
    if name is None:
        return transcripts
    found = [t for t in transcripts if t.id == name]
    if not found:
        known = ", ".join(t.id for t in transcripts)
        raise SourceError(f"document {name!r}: not found; expected one of {known}")
    return found


def _report(transcript: Transcript) -> None:
    print(f"《{transcript.source.title}》 {transcript.source.date or ''}")
    for person in transcript.participants:
        print(f"  {_ROLES[person.role]}  {person.name}  {person.title or ''}")
    _print_turns(transcript)
    kinds = Counter(e.kind for e in transcript.emendations)
    print("  校订 " + "，".join(f"{_EMENDATIONS[k]} {n} 处" for k, n in kinds.most_common()))
    unreadable = transcript.text.count(UNREADABLE)
    if unreadable:
        print(f"  无法辨认 {unreadable} 处，标作{UNREADABLE}；可在 TOML 的 [[corrections]] 中注明")


def _print_turns(transcript: Transcript) -> None:
    for number, turn in enumerate(transcript.turns):
        name = turn.speaker.name if turn.speaker else "（无署名）"
        inferred = "（推定）" if turn.attribution_inferred else ""
        begins = turn.span.of(transcript.text)[:24].replace("\n", " ")
        print(f"  {number:>3} {_KINDS[turn.kind]} {name}{inferred} {len(turn.span)} 字  {begins}…")


def _show(transcript: Transcript, what: str) -> None:
    if what == "text":
        print(transcript.text)
    elif what == "turns":
        _print_turns(transcript)
    else:
        for e in transcript.emendations:
            around = transcript.text[max(0, e.span.start - 8) : e.span.end + 8].replace("\n", "⏎")
            change = f"{e.before!r} → {e.after!r}"
            print(e.span.start, _EMENDATIONS[e.kind], change, f"…{around}…", e.reason, sep="\t")


if __name__ == "__main__":
    sys.exit(main())
