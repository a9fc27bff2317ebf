"""The widget that portals embed, and the page that shows it in one."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request, Response

STATIC = Path(__file__).parent / "static"
_DAYS = b"const DAYS = 30;"
_DEMO = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_PUBLISHED: tuple[tuple[str, str, str, Mapping[str, str]], ...] = (
    (
        "/widget.js",
        "widget.js",
        "text/javascript",
        {"Cross-Origin-Resource-Policy": "cross-origin"},
    ),
    ("/demo", "demo.html", "text/html", {"Content-Security-Policy": _DEMO}),
    ("/demo.css", "demo.css", "text/css", {}),
    ("/demo.js", "demo.js", "text/javascript", {}),
)


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent: read, packed and named by its digest once."""

    body: bytes
    packed: bytes
    headers: Mapping[str, str]

    def respond(self, request: Request) -> Response:
        """Return the file, packed where the client unpacks it, or 304 where it is still fresh."""
        if self.headers["ETag"] in request.headers.get("If-None-Match", ""):
            return Response(status_code=304, headers=dict(self.headers))
        if "gzip" not in request.headers.get("Accept-Encoding", ""):
            return Response(self.body, headers=dict(self.headers))
        return Response(self.packed, headers={**self.headers, "Content-Encoding": "gzip"})


def load(name: str, media: str, extra: Mapping[str, str], days: int = 30) -> Asset:
    """Read a static file; it may be cached for five minutes, then its digest is asked for.

    The widget is told for how many `days` questions are kept.
    """
    body = (STATIC / name).read_bytes().replace(_DAYS, b"const DAYS = %d;" % days)
    headers = {
        "Content-Type": f"{media}; charset=utf-8",
        "Cache-Control": "public, max-age=300",
        "ETag": f'W/"{hashlib.sha256(body).hexdigest()[:16]}"',
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
        **extra,
    }
    return Asset(body, gzip.compress(body, 9, mtime=0), headers)


def routes(days: int) -> APIRouter:
    """Return the routes of `/widget.js` and `/demo`; neither asks for an origin or a cookie."""
    router = APIRouter(include_in_schema=False)
    for path, name, media, extra in _PUBLISHED:
        asset = load(name, media, extra, days)
        router.add_api_route(path, asset.respond, methods=["GET", "HEAD"], response_model=None)
    return router
