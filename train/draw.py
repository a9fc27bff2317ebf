"""Draws lots that a text alone decides, whatever stands before it and whenever it is drawn."""

from __future__ import annotations

from hashlib import sha256


def draw(text: str, of: int = 100) -> int:
    """Return the same number below `of` for the same text."""
    return int(sha256(text.encode()).hexdigest()[:8], 16) % of
