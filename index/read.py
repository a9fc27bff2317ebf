"""Seeds to transcripts: a text file as it came and the TOML beside it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from index.errors import SourceError
from index.likelihood import Likelihood
from index.parse import parse
from index.records import Source, Transcript
from index.repair import Correction, repair

_BOMS = ((b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ENCODINGS = ("utf-8-sig", "gb18030", "cp950")
_MISREAD = (("latin-1", "utf-8"), ("cp1252", "utf-8"), ("latin-1", "gb18030"))
_SAMPLE, _LEAST = 1000, 100
_GIBBERISH = -10.0
"""Clean Chinese has -5 to -6 nats a character, radicals for characters -7, mojibake -14 to -17."""


def decode(content: bytes) -> str:
    """Return a plain text's characters: the likeliest of the encodings that Chinese comes in.

    Text that was read in a wrong encoding before, and lost nothing by it, is read back. Raises
    SourceError for what is not text, or makes no sense in any of them.
    """
    found = next((_decoded(content, name) for bom, name in _BOMS if content.startswith(bom)), None)
    texts = [found] if found else [t for name in _ENCODINGS if (t := _decoded(content, name))]
    if texts and _sense(texts[0]) > _GIBBERISH:
        return texts[0]
    texts += [back for text in texts for back in _read_back(text)]
    likeliest = max(texts, key=_sense, default=None)
    if likeliest and _sense(likeliest) > _GIBBERISH:
        return likeliest
    raise SourceError(
        "不是 UTF-8、GB18030、Big5 文本，或已成乱码，请另存为 UTF-8。 / "
        "no text in UTF-8, GB18030 or Big5, or mojibake; save it as UTF-8"
    )


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _read_back(text: str, deeper: bool = True) -> Iterator[str]:
    """Yield what a text may have been before it was read wrongly, once or twice."""
    for wrong, right in _MISREAD:
        try:
            back = text.encode(wrong).decode(right)
        except UnicodeError:
            continue
        yield back
        if deeper:
            yield from _read_back(back, deeper=False)


def _sense(text: str) -> float:
    """Return how likely a text is, in nats for each character beyond ASCII; 0 for too few."""
    sample = "".join(c for c in text if c > "\x7f" or c == "\n")[:_SAMPLE]
    return Likelihood("").of(sample) / len(sample) if len(sample) >= _LEAST else 0.0


def read_text(path: Path) -> str:
    """Return a plain-text file's characters; see `decode`."""
    try:
        return decode(path.read_bytes())
    except SourceError as error:
        raise SourceError(f"{path}：{error}") from error


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
