"""Where readers say whether an answer helped, and which quote they doubt."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field, model_validator

from qa.engine import Answering
from web.feedback import Face, Feedback, Reason
from web.problems import Words

_MOST = 2**31
_UNKEPT = Words(
    "这里设为不保存任何意见，所以没有记下。", "Nothing is kept here, so this was not noted down."
)


class Vote(BaseModel):
    """Whether an answer helped; a reason only where it did not."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, Field(min_length=1, max_length=2000)]
    verdict: Literal["helpful", "not_helpful"]
    reason: Reason | None = None
    comment: Annotated[str, Field(max_length=1000)] = ""
    face: Face = "api"

    @model_validator(mode="after")
    def _reason_fits(self) -> Vote:
        if self.verdict == "helpful" and self.reason:
            raise ValueError("a reason belongs to not_helpful only")
        return self


class Report(BaseModel):
    """A span of a transcript that a reader doubts (引文有误)."""

    model_config = ConfigDict(extra="forbid")

    document_id: Annotated[str, Field(min_length=1, max_length=200)]
    start: Annotated[int, Field(ge=0, lt=_MOST)]
    end: Annotated[int, Field(gt=0, lt=_MOST)]
    comment: Annotated[str, Field(max_length=1000)] = ""


def verdict_routes(engine: Answering, feedback: Feedback) -> APIRouter:
    """Return `POST /api/feedback` and `POST /api/report`."""
    routes = APIRouter(prefix="/api")

    @routes.post("/feedback", status_code=201)
    def vote(body: Vote) -> dict[str, bool]:
        return kept(
            feedback.vote(body.question, body.verdict, body.reason, body.comment, body.face)
        )

    @routes.post("/report", status_code=201)
    def report(body: Report) -> dict[str, bool]:
        found = engine.transcripts.get(body.document_id)
        if found is None:
            raise HTTPException(404, f"没有编号为 {body.document_id} 的实录。")
        if not body.start < body.end <= len(found.text):
            raise HTTPException(422, "start 和 end 不在这份实录之内。")
        excerpt = found.text[body.start : body.end]
        return kept(feedback.report(body.document_id, body.start, body.end, excerpt, body.comment))

    def kept(done: bool) -> dict[str, bool]:
        if not feedback.retention:
            raise HTTPException(403, _UNKEPT)
        if not done:
            raise HTTPException(503, "意见暂时无法保存，请稍后再试。")
        return {"kept": True}

    return routes
