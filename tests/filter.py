"""The filter that garbled the first seed, rebuilt: pinyin put into GBK bytes, then decoded."""

from __future__ import annotations

import re
from collections.abc import Mapping

FOLDED = str.maketrans("，：；！？（）", ",:;!?()")


def garble(text: str, table: Mapping[str, str]) -> str:
    """Return `text` as the filter and a lenient decoder would have left it.

    `table` maps a character to its pinyin. Byte pairs are replaced wherever they stand, left to
    right; a pair with an ASCII byte second becomes `?`, a pair without a character vanishes.
    """
    codes = {char.encode("gbk"): reading.encode("gb18030") for char, reading in table.items()}
    pattern = re.compile(b"|".join(map(re.escape, codes)))
    content = pattern.sub(lambda m: m[0] + b"(" + codes[m[0]] + b")", text.encode("gbk"))
    return decode(content).translate(FOLDED)


def decode(content: bytes) -> str:
    """Decode GBK as a lenient decoder does."""
    parts, at = [], 0
    while at < len(content):
        lead = content[at]
        if lead < 0x80:
            parts.append(chr(lead))
            at += 1
            continue
        pair = content[at : at + 2]
        at += 2
        try:
            parts.append(pair.decode("gbk"))
        except UnicodeDecodeError:
            if len(pair) < 2 or pair[1] < 0x40:
                parts.append("?")
    return "".join(parts)
