"""The JSON interface keeps to its own document, and says what went wrong in one way.

Against a running server, more thoroughly (rates off so that nothing is limited):
    ZAOWEN_RATE_PER_ADDRESS=off ZAOWEN_RATE_PER_ORIGIN=off python app.py
    schemathesis run http://127.0.0.1:7860/openapi.json --max-examples 200
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence

import httpx
import pytest
import schemathesis
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from playwright.sync_api import Page
from schemathesis import Case, GenerationMode
from starlette.testclient import TestClient

from index.records import Transcript
from qa.engine import Engine
from qa.records import Answer
from tests.serving import LOCAL, make_app, problem
from web.api import api_routes
from web.contract import AnswerObject, QuoteObject
from web.problems import KINDS, MEDIA

QUESTION = "签约项目总投资多少？"
EXAMPLES = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def app(engine: Engine) -> FastAPI:
    return make_app(engine)


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url=LOCAL)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_operation_keeps_to_the_document(app: FastAPI, mode: GenerationMode) -> None:
    host = {"Host": "127.0.0.1"}
    contract = schemathesis.openapi.from_asgi("/openapi.json", app, headers=host)
    held = []
    for operation in (found.ok() for found in contract.get_all_operations()):
        if mode is GenerationMode.NEGATIVE and not list(operation.body):
            continue

        @given(case=operation.as_strategy(generation_mode=mode))
        @EXAMPLES
        def hold(case: Case) -> None:
            case.call_and_validate(headers=host)

        hold()
        held.append(operation.path)
    assert "/api/ask" in held


def test_the_document_covers_what_is_promised(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    assert set(document["paths"]) >= {
        "/api/ask",
        "/api/transcripts",
        "/api/transcripts/{id}",
        "/healthz",
        "/readyz",
        "/metrics",
    }
    for methods in document["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                assert list(response["content"]) == [MEDIA] or status[0] == "2", (status, response)


def test_the_types_name_every_field_of_an_answer(engine: Engine) -> None:
    answer = engine.ask(QUESTION).to_json()
    assert set(AnswerObject.model_fields) == set(answer)
    assert set(QuoteObject.model_fields) == set(answer["quotes"][0])


def test_an_answer_over_http_is_the_engines_own(engine: Engine, client: TestClient) -> None:
    given = client.post("/api/ask", json={"question": QUESTION}).json()
    assert given | {"elapsed_ms": 0} == engine.ask(QUESTION).to_json() | {"elapsed_ms": 0}


def test_history_reaches_the_engine(client: TestClient) -> None:
    body = {"question": "他还说了什么？", "history": ["签约项目总投资多少？"]}
    alone = client.post("/api/ask", json={"question": body["question"]}).json()
    assert client.post("/api/ask", json=body).json()["quotes"] != alone["quotes"]


def test_ready_tells_what_stands_in_the_index(engine: Engine, client: TestClient) -> None:
    ready = client.get("/readyz").json()
    texts = [t.text for t in engine.transcripts.values()]
    assert (ready["transcripts"], ready["characters"]) == (len(texts), sum(map(len, texts)))


def test_errors_are_problems_in_both_languages(client: TestClient) -> None:
    problem(client.get("/api/transcripts/none"), 404)
    problem(client.get("/nowhere"), 404)
    assert problem(client.get("/api/ask"), 405)["title"] == "方法不对"
    assert client.get("/api/ask").headers["allow"] == "POST"
    assert client.delete("/").headers["allow"] == "GET, HEAD"
    problem(client.post("/api/ask", json={"question": "问" * 30_000}), 413)
    told = problem(client.post("/api/ask", json={"question": 1}), 422)
    assert told["errors"][0]["at"] == "body.question"


def test_a_refused_request_is_not_repeated(client: TestClient) -> None:
    sent = {"question": ["秘密的问题"]}
    assert "秘密" not in client.post("/api/ask", json=sent).text


class Broken(Engine):
    """An engine that breaks while it answers, its message holding the question."""

    def __init__(self, engine: Engine) -> None:
        self._whole = engine

    @property
    def transcripts(self) -> Mapping[str, Transcript]:
        return self._whole.transcripts

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        raise RuntimeError(f"cannot answer {question}")


@pytest.fixture(scope="module")
def broken(engine: Engine) -> FastAPI:
    return make_app(Broken(engine), allowed_origins="https://portal.example")


def test_a_failure_tells_nothing_of_the_inside_and_logs_no_question(
    broken: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    client = TestClient(broken, base_url=LOCAL)
    with caplog.at_level(logging.DEBUG):
        response = client.post(
            "/api/ask", json={"question": "秘密"}, headers={"Origin": "https://portal.example"}
        )
    problem(response, 500)
    assert "RuntimeError" not in response.text and "秘密" not in response.text
    assert response.headers["access-control-allow-origin"] == "https://portal.example"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "RuntimeError" in caplog.text and "in ask" in caplog.text
    assert "秘密" not in caplog.text
    assert "zaowen_failures_total 1.0" in client.get("/metrics").text


def test_answers_are_counted_by_status(client: TestClient) -> None:
    def count(status: str) -> float:
        lines = client.get("/metrics").text.splitlines()
        named = [
            line for line in lines if line.startswith(f'zaowen_answers_total{{status="{status}"')
        ]
        return float(named[0].split()[-1]) if named else 0.0

    before = count("answered"), count("invalid")
    client.post("/api/ask", json={"question": QUESTION})
    client.post("/api/ask", json={"question": ""})
    assert (count("answered"), count("invalid")) == (before[0] + 1, before[1] + 1)
    assert "zaowen_answer_seconds_bucket" in client.get("/metrics").text


def test_two_applications_count_apart(engine: Engine, app: FastAPI, broken: FastAPI) -> None:
    TestClient(app, base_url=LOCAL).post("/api/ask", json={"question": QUESTION})
    assert 'zaowen_answers_total{status="answered"}' not in (
        TestClient(broken, base_url=LOCAL).get("/metrics").text
    )


def test_every_question_is_heard_with_its_answer(engine: Engine) -> None:
    heard: list[tuple[str, str]] = []
    app = FastAPI()
    app.include_router(api_routes(engine, lambda q, answer: heard.append((q, answer.status))))
    TestClient(app).post("/api/ask", json={"question": QUESTION})
    assert heard == [(QUESTION, "answered")]


def test_a_full_waiting_room_says_so(
    engine: Engine, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.api.MOST_WAITING", 0)
    response = client.post("/api/ask", json={"question": QUESTION})
    problem(response, 503)
    assert response.headers["retry-after"] == "2"
    turns = [{"question": QUESTION}]
    problem(client.post("/export", json={"format": "markdown", "turns": turns}), 503)


@pytest.fixture
def reference(address: str, page: Page) -> Iterator[tuple[Page, set[str]]]:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(httpx.URL(request.url).host))
    page.goto(f"{address}/api/docs")
    yield page, hosts


def test_the_reference_page_shows_every_operation_and_asks_no_other_host(
    reference: tuple[Page, set[str]], address: str
) -> None:
    page, hosts = reference
    for path in httpx.get(f"{address}/openapi.json").json()["paths"]:
        assert page.locator("section h2 code", has_text=path).count() >= 1
    assert f"curl {address}/api/ask" in page.locator("pre").first.inner_text()
    for kind in KINDS.values():
        assert page.locator(f"#{kind.name}").is_visible()
    assert hosts == {"127.0.0.1"}


def test_the_reference_page_is_accessible_and_fits_a_phone(
    reference: tuple[Page, set[str]],
) -> None:
    page, _ = reference
    found = Axe().run(page).response["violations"]
    assert not found, json.dumps([v["id"] for v in found])
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_readable_offsets_are_the_transcripts(client: TestClient) -> None:
    quote = client.post("/api/ask", json={"question": QUESTION}).json()["quotes"][0]
    text = client.get(f"/api/transcripts/{quote['document_id']}").json()["text"]
    assert text[quote["start"] : quote["end"]] == quote["text"]
