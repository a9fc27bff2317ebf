"""The engine that answers now, replaced in one step while the others go on serving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.records import Transcript
from qa.engine import Engine
from qa.records import Answer


class Published:
    """Hands every question to the engine published last.

    A question that is being answered keeps the engine it began with.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def transcripts(self) -> Mapping[str, Transcript]:
        """The transcripts that are published now, by document id."""
        return self.engine.transcripts

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer from what is published now; see `Engine.ask`."""
        return self.engine.ask(question, history)
