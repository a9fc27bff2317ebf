"""A draft becomes part of what is answered from: all of it, or nothing of it.

The new index is built aside and proved before anything else changes; then the seed, the index and
the engine are swapped, each in one step. What was replaced is kept for one way back.
"""

from __future__ import annotations

import base64
import json
import logging
import secrets
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.encoder import Encoder, open_encoder
from index.errors import ZaowenError
from index.generations import adopt, can_restore, restore
from index.read import digest, read_seed
from index.records import Transcript
from index.store import Index, build, expect, load, read_manifest
from qa.engine import Engine
from web.drafts import Draft, Drafts
from web.published import Published
from web.settings import Settings

log = logging.getLogger("zaowen.admin")


class PublishError(Exception):
    """Why nothing was published, in the words that a person reads; everything is as it was."""


@dataclass(frozen=True, slots=True)
class _Seed:
    """A seed's two files as they stand in the folder; None where there is none."""

    id: str
    text: bytes | None
    description: bytes | None


class Press:
    """Publishes drafts and takes the last publication back, one at a time."""

    def __init__(self, published: Published, settings: Settings) -> None:
        self.published = published
        self.drafts = Drafts(settings.drafts)
        self._settings = settings
        self._seeds, self._index = settings.seeds, settings.index
        self._previous = settings.drafts / "previous.json"
        self._busy = threading.Lock()

    def publish(self, id: str, seen: str) -> None:
        """Publish the draft `id` as it was when its digest was `seen`. Raises PublishError."""
        with self._alone(), self._aside() as fresh:
            draft = self.drafts.open(id)
            if draft is None or draft.digest != seen:
                raise PublishError("这份草稿在预览之后变了；请重新预览再发布。")
            if draft.transcript is None:
                raise PublishError(f"这份草稿无法读取：{draft.error}")
            encoder = open_encoder(self._settings.encoder)
            transcripts, digests = self._gather(draft, draft.transcript)
            expected = expect(encoder, digests)
            index = build(transcripts, encoder, fresh, expected)
            Engine(index).ask(draft.transcript.source.title)
            before = _take(self._seeds, id)
            last = self._previous.read_bytes() if self._previous.is_file() else None
            try:
                _write(self._previous, _packed(before))
                _put(self._seeds, _take(draft.path.parent, id))
                adopt(fresh, self._index)
                self._serve(load(self._index, encoder, expected))
            except BaseException:
                self._undo(before, last)
                raise
            self.drafts.discard(id)

    def can_take_back(self) -> bool:
        """Tell whether the last publication can be undone."""
        return self._previous.is_file() and can_restore(self._index)

    def last(self) -> Transcript | None:
        """Return the transcript that was published last, if it can be taken back."""
        if not self.can_take_back():
            return None
        return self.published.transcripts.get(_unpacked(self._previous.read_bytes()).id)

    def take_back(self, id: str) -> None:
        """Undo the last publication, if it was `id`: seed, index, engine. Raises PublishError."""
        with self._alone():
            if not self.can_take_back():
                raise PublishError("没有可以撤回的发布。")
            before = _unpacked(self._previous.read_bytes())
            if before.id != id:
                raise PublishError("上一次发布的已经不是这一份；请看清后再撤回。")
            encoder = open_encoder(self._settings.encoder)
            after = _take(self._seeds, before.id)
            try:
                _put(self._seeds, before)
                self._serve_previous(encoder)
            except BaseException:
                _put(self._seeds, after)
                raise
            self._previous.unlink()

    def _serve_previous(self, encoder: Encoder) -> None:
        digests = _digests(self._seeds)
        restore(self._index, digests)
        self._serve(load(self._index, encoder, expect(encoder, digests)))

    def _serve(self, index: Index) -> None:
        engine = Engine(index)
        engine.prepare()
        self.published.engine = engine

    def _undo(self, before: _Seed, last: bytes | None) -> None:
        """Put back the seed, what may be taken back, and the index where it had been swapped."""
        if last is None:
            self._previous.unlink(missing_ok=True)
        else:
            _write(self._previous, last)
        _put(self._seeds, before)
        digests = _digests(self._seeds)
        if read_manifest(self._index)["built_with"]["seeds"] != digests:
            restore(self._index, digests)

    def _gather(
        self, draft: Draft, transcript: Transcript
    ) -> tuple[list[Transcript], dict[str, str]]:
        """Return every transcript to be, and digests; what has not changed is not read again."""
        known = read_manifest(self._index)["built_with"]["seeds"]
        serving = self.published.transcripts
        found = {draft.id: transcript}
        digests = _digests(self._seeds) | {draft.id: draft.digest}
        for name in digests.keys() - {draft.id}:
            same = name in serving and known.get(name) == digests[name]
            found[name] = serving[name] if same else read_seed(self._seeds / f"{name}.txt")
        return [found[name] for name in sorted(found)], digests

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._busy.acquire(blocking=False):
            raise PublishError("另一次发布还在进行，请稍候再试。")
        try:
            yield
        except PublishError:
            raise
        except ZaowenError as error:
            log.exception("publishing failed")
            raise PublishError(f"没有发布，一切照旧。原因：{error}") from error
        except Exception as error:
            log.exception("publishing failed")
            raise PublishError(f"没有发布，一切照旧。原因：{type(error).__name__}") from error
        finally:
            self._busy.release()

    @contextmanager
    def _aside(self) -> Iterator[Path]:
        """Lend an empty folder on the index's own disk."""
        self._index.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{self._index.name}-", dir=self._index.parent))
        try:
            yield fresh
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def _digests(folder: Path) -> dict[str, str]:
    return {path.stem: digest(path) for path in sorted(folder.glob("*.txt"))}


def _take(folder: Path, id: str) -> _Seed:
    text, description = folder / f"{id}.txt", folder / f"{id}.toml"
    return _Seed(
        id,
        text.read_bytes() if text.is_file() else None,
        description.read_bytes() if description.is_file() else None,
    )


def _put(folder: Path, seed: _Seed) -> None:
    """Make a seed's files what `seed` says; a text is never there without its description."""
    text, description = folder / f"{seed.id}.txt", folder / f"{seed.id}.toml"
    if seed.text is None:
        text.unlink(missing_ok=True)
    if seed.description is None:
        description.unlink(missing_ok=True)
    else:
        _write(description, seed.description)
    if seed.text is not None:
        _write(text, seed.text)


def _write(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _packed(seed: _Seed) -> bytes:
    def coded(content: bytes | None) -> str | None:
        return None if content is None else base64.b64encode(content).decode()

    fields = {"text": coded(seed.text), "description": coded(seed.description)}
    return json.dumps({"id": seed.id, **fields}).encode()


def _unpacked(content: bytes) -> _Seed:
    def plain(coded: str | None) -> bytes | None:
        return None if coded is None else base64.b64decode(coded)

    read = json.loads(content)
    return _Seed(read["id"], plain(read["text"]), plain(read["description"]))
