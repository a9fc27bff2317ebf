"""What a stranger, another site, a crowd or a hostile string can do: nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from qa.engine import Engine
from tests.serving import LOCAL, make_app, problem, visit
from web.rates import EVENTS, Rate
from web.settings import Settings, list_settings

PORTAL = "https://portal.example"
PROXY = "198.51.100.1"
ASK = {"question": "签约项目总投资多少？"}


@pytest.fixture(scope="module")
def app(engine: Engine) -> FastAPI:
    return make_app(
        engine,
        allowed_origins=PORTAL,
        trusted_hosts="qa.example.gov.cn",
        trusted_proxies=f"{PROXY},198.51.100.128/25",
    )


@pytest.fixture
def limited(engine: Engine) -> FastAPI:
    return make_app(
        engine, allowed_origins=PORTAL, trusted_proxies=PROXY, rate_per_address="3/second"
    )


def test_every_answer_carries_the_headers_of_safety(address: str) -> None:
    for path in ("/", "/api/docs", "/healthz", "/nowhere", "/api/ask", "/theme.css", "/cite.js"):
        headers = httpx.get(address + path).headers
        policy = headers["content-security-policy"]
        assert "script-src 'self';" in policy and "object-src 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy and headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert "server" not in headers


def test_only_listed_sites_may_frame_us(app: FastAPI) -> None:
    headers = visit(app).get("/").headers
    assert f"frame-ancestors 'self' {PORTAL}" in headers["content-security-policy"]
    assert "x-frame-options" not in headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/call/reply"),
        ("POST", "/gradio_api/call/v2/reply"),
        ("POST", "/gradio_api/api/reply"),
        ("POST", "/gradio_api/run/reply"),
        ("POST", "/gradio_api/queue/join/"),
        ("POST", "/gradio_api//queue/join"),
        ("POST", "/gradio_api/upload"),
        ("POST", "/gradio_api/reset"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/file=http://127.0.0.1/"),
        ("GET", "/gradio_api/file/etc/passwd"),
        ("GET", "/gradio_api/proxy=http://127.0.0.1/"),
        ("GET", "/gradio_api/openapi.json"),
        ("GET", "/gradio_api/runs"),
        ("GET", "/monitoring"),
        ("GET", "/docs"),
        ("GET", "/login"),
        ("GET", "/svelte/a"),
    ],
)
def test_nothing_of_the_chats_framework_is_open_but_the_chat(
    address: str, method: str, path: str
) -> None:
    problem(httpx.request(method, address + path), 404)


def test_a_folder_that_is_open_leads_nowhere_else(address: str) -> None:
    for path in (
        "/assets/..%2f..%2froutes.py",
        "/static/%2e%2e/%2e%2e/routes.py",
        "/assets//etc/passwd",
    ):
        response = httpx.get(address + path)
        assert response.status_code in (403, 404), path


def test_a_body_too_large_is_refused_with_and_without_its_length(address: str) -> None:
    url, media = f"{address}/api/ask", {"Content-Type": "application/json"}
    large = b'{"question": "' + b"x" * 70_000 + b'"}'

    def stream() -> Iterator[bytes]:
        for at in range(0, len(large), 1000):
            yield large[at : at + 1000]

    problem(httpx.post(url, content=large, headers=media), 413)
    problem(httpx.post(url, content=stream(), headers=media), 413)
    small = b'{"question": "' + b"x" * 15_000 + b'"}'
    assert httpx.post(url, content=iter([small]), headers=media).status_code == 200


def test_a_strange_host_is_refused(app: FastAPI) -> None:
    client = visit(app)
    for host in (
        "evil.example",
        "127.0.0.1.evil.example",
        "qa.example.gov.cn@evil.example",
        "[::1",
    ):
        problem(client.get("/healthz", headers={"Host": host}), 400)
    for host in ("qa.example.gov.cn", "QA.EXAMPLE.GOV.CN:8443", "localhost:7860", "[::1]:7860"):
        assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_a_forwarded_host_is_nobodys_to_say(app: FastAPI) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    for address in ("203.0.113.7", PROXY):
        assert "evil.example" not in visit(app, address).get("/config", headers=forged).text


def ask(app: FastAPI, address: str = "203.0.113.7", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return visit(app, address).post("/api/ask", json=ASK, headers=named)


def test_another_site_is_refused_by_the_server_itself(app: FastAPI) -> None:
    client = visit(app)
    for origin in (
        "https://evil.example",
        "null",
        f"{PORTAL}.evil.example",
        "http://portal.example",
    ):
        refused = ask(app, Origin=origin)
        problem(refused, 403)
        assert "access-control-allow-origin" not in refused.headers
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        preflight = client.options("/api/ask", headers=asked)
        problem(preflight, 403)
        assert "access-control-allow-origin" not in preflight.headers


def test_a_listed_site_may_ask_and_may_read_every_answer(app: FastAPI) -> None:
    client, given = visit(app), {"Origin": PORTAL}
    preflight = client.options(
        "/api/ask", headers=given | {"Access-Control-Request-Method": "POST"}
    )
    assert preflight.status_code == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]
    for response, status in (
        (ask(app, Origin=PORTAL), 200),
        (client.get("/api/transcripts/none", headers=given), 404),
        (client.get("/api/ask", headers=given), 405),
        (client.post("/api/ask", content=b"x" * 70_000, headers=given), 413),
        (client.post("/api/ask", json={}, headers=given), 422),
    ):
        assert response.status_code == status
        assert response.headers["access-control-allow-origin"] == PORTAL
        assert "Origin" in response.headers["vary"]
        assert "Retry-After" in response.headers["access-control-expose-headers"]
        assert "access-control-allow-credentials" not in response.headers


def test_a_listed_site_may_use_the_interface_and_not_the_chat(app: FastAPI) -> None:
    for path in ("/config", "/gradio_api/info", "/openapi.json"):
        problem(visit(app).get(path, headers={"Origin": PORTAL}), 403)


def test_our_own_pages_may_ask_through_a_proxy_that_speaks_tls(app: FastAPI) -> None:
    own = {"Host": "qa.example.gov.cn", "Origin": "https://qa.example.gov.cn"}
    proxied = own | {"X-Forwarded-Proto": "https"}
    assert visit(app, PROXY).post("/api/ask", json=ASK, headers=proxied).status_code == 200
    problem(visit(app, "203.0.113.7").post("/api/ask", json=ASK, headers=proxied), 403)


def test_the_widget_may_be_loaded_by_other_sites(app: FastAPI) -> None:
    script = visit(app).get("/widget.js", headers={"Origin": PORTAL})
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"
    assert script.headers["access-control-allow-origin"] == PORTAL
    assert visit(app).get("/cite.js").headers["cross-origin-resource-policy"] == "same-origin"


def test_who_asks_too_often_is_told_when_to_come_again(limited: FastAPI) -> None:
    remaining = [ask(limited).headers["ratelimit-remaining"] for _ in range(3)]
    assert remaining == ["2", "1", "0"]
    refused = ask(limited, Origin=PORTAL)
    assert "秒" in problem(refused, 429)["detail"]
    assert refused.headers["retry-after"] == "1" and refused.headers["ratelimit-remaining"] == "0"
    assert refused.headers["access-control-allow-origin"] == PORTAL
    assert ask(limited, "203.0.113.8").status_code == 200
    assert 'zaowen_limited_total{by="address"} 1.0' in visit(limited).get("/metrics").text
    time.sleep(1.05)
    assert ask(limited).status_code == 200


def test_the_chat_may_ask_as_often_and_looking_at_it_takes_no_question_away(
    limited: FastAPI,
) -> None:
    client = visit(limited)
    for _ in range(3 * EVENTS):
        assert client.post("/gradio_api/queue/join", json={}).status_code != 429
    problem(client.post("/gradio_api/queue/join", json={}), 429)
    problem(client.post("/gradio_api/run/predict", json={}), 429)
    assert ask(limited).status_code == 200


def test_a_forged_address_counts_for_nothing(limited: FastAPI) -> None:
    forged = [ask(limited, X_Forwarded_For=f"192.0.2.{n}").status_code for n in range(4)]
    assert forged == [200, 200, 200, 429]
    proxied = [
        ask(limited, PROXY, X_Forwarded_For=f"192.0.2.{n}, 203.0.113.99").status_code
        for n in range(4)
    ]
    assert proxied == [200, 200, 200, 429]
    assert ask(limited, PROXY, X_Forwarded_For="203.0.113.100").status_code == 200


def test_one_network_of_ipv6_is_one_address(limited: FastAPI) -> None:
    codes = [ask(limited, f"2001:db8:1:2::{n}").status_code for n in range(1, 5)]
    assert codes == [200, 200, 200, 429]
    assert ask(limited, "2001:db8:1:3::1").status_code == 200


def test_a_site_has_a_limit_of_its_own(engine: Engine) -> None:
    app = make_app(engine, allowed_origins=PORTAL, rate_per_origin="2/minute")
    codes = [ask(app, f"203.0.113.{n}", Origin=PORTAL).status_code for n in range(3)]
    assert codes == [200, 200, 429]
    for given in ({}, {"Origin": LOCAL}):
        codes = [ask(app, f"203.0.113.{n}", **given).status_code for n in range(3)]
        assert codes == [200] * 3, "our own readers share no window"
    assert 'zaowen_limited_total{by="origin"} 1.0' in visit(app).get("/metrics").text


def test_a_crowd_of_addresses_does_not_fill_the_memory() -> None:
    rate = Rate("5/hour", most_keys=100)
    for n in range(1000):
        rate.take(str(n))
    assert len(rate._windows.storage) == 100  # type: ignore[arg-type]
    assert rate.take("999").remaining == 3 and rate.take("0").remaining == 4


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("ALLOWED_ORIGINS", origin)
            for origin in (
                "*",
                "null",
                "portal.example",
                "https://portal.example/path",
                "https://*.portal.example",
                "https://user@portal.example",
                "https://portal.example; script-src *",
                "https://portal.example:99999",
                "https://good.example, javascript:alert(1)",
            )
        ),
        ("TRUSTED_HOSTS", "*"),
        ("TRUSTED_HOSTS", "https://a.example"),
        ("TRUSTED_PROXIES", "*"),
        ("TRUSTED_PROXIES", "proxy.example"),
        ("RATE_PER_ADDRESS", "fast"),
        ("RATE_PER_ADDRESS", "0/minute"),
        ("RATE_PER_ORIGIN", ""),
    ],
)
def test_a_setting_that_is_wrong_is_refused_in_both_languages(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"ZAOWEN_{name}", value)
    with pytest.raises(ValueError, match=r"应写作.* / .*write"):
        Settings()


def test_settings_are_read_as_browsers_and_sockets_write_them() -> None:
    read = Settings(
        allowed_origins=" HTTPS://Portal.example:443 ,http://枣庄.example:8080,https://[::1]:1 ",
        trusted_hosts="QA.Example, [::1]",
        host="0.0.0.0",
    )
    assert read.allowed_origins == (
        "https://portal.example",
        "http://xn--xwtx6r.example:8080",
        "https://[::1]:1",
    )
    assert read.hosts() == {"localhost", "127.0.0.1", "::1", "qa.example"}


def run_app(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "app.py", *options],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_server_does_not_start_on_a_wrong_setting() -> None:
    run = run_app(ZAOWEN_ALLOWED_ORIGINS="*", ZAOWEN_PORT="many", ZAOWEN_SECRET="short-secret")
    assert run.returncode == 2
    for name in ("ZAOWEN_ALLOWED_ORIGINS", "ZAOWEN_PORT", "ZAOWEN_SECRET"):
        assert name in run.stderr
    assert "未启动" in run.stderr and "nothing was started" in run.stderr
    assert "Traceback" not in run.stderr and "short-secret" not in run.stderr


def test_help_lists_every_setting_with_its_meaning() -> None:
    shown = run_app("--help").stdout
    for name, field in Settings.model_fields.items():
        assert f"ZAOWEN_{name.upper()} = " in shown
        assert field.description and " / " in field.description
    assert list_settings() in shown


HOSTILE = {
    "script": "<script id=hostile>window.ran=1</script>锂电企业有多少家？",
    "image": '<img id=hostile src=x onerror="window.ran=1;alert(1)">',
    "svg": "<svg id=hostile onload=window.ran=1><script>window.ran=1</script></svg>",
    "frame": "<iframe id=hostile srcdoc='<script>parent.ran=1</script>'></iframe>",
    "style": "<style id=hostile>body{background:url(//evil.example/c)}</style>",
    "attribute": '<p id=hostile style="background:url(https://evil.example/s)">问</p>',
    "picture": "![项目](https://evil.example/p.png)",
    "reference": "![项目][1]\n\n[1]: https://evil.example/r.png",
    "link": "[点这里](javascript:window.ran=1) <javascript:window.ran=1>",
    "form": "<form id=hostile action=https://evil.example><input autofocus onfocus=window.ran=1>",
    "template": "{{constructor.constructor('window.ran=1')()}} ${window.ran=1} {{#with a}}",
    "formula": "$$\\href{javascript:window.ran=1}{x}$$ $\\includegraphics{https://evil.example/l}$",
    "meta": "<meta id=hostile http-equiv=refresh content='0;url=https://evil.example'>",
    "breaking": "\"'><b id=hostile onmouseover=window.ran=1>`</textarea><!--",
    "bidi": "\u202e<script>window.ran=1</script>\u2066\u200b\u200f签约项目\ufeff\u2069总投资多少？",
    "controls": "签约\x00\x1b[31m\x7f项目总投资多少？",
    "long": "<img id=hostile src=https://evil.example/x>" * 400,
}
SHOWN = {name: HOSTILE[name] for name in ("script", "image", "picture", "link", "template")}
INJECTED = (
    "#hostile, [src*='evil.example'], [href^='javascript:'], [href*='evil.example'], [onerror]"
)


@pytest.fixture
def watched(address: str, page: Page) -> Iterator[tuple[Page, list[str]]]:
    """The chat, and what went wrong in it: dialogs, errors, requests to other hosts."""
    seen: list[str] = []
    page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.on(
        "request",
        lambda request: (
            seen.append(request.url)
            if httpx.URL(request.url).host not in ("127.0.0.1", "")
            else None
        ),
    )
    page.goto(address)
    expect(page.locator("#prompts button:visible").first).to_be_visible(timeout=20_000)
    yield page, seen


def test_hostile_strings_stay_text(watched: tuple[Page, list[str]]) -> None:
    page, seen = watched
    box = page.locator("#question textarea")
    for number, (name, text) in enumerate(HOSTILE.items(), 1):
        box.fill(text)
        box.press("Enter")
        replies = page.locator("#chat .bot.message")
        expect(replies, name).to_have_count(number, timeout=20_000)
        expect(page.locator("#chat .zw-waiting"), name).to_have_count(0, timeout=20_000)
        asked = page.locator("#chat .user.message").nth(number - 1)
        expect(asked, name).to_contain_text(SHOWN.get(name, ""))
        assert page.locator(INJECTED).count() == 0, name
        assert page.evaluate("window.ran") is None, name
    assert not seen
    assert page.url.startswith(LOCAL)


def test_hostile_strings_come_back_as_data(address: str) -> None:
    for text in HOSTILE.values():
        response = httpx.post(f"{address}/api/ask", json={"question": text})
        assert response.status_code == 200 and response.json()["question"] == text
        assert response.headers["content-type"] == "application/json"
