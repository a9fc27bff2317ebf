"""The interface described: `/openapi.json` for programs, `/api/docs` for people."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web.problems import KINDS, MEDIA, Problem

HERE = Path(__file__).parent
VERSION = "1.0.0"
ABOUT = (
    "发布会原文问答：回答只用官员原话，句句有出处。 / "
    "Ask a press conference a question; get the officials' own words back."
)
_REF = "#/components/schemas/"
_INTEGER = {"schema": {"type": "integer", "minimum": 0}}
_LIMITS = {
    "RateLimit-Limit": {"description": "窗口内可用次数 / requests in a window", **_INTEGER},
    "RateLimit-Remaining": {"description": "剩余次数 / requests left", **_INTEGER},
    "RateLimit-Reset": {"description": "几秒后空出一次 / seconds until one more", **_INTEGER},
}
_WAIT = {"Retry-After": {"description": "几秒后再试 / seconds to wait", **_INTEGER}}
_HEADERS = {429: _LIMITS | _WAIT, 503: _WAIT}
_PAGES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def add_reference(app: FastAPI) -> None:
    """Give `app` its OpenAPI document and the page that shows it."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe_interface(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]

    @app.get("/api/docs", include_in_schema=False)
    async def docs(request: Request) -> HTMLResponse:
        page = _PAGES.get_template("reference.html")
        base = f"{request.url.scheme}://{request.url.netloc}"
        return HTMLResponse(page.render(lay_out(app.openapi(), base)))

    @app.get("/reference.css", include_in_schema=False)
    async def style() -> FileResponse:
        return FileResponse(HERE / "static" / "reference.css", media_type="text/css")


def describe_interface(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document, with the problems that the layers around `app` answer with."""
    document = get_openapi(title=app.title, version=VERSION, description=ABOUT, routes=app.routes)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = Problem.model_json_schema(ref_template=_REF + "{model}")
    schemas.update(problem.pop("$defs"))
    schemas["Problem"] = problem
    for path, methods in document["paths"].items():
        for operation in methods.values():
            _add_problems(path, operation)
    return document


def _add_problems(path: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    asks = "requestBody" in operation
    if asks:
        for response in responses.values():
            response["headers"] = _LIMITS
    for status in _statuses(path, asks):
        responses[str(status)] = {
            "description": f"{KINDS[status].title} / {KINDS[status].title_en}",
            "content": {MEDIA: {"schema": {"$ref": _REF + "Problem"}}},
            **({"headers": _HEADERS[status]} if status in _HEADERS else {}),
        }


def _statuses(path: str, asks: bool) -> Iterator[int]:
    yield from (400, 403)
    if "{" in path or path == "/api/report":
        yield 404
    yield 413
    if asks:
        yield from (422, 429)
    yield 500
    if asks or path == "/readyz":
        yield 503


def lay_out(document: Mapping[str, Any], base: str) -> dict[str, Any]:
    """Return what the page shows: operations, objects and kinds of problem."""
    operations = [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation["summary"],
            "description": operation.get("description", ""),
            "parameters": [
                _field(p["name"], p | p["schema"]) for p in operation.get("parameters", ())
            ],
            "takes": _body(operation.get("requestBody", {})),
            "gives": _body(operation["responses"].get("200") or operation["responses"]["201"]),
            "statuses": sorted(operation["responses"]),
            "curl": _curl(base, method, path, operation, document),
        }
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    objects = [
        {
            "name": name,
            "description": schema.get("description", ""),
            "fields": [
                _field(key, value, key in schema.get("required", ()))
                for key, value in schema.get("properties", {}).items()
            ],
        }
        for name, schema in document["components"]["schemas"].items()
    ]
    return {"operations": operations, "objects": objects, "kinds": KINDS, "base": base}


def _field(name: str, schema: Mapping[str, Any], required: bool = True) -> dict[str, Any]:
    return {
        "name": name,
        "type": _type(schema),
        "required": required,
        "description": schema.get("description", ""),
    }


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_REF)
    if "anyOf" in schema:
        return " | ".join(_type(choice) for choice in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(f'"{value}"' for value in schema["enum"])
    if "const" in schema:
        return json.dumps(schema["const"])
    if schema.get("type") == "array":
        return f"[{_type(schema['items'])}]"
    return str(schema.get("format") or schema.get("type", "any"))


def _body(holder: Mapping[str, Any]) -> str:
    for media, content in holder.get("content", {}).items():
        return _type(content["schema"]) if media == "application/json" else str(media)
    return ""


def _curl(
    base: str, method: str, path: str, operation: Mapping[str, Any], document: Mapping[str, Any]
) -> str:
    for parameter in operation.get("parameters", ()):
        example = (parameter["schema"].get("examples") or ["…"])[0]
        path = path.replace(f"{{{parameter['name']}}}", str(example))
    call = f"curl {shlex.quote(base + path)}"
    if method != "post":
        return call
    schema = document["components"]["schemas"][_body(operation["requestBody"])]
    body = json.dumps((schema.get("examples") or [_sample(schema)])[0], ensure_ascii=False)
    return f"{call} \\\n  -H 'Content-Type: application/json' \\\n  -d {shlex.quote(body)}"


def _sample(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object with the fields that `schema` asks for."""
    fields = {name: schema["properties"][name] for name in schema.get("required", ())}
    return {
        name: field.get("enum", [1 if field.get("type") == "integer" else "…"])[0]
        for name, field in fields.items()
    }
