"""Load on the real server, over loopback: how many answers a second, how long, how much memory.

    python bench/load.py [--answers 600] [--sessions 2000] [--json FILE]

Starts `app.py` with its limits off, asks the questions of `eval/cases` for the first time from 32
clients at a time, then again, when their answers are kept, from 1, 8 and 32; then opens that many
chat sessions, each of which asks once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

ROOT = Path(__file__).parents[1]
CLIENTS = (1, 8, 32)
WARM = 50
SHOWN = ("fastapi", "uvicorn", "gradio", "numpy")
Ask = Callable[[str], Awaitable[bool]]
Client = Callable[[], AbstractAsyncContextManager[Ask]]


@dataclass(frozen=True, slots=True)
class Load:
    """What one number of clients met; times in milliseconds.

    `cpu` is the server's own time for an answer, which other work on the machine hardly changes.
    """

    clients: int
    answers: int
    per_second: float
    p50: float
    p95: float
    p99: float
    errors: int
    cpu: float = 0.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it listens and the id of its process."""

    url: str
    process: int

    def memory(self) -> float:
        """Return its resident memory in MB, 0 where the system does not say."""
        status = Path(f"/proc/{self.process}/status")
        lines = status.read_text().splitlines() if status.exists() else []
        return next((int(n.split()[1]) / 1024 for n in lines if n.startswith("VmRSS")), 0.0)

    def worked(self) -> float:
        """Return the processor time that it has used, in milliseconds."""
        status = Path(f"/proc/{self.process}/stat")
        fields = status.read_text().rpartition(")")[2].split() if status.exists() else ["0"] * 13
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


