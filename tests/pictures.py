"""Take the pictures of chat, transcript page and widget in `docs/screenshots` again.

    python -m tests.pictures

The real app and a real browser; whoever changes what people see looks at what comes out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.conftest import open_browser, serve
from tests.portal import widget
from tests.test_chat import FIRMS, INVESTMENT, UNSAID, Talk

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
DESK, PHONE, NARROW, PAPER = (1360, 900), (390, 844), (360, 740), (794, 1123)
LIST = "大会筹备做了哪些工作？"
ENGLISH = "When will the conference be held?"


def main() -> None:
    """Start the app and a browser, take every picture."""
    with serve() as url, open_browser() as browser:
        take_chat(browser, url)
        take_pages(browser, url)
        take_widget(browser, url)


def take_chat(browser: Browser, url: str) -> None:
    """Take the chat: at the start, with answers, in its colours, sizes and languages."""
    with opened(browser, DESK) as page:
        talk = Talk(page, url)
        keep(page, "chat-start")
        talk.ask(FIRMS)
        keep(page, "chat-answer")
        page.locator("#dark").click()
        keep(page, "chat-dark")
    for name, question in (("chat-list", LIST), ("chat-refusal", UNSAID)):
        with opened(browser, DESK) as page:
            Talk(page, url).ask(question)
            keep(page, name)
    with opened(browser, DESK) as page:
        talk = Talk(page, url)
        page.get_by_label("EN", exact=True).check(force=True)
        keep(page, "chat-english-start")
        talk.ask(ENGLISH)
        keep(page, "chat-english")
    with opened(browser, DESK) as page:
        talk = Talk(page, url)
        talk.ask(INVESTMENT).locator(".zw-copy").click()
        keep(page, "chat-copy")
    with opened(browser, DESK) as page:
        talk = Talk(page, url)
        page.locator("#large").click()
        talk.ask(INVESTMENT)
        keep(page, "chat-large")
    with opened(browser, PHONE) as page:
        Talk(page, url).ask(FIRMS)
        keep(page, "chat-phone")
    with opened(browser, PAPER) as page:
        Talk(page, url).ask(INVESTMENT)
        page.emulate_media(media="print")
        keep(page, "chat-print")


def take_pages(browser: Browser, url: str) -> None:
    """Take the transcript's own page with a quotation marked."""
    with opened(browser, DESK) as page:
        quoted = Talk(page, url).ask(INVESTMENT).locator(".zw-original").first
        station, _, place = (quoted.get_attribute("href") or "").partition("#")
        joined = "&" if "?" in station else "?"
    for name, size, view, pressed in (
        ("chat-page", DESK, "edited", ""),
        ("chat-raw", DESK, "raw", ""),
        ("chat-page-dark", DESK, "edited", "dark"),
        ("chat-page-phone", NARROW, "edited", ""),
        ("chat-page-large", NARROW, "edited", "large"),
    ):
        with opened(browser, size) as page:
            if pressed:
                page.goto(f"{url}{station}")
                page.locator(f"[data-comfort={pressed}]").click()
            page.goto(f"{url}{station}{joined}view={view}#{place}")
            page.locator("#tools").wait_for()
            keep(page, name)


def take_widget(browser: Browser, url: str) -> None:
    """Take the widget on the demo portal: closed, with an answer, dark, and on a phone."""
    for name, size, question in (
        ("widget-portal", DESK, ""),
        ("widget-open", DESK, INVESTMENT),
        ("widget-dark", DESK, INVESTMENT),
        ("widget-phone", NARROW, INVESTMENT),
        ("widget-refusal", NARROW, UNSAID),
    ):
        with opened(browser, size) as page:
            page.emulate_media(color_scheme="dark" if name == "widget-dark" else "light")
            page.goto(f"{url}/demo")
            if question:
                widget(page).ask(question)
            keep(page, name)


@contextmanager
def opened(browser: Browser, size: tuple[int, int]) -> Iterator[Page]:
    """Give a page of this size that has never been here."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", has_touch=width < PAPER[0]
    )
    yield context.new_page()
    context.close()


def keep(page: Page, name: str) -> None:
    """Write what is seen once it stands still, in few colours, so that it is small."""
    page.wait_for_timeout(1200)
    seen = Image.open(BytesIO(page.screenshot())).convert("RGB")
    few = seen.quantize(96, dither=Image.Dither.NONE)
    few.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
