"""The engine that answers now, replaced in one step while the others go on serving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.records import Hit, Transcript
from qa.engine import Engine, Weighed
from qa.judge import Ordering, order
from qa.records import Answer
from qa.retrieve import Mode


class Published(Engine):
    """An engine that hands every question to the one published last.

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

    def retrieve(self, question: str, k: int = 10, mode: Mode = "late") -> list[Hit]:
        """Return the `k` best passages of what is published now."""
        return self.engine.retrieve(question, k, mode)

    def deliberate(
        self, question: str, history: Sequence[str] = (), reads: bool = True, by: Ordering = order
    ) -> Weighed | None:
        """Return what a question finds before it is decided; see `Engine.deliberate`."""
        return self.engine.deliberate(question, history, reads, by)

    def quote(self, weighed: Weighed) -> Answer:
        """Return the answer made of the best quotes; see `Engine.quote`."""
        return self.engine.quote(weighed)
