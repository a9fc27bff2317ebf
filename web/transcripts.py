"""The transcripts, each a page of its own, every place in it addressable."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi import Path as Part
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from index.records import Span, Transcript
from qa.engine import Answering
from qa.quote import QuoteError
from web.citation import digest, locate_whole, make_forms, outward
from web.layout import changes, lay_out, raw_words, tally, voices
from web.problems import Words
from web.widget import load
from web.wording import LANGUAGES, Language, page_wording

View = Literal["edited", "raw"]
FORMS = '<script type="module" src="/forms.js"></script>'
_FARTHEST = 2**31
_TOLD = (
    *("excerpt", "marked", "placed", "moved", "corrected", "outside", "widened", "long"),
    *("copied", "uncopied", "unquoted", "news", "plain", "markdown", "json", "report"),
    *("thanks", "unavailable", "unkept"),
)
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ASSETS = (
    ("/page.js", "page.js", "text/javascript"),
    ("/forms.js", "forms.js", "text/javascript"),
    ("/page.css", "page.css", "text/css"),
)


def transcript_routes(engine: Answering) -> APIRouter:
    """Return `/t/…`, `/quote/…` and what the page needs."""
    routes = APIRouter(include_in_schema=False)
    for path, name, media in _ASSETS:
        asset = load(name, media, {})
        routes.add_api_route(path, asset.respond, methods=["GET", "HEAD"], response_model=None)

    @routes.get("/t/{document}")
    def page(
        document: str,
        view: View = "edited",
        lang: Language = "zh-CN",
        part: Annotated[Literal["page", "text"], Query()] = "page",
    ) -> HTMLResponse:
        found = engine.transcripts.get(document)
        if found is None:
            return HTMLResponse(_PAGES.get_template("absent.html").render(), 404)
        shown = _shown(found, engine.transcripts, view, lang)
        name = "page.html" if part == "page" else "page_text.html"
        return HTMLResponse(_PAGES.get_template(name).render(shown))

    @routes.get("/quote/{document}/{start}-{end}")
    def quote(
        request: Request,
        document: str,
        start: Annotated[int, Part(ge=0, lt=_FARTHEST)],
        end: Annotated[int, Part(gt=0, lt=_FARTHEST)],
    ) -> JSONResponse:
        try:
            found = locate_whole(engine.transcripts, document, Span(start, end))
        except QuoteError:
            raise HTTPException(
                404, Words("这里没有可以引用的文字。", "Nothing here can be quoted.")
            ) from None
        return JSONResponse(make_forms(found, str(request.base_url)).to_json())

    return routes


def _shown(
    transcript: Transcript, all_: Mapping[str, Transcript], view: View, language: Language
) -> dict[str, Any]:
    """Return what the templates show; the raw view leaves out what it does not show."""
    say = page_wording(language)
    blocks = lay_out(transcript, say) if view == "edited" else []
    return {
        "whole": transcript,
        "source": transcript.source,
        "link": outward(transcript.source.url),
        "others": [t.source for t in all_.values()] if len(all_) > 1 else [],
        "blocks": blocks,
        "voices": voices(blocks),
        "raw": raw_words(transcript, say) if view == "raw" else "",
        "restored": [change for change in changes(transcript) if change.restored],
        "tally": tally(transcript, say),
        "view": view,
        "language": language,
        "languages": LANGUAGES,
        "say": say,
        "digest": digest,
        "told": _TOLD,
    }
