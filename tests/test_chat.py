"""A real browser asks, reads the quote, lands on the sentence, and finds it again tomorrow."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from bench.load import chat, drive
from index.records import Transcript
from qa.engine import Engine
from qa.records import Answer
from tests.conftest import serve
from tests.serving import listen, make_app
from web.chat import WAITING
from web.feedback import Feedback

INVESTMENT = "签约项目总投资多少？"
FIRMS = "锂电新能源企业有多少家？"
UNSAID = "签约项目的负责人电话是多少？"
HOSTILE = (
    "<img src=//evil.example/a onerror=document.title=1> ![x](//evil.example/b) **{{7*7}}** ${8*8}"
)
HEARS = """
window.heard = [];
const note = document.querySelector('#zw-note[role=status]');
new MutationObserver(() => {
  const hears = !document.querySelector('dialog[open]') && note.checkVisibility();
  if (hears && note.textContent) heard.push(note.textContent);
}).observe(note, { childList: true });
"""


class Talk:
    """The page as a person uses it; every host that it asks is noted."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.hosts, self.errors = page, set[str | None](), list[str]()
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(url)
        expect(self.prompts.first).to_be_visible(timeout=20_000)

    @property
    def prompts(self) -> Locator:
        return self.page.locator("#prompts button:visible")

    @property
    def answers(self) -> Locator:
        return self.page.locator("#chat .zw-answer")

    @property
    def note(self) -> Locator:
        return self.page.locator("#zw-note")

    @property
    def asked(self) -> Locator:
        return self.page.locator("#chat .user-row")

    @property
    def waiting(self) -> Locator:
        return self.page.locator("#chat .zw-waiting")

    @property
    def box(self) -> Locator:
        return self.page.locator("#question textarea")

    def type(self, question: str) -> None:
        self.box.fill(question)
        self.box.press("Enter")

    def put(self, question: str) -> None:
        """Press Enter until it is taken, which it is not just after an answer nor before it."""
        self.box.fill(question)
        for _ in range(40):
            self.box.press("Enter")
            self.page.wait_for_timeout(250)
            if not self.box.input_value():
                break

    def ask(self, question: str) -> Locator:
        count = self.answers.count()
        self.put(question)
        expect(self.answers).to_have_count(count + 1, timeout=20_000)
        return self.answers.nth(count)


@pytest.fixture
def talk(address: str, page: Page) -> Iterator[Talk]:
    it = Talk(page, address)
    yield it
    assert it.hosts - {None, ""} == {"127.0.0.1"}
    assert it.errors == []


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("two")
    (folder / "seeds").mkdir()
    for name in ("2025-metro-line", "2025-rice-harvest"):
        for kind in ("txt", "toml"):
            shutil.copy(f"eval/seeds/{name}.{kind}", folder / "seeds")
    names = {"SEEDS": "seeds", "INDEX": "index", "DATABASE": "z.sqlite3"}
    with serve(**{f"ZAOWEN_{k}": str(folder / v) for k, v in names.items()}) as url:
        yield url


class Slow(Engine):
    """The real engine, which answers once it is let."""

    def __init__(self, engine: Engine) -> None:
        self._whole, self.ready = engine, threading.Event()
        self.ready.set()

    @property
    def transcripts(self) -> Mapping[str, Transcript]:
        return self._whole.transcripts

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        self.ready.wait(30)
        return self._whole.ask(question, history)


@pytest.fixture(scope="module")
def unhurried(engine: Engine) -> Iterator[tuple[str, threading.Event]]:
    slow = Slow(engine)
    with listen(make_app(slow)) as url:
        yield url, slow.ready
        slow.ready.set()


def test_a_question_is_seen_to_be_looked_up_and_no_other_overtakes_it(
    unhurried: tuple[str, threading.Event], page: Page
) -> None:
    url, ready = unhurried
    talk = Talk(page, url)
    ready.clear()
    talk.type(FIRMS)
    expect(page.locator("#chat [role=log] .zw-waiting")).to_have_text("正在查找……")
    expect(talk.asked).to_have_text(FIRMS)
    expect(talk.box).to_have_value("")
    talk.prompts.first.click()
    talk.box.fill(INVESTMENT)
    ready.set()
    expect(talk.answers).to_have_count(1, timeout=20_000)
    expect(talk.waiting).to_have_count(0)
    expect(talk.box).to_have_value(INVESTMENT)
    talk.ask(INVESTMENT)
    expect(talk.asked).to_have_text([FIRMS, INVESTMENT])


