"""The JSON interface: ask, read transcripts, see whether the service is well."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, HTTPException, Path, Response
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0

from qa.engine import Answering
from qa.records import Answer
from web.contract import (
    AnswerObject,
    Ask,
    Health,
    Readiness,
    TranscriptObject,
    TranscriptSummary,
    describe,
    summarise,
)
from web.metrics import Metrics
from web.problems import Words

MOST_WAITING = 256
Heard = Callable[[str, Answer], None]
T = TypeVar("T")


class Queue:
    """Answers as many questions at once as there are processors; a bounded number may wait.

    More threads would only take turns at the interpreter's lock.
    """

    def __init__(self) -> None:
        self._places = CapacityLimiter(os.cpu_count() or 1)

    async def do(self, act: Callable[[], T]) -> T:
        """Act in turn. Raises HTTPException 503 if too many wait already."""
        if self._places.statistics().tasks_waiting >= MOST_WAITING:
            raise HTTPException(503, headers={"Retry-After": "2"})
        return await to_thread.run_sync(act, limiter=self._places)


def api_routes(
    engine: Answering,
    heard: Heard = lambda question, answer: None,
    queue: Queue | None = None,
) -> APIRouter:
    """Return `/api/ask` and `/api/transcripts`; `heard` is told every question and its answer."""
    routes = APIRouter(prefix="/api", tags=["问答 / questions"])
    turn = queue or Queue()
    known = list(engine.transcripts)[:1]

    @routes.post("/ask", summary="提问 / Ask", response_model=AnswerObject)
    async def ask(body: Ask) -> Response:
        """回答只用官员原话；实录没有说的，就答没有。 / Answers in the officials' own words only."""

        def reply() -> Answer:
            answer = engine.ask(body.question, body.history)
            heard(body.question, answer)
            return answer

        answer = await turn.do(reply)
        content = AnswerObject.model_validate(answer.to_json()).model_dump_json()
        return Response(content, media_type="application/json")

    @routes.get("/transcripts", summary="实录目录 / List of transcripts")
    async def transcripts() -> list[TranscriptSummary]:
        """全部实录。 / All transcripts."""
        return [summarise(transcript) for transcript in engine.transcripts.values()]

    @routes.get("/transcripts/{id}", summary="实录全文 / One transcript")
    def transcript(
        id: str = Path(description="实录编号 / id of a transcript", examples=known),
    ) -> TranscriptObject:
        """全文与发言分段；引文的 start、end 即此 text 的字符位置。 / Text and turns."""
        found = engine.transcripts.get(id)
        if found is None:
            raise HTTPException(404, Words("没有这份实录。", "There is no such transcript."))
        return describe(found)

    return routes


def state_routes(engine: Answering, metrics: Metrics) -> APIRouter:
    """Return `/healthz`, `/readyz` and `/metrics`."""
    routes = APIRouter(tags=["运行状态 / state"])

    @routes.get("/healthz", summary="进程在运行 / The process is up")
    async def healthz() -> Health:
        """进程在运行即为 ok。 / ok while the process is up."""
        return Health()

    @routes.get("/readyz", summary="可以回答 / Ready to answer")
    async def readyz() -> Readiness:
        """索引已打开，附资料数量。 / The index is open; what stands in it."""
        transcripts = engine.transcripts.values()
        if not transcripts:
            raise HTTPException(503, Words("还没有任何实录。", "There is no transcript yet."))
        return Readiness(
            transcripts=len(transcripts),
            turns=sum(len(t.turns) for t in transcripts),
            characters=sum(len(t.text) for t in transcripts),
        )

    @routes.get(
        "/metrics",
        summary="指标 / Metrics",
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    async def counts() -> Response:
        """Prometheus 文本格式；只有计数，没有问题内容。 / Prometheus text; counts only."""
        return Response(metrics.render(), media_type=CONTENT_TYPE_PLAIN_1_0_0)

    return routes
