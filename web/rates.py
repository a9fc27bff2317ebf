"""How often one address and one site may ask."""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import limits
from fastapi import HTTPException
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.origins import own_origin
from web.problems import Words, respond, words_of
from web.safety import route_path
from web.values import OFF
from web.windows import Windows

MOST_KEYS = 4096
EVENTS = 2
_QUESTIONS = "/api/"
_EVENTS = ("/gradio_api/queue/join", "/gradio_api/run/predict")


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

    def __init__(self, rate: str, most_keys: int = MOST_KEYS, times: int = 1) -> None:
        read = limits.parse(rate)
        self._item = type(read)(read.amount * times, read.multiples)
        self._windows = MovingWindowRateLimiter(Windows(most_keys))

    def take(self, key: str, amount: int = 1) -> Room:
        """Count `amount` of `key`, at most what fits a window, if there is room for it."""
        passes = self._windows.hit(self._item, key, cost=min(amount, self._item.amount))
        stats = self._windows.get_window_stats(self._item, key)
        wait = max(1, math.ceil(stats.reset_time - time.time()))
        return Room(passes, self._item.amount, max(0, stats.remaining), wait)


class Limits:
    """What one address and one other site may still ask.

    The chat asks by events: a question is one and brings another, which offers what to ask next.
    They have a window of their own, so that looking at the page takes no questions away.
    """

    def __init__(self, per_address: str, per_origin: str, limited: Callable[[str], None]) -> None:
        self._limited = limited
        self._addresses = None if per_address == OFF else Rate(per_address)
        self._events = None if per_address == OFF else Rate(per_address, times=EVENTS)
        self._origins = None if per_origin == OFF else Rate(per_origin)

    def take(self, scope: Scope, questions: int = 1) -> dict[str, str]:
        """Count a request's questions; return what is left. Raises HTTPException 429.

        Our own pages and what names no origin are limited by address alone: one window for all
        of them would let a few lock everybody out.
        """
        events = route_path(scope).startswith(_EVENTS)
        by_address = self._events if events else self._addresses
        told = self._count("address", by_address, address_of(scope), questions)
        if site := _site(scope):
            told = self._count("origin", self._origins, site, questions) | told
        return told

    def _count(self, by: str, rate: Rate | None, key: str, questions: int) -> dict[str, str]:
        if rate is None:
            return {}
        room = rate.take(key, questions)
        if not room.passes:
            self._limited(by)
            headers = {**room.headers(), "Retry-After": str(room.reset)}
            raise HTTPException(429, _wait(room.reset), headers)
        return room.headers()


class Rates:
    """Counts questions before they are asked; over a limit, says when to come again."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count, and pass on or refuse."""
        if not _is_counted(scope):
            return await self._app(scope, receive, send)
        try:
            told = self._limits.take(scope)
        except HTTPException as full:
            return await respond(429, words_of(full), full.headers)(scope, receive, send)
        return await self._app(scope, receive, _telling(send, told))


def _is_counted(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "POST"
        and route_path(scope).startswith((_QUESTIONS, *_EVENTS))
    )


def address_of(scope: Scope) -> str:
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


def _site(scope: Scope) -> str | None:
    """Return the other site whose page asks, if it is one."""
    origin = Headers(scope=scope).get("origin")
    return None if origin == own_origin(scope) else origin


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
