"""Everything that goes wrong over HTTP, as one kind of object (RFC 9457), in two languages."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEDIA = "application/problem+json"
log = logging.getLogger("zaowen")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem; `name` is where the API page explains it."""

    name: str
    title: str
    title_en: str
    detail: str
    detail_en: str


KINDS = {
    400: Kind(
        "bad-request",
        "请求有误",
        "Bad request",
        "服务器看不懂这个请求，或请求的主机名不是本站。",
        "The request cannot be understood, or names a host that is not ours.",
    ),
    403: Kind(
        "forbidden",
        "不被允许",
        "Forbidden",
        "这个网站来源未获准使用本服务。管理员可在 ZAOWEN_ALLOWED_ORIGINS 中加入它。",
        "This origin may not use the service; ZAOWEN_ALLOWED_ORIGINS lists those that may.",
    ),
    404: Kind("not-found", "没有找到", "Not found", "这里没有内容。", "There is nothing here."),
    405: Kind(
        "method-not-allowed",
        "方法不对",
        "Method not allowed",
        "这个地址不接受该请求方法；可用的方法见 Allow。",
        "This address does not take that method; Allow names those it takes.",
    ),
    413: Kind(
        "too-large", "内容过大", "Content too large", "请求内容过大。", "The request is too large."
    ),
    422: Kind(
        "unfit",
        "内容不合规",
        "Unprocessable content",
        "请求内容与约定不符，见 errors。",
        "The request does not fit the contract; see errors.",
    ),
    429: Kind(
        "too-many",
        "提问过于频繁",
        "Too many requests",
        "提问较多，请稍候再试。",
        "Too many questions; please try again shortly.",
    ),
    500: Kind(
        "failure",
        "服务出错",
        "Internal error",
        "服务器出了错，已记录在案。请稍后再试。",
        "Something went wrong on the server and has been logged. Please try again later.",
    ),
    503: Kind(
        "busy",
        "暂时无法服务",
        "Unavailable",
        "现在提问的人太多，或资料尚未就绪，请稍候再试。",
        "Too busy, or not ready yet; please try again shortly.",
    ),
}


class Words(NamedTuple):
    """The same sentence twice; what an HTTPException may carry as its detail."""

    zh: str
    en: str


class Fault(BaseModel):
    """请求中不合规的一处。 / One place that does not fit; what was sent is not repeated."""

    at: Annotated[str, Field(description="位置 / where")]
    message: Annotated[str, Field(description="不合何规 / what does not fit")]


class Problem(BaseModel):
    """一切错误的答复。 / What every error is answered with (RFC 9457), Chinese first."""

    type: Annotated[str, Field(description="种类，指向本页条目 / kind, a link to this page")]
    title: Annotated[str, Field(description="种类名称 / its name")]
    title_en: Annotated[str, Field(description="英文名称 / its name in English")]
    status: Annotated[int, Field(description="HTTP 状态码 / HTTP status")]
    detail: Annotated[str, Field(description="给人看的说明 / for people")]
    detail_en: Annotated[str, Field(description="英文说明 / for people, in English")]
    errors: Annotated[
        list[Fault] | None, Field(description="不合规之处，仅 422 有 / places that do not fit")
    ] = None


def respond(
    status: int,
    words: Words | None = None,
    headers: Mapping[str, str] | None = None,
    errors: list[Fault] | None = None,
) -> Response:
    """Return the problem as a response; without `words` it says what its kind says."""
    kind = KINDS.get(status, KINDS[400 if status < 500 else 500])
    zh, en = words or (kind.detail, kind.detail_en)
    problem = Problem(
        type=f"/api/docs#{kind.name}",
        title=kind.title,
        title_en=kind.title_en,
        status=status,
        detail=zh,
        detail_en=en,
        errors=errors,
    )
    content = problem.model_dump(exclude_none=True)
    return JSONResponse(content, status, headers=dict(headers or {}), media_type=MEDIA)


def add_problems(app: FastAPI) -> None:
    """Let `app` answer its own refusals with problems."""

    async def refuse(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return respond(error.status_code, words_of(error), error.headers)

    async def reject(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return respond(422, errors=[_fault(fault) for fault in error.errors()])

    app.add_exception_handler(HTTPException, refuse)
    app.add_exception_handler(RequestValidationError, reject)


def words_of(error: HTTPException) -> Words | None:
    """Return what an error says to people, if it says anything of its own."""
    detail: Any = error.detail
    if isinstance(detail, Words):
        return detail
    if not isinstance(detail, str) or detail.isascii():
        return None
    kind = KINDS.get(error.status_code, KINDS[400])
    return Words(detail, kind.detail_en)


def _fault(fault: Mapping[str, Any]) -> Fault:
    return Fault(at=".".join(str(part) for part in fault["loc"]), message=str(fault["msg"]))


def log_failure(where: str, error: BaseException) -> None:
    """Log what failed and where in the code; never its message, which may hold a question."""
    stack = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s: %s\n%s", where, type(error).__name__, stack)


class Failures:
    """Answers what nothing else caught with a problem that tells nothing of the inside."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; log and answer what escapes."""
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            if scope["type"] != "http":
                raise
            log_failure(f"{scope['method']} {quote(scope['path'])}", error)
            if not started:
                await respond(500)(scope, receive, send)
