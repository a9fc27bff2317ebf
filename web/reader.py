"""Reads a draft in a process of its own: answering goes on, and no text can hold the server up."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from pydantic import TypeAdapter

from index.errors import SourceError, ZaowenError
from index.read import read_seed
from index.records import Transcript

LONGEST = 120.0
_ROOT = Path(__file__).resolve().parent.parent
_TRANSCRIPT = TypeAdapter(Transcript)
_REFUSED = 3


def read_apart(path: Path, longest: float = LONGEST) -> Transcript:
    """Return the transcript in `path`. Raises SourceError, also after `longest` seconds."""
    _check_description(path.with_suffix(".toml").resolve())
    command = [sys.executable, "-m", "web.reader", str(path.resolve())]
    try:
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, timeout=longest)
    except subprocess.TimeoutExpired:
        raise SourceError(
            f"读取超过 {longest:.0f} 秒，已停止；请检查文件是否为正常文字。"
        ) from None
    if done.returncode == _REFUSED:
        raise SourceError(done.stderr.decode().strip())
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return _TRANSCRIPT.validate_json(done.stdout)


def _check_description(path: Path) -> None:
    """Raise SourceError for what TOML may say but a published transcript may not."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}：不是有效的 TOML。 / not valid TOML: {error}") from error
    url = content.get("url", "https://")
    if not isinstance(url, str) or not re.match(r"https?://", url):
        raise SourceError(
            f"{path}：url 应以 https:// 开头。 / url is {url!r}, expected one that begins with https://"
        )


def main() -> int:
    """Write the transcript as JSON, or why there is none; return the exit status."""
    try:
        sys.stdout.buffer.write(_TRANSCRIPT.dump_json(read_seed(Path(sys.argv[1]))))
    except ZaowenError as error:
        sys.stderr.buffer.write(str(error).encode())
        return _REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
