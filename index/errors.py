"""Everything that can go wrong on the way from a seed to an answer, under one root."""

from __future__ import annotations


class ZaowenError(Exception):
    """Root of the project's errors; a message says what was found, expected, and what to run."""


class SourceError(ZaowenError):
    """A seed cannot be read: file missing, not text, metadata incomplete or contradictory."""


class CorrectionError(SourceError):
    """A correction in a seed's TOML does not match the raw text exactly once."""


class EncoderError(ZaowenError):
    """The embedding model cannot be loaded."""


class IndexMissing(ZaowenError):
    """There is no index in the folder that was named."""


class IndexStale(ZaowenError):
    """The index was built by other settings, another encoder, or from other seeds."""


class IndexDamaged(ZaowenError):
    """A file of the index cannot be read, or differs from the checksum in its manifest."""