def test_what_is_cleared_or_put_in_another_language_while_it_is_looked_up_stays_so(
    unhurried: tuple[str, threading.Event], page: Page
) -> None:
    url, ready = unhurried
    talk = Talk(page, url)
    talk.ask(FIRMS)
    ready.clear()
    talk.put(INVESTMENT)
    expect(talk.waiting).to_have_count(1)
    page.get_by_label("EN", exact=True).check(force=True)
    expect(talk.waiting).to_have_count(0)
    expect(talk.answers.locator(".zw-status")).to_have_text("Answered")
    talk.put(INVESTMENT)
    expect(talk.waiting).to_have_text("Searching…")
    page.locator("#clear").click()
    expect(talk.asked).to_have_count(0)
    ready.set()
    talk.ask(UNSAID)
    expect(talk.answers.locator(".zw-status")).to_have_text("No answer found")
    expect(talk.asked).to_have_text(UNSAID)
    page.reload()
    expect(talk.asked).to_have_text(UNSAID, timeout=20_000)


def test_a_lost_connection_is_told_and_found_again(talk: Talk) -> None:
    talk.ask(FIRMS)
    talk.page.context.set_offline(True)
    talk.type(INVESTMENT)
    expect(talk.note).to_have_text("与服务器的连接断了，正在重新连接……")
    expect(talk.page.get_by_test_id("toast-body")).to_be_hidden()
    with talk.page.expect_event("load"):
        talk.page.context.set_offline(False)
    expect(talk.asked).to_have_text(FIRMS, timeout=20_000)
    talk.ask(INVESTMENT)


def test_a_full_queue_is_told_in_the_readers_language(talk: Talk) -> None:
    talk.page.route("**/queue/join*", lambda route: route.fulfill(status=503, json={}))
    talk.type(FIRMS)
    expect(talk.note).to_have_text("现在提问的人较多，请稍后再试。")
    expect(talk.box).to_have_value(FIRMS)


def test_a_typed_question_is_answered_and_its_citation_lands(talk: Talk) -> None:
    answer = talk.ask(FIRMS)
    expect(answer.locator(".zw-status")).to_have_text("已回答")
    expect(answer.locator(".zw-lead")).to_have_text("“270家”")
    expect(answer).to_contain_text("原文未署名，发言人系推定")
    answer.locator(".zw-cite").first.click()
    place = talk.page.locator("#transcript mark").first
    expect(place).to_be_in_viewport()
    expect(place).to_be_focused()
    expect(place).to_contain_text("全市锂电新能源企业已发展到270家")
    talk.page.keyboard.press("Escape")
    expect(answer.locator(".zw-cite").first).to_be_focused()


def test_an_earlier_citation_lands_after_other_questions(talk: Talk) -> None:
    first = talk.ask(FIRMS)
    talk.ask(INVESTMENT)
    first.locator(".zw-cite").first.click()
    expect(talk.page.locator("#transcript mark:focus")).to_contain_text("已发展到270家")


def test_what_was_not_said_is_refused_with_somebody_to_ask(talk: Talk) -> None:
    answer = talk.ask(UNSAID)
    expect(answer.locator(".zw-status")).to_have_text("没有找到原话")
    expect(answer).to_contain_text("请联系枣庄市政府新闻办")
    expect(answer.locator(".zw-card")).to_have_count(0)
    expect(talk.page.locator("#as_word")).to_be_hidden()


def test_everything_is_within_reach_of_the_keyboard(talk: Talk) -> None:
    keyboard, focused = talk.page.keyboard, talk.page.locator(":focus")
    keyboard.press("Tab")
    expect(focused).to_have_text("跳到提问框")
    keyboard.press("Enter")
    keyboard.insert_text(INVESTMENT)
    keyboard.press("Enter")
    expect(talk.answers).to_have_count(1, timeout=20_000)
    talk.page.evaluate("document.querySelector('#chat .zw-cite').focus()")
    seen = []
    for _ in range(8):
        seen.append(focused.first.evaluate("e => e.className || e.tagName"))
        keyboard.press("Tab")
    names = [
        "zw-cite",
        "zw-original",
        "zw-source",
        "zw-copy",
        "zw-doubt",
        "SUMMARY",
        "zw-helpful",
        "zw-unhelpful",
    ]
    assert seen == names
    panel = talk.page.locator("#transcript")
    panel.focus()
    before = panel.evaluate("e => e.scrollTop")
    keyboard.press("Home")
    expect(panel).to_have_js_property("scrollTop", 0)
    assert before > 0


