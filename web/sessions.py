"""Who is signed in: one signed cookie, one token a form, and a limit on guesses."""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import dataclass

from fastapi import Request, Response
from itsdangerous import BadData, URLSafeTimedSerializer
from limits import RateLimitItemPerMinute, parse
from limits.strategies import MovingWindowRateLimiter

from web.rates import MOST_KEYS, address_of
from web.windows import Windows

COOKIE = "zaowen_admin"
HOURS = 8
_SECONDS = HOURS * 3600
_EACH = parse("5 per 5 minutes")
_ALL = RateLimitItemPerMinute(30)


@dataclass(frozen=True, slots=True)
class Session:
    """One browser's visit; `id` changes when it signs in, and every form carries its token."""

    id: str
    signed_in: bool
    token: str


class Sessions:
    """Reads and writes the cookie. Signing out is remembered until the cookie would expire."""

    def __init__(self) -> None:
        self._ended: dict[str, float] = {}
        self._limiter = MovingWindowRateLimiter(Windows(MOST_KEYS))

    def read(self, request: Request, secret: str) -> Session | None:
        """Return the session of a request; None where there is none, or it is not genuine."""
        try:
            content = _signer(secret).loads(request.cookies.get(COOKIE, ""), max_age=_SECONDS)
            name, signed_in = str(content["id"]), content["in"] is True
        except (BadData, KeyError, TypeError):
            return None
        if name in self._ended:
            return None
        return Session(name, signed_in, _token(name, secret))

    def end(self, session: Session) -> None:
        """Make a session's cookie worthless, wherever a copy of it may be."""
        now = time.time()
        self._ended = {name: end for name, end in self._ended.items() if end > now}
        self._ended[session.id] = now + _SECONDS

    def may_guess(self, request: Request) -> bool:
        """Count one guess at the password; tell whether it may be tried at all."""
        each = self._limiter.hit(_EACH, "login", address_of(request.scope))
        return each and self._limiter.hit(_ALL, "login")

    def forget_guesses(self, request: Request) -> None:
        """Clear the count of a client who has just signed in."""
        self._limiter.clear(_EACH, "login", address_of(request.scope))


def new_session(secret: str, signed_in: bool = False) -> Session:
    """Return a session that no cookie carries yet."""
    name = secrets.token_urlsafe(18)
    return Session(name, signed_in, _token(name, secret))


def set_cookie(request: Request, response: Response, session: Session, secret: str) -> None:
    """Let `response` carry the session's cookie."""
    response.set_cookie(
        COOKIE,
        str(_signer(secret).dumps({"id": session.id, "in": session.signed_in})),
        max_age=_SECONDS,
        path="/admin",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def is_token(session: Session, token: str) -> bool:
    """Tell whether a form came from a page of this session."""
    return hmac.compare_digest(session.token.encode(), token.encode())


def _signer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="zaowen.session")


def _token(name: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"zaowen.form:{name}".encode(), "sha256").hexdigest()
