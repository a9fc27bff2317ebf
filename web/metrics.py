"""What is counted while serving: answers, their time, refusals. No question, no address."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from index.records import Transcript
from qa.engine import Answering
from qa.records import Answer
from web.problems import log_failure

_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Metrics:
    """Counters of one application, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self.answers = Counter(
            "zaowen_answers", "Answers by status", ["status"], registry=self._registry
        )
        self.seconds = Histogram(
            "zaowen_answer_seconds",
            "Time to find an answer",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.failures = Counter(
            "zaowen_failures", "Questions that ended in an error", registry=self._registry
        )
        self.limited = Counter(
            "zaowen_limited", "Requests over a limit", ["by"], registry=self._registry
        )

    def render(self) -> bytes:
        """Return all values in Prometheus' text format."""
        return generate_latest(self._registry)


class AnswerFailed(Exception):
    """Answering broke; the cause is in the log and not in here."""


class Counted:
    """An engine whose answers are counted, whichever face asks."""

    def __init__(self, engine: Answering, metrics: Metrics) -> None:
        self._engine, self._metrics = engine, metrics

    @property
    def transcripts(self) -> Mapping[str, Transcript]:
        """The transcripts of the engine behind."""
        return self._engine.transcripts

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer and count. Raises AnswerFailed, which tells nothing, for whatever breaks."""
        started = time.perf_counter()
        try:
            answer = self._engine.ask(question, history)
        except Exception as error:
            self._metrics.failures.inc()
            log_failure("ask", error)
            raise AnswerFailed from None
        self._metrics.seconds.observe(time.perf_counter() - started)
        self._metrics.answers.labels(answer.status).inc()
        return answer
