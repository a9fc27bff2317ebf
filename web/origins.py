"""Which other sites may ask: held by the server, and told to browsers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.problems import respond
from web.safety import route_path

SHARED = ("/api/", "/widget.js")
_EXPOSED = "Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "600",
}
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class Origins:
    """Refuses requests from other sites, but from the listed ones to what is shared.

    The answers to listed origins say so in their headers, errors included. Headers about
    origins that anything behind sets are dropped: there is one place that decides.
    """

    def __init__(self, app: ASGIApp, listed: Sequence[str]) -> None:
        self._app, self._listed = app, frozenset(listed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, answer a preflight, or pass on and tell who may read the answer."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)
        given = headers.getlist("origin")
        foreign = [origin for origin in given if origin != own_origin(scope)]
        shared = route_path(scope).startswith(SHARED)
        if len(given) > 1 or (foreign and not (shared and foreign[0] in self._listed)):
            return await respond(403, headers={"Vary": "Origin"})(scope, receive, send)
        if foreign and _is_preflight(scope, headers):
            told = {**_PREFLIGHT, **_readable_by(foreign[0])}
            return await Response(status_code=204, headers=told)(scope, receive, send)
        told = _readable_by(foreign[0]) if foreign else {"Vary": "Origin"} if shared else {}
        return await self._app(scope, receive, _telling(send, told))


def own_origin(scope: Scope) -> str:
    """Return the origin of a page of ours, as the request names us."""
    host = Headers(scope=scope).get("host", "").lower()
    return f"{scope['scheme']}://{host.removesuffix(_DEFAULT_PORTS.get(scope['scheme'], ''))}"


def _is_preflight(scope: Scope, headers: Headers) -> bool:
    return scope["method"] == "OPTIONS" and "access-control-request-method" in headers


def _readable_by(origin: str) -> dict[str, str]:
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": _EXPOSED,
        "Vary": "Origin",
    }


def _telling(send: Send, told: Mapping[str, str]) -> Send:
    async def tell(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name in [n for n in headers if n.startswith("access-control-")]:
                del headers[name]
            for name, value in told.items():
                if name == "Vary":
                    headers.add_vary_header(value)
                else:
                    headers[name] = value
        await send(message)

    return tell