def test_an_input_methods_enter_asks_nothing(talk: Talk) -> None:
    box = talk.box
    box.click()
    keys = talk.page.context.new_cdp_session(talk.page)
    keys.send(
        "Input.imeSetComposition", {"text": "qianyue", "selectionStart": 7, "selectionEnd": 7}
    )
    keys.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "windowsVirtualKeyCode": 229})
    box.evaluate(
        "e => e.dispatchEvent(new KeyboardEvent('keypress',"
        " {key: 'Enter', keyCode: 13, isComposing: true, bubbles: true, cancelable: true}))"
    )
    keys.send("Input.insertText", {"text": INVESTMENT})
    expect(box).to_have_value(INVESTMENT)
    box.press("Enter")
    expect(talk.answers).to_have_count(1, timeout=20_000)
    expect(talk.page.locator("#chat .user-row")).to_have_text(INVESTMENT)


def test_a_reload_restores_the_conversation_and_binds_quotes_to_their_questions(talk: Talk) -> None:
    cards = [talk.ask(question).inner_text() for question in (INVESTMENT, FIRMS)]
    talk.page.reload()
    expect(talk.answers).to_have_count(2, timeout=20_000)
    assert [talk.answers.nth(n).inner_text() for n in range(2)] == cards
    expect(talk.page.locator("#chat .user-row")).to_contain_text([INVESTMENT, FIRMS])
    talk.answers.nth(0).locator(".zw-cite").first.click()
    expect(talk.page.locator("#transcript mark:focus")).to_contain_text("总投资超过400亿元")
    talk.page.locator("#clear").click()
    expect(talk.answers).to_have_count(0)
    talk.page.reload()
    expect(talk.prompts.first).to_be_visible(timeout=20_000)
    expect(talk.answers).to_have_count(0)


def test_prompts_ask_and_retry_asks_again(talk: Talk) -> None:
    expect(talk.prompts).to_have_count(4)
    wanted = talk.prompts.first.inner_text()
    talk.prompts.first.click()
    expect(talk.answers.first.locator(".zw-status")).to_have_text("已回答", timeout=20_000)
    expect(talk.page.locator("#chat .user-row")).to_contain_text(wanted)
    expect(talk.page.locator("#prompts-label")).to_have_text("您还可以问")
    expect(talk.prompts.filter(has_text=wanted)).to_have_count(0)
    with talk.page.expect_response("**/queue/data*"):
        talk.page.locator("#retry").click()
    expect(talk.answers).to_have_count(1)


def test_hostile_questions_stay_text(talk: Talk) -> None:
    title = talk.page.title()
    for question in (HOSTILE, f"{INVESTMENT}{HOSTILE}"):
        talk.ask(question)
    expect(talk.page.locator("#chat .user-row").first).to_contain_text(HOSTILE)
    assert talk.page.locator("#chat img").count() == 0
    assert talk.page.title() == title
    talk.page.reload()
    expect(talk.page.locator("#chat .user-row").first).to_contain_text(HOSTILE, timeout=20_000)
    assert talk.page.locator("#chat img").count() == 0


def test_verdicts_and_reports_are_kept_and_confirmed(talk: Talk) -> None:
    answer = talk.ask(FIRMS)
    answer.locator(".zw-unhelpful").click()
    dialog = talk.page.locator("#zw-dialog")
    dialog.get_by_label("不完整").check()
    dialog.locator("textarea").fill("还缺产能")
    dialog.get_by_role("button", name="提交").click()
    expect(talk.note).to_have_text("谢谢，已经记下。")
    answer.locator(".zw-doubt").click()
    dialog.locator("textarea").fill("数字存疑")
    dialog.get_by_role("button", name="提交").click()
    expect(talk.note).to_contain_text("将由新闻办核对")
    answer.locator(".zw-helpful").click()
    expect(talk.note).to_have_text("谢谢，已经记下。")
    expect(answer.locator(".zw-helpful")).to_have_attribute("aria-pressed", "true")
    store = Feedback.open(Path(os.environ["ZAOWEN_DATABASE"]))
    helpful, unhelpful = store.rows("votes", 2)
    (report,) = store.rows("reports", 1)
    asked = store.rows("questions", 1)[0]
    store.close()
    assert (helpful["verdict"], helpful["face"]) == ("helpful", "chat")
    assert (unhelpful["reason"], unhelpful["comment"]) == ("incomplete", "还缺产能")
    assert unhelpful["question"] == FIRMS
    assert "270家" in report["excerpt"]
    assert (asked["question"], asked["face"], asked["status"]) == (FIRMS, "chat", "answered")


