"""The real application in the test's own process, under settings of the test's choosing."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.engine import Engine
from web.problems import KINDS, MEDIA
from web.server import create_app
from web.settings import Settings

LOCAL = "http://127.0.0.1"


def make_app(engine: Engine, **given: Any) -> FastAPI:
    """Return an application over `engine`, with no limits but those given.

    Made inside an event loop, in a thread of its own: Gradio else opens loops and leaves them.
    """
    made = Settings(**{"rate_per_address": "off", "rate_per_origin": "off", **given})

    async def make() -> FastAPI:
        return create_app(engine, made)

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, make()).result()


@contextmanager
def listen(app: FastAPI) -> Iterator[str]:
    """Serve `app` on a free port, from a thread; give its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"{LOCAL}:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def visit(app: FastAPI, address: str = "203.0.113.7", base: str = LOCAL) -> TestClient:
    """Return a client of `app` that comes from `address`."""
    return TestClient(app, base_url=base, client=(address, 40_000))


def problem(response: httpx.Response, status: int) -> dict[str, Any]:
    """Return the problem that `response` is, after holding that it is one."""
    assert response.status_code == status
    assert response.headers["content-type"] == MEDIA
    found: dict[str, Any] = response.json()
    assert found["status"] == status
    assert found["type"] == f"/api/docs#{KINDS[status].name}"
    assert found["title"] and found["title_en"] and found["detail"] and found["detail_en"]
    return found
