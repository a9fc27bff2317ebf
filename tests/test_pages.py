"""A permalink opened from anywhere marks exactly the quoted words, or says why it cannot."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Iterator
from types import SimpleNamespace
from urllib.parse import urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from index.records import Emendation, Source, Span, Speaker, Transcript, Turn
from qa.engine import Engine
from qa.records import Quote
from tests.serving import listen
from web.citation import digest, make_forms, share
from web.layout import changes, lay_out, raw_words
from web.transcripts import transcript_routes
from web.wording import page_wording

DOCUMENT = "/t/2024-battery-conference"
HOSTILE = "<script>document.title='坏'</script><img src=//evil.example/x onerror=alert(1)>{{7*7}}"
SPOKEN = f"各位好😀👨‍👩‍👧。\n去年😀出口增长12%，进口下降3%。\r\n{HOSTILE}\n谢谢😀大家。"

# Select the words given, as a finger does: no pointer is lifted and no key is pressed.
SELECT = """wanted => {
  const walker = document.createTreeWalker(document.querySelector('#transcript'), 4);
  while (!walker.nextNode().data.includes(wanted));
  const at = walker.currentNode.data.indexOf(wanted);
  getSelection().setBaseAndExtent(walker.currentNode, at, walker.currentNode, at + wanted.length);
}"""
# Return the Chinese that a page in another language does not say is Chinese.
UNSAID = """() => {
  const walker = document.createTreeWalker(document.body, 4), found = [];
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    const told = parentElement.closest('[lang]').lang.startsWith('zh');
    if (/\\p{Script=Han}/u.test(data) && !told) found.push(data.trim());
  }
  return found;
}"""


@pytest.fixture(scope="module")
def quote(engine: Engine) -> Quote:
    return engine.ask("签约项目总投资多少？").quotes[0]


@pytest.fixture(scope="module")
def transcript(engine: Engine) -> Transcript:
    return engine.transcripts["2024-battery-conference"]


def make_hostile(id_: str) -> Transcript:
    """Return a transcript whose every field is an attack; its raw text lost one place."""
    speaker = Speaker("<b>王芳</b>", "official", '"><img src=//evil.example/y>局长')
    source = Source(id_, f"发布会{HOSTILE}", datetime.date(2025, 3, 9), url="javascript:alert(1)")
    restored = Emendation(
        Span(8, 10), Span(8, 12), "restoration", "?<", SPOKEN[8:12], "<i onclick=alert(1)>"
    )
    raw = SPOKEN[:8] + "?<" + SPOKEN[12:]
    turn = Turn(Span(0, len(SPOKEN)), "statement", speaker)
    return Transcript(source, raw, SPOKEN, (restored,), (speaker,), (turn,))


@pytest.fixture(scope="module")
def shelved() -> Iterator[str]:
    """The address of the real pages over two hostile transcripts."""
    app = FastAPI()
    held = {id_: make_hostile(id_) for id_ in ("doc-1", "doc-2")}
    app.include_router(transcript_routes(SimpleNamespace(transcripts=held)))
    with listen(app) as url:
        yield url


@pytest.fixture
def hosts(page: Page) -> Iterator[set[str | None]]:
    seen: set[str | None] = set()
    page.on("request", lambda request: seen.add(urlsplit(request.url).hostname))
    yield seen
    assert seen - {None, ""} <= {"127.0.0.1"}


def text_of(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def marked(page: Page) -> str:
    return "".join(page.locator("#transcript mark").all_text_contents())


def test_every_turn_on_the_page_is_the_transcript_to_the_character(transcript: Transcript) -> None:
    for block in lay_out(transcript):
        assert text_of(block.words) == block.turn.span.of(transcript.text)


def test_the_raw_view_is_the_raw_text_to_the_character(transcript: Transcript) -> None:
    assert text_of(raw_words(transcript)) == transcript.raw


def test_changed_places_and_the_rest_make_up_both_texts(transcript: Transcript) -> None:
    raw = at = 0
    for change in changes(transcript):
        assert transcript.raw[raw : change.raw.start] == transcript.text[at : change.span.start]
        raw, at = change.raw.end, change.span.end
    assert transcript.raw[raw:] == transcript.text[at:]


def test_a_permalink_from_outside_marks_the_quote_and_survives_reload(
    address: str, page: Page, hosts: set[str], quote: Quote
) -> None:
    page.goto(address + share(quote))
    for _ in range(2):
        expect(page.locator("#transcript mark").first).to_be_in_viewport()
        expect(page.locator("#transcript mark").first).to_be_focused()
        expect(page.locator("#notice")).to_have_text("已标出引文。")
        assert marked(page) == quote.text
        assert page.url == address + share(quote)
        page.reload()


def test_a_link_without_its_words_digest_is_marked_but_neither_vouched_for_nor_signed(
    address: str, page: Page, quote: Quote
) -> None:
    page.goto(address + quote.permalink)
    expect(page.get_by_role("button", name="新闻句式")).to_be_enabled()
    expect(page.locator("#notice")).to_have_text("按位置标出，未能核对原句。")
    assert marked(page) == quote.text
    assert page.url == address + quote.permalink


def test_dark_colours_are_not_printed_and_a_quote_is_marked_without_colour(
    address: str, page: Page, quote: Quote
) -> None:
    page.emulate_media(color_scheme="dark", media="print")
    page.goto(address + quote.permalink)
    mark = page.locator("#transcript mark").first
    expect(mark).to_have_css("color", "rgb(0, 0, 0)")
    expect(mark).to_have_css("text-decoration-line", "underline")
    expect(page.locator(".facts")).to_have_css("color", "rgb(51, 51, 51)")
    expect(page.locator("#bar")).to_be_hidden()


def test_a_changed_hash_moves_the_mark(address: str, page: Page, transcript: Transcript) -> None:
    for words in ("签约项目总投资超过400亿元", "全市锂电新能源企业已发展到270家"):
        start = transcript.text.index(words)
        hash_ = f"#c{start}-{start + len(words)}-{digest(words)}"
        page.goto(f"{address}{DOCUMENT}{hash_}")
        expect(page.locator("#transcript mark")).to_have_text(words)


def test_a_quote_that_moved_is_found_and_one_that_changed_is_told(
    address: str, page: Page, quote: Quote
) -> None:
    sum_ = digest(quote.text)
    page.goto(f"{address}{DOCUMENT}#c{quote.start - 9}-{quote.end - 9}-{sum_}")
    expect(page.locator("#notice")).to_contain_text("位置变了")
    assert marked(page) == quote.text
    page.goto("about:blank")
    page.goto(f"{address}{DOCUMENT}#c{quote.start}-{quote.end}-00000000")
    expect(page.locator("#notice")).to_contain_text("此后已有更正")
    expect(page.locator("#notice")).to_be_in_viewport()
    expect(page.locator("#tools")).to_be_hidden()
    page.goto("about:blank")
    page.goto(f"{address}{DOCUMENT}#c999990-999999")
    expect(page.locator("#notice")).to_contain_text("无法标出")


def test_the_raw_view_opens_without_scripts(
    address: str, browser: Browser, transcript: Transcript
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}{DOCUMENT}")
    page.get_by_role("link", name="原始文本").click()
    page.wait_for_load_state()
    assert page.url.startswith(f"{address}{DOCUMENT}?view=raw")
    assert page.locator("#raw").text_content() == transcript.raw
    restored = [change for change in changes(transcript) if change.restored]
    assert page.locator("#raw .restored").count() == len(restored) > 0
    context.close()


def test_a_permalink_marks_the_same_place_in_the_raw_view(
    address: str, page: Page, quote: Quote
) -> None:
    page.goto(f"{address}{share(quote)}")
    page.get_by_role("link", name="原始文本").click()
    expect(page.locator("#transcript mark").first).to_be_in_viewport()
    expect(page.locator("#notice")).to_have_text("已标出引文。")
    assert "超過400億元" in marked(page)


def test_copies_are_the_forms_to_the_letter(address: str, browser: Browser, quote: Quote) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], locale="zh-CN")
    page = context.new_page()
    page.goto(address + share(quote))
    forms = make_forms(quote, address).to_json()
    for name, label in (("news", "新闻句式"), ("plain", "纯文本"), ("markdown", "Markdown")):
        page.get_by_role("button", name=label).click()
        expect(page.locator("#notice")).to_have_text("已复制引文和出处。")
        assert page.evaluate("navigator.clipboard.readText()") == forms[name]
    expect(page.get_by_role("group", name="复制引文")).to_be_visible()
    context.close()


def test_a_selected_passage_can_be_cited(address: str, page: Page, transcript: Transcript) -> None:
    page.goto(f"{address}{DOCUMENT}")
    line = page.locator(".statement .line").nth(2)
    line.scroll_into_view_if_needed()
    with page.expect_response(re.compile(r"/quote/")) as reply:
        line.click(click_count=3, position={"x": 60, "y": 10})
    assert line.text_content().strip() in transcript.text
    assert reply.value.json()["plain"].splitlines()[1].strip("“”…") in line.text_content()


def test_a_number_selected_without_pointer_or_keys_is_quoted_in_its_whole_clause(
    address: str, page: Page, transcript: Transcript
) -> None:
    clause = "签约项目总投资超过400亿元"
    start = transcript.text.index(clause)
    page.goto(f"{address}{DOCUMENT}")
    page.evaluate(SELECT, "400")
    expect(page.locator("#notice")).to_have_text("引文已补足整个分句。")
    expect(page.locator("#doubted")).to_have_text(clause)
    assert page.evaluate("[...CSS.highlights.get('quoted')].join('')") == clause
    assert page.evaluate("getSelection().toString()") == "400"
    page.goto("about:blank")
    at = start + clause.index("400")
    page.goto(f"{address}{DOCUMENT}#c{at}-{at + 3}-{digest('400')}")
    expect(page.locator("#notice")).to_have_text("已标出引文。 引文已补足整个分句。")
    assert marked(page) == clause
    assert page.url.endswith(f"#c{start}-{start + len(clause)}-{digest(clause)}")


def test_copying_is_not_offered_without_saying_why(
    address: str, page: Page, quote: Quote, transcript: Transcript
) -> None:
    edge = transcript.turns[-1].span.start
    page.goto(f"{address}{DOCUMENT}?view=raw#c{edge - 9}-{edge + 9}")
    expect(page.locator("#notice")).to_contain_text("请少选一些")
    expect(page.get_by_role("button", name="新闻句式")).to_be_disabled()
    page.route("**/quote/**", lambda route: route.abort())
    page.goto(address + share(quote))
    expect(page.locator("#notice")).to_contain_text("暂时无法取得引文")


def test_a_change_is_explained_to_a_tap_and_to_the_keyboard(address: str, page: Page) -> None:
    page.goto(f"{address}{DOCUMENT}?view=raw")
    places, notice = page.locator("#raw .change"), page.locator("#notice")
    places.nth(3).click()
    expect(notice).to_have_text(places.nth(3).get_attribute("title") or "")
    page.get_by_role("button", name="下一处改动").press("Enter")
    expect(notice).to_have_text(places.nth(4).get_attribute("title") or "")
    expect(page.locator("#raw .shown")).to_have_count(1)
    for _ in range(5):
        page.get_by_role("button", name="上一处改动").press("Enter")
    expect(places.last).to_be_in_viewport()
    expect(notice).to_have_text(places.last.get_attribute("title") or "")


def test_a_doubted_quote_is_reported_and_a_failure_is_calm(
    address: str, page: Page, quote: Quote
) -> None:
    page.goto(address + share(quote))
    page.get_by_role("button", name="引文有误").click()
    expect(page.locator("#doubted")).to_have_text(quote.text)
    page.get_by_label("哪里有误").fill("数字不对")
    with page.expect_response("**/api/report") as reply:
        page.get_by_role("button", name="提交").click()
    assert reply.value.status == 201
    assert reply.value.request.post_data_json["start"] == quote.start
    expect(page.locator("#notice")).to_contain_text("谢谢")
    sent: list[str] = []
    page.route("**/api/report", lambda route: (sent.append(route.request.url), route.abort()))
    page.get_by_role("button", name="引文有误").click()
    page.get_by_label("哪里有误").fill("职务也不对")
    # Escape does this in browsers that keep the last return value; Chromium empties it.
    page.locator("#report").evaluate("dialog => dialog.close()")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert sent == []
    page.get_by_role("button", name="引文有误").click()
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#notice")).to_contain_text("请稍后再试")
    assert len(sent) == 1
    expect(page.locator("#comment")).to_have_value("职务也不对")
    page.unroute("**/api/report")
    page.route("**/api/report", lambda route: route.fulfill(status=403))
    page.get_by_role("button", name="引文有误").click()
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#notice")).to_have_text("这里设为不保存任何意见，所以没有记下。")


def test_the_keyboard_reaches_everything(address: str, page: Page) -> None:
    page.goto(f"{address}{DOCUMENT}")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="原始出处")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#turn2")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("path", "scheme", "width"),
    [
        ("", "dark", 360),
        ("?lang=en", "light", 1360),
        ("?lang=zh-TW&view=raw", "dark", 360),
        ("#c7-30", "light", 360),
    ],
)
def test_axe_finds_nothing_and_nothing_runs_over(
    shelved: str, browser: Browser, path: str, scheme: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 740}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{shelved}/t/doc-1{path}")
    found = Axe().run(page).response["violations"]
    assert not [(v["id"], v["nodes"][0]["html"]) for v in found]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.parametrize("view", ["edited", "raw"])
def test_a_hostile_transcript_is_only_words(
    shelved: str, page: Page, hosts: set[str], view: str
) -> None:
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto(f"{shelved}/t/doc-1?view={view}#c0-{len(SPOKEN)}-{digest(SPOKEN)}")
    expect(page.locator("#notice")).to_have_text("已标出引文。")
    assert page.title() == f"发布会{HOSTILE} · 枣问"
    assert page.locator("img, main script, [onclick], a[href^=javascript]").count() == 0
    expect(page.locator("h1")).to_have_text(f"发布会{HOSTILE}")


def test_offsets_count_code_points(shelved: str, page: Page, hosts: set[str]) -> None:
    start = SPOKEN.index("去年")
    end = SPOKEN.index("谢谢") + 5
    page.goto(f"{shelved}/t/doc-1#c{start}-{end}-{digest(SPOKEN[start:end])}")
    expect(page.locator("#notice")).to_have_text("已标出引文。")
    assert marked(page) == SPOKEN[start:end]
    page.goto(f"{shelved}/t/doc-2#c0-{end - start}-{digest(SPOKEN[start:end])}")
    expect(page.locator("#notice")).to_contain_text("位置变了")
    assert marked(page) == SPOKEN[start:end]


def test_one_transcript_leads_to_the_others(shelved: str, page: Page) -> None:
    page.goto(f"{shelved}/t/doc-1")
    page.get_by_role("navigation", name="实录").get_by_role("link").last.click()
    expect(page.locator("main")).to_have_attribute("data-document", "doc-2")


@pytest.mark.parametrize("view", ["edited", "raw"])
def test_chinese_on_an_english_page_says_that_it_is_chinese(
    shelved: str, page: Page, view: str
) -> None:
    page.goto(f"{shelved}/t/doc-1?view={view}&lang=en")
    page.locator("summary").click()
    assert page.evaluate(UNSAID) == ["枣问 Zaowen"]
    expect(page.locator("details")).to_contain_text("lost character restored")
    page.goto(f"{shelved}/t/doc-1?view={view}&lang=zh-TW")
    expect(page.locator(".facts")).to_contain_text("發布日期")
    expect(page.locator("details")).to_contain_text("缺字補出")
    assert page_wording("zh-TW")["inferred"] == "原文未署名，發言人係推定"


def test_comfort_is_remembered(shelved: str, page: Page) -> None:
    page.goto(f"{shelved}/t/doc-1")
    plain = page.locator(".words").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    page.get_by_role("button", name="大字").click()
    page.get_by_role("button", name="深色").click()
    page.reload()
    large = page.locator(".words").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert large > plain * 1.3
    for shown in page.locator(".hint, #print").all():
        expect(shown).to_be_visible()
    expect(page.locator("html.dark")).to_have_count(1)
    assert not Axe().run(page).response["violations"]


@pytest.mark.parametrize(
    "path",
    [
        "/t/none", "/t/..%2f..%2fetc", "/quote/none/0-4", "/quote/2024-battery-conference/150-170",
        "/quote/2024-battery-conference/9-9", "/quote/2024-battery-conference/0-99999",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(address: str, path: str) -> None:
    assert httpx.get(address + path).status_code == 404
