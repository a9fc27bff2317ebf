"""What every request passes before it reaches a route: small ASGI layers, closed by default."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.problems import Words, respond

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_FORWARDED = (b"forwarded", b"x-real-ip")
_CHAT = {
    "GET": (
        "/",
        "/config",
        "/theme.css",
        "/favicon.ico",
        "/gradio_api/app_id",
        "/gradio_api/info",
        "/gradio_api/startup-events",
        "/gradio_api/queue/data",
    ),
    "HEAD": ("/",),
    "POST": ("/gradio_api/run/predict", "/gradio_api/queue/join", "/gradio_api/cancel"),
}
_CHAT_FOLDERS = ("/assets/", "/static/", "/gradio_api/heartbeat/")
_BODIES = (("/api/", 64 * 1024), ("/gradio_api/", 1024 * 1024), ("/admin/", 5 * 1024 * 1024))
_BODY = 64 * 1024
_STRANGE_HOST = Words(
    "本站不以这个主机名对外。管理员可在 ZAOWEN_TRUSTED_HOSTS 中加入它。",
    "We do not go by this host name; ZAOWEN_TRUSTED_HOSTS lists those we do.",
)


def make_policy(origins: Sequence[str]) -> dict[str, str]:
    """Return the headers of every response; only `origins` may show our pages in a frame."""
    ancestors = " ".join(("'self'", *origins)) if origins else "'none'"
    policy = {
        "Content-Security-Policy": "; ".join(
            (
                "default-src 'self'",
                "script-src 'self'",
                "style-src 'self' 'unsafe-inline'",
                "img-src 'self' data:",
                "connect-src 'self'",
                "object-src 'none'",
                "base-uri 'self'",
                "form-action 'self'",
                f"frame-ancestors {ancestors}",
            )
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return policy if origins else {**policy, "X-Frame-Options": "DENY"}


class Policy:
    """Puts the security headers on every response that does not bring its own."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self._app, self._headers = app, make_policy(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, adding the headers to what comes back."""

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, add)


class Unforwarded:
    """Drops every forwarding header, once the trusted ones are read: nobody behind can be told."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on without those headers."""
        if scope["type"] == "http":
            kept = [
                (name, value)
                for name, value in scope["headers"]
                if not (name in _FORWARDED or name.startswith(b"x-forwarded-"))
            ]
            scope = {**scope, "headers": kept}
        await self._app(scope, receive, send)


class Hosts:
    """Refuses requests that call us by a name we do not go by."""

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        self._app, self._names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or answer 400."""
        if scope["type"] == "http" and not self._is_ours(Headers(scope=scope).getlist("host")):
            return await respond(400, _STRANGE_HOST)(scope, receive, send)
        return await self._app(scope, receive, send)

    def _is_ours(self, given: Sequence[str]) -> bool:
        try:
            return len(given) == 1 and urlsplit(f"//{given[0]}").hostname in self._names
        except ValueError:
            return False


class Bodies:
    """Bounds what a request may carry, by its address, whether or not it states its length."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on up to the limit, or answer 413."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        most, taken = largest_body(route_path(scope)), 0
        stated = Headers(scope=scope).get("content-length", "0")
        if not stated.isdecimal() or int(stated) > most:
            return await respond(413)(scope, receive, send)

        async def count() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise HTTPException(413)
            return message

        return await self._app(scope, count, send)


class Gate:
    """Stands before the mounted chat: lets through what its page needs, and nothing else.

    The mount takes every address that no route of ours takes, so that a wrong method on one of
    `routes` is found out here too.
    """

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self._app, self._routes = app, routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what the chat needs, or answer 404 or 405."""
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        if scope["type"] != "http" or is_chat(scope["method"], route_path(scope)):
            return await self._app(scope, receive, send)
        allowed = self._methods(scope)
        if allowed:
            return await respond(405, headers={"Allow": allowed})(scope, receive, send)
        return await respond(404)(scope, receive, send)

    def _methods(self, scope: Scope) -> str:
        """Return the methods that some route takes at this address."""
        path = route_path(scope)
        own = [m for m in _METHODS if any(_takes(r, scope, m) for r in self._routes)]
        return ", ".join(m for m in _METHODS if m in own or is_chat(m, path))


def is_chat(method: str, path: str) -> bool:
    """Tell whether the chat's page makes such a request."""
    if path in _CHAT.get(method, ()):
        return True
    return method == "GET" and path.startswith(_CHAT_FOLDERS)


def largest_body(path: str) -> int:
    """Return how many bytes a request to `path` may carry."""
    return next((most for prefix, most in _BODIES if path.startswith(prefix)), _BODY)


def route_path(scope: Scope) -> str:
    """Return the requested path below the place where the application stands."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    return path[len(root) :] if root and path.startswith(root + "/") else path


def _takes(route: BaseRoute, scope: Scope, method: str) -> bool:
    match, _ = route.matches({**scope, "method": method})
    return match is Match.FULL
