"""One FastAPI application: the JSON interface, the transcripts, the chat."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from qa.engine import Engine
from web.admin import admin_routes
from web.export import export_routes
from web.feedback import Feedback
from web.published import Published
from web.publishing import Press
from web.settings import Settings
from web.shelf import shelf_routes
from web.verdicts import verdict_routes
from web.widget import routes as widget_routes

STATIC = Path(__file__).parent / "static"


class Ask(BaseModel):
    """A question and the person's earlier ones, oldest first."""

    question: Annotated[str, Field(max_length=20_000)]
    history: Annotated[list[Annotated[str, Field(max_length=20_000)]], Field(max_length=50)] = []


def create_app(engine: Engine, settings: Settings) -> FastAPI:
    """Return the application: `/api/…`, `/t/…`, `/healthz`, and the chat at `/`."""
    import gradio as gr

    from web.chat import CSS, HEAD, THEME, make_chat

    engine = Published(engine)
    feedback = Feedback.open(settings.database, settings.retention_days)
    app = FastAPI(title="枣问", docs_url=None, redoc_url=None)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.origins(),
        allow_methods=["GET", "POST"],
        allow_headers=["Content-Type"],
    )
    app.include_router(widget_routes())
    app.include_router(shelf_routes(engine))
    app.include_router(export_routes(engine))

    app.include_router(verdict_routes(engine, feedback))
    app.include_router(admin_routes(Press(engine, settings), feedback, settings))

    @app.post("/api/ask")
    def ask(body: Ask) -> dict[str, Any]:
        answer = engine.ask(body.question, body.history)
        feedback.record(body.question, answer, "api")
        return answer.to_json()

    @app.get("/api/transcripts")
    def transcripts() -> list[dict[str, Any]]:
        return [
            {"id": t.id, "title": t.source.title, "date": t.source.date}
            for t in engine.transcripts.values()
        ]

    @app.get("/api/transcripts/{document}")
    def transcript(document: str) -> dict[str, Any]:
        found = engine.transcripts.get(document)
        if found is None:
            raise HTTPException(404, f"没有编号为 {document} 的实录。")
        return {
            "id": found.id,
            "title": found.source.title,
            "date": found.source.date,
            "place": found.source.place,
            "publisher": found.source.publisher,
            "source_url": found.source.url,
            "text": found.text,
            "turns": [
                {
                    "start": turn.span.start,
                    "end": turn.span.end,
                    "kind": turn.kind,
                    "speaker": turn.speaker.name if turn.speaker else None,
                    "title": turn.speaker.title if turn.speaker else None,
                    "attribution_inferred": turn.attribution_inferred,
                    "question": turn.question,
                }
                for turn in found.turns
            ],
        }

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/cite.js")
    def cite() -> FileResponse:
        return FileResponse(STATIC / "cite.js", media_type="text/javascript")

    mounted: FastAPI = gr.mount_gradio_app(
        app,
        make_chat(engine),
        path="/",
        theme=THEME,
        css=CSS,
        head=HEAD,
        footer_links=[],
        show_error=False,
        max_file_size="1kb",
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
    )
    return mounted
