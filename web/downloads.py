"""Tables as CSV that a spreadsheet opens as text and nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

_FORMULA = tuple("=+-@\t\r\n＝＋－＠|%")


def to_csv(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the rows as UTF-8 with a byte order mark; no cell can begin a formula."""
    names = list(columns)
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(names)
    writer.writerows([_inert(row[name]) for name in names] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _inert(value: Any) -> str:
    """Return a cell as text, an apostrophe in front where a spreadsheet would calculate."""
    text = "" if value is None else str(value).replace("\x00", "")
    risky = isinstance(value, str) and text.lstrip().startswith(_FORMULA)
    return f"'{text}" if risky or text.startswith(("\t", "\r", "\n")) else text