def test_what_was_not_delivered_is_not_confirmed_and_its_words_stay(talk: Talk) -> None:
    answer, dialog = talk.ask(FIRMS), talk.page.locator("#zw-dialog")
    talk.page.route("**/api/*", lambda route: route.abort())
    answer.locator(".zw-helpful").click()
    expect(talk.note).to_have_text("暂时没有送达，请稍后再试。")
    expect(answer.locator(".zw-helpful")).not_to_have_attribute("aria-pressed", "true")
    answer.locator(".zw-doubt").click()
    dialog.locator("textarea").fill("数字存疑")
    dialog.get_by_role("button", name="提交").click()
    expect(dialog.get_by_role("status")).to_have_text("暂时没有送达，请稍后再试。")
    expect(dialog.locator("textarea")).to_have_value("数字存疑")
    talk.page.unroute("**/api/*")
    with talk.page.expect_response("**/api/report") as reply:
        dialog.get_by_role("button", name="提交").click()
    assert reply.value.request.post_data_json["comment"] == "数字存疑"
    expect(dialog).to_have_count(0)
    expect(talk.note).to_contain_text("将由新闻办核对")


def test_whom_a_limit_turns_away_still_finds_the_page_and_its_transcript(
    address: str, page: Page
) -> None:
    page.route("**/gradio_api/queue/join*", lambda route: route.fulfill(status=429))
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("枣问", timeout=20_000)
    expect(page.locator("#head")).to_contain_text("提问隐去个人信息后保存 30 天")
    expect(page.locator("#say_failed")).to_have_text("暂时没有送达，请稍后再试。")
    whole = page.get_by_role("link", name="在新页打开整篇实录")
    expect(whole).to_have_attribute("href", "/t/2024-battery-conference")


def test_a_verdict_that_is_not_kept_here_is_told_so(talk: Talk) -> None:
    talk.page.route("**/api/feedback", lambda route: route.fulfill(status=403))
    talk.ask(FIRMS).locator(".zw-helpful").click()
    expect(talk.note).to_have_text("这里设为不保存任何意见，所以没有记下。")


def test_a_dialog_that_is_cancelled_sends_nothing(talk: Talk) -> None:
    sent: list[str] = []
    talk.page.on("request", lambda r: sent.append(r.url) if "/api/" in r.url else None)
    answer = talk.ask(FIRMS)
    answer.locator(".zw-doubt").click()
    talk.page.keyboard.press("Escape")
    answer.locator(".zw-unhelpful").click()
    talk.page.get_by_role("button", name="取消").click()
    expect(talk.page.locator("#zw-dialog")).to_have_count(0)
    assert sent == []


def test_a_copied_quote_carries_its_label_speaker_and_place(talk: Talk, address: str) -> None:
    talk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    talk.ask(INVESTMENT).locator(".zw-copy").click()
    expect(talk.page.get_by_role("dialog")).to_be_visible()
    talk.page.evaluate(HEARS)
    talk.page.get_by_role("button", name="纯文本").click()
    expect(talk.note).to_have_text("已复制引文和出处。")
    assert talk.page.evaluate("heard") == ["已复制引文和出处。"]
    pasted = talk.page.evaluate("navigator.clipboard.readText()")
    label, said, who, source, published, link = pasted.split("\n")
    assert label == "以下为原文检索摘录"
    assert said.startswith("“经大会筹备工作小组初步研判") and said.endswith("……”")
    assert who == "——枣庄市能源局党组书记、局长 刘忠波"
    assert source == "《2024新能源电池产业发展大会新闻发布会》，2024年8月13日，回答中新社记者提问"
    assert published.startswith("原始出处：https://mp.weixin.qq.com/s/")
    assert link.startswith(f"{address}/t/2024-battery-conference#c")