@contextmanager
def serve() -> Iterator[Server]:
    """Run `app.py` without limits, with a database of its own."""
    with socket.socket() as probe, tempfile.TemporaryDirectory() as folder:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        limits = {"ZAOWEN_RATE_PER_ADDRESS": "off", "ZAOWEN_RATE_PER_ORIGIN": "off"}
        env = os.environ | limits | {"ZAOWEN_DATABASE": str(Path(folder) / "load.sqlite3")}
        command = [sys.executable, "app.py", "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
        try:
            yield wait_for(Server(f"http://127.0.0.1:{port}", process.pid), process)
        finally:
            process.terminate()
            process.wait(20)


def wait_for(server: Server, process: subprocess.Popen[bytes]) -> Server:
    """Return the server once it is ready. Raises RuntimeError if it ends or takes too long."""
    for _ in range(600):
        try:
            if httpx.get(f"{server.url}/readyz").status_code == 200:
                return server
        except httpx.TransportError:
            pass
        if process.poll() is not None:
            break
        time.sleep(0.5)
    raise RuntimeError("app.py did not start")


def read_questions() -> list[str]:
    """Return the questions of all cases, always in the same random order."""
    lines = [
        line
        for path in sorted((ROOT / "eval" / "cases").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    questions = [str(json.loads(line)["question"]) for line in lines]
    random.Random(7).shuffle(questions)
    return questions


def interface(url: str) -> Client:
    """Return how to come as a client of the JSON interface, who keeps one connection open.

    Requests are written by hand: thirty-two of httpx's would keep a processor busy by themselves.
    """
    host, port = urlsplit(url).hostname, urlsplit(url).port

    @asynccontextmanager
    async def client() -> AsyncIterator[Ask]:
        reader, writer = await asyncio.open_connection(host, port)

        async def ask(question: str) -> bool:
            body = json.dumps({"question": question}).encode()
            head = (
                f"POST /api/ask HTTP/1.1\r\nHost: {host}:{port}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            writer.write(head.encode() + body)
            told = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            length = next((n for n in told.split("\r\n") if n.startswith("content-length:")), "")
            answer = await reader.readexactly(int(length.partition(":")[2]))
            return told.startswith("http/1.1 200 ") and bool(json.loads(answer)["status"])

        try:
            yield ask
        finally:
            writer.close()
            await writer.wait_closed()

    return client


async def drive(clients: int, questions: Sequence[str], client: Client) -> Load:
    """Ask all `questions`, so many clients at a time."""
    waiting, times, errors = iter(questions), [], 0

    async def work() -> None:
        nonlocal errors
        async with client() as ask:
            for question in waiting:
                started = time.perf_counter()
                try:
                    errors += not await ask(question)
                except (httpx.HTTPError, OSError, EOFError, ValueError):
                    errors += 1
                times.append((time.perf_counter() - started) * 1000)

    started = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(clients)))
    took = time.perf_counter() - started
    times.sort()
    p50, p95, p99 = (times[min(len(times) - 1, int(len(times) * p))] for p in (0.5, 0.95, 0.99))
    return Load(clients, len(times), len(times) / took, p50, p95, p99, errors)


def measure(server: Server, clients: int, questions: Sequence[str], client: Client) -> Load:
    """Ask all `questions` and see what the server spent on them."""
    before = server.worked()
    load = asyncio.run(drive(clients, questions, client))
    return replace(load, cpu=(server.worked() - before) / len(questions))


def chat(url: str) -> Client:
    """Return how to come to the chat as its page does, each question in a new session."""
    config: dict[str, Any] = httpx.get(f"{url}/config").json()
    kinds = {part["id"]: part["type"] for part in config["components"]}
    submit = next(
        call
        for call in config["dependencies"]
        if any(event == "submit" for _, event in call["targets"])
    )
    shown = {part["id"]: part["props"].get("value") for part in config["components"]}

    @asynccontextmanager
    async def client() -> AsyncIterator[Ask]:
        async with httpx.AsyncClient(base_url=url, timeout=60) as line:

            async def ask(question: str) -> bool:
                session = f"{random.getrandbits(64):x}"
                data = [
                    question if kinds[part] == "textbox" else shown.get(part)
                    for part in submit["inputs"]
                ]
                body = {"data": data, "fn_index": submit["id"], "session_hash": session}
                joined = await line.post("/gradio_api/queue/join", json=body)
                if joined.status_code != 200:
                    return False
                path = f"/gradio_api/queue/data?session_hash={session}"
                async with line.stream("GET", path) as events:
                    async for told in events.aiter_lines():
                        if '"process_completed"' in told:
                            return bool(json.loads(told.removeprefix("data:"))["success"])
                return False

            yield ask

    return client


def describe_machine() -> str:
    """Return what the figures were taken on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    model = next((n.split(":")[1].strip() for n in lines if n.startswith("model name")), "")
    versions = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    busy = f"load average {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    parts = (
        f"{platform.system()} {platform.machine()}",
        model,
        f"{os.cpu_count()} processors",
        busy,
        f"Python {platform.python_version()}",
        versions,
    )
    return "; ".join(part for part in parts if part)


def show(load: Load, what: str) -> None:
    """Print a row of the table."""
    print(
        f"{what:<12}{load.clients:>8}{load.answers:>9}{load.per_second:>9.1f}"
        f"{load.p50:>9.1f}{load.p95:>9.1f}{load.p99:>9.1f}{load.cpu:>9.1f}{load.errors:>8}",
        flush=True,
    )


def main() -> int:
    """Run the bench; fails if any answer failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=600, help="for each number of clients")
    parser.add_argument("--sessions", type=int, default=2000, help="of the chat")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    options = parser.parse_args()
    machine = describe_machine()
    print(machine)
    with serve() as server:
        questions = list(dict.fromkeys(read_questions()))
        asked = (questions * (1 + options.answers // len(questions)))[: options.answers]
        asyncio.run(drive(1, questions[:WARM], interface(server.url)))
        print(f"\n{'':<12}{'clients':>8}{'answers':>9}{'per s':>9}{'p50 ms':>9}", end="")
        print(f"{'p95 ms':>9}{'p99 ms':>9}{'cpu ms':>9}{'errors':>8}")
        first = measure(server, CLIENTS[-1], questions[WARM:], interface(server.url))
        show(first, "first asked")
        loads = []
        for clients in CLIENTS:
            loads.append(measure(server, clients, asked, interface(server.url)))
            show(loads[-1], "asked again")
        before = server.memory()
        sessions = (questions * (1 + options.sessions // len(questions)))[: options.sessions]
        chats = measure(server, 8, sessions, chat(server.url))
        show(chats, "chat session")
        after = server.memory()
        print(f"\nmemory: {before:.0f} MB before, {after:.0f} MB after {chats.answers} sessions")
    if options.json:
        figures: dict[str, Any] = {
            "machine": machine,
            "first": asdict(first),
            "again": [asdict(n) for n in loads],
            "chat": asdict(chats),
        }
        figures |= {"memory_before_mb": round(before), "memory_after_mb": round(after)}
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 1 if any(load.errors for load in (first, *loads, chats)) else 0


if __name__ == "__main__":
    sys.exit(main())
