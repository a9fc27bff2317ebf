"""One FastAPI application: the JSON interface, the transcripts, the chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse
from starlette.routing import Mount
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from qa.engine import Answering, Engine
from web.admin import admin_routes
from web.api import Queue, api_routes, state_routes
from web.export import export_routes
from web.feedback import Feedback
from web.metrics import Counted, Metrics
from web.origins import Origins
from web.problems import Failures, add_problems
from web.prompts import Prompts
from web.published import Published
from web.publishing import Press
from web.rates import Limits, Rates
from web.reference import add_reference
from web.safety import Bodies, Gate, Hosts, Policy, Unforwarded
from web.settings import Settings
from web.transcripts import FORMS, transcript_routes
from web.verdicts import verdict_routes
from web.visits import Spoken
from web.widget import routes as widget_routes

STATIC = Path(__file__).parent / "static"


def create_app(engine: Engine, settings: Settings) -> FastAPI:
    """Return the application: `/api/…`, `/t/…`, `/healthz`, and the chat at `/`."""
    metrics, queue = Metrics(), Queue()
    limits = Limits(
        settings.rate_per_address,
        settings.rate_per_origin,
        limited=lambda by: metrics.limited.labels(by).inc(),
    )
    published = Published(engine)
    counted = Counted(published, metrics)
    feedback = Feedback.open(settings.database, settings.retention_days)

    @asynccontextmanager
    async def settling(_: FastAPI) -> AsyncIterator[None]:
        yield
        feedback.settle()

    app = FastAPI(title="枣问 Zaowen", docs_url=None, redoc_url=None, lifespan=settling)
    add_problems(app)
    app.include_router(
        api_routes(counted, lambda q, answer: feedback.record(q, answer, "api"), queue)
    )
    app.include_router(verdict_routes(counted, feedback))
    app.include_router(state_routes(counted, metrics))
    app.include_router(widget_routes(settings.retention_days))
    app.include_router(transcript_routes(published))
    app.include_router(export_routes(published, queue, limits))
    app.include_router(admin_routes(Press(published, settings), feedback, settings))

    @app.get("/cite.js", include_in_schema=False)
    def cite() -> FileResponse:
        return FileResponse(STATIC / "cite.js", media_type="text/javascript")

    add_reference(app)
    mount_chat(app, counted, published, feedback)
    guard(app, settings, limits)
    return app


def mount_chat(app: FastAPI, engine: Answering, uncounted: Answering, feedback: Feedback) -> None:
    """Mount the chat at `/`, behind all other routes, with a gate before it."""
    import gradio as gr

    from web.chat import CSS, HEAD, THEME, make_chat

    gr.mount_gradio_app(
        app,
        make_chat(engine, feedback, Prompts(uncounted)),
        path="/",
        theme=THEME,
        css=CSS,
        head=HEAD + FORMS,
        footer_links=[],
        show_error=False,
        max_file_size="1kb",
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
    )
    *own, mount = app.routes
    assert isinstance(mount, Mount)
    mount.app = Gate(mount.app, own)


def guard(app: FastAPI, settings: Settings, limits: Limits) -> None:
    """Put the layers of safety around `app`; a request passes the last one named here first."""
    app.add_middleware(Bodies)
    app.add_middleware(Rates, limits=limits)
    app.add_middleware(Failures)
    app.add_middleware(Spoken)
    app.add_middleware(Origins, listed=settings.allowed_origins)
    app.add_middleware(Hosts, names=settings.hosts())
    app.add_middleware(Unforwarded)
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.trusted_proxies))
    app.add_middleware(Policy, origins=settings.allowed_origins)


def serve(app: FastAPI, settings: Settings) -> None:
    """Serve until interrupted. Requests are not logged: they may hold questions."""
    import uvicorn

    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=3,
    )