def test_without_the_servers_forms_the_card_itself_is_copied(talk: Talk) -> None:
    talk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    talk.page.route("**/quote/**", lambda route: route.abort())
    talk.ask(INVESTMENT).locator(".zw-copy").click()
    expect(talk.note).to_have_text("已复制引文和出处。")
    label, said, who, *_, published, link = talk.page.evaluate(
        "navigator.clipboard.readText()"
    ).split("\n")
    assert published.startswith("原始出处：https://mp.weixin.qq.com/s/") and "#c" in link
    assert (label, who) == ("【以下为原文检索摘录】", "——刘忠波 枣庄市能源局党组书记、局长")
    assert said.startswith("“经大会筹备工作小组初步研判") and said.endswith("……”")


def test_an_exported_conversation_holds_its_questions_and_quotes(talk: Talk) -> None:
    for question in (FIRMS, UNSAID):
        talk.ask(question)
    with talk.page.expect_download() as download:
        talk.page.locator("#as_markdown").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert text.index(FIRMS) < text.index("已发展到270家") < text.index(UNSAID)
    with talk.page.expect_download() as download:
        talk.page.locator("#as_word").click()
    assert download.value.suggested_filename == "zaowen.docx"


def test_export_hides_where_there_is_none(talk: Talk) -> None:
    talk.page.route("**/export", lambda route: route.fulfill(status=404))
    talk.ask(FIRMS)
    talk.page.locator("#as_word").click()
    expect(talk.note).to_have_text("这里暂不提供导出。")
    expect(talk.page.locator("#as_word")).to_be_hidden()


def test_the_interface_changes_its_language_and_the_quotes_do_not(talk: Talk) -> None:
    said = talk.ask(INVESTMENT).locator(".zw-said").first.inner_text()
    for name, status, tag in (("繁", "已回答", "zh-TW"), ("EN", "Answered", "en")):
        talk.page.get_by_label(name, exact=True).check(force=True)
        expect(talk.answers.first.locator(".zw-status")).to_have_text(status)
        expect(talk.page.locator("html")).to_have_attribute("lang", tag)
        assert talk.answers.first.locator(".zw-said").first.inner_text() == said
    expect(talk.page.get_by_label("Your question")).to_be_visible()
    expect(talk.page.locator("#prompts-label")).to_contain_text("English or Chinese")
    expect(talk.page.locator("#prompts")).to_have_attribute("lang", "zh-CN")
    expect(talk.page.locator("#transcript h3").first).to_have_text("Head of the transcript")
    expect(talk.page.locator(".zw-who [lang=zh-CN]").first).to_have_text("刘忠波")
    for link in talk.page.locator("#whole a, .zw-original").all():
        assert "lang=en" in (link.get_attribute("href") or "")
    talk.page.reload()
    expect(talk.answers.first.locator(".zw-status")).to_have_text("Answered", timeout=20_000)


def test_a_session_that_the_server_forgot_goes_on_as_if_nothing_had_happened(
    talk: Talk, address: str
) -> None:
    talk.ask(FIRMS)
    with ThreadPoolExecutor(1) as pool:
        others = drive(8, [FIRMS] * (WAITING + 4), chat(address))
        assert pool.submit(asyncio.run, others).result().errors == 0
    expect(talk.ask(INVESTMENT).locator(".zw-lead")).to_have_text("“超过400亿元”")
    talk.page.get_by_label("EN", exact=True).check(force=True)
    expect(talk.answers.first.locator(".zw-status")).to_have_text("Answered")
    expect(talk.answers).to_have_count(2)


def test_large_text_and_dark_colours_are_remembered(talk: Talk) -> None:
    talk.page.locator("#large").click()
    talk.page.locator("#dark").click()
    talk.page.reload()
    expect(talk.prompts.first).to_be_visible(timeout=20_000)
    size = talk.page.locator("#transcript .zw-words").first.evaluate(
        "e => parseFloat(getComputedStyle(e).fontSize)"
    )
    assert size >= 18
    expect(talk.page.locator("#dark")).to_have_attribute("aria-pressed", "true")
    assert talk.page.evaluate("document.body.classList.contains('dark')")


