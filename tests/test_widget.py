"""The widget in a portal of another origin, under a strict policy, in a real browser."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from qa.engine import Engine
from tests.conftest import serve
from tests.portal import WATCH, Portal, Widget, focused, open_portal, widget
from tests.serving import make_app, visit
from web.citation import digest

INVESTMENT = "签约项目总投资多少？"
FIRMS = "锂电新能源企业有多少家？"
UNSAID = "枣庄的地铁有几条线？"
LABEL = "以下为原文检索摘录"


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with open_portal() as opened:
        yield opened


@pytest.fixture(scope="module")
def app(portal: Portal) -> Iterator[str]:
    with serve(ZAOWEN_ALLOWED_ORIGINS=portal.listed) as address:
        yield address


@pytest.fixture
def standing(portal: Portal, app: str, page: Page) -> Widget:
    """The plain widget on a listed portal."""
    page.goto(portal.listed + portal.publish(app))
    return widget(page)


def reply(page: Page, app: str, status: int = 200, body: Any = "", **headers: str) -> list[Any]:
    """Answer in the server's place; return the list that collects what was sent."""
    sent: list[Any] = []
    given = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}

    def fulfil(route: Route) -> None:
        sent.append(route.request.post_data_json)
        text = body if isinstance(body, str) else json.dumps(body)
        route.fulfill(status=status, body=text, headers=given | headers)

    page.route(f"{app}/api/ask", fulfil)
    return sent


def answer_with(**fields: Any) -> dict[str, Any]:
    quote = {"text": "共计24个项目", "highlights": [[2, 5]], "speaker": "某某", "title": "局长"}
    quote |= {"role": "official", "permalink": "/t/d#c0-8", "date": "2024-08-13"}
    return {"status": "answered", "answer": "“24个”", "quotes": [quote | fields], "related": []}


def test_readers_are_told_at_the_start_how_long_questions_are_kept(
    engine: Engine, standing: Widget
) -> None:
    standing.launcher.click()
    expect(standing.intro).to_contain_text("提问隐去个人信息后保存 30 天，请勿填写个人信息。")
    for days in (7, 0):
        client = visit(make_app(engine, retention_days=days))
        assert f"const DAYS = {days};" in client.get("/widget.js").text
        head = f"保存 {days} 天" if days else "提问不作保存"
        assert head in client.get("/config").text
    assert "不收集任何信息" not in client.get("/demo").text


def test_the_keyboard_alone_opens_asks_reads_and_closes_under_a_strict_policy(
    portal: Portal, app: str, page: Page
) -> None:
    said: list[str] = []
    hosts: set[str | None] = set()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.add_init_script(WATCH)
    page.goto(portal.listed + portal.publish(app))
    it = widget(page)
    page.keyboard.press("Tab")
    assert "launcher" in focused(page)
    page.keyboard.press("Enter")
    expect(it.panel).to_have_attribute("aria-modal", "true")
    assert focused(page) == "box"
    page.keyboard.type(INVESTMENT)
    page.keyboard.press("Enter")
    expect(it.status).to_contain_text("引用 1 段原话", timeout=20_000)
    assert focused(page) == "box"
    quotes = httpx.post(f"{app}/api/ask", json={"question": INVESTMENT}).json()["quotes"]
    assert quotes[0]["cut_after"] and not quotes[0]["cut_before"]
    assert it.host.locator("blockquote").first.text_content() == quotes[0]["text"] + "……"
    (start, end) = quotes[0]["highlights"][0]
    assert it.host.locator("mark").first.text_content() == quotes[0]["text"][start:end]
    expect(it.lead).to_contain_text("超过400亿元")
    expect(it.turn).to_contain_text("回答中新社记者提问")
    page.keyboard.press("Escape")
    expect(it.panel).to_be_hidden()
    assert "launcher" in focused(page)
    assert page.evaluate("violations") == []
    assert said == []
    assert hosts == {"127.0.0.1"}


def test_the_focus_stays_in_the_open_panel_both_ways(standing: Widget, page: Page) -> None:
    standing.launcher.click()
    seen = []
    for _ in range(6):
        page.keyboard.press("Tab")
        seen.append(focused(page))
    assert seen == ["send", "大字", "关闭", "log", "box", "send"]
    for expected in ["box", "log", "关闭", "大字", "send"]:
        page.keyboard.press("Shift+Tab")
        assert focused(page) == expected


