"""A real browser asks, reads the quote, and lands on the sentence."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect


def test_a_typed_question_is_answered_and_its_citation_lands(address: str, page: Page) -> None:
    hosts: set[str | None] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.goto(address)
    box = page.locator("#question textarea")
    box.fill("锂电新能源企业有多少家？")
    box.press("Enter")
    citation = page.locator("#chat a[href*='#c']").first
    expect(citation).to_be_visible(timeout=20_000)
    expect(page.locator("#chat")).to_contain_text("270家")
    expect(page.locator("#chat")).to_contain_text("翟军")
    citation.click()
    place = page.locator("#transcript mark").first
    expect(place).to_be_in_viewport()
    expect(place).to_be_focused()
    expect(place).to_contain_text("全市锂电新能源企业已发展到270家")
    assert hosts - {None, ""} == {"127.0.0.1"}


def test_the_interface_answers_over_http(address: str) -> None:
    answer = httpx.post(f"{address}/api/ask", json={"question": "签约项目总投资多少？"}).json()
    assert answer["status"] == "answered"
    assert "超过400亿元" in answer["quotes"][0]["text"]
    text = httpx.get(f"{address}/api/transcripts/2024-battery-conference").json()["text"]
    quote = answer["quotes"][0]
    assert text[quote["start"] : quote["end"]] == quote["text"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"question": 1}', b'{"question": "a", "history": "b"}']
)
def test_bad_requests_are_told_so(address: str, body: bytes) -> None:
    assert httpx.post(f"{address}/api/ask", content=body).status_code == 422
