"""The press office's password: `python -m web.password` asks for it twice and keeps its hash.

The file holds the hash and the key that signs sessions; whoever sets a new password signs
everybody out. Without the file there is no `/admin`.
"""

from __future__ import annotations

import getpass
import json
import os
import secrets
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 256


@dataclass(frozen=True, slots=True)
class Keys:
    """What signing in takes: the password's hash, and the key that signs sessions."""

    password: str
    secret: str


def read_keys(path: Path, secret: str | None = None) -> Keys | None:
    """Return the keys in `path`, None where there are none; `secret` wins over the file's."""
    try:
        content = json.loads(path.read_bytes())
        keys = Keys(str(content["password"]), secret or str(content["secret"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return keys if keys.password and len(keys.secret) >= 32 else None


def set_password(path: Path, password: str) -> None:
    """Write the hash of `password` and a fresh key to `path`, for its owner's eyes only.

    Raises ValueError where the password is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise ValueError(f"密码需要 {SHORTEST} 到 {LONGEST} 个字符。")
    content = {"password": _hasher().hash(password), "secret": secrets.token_hex(32)}
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w", encoding="utf-8") as out:
        json.dump(content, out)
    beside.replace(path)


def is_password(keys: Keys, password: str) -> bool:
    """Tell whether `password` is the one; takes the same time whatever is wrong with it."""
    try:
        return _hasher().verify(keys.password, password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


def ask_password(path: Path) -> int:
    """Ask for a new password at the terminal, twice, and keep it; return the exit status."""
    first = getpass.getpass(f"新密码（至少 {SHORTEST} 个字符）/ New password: ")
    if first != getpass.getpass("再输入一次 / Again: "):
        print("错误：两次输入不同，密码没有改变。", file=sys.stderr)
        return 1
    try:
        set_password(path, first)
    except (ValueError, OSError) as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    print(f"密码已设定（{path}）；后台地址为 /admin。")
    return 0


if __name__ == "__main__":
    from web.settings import Settings

    sys.exit(ask_password(Settings().admin_file))
