"""The real engine over the real seed, the real server, a real browser: each started once."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from qa.engine import Engine, open_or_build

CHROMIUM = "/usr/bin/chromium"
UNLIMITED = {
    "ZAOWEN_RATE_PER_ADDRESS": "1000000/minute",
    "ZAOWEN_RATE_PER_ORIGIN": "1000000/minute",
}
os.environ["ZAOWEN_DATABASE"] = str(Path(tempfile.mkdtemp(prefix="zaowen-")) / "test.sqlite3")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@contextmanager
def serve(**settings: str) -> Iterator[str]:
    """Run the real app in its own process with these environment variables; give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "app.py", "--port", str(port)]
    server = subprocess.Popen(command, env=os.environ | UNLIMITED | settings)
    url = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            if httpx.get(f"{url}/healthz").status_code == 200:
                break
        except httpx.TransportError:
            time.sleep(0.5)
    yield url
    server.terminate()
    server.wait(20)


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with serve() as url:
        yield url


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Run Debian's Chromium, which asks nobody for anything on its own."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with open_browser() as chromium:
        yield chromium


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1360, "height": 900}, locale="zh-CN")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return open_or_build(tmp_path_factory.mktemp("index"), Path("seeds"))
