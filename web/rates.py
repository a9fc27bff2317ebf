"""How often one address and one site may ask."""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import limits
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.problems import Words, respond
from web.safety import route_path
from web.values import OFF
from web.windows import Windows

MOST_KEYS = 4096
_COUNTED = ("/api/", "/export", "/gradio_api/queue/join", "/gradio_api/run/predict")


@dataclass(frozen=True, slots=True)
class Room:
    """What a limit leaves: whether this request may pass, how many more, how soon one more."""

    passes: bool
    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """Return the headers that tell a client."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


class Rate:
    """A moving window for each key; of the keys only the latest are remembered."""

    def __init__(self, rate: str, most_keys: int = MOST_KEYS) -> None:
        self._item = limits.parse(rate)
        self._windows = MovingWindowRateLimiter(Windows(most_keys))

    def take(self, key: str) -> Room:
        """Count one request of `key`, if there is room for it."""
        passes = self._windows.hit(self._item, key)
        stats = self._windows.get_window_stats(self._item, key)
        wait = max(1, math.ceil(stats.reset_time - time.time()))
        return Room(passes, self._item.amount, max(0, stats.remaining), wait)


class Rates:
    """Counts questions by address and by origin; over a limit, says when to come again."""

    def __init__(
        self, app: ASGIApp, per_address: str, per_origin: str, limited: Callable[[str], None]
    ) -> None:
        self._app, self._limited = app, limited
        self._rates = {
            name: Rate(rate)
            for name, rate in (("address", per_address), ("origin", per_origin))
            if rate != OFF
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count, and pass on or refuse."""
        if not _is_counted(scope):
            return await self._app(scope, receive, send)
        keys = {"address": _address(scope), "origin": _origin(scope)}
        told: dict[str, str] = {}
        for name, rate in self._rates.items():
            room = rate.take(keys[name])
            if not room.passes:
                self._limited(name)
                headers = {**room.headers(), "Retry-After": str(room.reset)}
                return await respond(429, _wait(room.reset), headers)(scope, receive, send)
            told = told or room.headers()
        return await self._app(scope, receive, _telling(send, told))


def _is_counted(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "POST"
        and route_path(scope).startswith(_COUNTED)
    )


def _address(scope: Scope) -> str:
    """Return the client's address; of IPv6 the network, which one household has to itself."""
    client = scope.get("client")
    try:
        address = ipaddress.ip_address(client[0] if client else "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _origin(scope: Scope) -> str:
    return Headers(scope=scope).get("origin", "none")


def _wait(seconds: int) -> Words:
    return Words(
        f"提问较多，请在 {seconds} 秒后再试。",
        f"Too many questions; please try again in {seconds} s.",
    )


def _telling(send: Send, told: dict[str, str]) -> Send:
    async def tell(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(told)
        await send(message)

    return tell
