"""One request to the admin pages: who comes, with which form, and whether the page may open."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.password import Keys, read_keys
from web.problems import MEDIA
from web.safety import route_path
from web.sessions import Session, Sessions, is_token, new_session, set_cookie
from web.settings import Settings

LARGEST_UPLOAD = 4 * 1024 * 1024
LARGEST_FORM = 16 * 1024
_PARTS = {"max_files": 2, "max_fields": 20, "max_part_size": LARGEST_FORM}
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

log = logging.getLogger("zaowen.admin")


class Refusal(Exception):
    """Why a page does not open: its status, and the words a person reads."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that may open its page; `fields` and `files` are those of its form."""

    request: Request
    keys: Keys
    session: Session
    fields: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    def page(self, name: str, status: int = 200, **shown: Any) -> Response:
        """Return the page made from the template `name`."""
        html = _PAGES.get_template(f"{name}.html").render(
            session=self.session, here=self.request.url.path, **shown
        )
        return HTMLResponse(html, status)


Page = Callable[[Visit], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


class Door:
    """Opens pages to those who may see them; where no password is set there is no door."""

    def __init__(self, settings: Settings) -> None:
        self.sessions = Sessions()
        self._settings = settings

    def guard(self, page: Page, largest: int = LARGEST_FORM) -> Endpoint:
        """Return an endpoint for the signed in; all others are sent to the login page."""

        async def endpoint(request: Request) -> Response:
            keys = self._keys()
            session = self.sessions.read(request, keys.secret)
            if session is None or not session.signed_in:
                return _dressed(RedirectResponse("/admin/login", 303))
            return await _open(page, request, keys, session, largest)

        return endpoint

    def greet(self, page: Page) -> Endpoint:
        """Return an endpoint for anybody: a page that is seen before signing in."""

        async def endpoint(request: Request) -> Response:
            keys = self._keys()
            session = self.sessions.read(request, keys.secret)
            known = session or new_session(keys.secret)
            response = await _open(page, request, keys, known, LARGEST_FORM)
            if session is None and request.method == "GET":
                set_cookie(request, response, known, keys.secret)
            return response

        return endpoint

    def serve(self, file: Path, kind: str) -> Endpoint:
        """Return an endpoint for a file that the pages need."""
        content = file.read_bytes()

        async def endpoint(request: Request) -> Response:
            self._keys()
            return _dressed(Response(content, media_type=kind))

        return endpoint

    def _keys(self) -> Keys:
        keys = read_keys(self._settings.admin_file, self._settings.secret)
        if keys is None:
            raise HTTPException(404)
        return keys


class Spoken:
    """Makes a page of every problem below `/admin`: people come there, not programs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; what comes back as a problem goes out as a page."""
        if scope["type"] != "http" or not f"{route_path(scope)}/".startswith("/admin/"):
            await self._app(scope, receive, send)
            return
        status, body = 0, b""

        async def speak(message: Message) -> None:
            nonlocal status, body
            if message["type"] == "http.response.start" and _is_problem(message):
                status = message["status"]
            elif not status:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    page = _refusal(status, json.loads(body)["detail"], scope["path"])
                    await page(scope, receive, send)

        await self._app(scope, receive, speak)


def _is_problem(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type") == MEDIA


def _refusal(status: int, words: str, here: str) -> Response:
    nobody = Session("", signed_in=False, token="")
    html = _PAGES.get_template("refusal.html").render(session=nobody, here=here, words=words)
    return _dressed(HTMLResponse(html, status))


async def _open(
    page: Page, request: Request, keys: Keys, session: Session, largest: int
) -> Response:
    visit = Visit(request, keys, session)
    try:
        if request.method == "POST":
            visit = await _filled_in(visit, largest)
        response = await run_in_threadpool(page, visit)
    except Refusal as refusal:
        response = visit.page("refusal", refusal.status, words=refusal.words)
    except (sqlite3.Error, OSError):
        log.exception("an admin page failed")
        response = visit.page("refusal", 503, words="数据暂时无法读写，请查看服务器日志。")
    return _dressed(response)


async def _filled_in(visit: Visit, largest: int) -> Visit:
    """Return the visit with its form. Raises Refusal where it is too big or not from our page."""
    request = visit.request
    length = request.headers.get("content-length", "")
    if not length.isascii() or not length.isdigit():
        raise Refusal(411, "请求没有说明长度。")
    if int(length) > largest:
        raise Refusal(413, f"提交的内容超过 {largest // 1024} KiB。")
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    try:
        async with request.form(**_PARTS) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    files[name] = await value.read()
                else:
                    fields[name] = value
    except HTTPException as error:
        raise Refusal(400, "表单无法读取。") from error
    if not is_token(visit.session, fields.get("token", "")):
        raise Refusal(403, "页面已过期，请返回并重新提交。")
    return Visit(request, visit.keys, visit.session, fields, files)


def _dressed(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers[name] = value
    return response