def test_a_citation_of_another_transcript_opens_it(two: str, page: Page) -> None:
    talk = Talk(page, two)
    chooser, panel = page.locator("#chooser input"), page.locator("#transcript")
    metro = talk.ask("3号线全长多少公里？")
    expect(panel.locator("mark").first).to_contain_text("全长33.4公里")
    talk.ask("青禾县水稻种植面积是多少？")
    expect(chooser).to_have_value("青禾县稻谷收购进度超去年")
    metro.locator(".zw-cite").first.click()
    expect(panel.locator("mark:focus")).to_contain_text("全长33.4公里")
    expect(chooser).to_have_value("澄江轨道交通3号线开通运营新闻通气会")
    chooser.click()
    page.get_by_role("option", name="青禾县稻谷收购进度超去年").click()
    expect(panel.locator("h2")).to_have_text("青禾县稻谷收购进度超去年")
    metro.locator(".zw-cite").first.click()
    expect(panel.locator("mark:focus")).to_contain_text("全长33.4公里")
    assert talk.errors == []
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_before_or_after_an_answer(
    scheme: Any, address: str, page: Page
) -> None:
    page.emulate_media(color_scheme=scheme)
    talk = Talk(page, address)
    found = [Axe().run(page)]
    talk.ask(INVESTMENT).locator("summary").click()
    talk.ask(UNSAID)
    found.append(Axe().run(page))
    talk.answers.first.locator(".zw-unhelpful").click()
    found.append(Axe().run(page))
    assert [result.generate_report() for result in found if result.violations_count] == []


def test_what_the_keyboard_reaches_is_never_under_the_question_box(talk: Talk) -> None:
    page = talk.page
    page.locator("#large").click()
    for question in (INVESTMENT, FIRMS, INVESTMENT):
        talk.ask(question)
    box = page.locator("#talk > .form")
    before, stop = talk.answers.nth(1).locator(".zw-acts > *").all()[:2]
    before.evaluate("e => e.focus({ preventScroll: true })")
    stop.evaluate("e => scrollBy(0, e.getBoundingClientRect().bottom - innerHeight + 20)")
    assert not _is_above(stop, box)
    page.keyboard.press("Tab")
    expect(stop).to_be_focused()
    assert _is_above(stop, box)


def _is_above(one: Locator, other: Locator) -> bool:
    upper, lower = one.bounding_box() or {}, other.bounding_box() or {}
    return bool(upper["y"] + upper["height"] <= lower["y"])


def test_a_phone_shows_it_all_without_scrolling_sideways(address: str, browser: Browser) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="zh-CN", has_touch=True, is_mobile=True
    )
    page = context.new_page()
    talk = Talk(page, address)
    answer = talk.ask(INVESTMENT)
    expect(answer.locator(".zw-status")).to_be_in_viewport()
    expect(page.locator("#question textarea")).to_be_in_viewport()
    answer.locator(".zw-cite").first.tap()
    expect(page.locator("#transcript mark").first).to_be_in_viewport()
    page.locator("#back").tap()
    expect(answer.locator(".zw-cite").first).to_be_in_viewport()
    page.locator("#large").tap()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate("document.querySelector('.gradio-container').scrollWidth") == 360
    assert talk.hosts - {None, ""} == {"127.0.0.1"}
    context.close()


def test_at_400_percent_nothing_scrolls_sideways_or_stands_over_the_answer(
    address: str, page: Page
) -> None:
    page.set_viewport_size({"width": 320, "height": 256})
    answer = Talk(page, address).ask(INVESTMENT)
    expect(answer.locator(".zw-lead")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    lead = answer.locator(".zw-lead").bounding_box() or {}
    box = page.locator("#question").bounding_box() or {}
    assert lead["y"] + lead["height"] <= box["y"]


def test_dark_colours_are_not_printed_and_links_are_in_full(talk: Talk, address: str) -> None:
    talk.ask(INVESTMENT)
    talk.page.locator("#dark").click()
    talk.page.evaluate(
        "addEventListener('beforeprint', () => { window.printed = document.body.className })"
    )
    talk.page.pdf()
    assert "dark" not in talk.page.evaluate("printed")
    expect(talk.page.locator("body.dark")).to_have_count(1)
    talk.page.emulate_media(media="print")
    after = "e => getComputedStyle(e, '::after').content"
    for name, begins in (("original", f"{address}/t/2024-"), ("source", "https://mp.weixin")):
        link = talk.page.locator(f".zw-{name}").first
        assert begins in link.evaluate(after)


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
