"""Seeds to transcripts: a text file as it came and the TOML beside it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from index.errors import SourceError
from index.parse import parse
from index.records import Source, Transcript
from index.repair import Correction, repair


def read_text(path: Path) -> str:
    """Return a plain-text file's characters: UTF-8, or GB18030 where it is not UTF-8."""
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SourceError(
        f"{path}：不是 UTF-8 或 GB18030 文本，请另存为 UTF-8。 / "
        "neither UTF-8 nor GB18030 text; save it as UTF-8 and build again"
    )


FORMATS: dict[str, Callable[[Path], str]] = {"text": read_text}


def read_seeds(folder: Path) -> list[Transcript]:
    """Return the transcripts of every `NAME.txt` in `folder`, in order of their names.

    Raises SourceError when there is none, or one cannot be read.
    """
    paths = sorted(folder.glob("*.txt"))
    if not paths:
        raise SourceError(
            f"{folder}: found no NAME.txt, expected at least one transcript; "
            "put it there with NAME.toml beside it, or name another folder with --seeds"
        )
    return [read_seed(path) for path in paths]


def read_seed(path: Path) -> Transcript:
    """Return one transcript: read, repaired, parsed. `NAME.toml` beside it is optional."""
    described = _described(path.with_suffix(".toml"))
    reader = FORMATS.get(described.pop("format", "text"))
    if reader is None:
        raise SourceError(
            f"{path.with_suffix('.toml')}：不认得的 format。 / "
            f"unknown format; known: {', '.join(FORMATS)}"
        )
    corrections = [Correction(**c) for c in described.pop("corrections", [])]
    raw = reader(path)
    if not raw.strip():
        raise SourceError(f"{path}：文件是空的。 / the file is empty; expected a transcript")
    repaired = repair(raw, corrections)
    reading = parse(repaired.text)
    described.setdefault("title", path.stem)
    return Transcript(
        source=Source(id=path.stem, **described),
        raw=raw,
        text=repaired.text,
        emendations=repaired.emendations,
        participants=reading.participants,
        turns=reading.turns,
    )


def digest(path: Path) -> str:
    """Return the SHA-256 of a seed: its text and its TOML."""
    total = hashlib.sha256(path.read_bytes())
    description = path.with_suffix(".toml")
    if description.exists():
        total.update(description.read_bytes())
    return total.hexdigest()


_FIELDS: dict[str, type] = {
    "title": str,
    "date": date,
    "place": str,
    "publisher": str,
    "url": str,
    "event_date": date,
    "terms": str,
    "contact": str,
    "format": str,
}


_NAMES = {str: "引号里的文字", date: "日期，写成 2024-08-13，不加引号"}


def _described(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}：不是有效的 TOML。 / not valid TOML: {error}") from error
    for key, value in content.items():
        if key == "corrections":
            _check_corrections(path, value)
        elif key not in _FIELDS:
            raise SourceError(
                f"{path}：不认得的项 {key!r}。 / "
                f"unknown key {key!r}; known: {', '.join(_FIELDS)}, corrections"
            )
        elif type(value) is not _FIELDS[key]:  # a datetime is a date, too
            raise SourceError(
                f"{path}：{key} 应为{_NAMES[_FIELDS[key]]}。 / "
                f"{key} is {value!r}, expected a {_FIELDS[key].__name__}"
                + (" written 2024-08-13, without quotes" if _FIELDS[key] is date else "")
            )
    return content


def _check_corrections(path: Path, corrections: Any) -> None:
    if not isinstance(corrections, list):
        raise SourceError(
            f"{path}：更正应写成 [[corrections]]。 / corrections is no list; write [[corrections]]"
        )
    wanted = {"raw", "text", "reason"}
    for number, correction in enumerate(corrections, 1):
        told = isinstance(correction, dict) and set(correction) == wanted
        if not told or not all(isinstance(value, str) for value in correction.values()):
            raise SourceError(
                f"{path}：第 {number} 条更正要有且只有 raw、text、reason，都写在引号里。 / "
                f"correction {number} needs exactly raw, text and reason, in quotes"
            )
