"""Transcripts on their way in: uploaded, looked at, and not yet part of anything."""

from __future__ import annotations

import json
import logging
import re
import shutil
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from index.errors import SourceError, ZaowenError
from index.read import decode, digest
from index.records import Transcript
from web.reader import read_apart

ID = re.compile(r"[a-z0-9](?:-?[a-z0-9]){2,59}")
LONGEST_TEXT = 512 * 1024
LONGEST_DESCRIPTION = 64 * 1024
LONGEST_FIELD = 500
MOST = 50
FIELDS = {
    "title": "标题",
    "date": "日期",
    "place": "地点",
    "publisher": "发布单位",
    "url": "出处网址",
    "contact": "联系方式",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

log = logging.getLogger("zaowen.admin")


class DraftError(Exception):
    """What a person has to know about an upload, in the words they read."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One upload: `digest` tells whether it is still the one that was looked at."""

    id: str
    path: Path
    digest: str
    transcript: Transcript | None
    error: str | None


class Drafts:
    """A folder of drafts, each in a folder of its own named by its id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reading = threading.Lock()

    def names(self) -> list[str]:
        """Return the ids of all drafts in order."""
        found = self._folder.glob("*/*.txt")
        return sorted(p.stem for p in found if p.stem == p.parent.name and ID.fullmatch(p.stem))

    def save(self, id: str, text: bytes, description: bytes) -> bool:
        """Keep an upload; tell whether an earlier draft of that id gave way. Raises DraftError."""
        check_id(id)
        _check_text(text, LONGEST_TEXT, "实录")
        _check_text(description, LONGEST_DESCRIPTION, "说明（TOML）")
        names = self.names()
        if id not in names and len(names) >= MOST:
            raise DraftError(f"草稿已有 {MOST} 份，请先发布或删除一些。")
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=self._folder))
        try:
            (fresh / f"{id}.txt").write_bytes(text)
            (fresh / f"{id}.toml").write_bytes(description)
            self.discard(id)
            fresh.rename(self._folder / id)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        return id in names

    def open(self, id: str) -> Draft | None:
        """Return a draft as it is read, or why it cannot be; None where there is none."""
        if id not in self.names():
            return None
        path = self._folder / id / f"{id}.txt"
        seen = digest(path)
        try:
            with self._reading:
                return Draft(id, path, seen, _read(path, seen), None)
        except ZaowenError as error:
            reason = str(error).replace(f"{path.parent.resolve()}/", "")
        except Exception as error:
            log.exception("%s cannot be read", path)
            reason = f"读取时出现意外错误（{type(error).__name__}）。"
        return Draft(id, path, seen, None, reason)

    def discard(self, id: str) -> None:
        """Delete a draft, if there is one."""
        if ID.fullmatch(id):
            shutil.rmtree(self._folder / id, ignore_errors=True)


def check_id(id: str) -> None:
    """Raise DraftError unless `id` can name a document."""
    if not ID.fullmatch(id):
        raise DraftError("编号只能用小写字母、数字和单个连字符，3 至 60 个字符，如 2024-battery。")


def describe(fields: Mapping[str, str]) -> bytes:
    """Return the TOML that a filled-in form stands for. Raises DraftError."""
    lines = []
    for name, label in FIELDS.items():
        value = fields.get(name, "").strip()
        if len(value) > LONGEST_FIELD or _CONTROL.search(value) or "\n" in value:
            raise DraftError(f"“{label}”太长，或含有不能用的字符。")
        if name == "date" and value:
            lines.append(f"date = {_date(value).isoformat()}")
        elif value:
            lines.append(f"{name} = {json.dumps(value, ensure_ascii=False)}")
    if not fields.get("title", "").strip():
        raise DraftError("请填写标题，或上传 TOML 说明文件。")
    return ("\n".join(lines) + '\nformat = "text"\n').encode()


def _date(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise DraftError("日期应写成 2024-08-13 的样子。") from None


def _check_text(content: bytes, longest: int, name: str) -> None:
    if not content.strip():
        raise DraftError(f"{name}是空的。")
    if len(content) > longest:
        raise DraftError(f"{name}超过 {longest // 1024} KiB。")
    try:
        plain = not _CONTROL.search(decode(content))
    except SourceError:
        plain = False
    if not plain:
        raise DraftError(f"{name}不是纯文本文件，或是乱码；请另存为 UTF-8 的 .txt 再上传。")


@lru_cache(maxsize=4)
def _read(path: Path, seen: str) -> Transcript:
    """Read a draft once for looking at it and publishing it; `seen` tells its versions apart.

    What cannot be read is tried again when it is asked for again: the machine may have been busy.
    """
    return read_apart(path)