def test_the_reply_is_announced_politely_and_reaches_no_eye_twice(standing: Widget) -> None:
    turn = standing.ask(FIRMS)
    expect(standing.status).to_have_attribute("aria-live", "polite")
    expect(standing.status).to_have_text("实录中有原话 · “270家” · 引用 1 段原话。")
    assert (standing.status.bounding_box() or {})["height"] <= 1
    expect(turn.locator("> .excerpt")).to_have_text(LABEL)
    expect(turn.locator("> .card")).to_contain_text("翟军（枣庄市委副书记、市长）")
    expect(turn.locator("> .card")).to_contain_text("原文未署名，发言人系推定")


def test_the_permalink_opens_the_transcript_on_the_server(
    standing: Widget, app: str, page: Page
) -> None:
    turn = standing.ask(INVESTMENT)
    words = (turn.locator("blockquote").first.text_content() or "missing").removesuffix("……")
    with page.context.expect_page() as opened:
        turn.get_by_role("link", name="查看实录原文").first.click()
    opened.value.wait_for_url(re.compile(rf"{app}/t/2024-battery-conference#c\d+-\d+"))
    expect(opened.value.locator("#transcript mark").first).to_be_in_viewport()
    assert words in (opened.value.text_content("body") or "")


@pytest.mark.parametrize("clipboard", [True, False], ids=["clipboard", "plain http"])
def test_a_copied_quote_carries_its_label_speaker_and_place(
    clipboard: bool, portal: Portal, app: str, page: Page
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(portal.listed + portal.publish(app))
    it = widget(page)
    turn = it.ask(INVESTMENT)
    if not clipboard:
        page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    turn.get_by_role("button", name="复制引文").first.click()
    expect(it.status).to_have_text("引文已复制，附发言人与出处。")
    it.box.fill("")
    it.box.press("Control+V")
    lines = it.box.input_value().splitlines()
    assert lines[0] == LABEL
    assert lines[1] == f"“{turn.locator('blockquote').first.text_content()}”"
    assert lines[2] == "——刘忠波（枣庄市能源局党组书记、局长）"
    assert lines[3].startswith("《2024新能源电池产业发展大会新闻发布会》 · 2024年8月13日 · 回答")
    assert lines[4].startswith(f"{app}/t/2024-battery-conference#c")


def test_what_the_transcript_does_not_say_is_said_plainly_with_a_contact(
    portal: Portal, app: str, page: Page
) -> None:
    page.goto(portal.listed + portal.publish(app, '<zaowen-widget contact="市新闻办 12345">'))
    it = widget(page)
    turn = it.ask(UNSAID)
    expect(turn.locator(".verdict")).to_have_text("没有找到原话")
    expect(turn).to_contain_text("可向这里进一步了解：市新闻办 12345")
    expect(turn).not_to_contain_text("如需进一步了解")
    expect(turn.locator("> .card")).to_have_count(0)
    it.host.evaluate("e => e.removeAttribute('contact')")
    expect(turn.locator(".contact")).to_have_text("可向这里进一步了解：枣庄市政府新闻办")
    related = turn.locator("details")
    expect(related.locator(".card").first).to_be_hidden()
    related.locator("summary").press("Enter")
    expect(related.locator(".card").first).to_be_visible()
    expect(related.locator(".excerpt")).to_have_text(LABEL)


def test_hostile_styles_of_the_portal_stay_outside(portal: Portal, app: str, page: Page) -> None:
    css = '<link rel="stylesheet" href="/hostile.css">'
    page.goto(portal.listed + portal.publish(app, head=css))
    it = widget(page)
    assert page.locator("p").first.evaluate("e => getComputedStyle(e).letterSpacing") == "9px"
    styles = (
        it.ask(FIRMS)
        .locator("blockquote")
        .first.evaluate(
            "e => { const s = getComputedStyle(e); return [s.letterSpacing, s.textTransform,"
            " s.fontSize, s.color, s.visibility, s.direction, s.display]; }"
        )
    )
    assert styles == ["normal", "none", "16px", "rgb(29, 27, 26)", "visible", "ltr", "block"]


def test_two_widgets_on_one_page_know_nothing_of_each_other(
    portal: Portal, app: str, page: Page
) -> None:
    one = '<zaowen-widget heading="甲" color="#004080"></zaowen-widget>'
    two = '<zaowen-widget heading="乙" position="inline" lang="en"></zaowen-widget>'
    page.goto(portal.listed + portal.publish(app, one, two))
    left, right = widget(page, 0), widget(page, 1)
    left.ask(FIRMS)
    left.larger.click()
    left.closer.click()
    expect(right.turn).to_have_count(0)
    right.ask(INVESTMENT)
    expect(left.turn).to_have_count(1)
    expect(right.verdict).to_have_text("Found in the transcript")
    assert right.panel.get_attribute("aria-modal") is None
    sizes = [w.root.evaluate("e => getComputedStyle(e).fontSize") for w in (left, right)]
    assert sizes == ["21.6px", "16px"]


def test_enter_that_confirms_an_input_method_sends_nothing(
    standing: Widget, app: str, page: Page
) -> None:
    sent = reply(page, app, body=answer_with())
    standing.launcher.click()
    keyboard = page.context.new_cdp_session(page)
    composition = {"text": "签约", "selectionStart": 2, "selectionEnd": 2}
    keyboard.send("Input.imeSetComposition", composition)
    page.keyboard.press("Enter")
    standing.box.dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
    assert sent == []
    keyboard.send("Input.insertText", {"text": "签约"})
    page.keyboard.press("Shift+Enter")
    assert sent == []
    with page.expect_response("**/api/ask"):
        page.keyboard.press("Enter")
    expect(standing.turn).to_have_count(1)
    assert [one["question"] for one in sent] == ["签约"]


FAILURES: list[tuple[int, dict[str, str], str]] = [
    (429, {"Retry-After": "37"}, "提问的人较多，请在 37 秒后再试。"),
    (429, {}, "提问的人较多，请稍后再试。"),
    (403, {}, "本站尚未获准使用问答服务，请联系网站管理员。"),
    (413, {}, "问题太长了，请缩短到 500 字以内。"),
    (422, {}, "这个问题无法处理，请换个说法。"),
    (500, {}, "问答服务暂时不可用，请稍后再试。"),
    (503, {}, "问答服务暂时不可用，请稍后再试。"),
    (200, {}, "问答服务暂时不可用，请稍后再试。"),
]


def test_every_failure_is_told_calmly_and_may_be_tried_again(
    standing: Widget, app: str, page: Page
) -> None:
    for status, headers, message in FAILURES:
        reply(page, app, status, "<h1>Traceback</h1>", **headers)
        turn = standing.ask(FIRMS)
        expect(turn.locator(".refusal")).to_have_text(message)
        expect(standing.status).to_have_text(message)
        page.unroute(f"{app}/api/ask")
    turn.locator(".retry").click()
    expect(turn.locator(".lead")).to_have_text("“270家”", timeout=20_000)
    expect(standing.turn).to_have_count(len(FAILURES))


def test_no_network_no_server_and_no_reply_are_told_apart(
    standing: Widget, app: str, page: Page
) -> None:
    page.context.set_offline(True)
    expect(standing.ask(FIRMS)).to_contain_text("网络没有连上")
    page.context.set_offline(False)
    page.route(f"{app}/**", lambda route: route.abort())
    expect(standing.ask(FIRMS)).to_contain_text("暂时连不上问答服务")
    page.unroute(f"{app}/**")
    page.clock.install()
    page.route(f"{app}/api/ask", lambda route: None)
    standing.box.fill(FIRMS)
    standing.box.press("Enter")
    expect(standing.status).to_have_text("正在查找原文…")
    page.clock.fast_forward(15_000)
    expect(standing.status).to_have_text("等候已久，没有收到回答，请稍后再试。")


def test_an_unlisted_origin_is_told_whom_to_ask(portal: Portal, app: str, page: Page) -> None:
    page.goto(portal.unlisted + portal.publish(app))
    turn = widget(page).ask(FIRMS)
    expect(turn).to_contain_text("本站尚未获准使用问答服务，请联系网站管理员。")
    expect(turn.locator("blockquote")).to_have_count(0)


HOSTILE = '<img src="//evil.example/x" onerror="alert(1)"><script>alert(1)</script>{{7*7}}𠮷'


def test_hostile_strings_stay_text_and_lead_nowhere_else(
    standing: Widget, app: str, page: Page
) -> None:
    hosts: set[str | None] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    given = answer_with(
        text="𠮷" + HOSTILE,
        highlights=[[0, 1], "x", [1, 5], [3, 4], [9, 9**9], None],
        speaker=HOSTILE,
        title=HOSTILE,
        asked_by=HOSTILE,
        document_title=HOSTILE,
        date=HOSTILE,
        permalink="//evil.example/t",
        source_url="javascript:alert(1)",
    )
    astray = [
        "javascript:alert(1)",
        "https://evil.example/",
        "/\\evil.example",
        "/../../@evil.example",
    ]
    given["related"] = [given["quotes"][0] | {"permalink": one} for one in astray]
    given["answer"] = HOSTILE
    reply(page, app, body=given)
    turn = standing.ask(HOSTILE)
    expect(turn.locator(".question")).to_have_text(HOSTILE)
    assert turn.locator("> .card blockquote").text_content() == "𠮷" + HOSTILE
    assert turn.locator("> .card mark").all_text_contents() == ["𠮷", "<img"]
    expect(turn.locator("img, script, [onerror]")).to_have_count(0)
    hrefs = turn.locator("a").evaluate_all("links => links.map(link => link.href)")
    assert all(href.startswith(f"{app}/") for href in hrefs)
    assert hosts == {"127.0.0.1"}


def test_notes_of_inference_and_restoring_stand_by_the_quote(
    standing: Widget, app: str, page: Page
) -> None:
    fields = {"attribution_inferred": True, "emended": True, "source_url": "https://a.example/x"}
    reply(page, app, body=answer_with(**fields))
    card = standing.ask("项目").locator(".card")
    expect(card).to_contain_text("原文未署名，发言人系推定。")
    expect(card).to_contain_text("含据上下文校订的文字，请以原文为准。")
    expect(card.get_by_role("link", name="来源网页")).to_have_attribute(
        "href", "https://a.example/x"
    )


def test_a_follow_up_carries_the_last_ten_questions_and_no_more(
    standing: Widget, app: str, page: Page
) -> None:
    sent = reply(page, app, body=answer_with())
    for number in range(13):
        standing.ask(f"问题{number}")
    assert sent[0] == {"question": "问题0", "history": []}
    assert sent[-1] == {"question": "问题12", "history": [f"问题{n}" for n in range(2, 12)]}


def test_an_empty_or_endless_question_is_not_sent(standing: Widget, app: str, page: Page) -> None:
    sent = reply(page, app, body=answer_with())
    standing.launcher.click()
    standing.box.press("Enter")
    expect(standing.status).to_have_text("请先输入问题。")
    standing.box.fill("问" * 501)
    standing.box.press("Enter")
    expect(standing.status).to_have_text("问题太长了，请缩短到 500 字以内。")
    assert standing.box.input_value() == "问" * 501
    assert sent == []


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_any_colour_keeps_its_words_readable(standing: Widget) -> None:
    for colour in ["#fff", "#000000", "#777", "#ffd700", "#0a7", "#ff4500"]:
        set_attribute(standing, "color", colour)
        paper, ink = standing.launcher.evaluate(
            "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]"
        )
        assert paper != "rgb(143, 29, 44)"
        low, high = sorted((luminance(paper), luminance(ink)))
        assert (high + 0.05) / (low + 0.05) >= 4.5


def test_a_colour_that_is_none_leaves_the_usual_one(standing: Widget) -> None:
    for colour in ["red;x:y", "url(//evil.example)", "#12", "var(--x)", ""]:
        set_attribute(standing, "color", colour)
        shown = standing.launcher.evaluate("e => getComputedStyle(e).backgroundColor")
        assert shown == "rgb(143, 29, 44)"


def set_attribute(it: Widget, name: str, value: str) -> None:
    it.host.evaluate("(e, [name, value]) => e.setAttribute(name, value)", [name, value])


def test_changed_attributes_take_hold_and_keep_the_conversation(
    standing: Widget, app: str, page: Page
) -> None:
    set_attribute(standing, "question", INVESTMENT)
    standing.launcher.click()
    expect(standing.lead).to_have_text("“超过400亿元”", timeout=20_000)
    set_attribute(standing, "lang", "en")
    expect(standing.verdict).to_have_text("Found in the transcript")
    expect(standing.turn).to_contain_text("August 13, 2024 · answering 中新社记者")
    set_attribute(standing, "lang", "zh-Hant")
    expect(standing.verdict).to_have_text("實錄中有原話")
    set_attribute(standing, "heading", "市長記者會")
    expect(standing.panel.get_by_role("heading", level=2)).to_have_text("市長記者會")
    page.keyboard.press("Escape")
    assert (standing.launcher.bounding_box() or {})["x"] > 1000
    set_attribute(standing, "position", "bottom-left")
    assert (standing.launcher.bounding_box() or {})["x"] == 20
    set_attribute(standing, "position", "inline")
    expect(standing.panel).to_be_visible()
    expect(standing.launcher).to_be_hidden()
    expect(standing.turn).to_have_count(1)
    set_attribute(standing, "position", "bottom-right")
    standing.launcher.click()
    expect(standing.turn).to_have_count(1)


UNMARKED = """e => [...e.shadowRoot.querySelectorAll(
  '.lead, .refusal, .contact, blockquote, figcaption')]
  .flatMap((part) => {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) found.push(walker.currentNode);
    return found.filter((node) => node.parentElement.closest('[lang]').lang !== 'zh-CN'
      && /\\p{sc=Han}/u.test(node.data)).map((node) => node.data);
  })"""


def test_only_the_transcripts_words_are_chinese_in_english_and_they_say_so(
    standing: Widget, app: str
) -> None:
    set_attribute(standing, "lang", "en")
    answered, refused = standing.ask(INVESTMENT), standing.ask(UNSAID)
    expect(answered.locator(".lead")).to_have_attribute("lang", "zh-CN")
    expect(refused.locator(".refusal")).to_contain_text("nothing is guessed")
    expect(refused.locator(".contact")).to_have_text("You may also ask: 枣庄市政府新闻办")
    assert standing.host.evaluate(UNMARKED) == []
    quote = httpx.post(f"{app}/api/ask", json={"question": INVESTMENT}).json()["quotes"][0]
    path, _, place = quote["permalink"].partition("#")
    expect(answered.get_by_role("link", name="Read in the transcript").first).to_have_attribute(
        "href", f"{app}{path}?lang=en#{place}-{digest(quote['text'])}"
    )
    set_attribute(standing, "lang", "zh-Hant")
    expect(refused.locator(".refusal")).to_have_text("這裡只檢索發布會實錄，不作推測。")


def test_only_a_web_address_can_be_the_server(standing: Widget, app: str, page: Page) -> None:
    sent = reply(page, app, body=answer_with())
    sources = ["javascript:alert(1)", "data:text/html,x", "file:///etc", "http://["]
    for source in sources:
        set_attribute(standing, "src", source)
        standing.ask("项目")
    assert len(sent) == len(sources)


def test_a_server_below_a_path_is_asked_and_linked_below_it(
    standing: Widget, app: str, page: Page
) -> None:
    set_attribute(standing, "src", f"{app}/press")
    allowed = {"Access-Control-Allow-Origin": "*"}
    page.route(
        f"{app}/press/api/ask",
        lambda route: route.fulfill(body=json.dumps(answer_with()), headers=allowed),
    )
    place = standing.ask("项目").get_by_role("link", name="查看实录原文")
    expect(place).to_have_attribute("href", f"{app}/press/t/d#c0-8-{digest('共计24个项目')}")


def test_a_widget_taken_out_and_put_back_goes_on(standing: Widget, page: Page) -> None:
    standing.ask(FIRMS)
    page.evaluate(
        "() => { const w = document.querySelector('zaowen-widget'); w.remove();"
        " document.body.append(w); }"
    )
    expect(standing.panel).to_be_hidden()
    standing.ask(INVESTMENT)
    expect(standing.lead).to_have_text(["“270家”", "“超过400亿元”"])
    expect(standing.panel).to_have_attribute("aria-modal", "true")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_closed_open_or_answered(scheme: Any, app: str, page: Page) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{app}/demo")
    it = widget(page)
    found = [Axe().run(page)]
    it.launcher.click()
    page.wait_for_timeout(250)
    found.append(Axe().run(page))
    it.ask(INVESTMENT).locator("summary").click()
    it.ask(UNSAID)
    found.append(Axe().run(page))
    assert [result.generate_report() for result in found if result.violations_count] == []


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    yield context
    context.close()


OVERFLOW = "e => e.scrollWidth - e.clientWidth"


def test_on_a_phone_the_panel_fills_the_screen_and_a_finger_hits_every_target(
    portal: Portal, app: str, phone: BrowserContext
) -> None:
    page = phone.new_page()
    page.goto(portal.listed + portal.publish(app))
    it = widget(page)
    it.launcher.tap()
    assert focused(page) == "title"
    it.larger.tap()
    turn = it.ask(INVESTMENT)
    turn.locator("summary").tap()
    page.wait_for_timeout(250)
    assert it.panel.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    assert it.log.evaluate(OVERFLOW) == it.panel.evaluate(OVERFLOW) == 0
    assert page.locator("html").evaluate(OVERFLOW) == 0
    for target in it.panel.locator("button, a, summary, textarea").all():
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44


@pytest.mark.parametrize("path", ["portal", "demo"])
def test_at_400_percent_nothing_scrolls_sideways(
    path: str, portal: Portal, app: str, page: Page
) -> None:
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto(f"{app}/demo" if path == "demo" else portal.listed + portal.publish(app))
    it = widget(page)
    it.ask(INVESTMENT)
    it.larger.click()
    assert it.panel.evaluate(OVERFLOW) == it.log.evaluate(OVERFLOW) == 0
    assert page.locator("html").evaluate(OVERFLOW) == 0
    it.box.scroll_into_view_if_needed()
    expect(it.box).to_be_in_viewport()


def test_wishes_for_less_motion_and_forced_colours_are_met(standing: Widget, page: Page) -> None:
    motion = "e => getComputedStyle(e).animationName"
    assert standing.panel.evaluate(motion) == "none"
    standing.launcher.click()
    assert standing.panel.evaluate(motion) == "rise"
    page.emulate_media(reduced_motion="reduce", forced_colors="active")
    assert standing.panel.evaluate(motion) == "none"
    mark = standing.ask(FIRMS).locator("mark").first
    assert mark.evaluate("e => getComputedStyle(e).textDecorationLine") == "underline"


def test_the_demonstration_writes_attributes_and_the_code_to_embed(app: str, page: Page) -> None:
    said: list[str] = []
    page.add_init_script(WATCH)
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{app}/demo")
    it = widget(page)
    page.get_by_label("标题").fill('问"市长"')
    page.get_by_label("位置").select_option("inline")
    page.get_by_label("语言").select_option("en")
    expect(it.panel.get_by_role("heading", level=2)).to_have_text('问"市长"')
    expect(page.locator("#inline zaowen-widget .send")).to_have_text("Ask")
    code = page.locator("#snippet").text_content() or ""
    assert f'<script src="{app}/widget.js" defer></script>' in code
    assert 'heading="问&quot;市长&quot;" lang="en" position="inline"' in code
    page.get_by_label("位置").select_option("bottom-right")
    page.get_by_role("button", name="向发布会提问").click()
    expect(it.panel).to_have_attribute("aria-modal", "true")
    assert page.evaluate("violations") == []
    assert said == []


def test_the_script_is_light_cached_and_named_by_its_digest(app: str) -> None:
    with httpx.Client() as client:
        first = client.get(f"{app}/widget.js")
        assert first.headers["Content-Encoding"] == "gzip"
        assert len(gzip.compress(first.content, 9)) <= 12_000
        assert first.headers["Content-Type"].startswith("text/javascript")
        assert first.headers["X-Content-Type-Options"] == "nosniff"
        again = client.get(f"{app}/widget.js", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        plain = client.get(f"{app}/widget.js", headers={"Accept-Encoding": "identity"})
        assert plain.content == first.content
        assert "Content-Encoding" not in plain.headers


def test_the_script_evaluates_nothing_and_writes_no_markup(app: str) -> None:
    source = httpx.get(f"{app}/widget.js").text
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", source)
    assert not re.search(r"localStorage|sessionStorage|indexedDB|document\.cookie", source)
