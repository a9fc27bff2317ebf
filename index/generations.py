"""Swap a freshly built index into the folder that serves, and back once.

A generation moves in beside the one that serves; the manifest is replaced last, in one step, and
the manifest before it is kept, with its generation, for one way back.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from index.errors import IndexMissing, IndexStale
from index.store import MANIFEST, read_manifest, sweep

PREVIOUS = "previous.json"


def adopt(built: Path, folder: Path) -> None:
    """Make the index in `built`, on the same disk, the one in `folder`.

    What `folder` served becomes its previous index; what was previous before that goes.
    """
    generation = str(read_manifest(built)["generation"])
    folder.mkdir(parents=True, exist_ok=True)
    (built / generation).rename(folder / generation)
    kept = {generation}
    if (folder / MANIFEST).is_file():
        kept.add(_generation(folder / MANIFEST))
        _copy(folder / MANIFEST, folder / PREVIOUS)
    (built / MANIFEST).replace(folder / MANIFEST)
    sweep(folder, kept)


def restore(folder: Path, seeds: Mapping[str, str]) -> None:
    """Make the previous index of `folder` serve again; there is none before it.

    Raises IndexMissing where there is no way back, IndexStale where it leads to other seeds than
    those whose digests are given.
    """
    if not can_restore(folder):
        raise IndexMissing(f"{folder}: found no previous index; nothing can be taken back")
    previous = json.loads((folder / PREVIOUS).read_bytes())
    if previous["built_with"]["seeds"] != dict(seeds):
        raise IndexStale(f"{folder}: the previous index was built from other seeds")
    (folder / PREVIOUS).replace(folder / MANIFEST)
    sweep(folder, {str(previous["generation"])})


def can_restore(folder: Path) -> bool:
    """Tell whether `folder` still holds its previous index."""
    path = folder / PREVIOUS
    return path.is_file() and bool(name := _generation(path)) and (folder / name).is_dir()


def _generation(manifest: Path) -> str:
    try:
        return str(json.loads(manifest.read_bytes())["generation"])
    except (ValueError, KeyError, TypeError):
        return ""


def _copy(source: Path, target: Path) -> None:
    beside = target.with_name(f".{target.name}")
    shutil.copyfile(source, beside)
    beside.replace(target)
