"""A city portal of its own origin and policy, and a reader of the widget that stands in it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import Locator, Page, expect

HOSTILE = """
* { all: unset !important; letter-spacing: 9px !important; text-transform: uppercase !important;
    font-size: 40px !important; color: red !important; visibility: hidden !important;
    direction: rtl !important; line-height: 0 !important; display: inline !important; }
html { font-size: 100px !important; }
"""
WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (e) => violations.push(e.violatedDirective));
"""


@dataclass
class Portal:
    """The pages of one portal; `listed` is the origin that the app allows."""

    port: int = 0
    pages: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    @property
    def listed(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def unlisted(self) -> str:
        return f"http://localhost:{self.port}"

    def publish(self, app: str, *widgets: str, head: str = "") -> str:
        """Put up a page with these widgets under a strict policy; return its path."""
        body = "".join(widgets or ("<zaowen-widget></zaowen-widget>",))
        page = (
            '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>门户</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'{head}<script src="{app}/widget.js" defer></script>'
            f"<main><h1>门户</h1><p>正文</p>{body}</main></html>"
        )
        policy = f"default-src 'none'; script-src {app}; connect-src {app}; style-src 'self'"
        path = f"/{len(self.pages)}"
        self.pages[path] = (page, "text/html; charset=utf-8", policy)
        return path


@contextmanager
def open_portal() -> Iterator[Portal]:
    """Serve a portal from a free port."""
    portal = Portal(pages={"/hostile.css": (HOSTILE, "text/css", "")})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, kind, policy = portal.pages.get(self.path, ("", "text/plain", ""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        portal.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield portal
        server.shutdown()


@dataclass(frozen=True)
class Widget:
    """One widget on a page, as a person meets it."""

    host: Locator

    def __getattr__(self, name: str) -> Locator:
        parts = {
            "box": "textarea",
            "closer": ".top button:last-of-type",
            "larger": "[aria-pressed]",
        }
        return self.host.locator(parts.get(name, f".{name}"))

    def ask(self, question: str) -> Locator:
        """Open the panel if it is closed, ask, wait for the reply; return the turn."""
        if not self.box.is_visible():
            self.launcher.click()
        before = self.turn.count()
        self.box.fill(question)
        self.box.press("Enter")
        turn = self.turn.nth(before)
        expect(turn.locator(".verdict, .retry").first).to_be_visible(timeout=20_000)
        return turn


def widget(page: Page, number: int = 0) -> Widget:
    """Return the page's widget; a deferred script has run when the page has loaded."""
    return Widget(page.locator("zaowen-widget").nth(number))


def focused(page: Page) -> str:
    """Return the class, id or tag of what holds the focus, seen through shadow roots."""
    return str(
        page.evaluate(
            "() => { let e = document.activeElement;"
            " while (e.shadowRoot && e.shadowRoot.activeElement) e = e.shadowRoot.activeElement;"
            " return e.className || e.id || e.textContent; }"
        )
    )
