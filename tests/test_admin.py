"""The press office's pages, over HTTP and in a browser, on a server of their own."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeTimedSerializer
from playwright.sync_api import Browser, Page, expect
from starlette.requests import Request

from index.errors import IndexMissing, IndexStale, SourceError
from index.generations import adopt, can_restore, restore
from index.read import digest, read_seed
from index.store import FORMAT, read_manifest
from qa.engine import open_or_build
from web.citation import digest as digest_of
from web.downloads import to_csv
from web.drafts import DraftError, describe
from web.password import is_password, read_keys, set_password
from web.published import Published
from web.publishing import Press, PublishError
from web.reader import read_apart
from web.sessions import COOKIE, Sessions
from web.settings import Settings

PASSWORD = "correct horse battery"
HARVEST = Path("eval/seeds/2025-rice-harvest.txt")
FORM = {"id": "2025-rice-harvest", "title": "秋粮收购新闻通气会", "date": "2025-10-09"}
ASKED = "全县共收购稻谷多少吨？"


@dataclass
class Office:
    """A server whose every file lies in one folder."""

    url: str
    folder: Path
    clients: ExitStack = field(default_factory=ExitStack)
    cookies: dict[str, str] = field(default_factory=dict)

    def visitor(self, address: str = "127.0.0.1") -> httpx.Client:
        transport = httpx.HTTPTransport(local_address=address)
        client = httpx.Client(base_url=self.url, transport=transport, timeout=60)
        return self.clients.enter_context(client)

    def press_officer(self) -> httpx.Client:
        """Come back with the cookie of the last time, or sign in where it opens nothing."""
        client = self.visitor()
        client.cookies.update(self.cookies)
        if client.get("/admin").status_code != 200:
            client.cookies.clear()
            assert sign_in(client, PASSWORD).headers["location"] == "/admin"
            self.cookies = dict(client.cookies)
        return client

    def ask(self, question: str) -> httpx.Response:
        return httpx.post(f"{self.url}/api/ask", json={"question": question}, timeout=60)

    @property
    def seeds(self) -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in sorted((self.folder / "seeds").iterdir())}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    (folder / "seeds").mkdir()
    for path in Path("eval/seeds").glob("2025-metro-line.*"):
        shutil.copy(path, folder / "seeds")
    names = {"SEEDS": "seeds", "INDEX": "index", "DATABASE": "z.sqlite3"}
    names |= {"ADMIN_FILE": "admin.json", "DRAFTS": "drafts"}
    env = os.environ | {f"ZAOWEN_{key}": str(folder / name) for key, name in names.items()}
    env |= {"ZAOWEN_TRUSTED_PROXIES": "127.0.0.1", "ZAOWEN_RATE_PER_ADDRESS": "off"}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "app.py", "--port", str(port)], env=env)
    office = Office(f"http://127.0.0.1:{port}", folder)
    for _ in range(240):
        try:
            if httpx.get(f"{office.url}/healthz").status_code == 200:
                break
        except httpx.TransportError:
            time.sleep(0.25)
    yield office
    office.clients.close()
    server.terminate()
    server.wait(20)


@pytest.fixture
def open_office(office: Office) -> Office:
    if not (office.folder / "admin.json").exists():
        set_password(office.folder / "admin.json", PASSWORD)
    return office


def token(response: httpx.Response) -> str:
    found = re.search(r'name="token" value="([0-9a-f]{64})"', response.text)
    assert found, response.text[:300]
    return found[1]


def sign_in(client: httpx.Client, password: str) -> httpx.Response:
    fields = {"token": token(client.get("/admin/login")), "password": password}
    return client.post("/admin/login", data=fields)


def upload(client: httpx.Client, text: bytes, **changed: str) -> httpx.Response:
    fields = FORM | changed | {"token": token(client.get("/admin/drafts"))}
    files = {"text": ("../../etc/passwd.txt", text, "text/plain")}
    return client.post("/admin/drafts", data=fields, files=files)


def publish(client: httpx.Client, name: str, **changed: str) -> httpx.Response:
    preview = client.get(f"/admin/drafts/{name}")
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', preview.text)
    fields = {"token": token(preview), "seen": seen[1] if seen else ""} | changed
    return client.post(f"/admin/drafts/{name}/publish", data=fields)


# --- the door -----------------------------------------------------------------------------------


def test_without_a_password_there_is_no_admin(office: Office) -> None:
    for path in ("", "/", "/login", "/admin.css", "/drafts", "/download/votes.csv"):
        assert httpx.get(f"{office.url}/admin{path}").status_code == 404
    assert httpx.post(f"{office.url}/admin/login").status_code == 404


@pytest.mark.parametrize(
    "path", ["", "/", "/questions", "/feedback", "/drafts", "/download/votes.csv", "/transcripts/x"]
)
def test_a_stranger_is_sent_to_the_login(open_office: Office, path: str) -> None:
    response = open_office.visitor().get(f"/admin{path}")
    assert (response.status_code, response.headers["location"]) == (303, "/admin/login")


def test_the_right_password_opens_and_signing_out_closes(open_office: Office) -> None:
    client = open_office.press_officer()
    page = client.get("/admin")
    assert page.status_code == 200
    assert "澄江轨道交通3号线" in page.text
    kept = client.cookies[COOKIE]
    assert client.post("/admin/logout", data={"token": token(page)}).status_code == 303
    assert client.get("/admin").status_code == 303
    copied = open_office.visitor()
    copied.cookies.set(COOKIE, kept)
    assert copied.get("/admin").status_code == 303


def test_the_cookie_is_for_these_pages_only_and_no_script_reads_it(open_office: Office) -> None:
    client = open_office.visitor()
    response = sign_in(client, PASSWORD)
    cookie = response.headers["set-cookie"].lower()
    for part in ("httponly", "samesite=strict", "path=/admin", "max-age=28800"):
        assert part in cookie
    assert "secure" not in cookie
    proxied = open_office.visitor().get("/admin/login", headers={"X-Forwarded-Proto": "https"})
    assert "secure" in proxied.headers["set-cookie"].lower()


def test_a_new_session_begins_with_signing_in(open_office: Office) -> None:
    client = open_office.visitor()
    before = client.get("/admin/login").cookies[COOKIE]
    sign_in(client, PASSWORD)
    stale = open_office.visitor()
    stale.cookies.set(COOKIE, before)
    assert stale.get("/admin").status_code == 303


def test_wrong_passwords_are_told_nothing_and_throttled(open_office: Office) -> None:
    client = open_office.visitor("127.0.0.9")
    answers = [sign_in(client, guess) for guess in ("", "x", PASSWORD + "x", "y" * 5000, "密码")]
    assert {a.status_code for a in answers} == {401}
    assert all("无法登录，请核对密码。" in a.text for a in answers)
    late = sign_in(client, PASSWORD)
    assert late.status_code == 429
    assert client.get("/admin").status_code == 303
    assert sign_in(open_office.visitor(), PASSWORD).status_code == 303


def test_guesses_from_one_network_count_together() -> None:
    sessions = Sessions()
    hosts = [f"2001:db8::{n}" for n in range(1, 7)]
    asked = [Request({"type": "http", "client": (host, 1), "headers": []}) for host in hosts]
    assert [sessions.may_guess(request) for request in asked] == [*[True] * 5, False]


def test_a_login_without_its_token_is_refused(open_office: Office) -> None:
    assert (
        open_office.visitor().post("/admin/login", data={"password": PASSWORD}).status_code == 403
    )
    other = token(open_office.visitor().get("/admin/login"))
    client = open_office.visitor()
    client.get("/admin/login")
    fields = {"password": PASSWORD, "token": other}
    assert client.post("/admin/login", data=fields).status_code == 403


@pytest.mark.parametrize("path", ["/logout", "/drafts", "/drafts/a-b-c/publish", "/take-back"])
def test_no_form_works_without_its_token(open_office: Office, path: str) -> None:
    client = open_office.press_officer()
    assert client.post(f"/admin{path}", data={"id": "x"}).status_code == 403
    assert client.post(f"/admin{path}", data={"token": "0" * 64}).status_code == 403
    assert client.get("/admin").status_code == 200


def test_expired_and_tampered_cookies_are_refused(open_office: Office) -> None:
    secret = json.loads((open_office.folder / "admin.json").read_text())["secret"]

    def cookie(age: float, key: str = secret, signed_in: object = True) -> str:
        signer = URLSafeTimedSerializer(key, salt="zaowen.session")
        content = {"id": f"visit-{age}", "in": signed_in}
        made = signer.make_signer(signer.salt)
        made.get_timestamp = lambda: int(time.time() - age)  # type: ignore[method-assign]
        return made.sign(signer.dump_payload(content)).decode()

    def status(value: str) -> int:
        client = open_office.visitor()
        client.cookies.set(COOKIE, value)
        return client.get("/admin").status_code

    fresh = cookie(60)
    assert status(fresh) == 200
    assert status(cookie(8 * 3600 + 60)) == 303
    assert status(cookie(60, "0" * 64)) == 303
    assert status(cookie(60, signed_in=False)) == 303
    assert status(cookie(60, signed_in="yes")) == 303
    assert status(("A" if fresh[0] != "A" else "B") + fresh[1:]) == 303
    assert status(fresh[:-2]) == 303


def test_a_new_password_signs_everybody_out(open_office: Office) -> None:
    client = open_office.press_officer()
    set_password(open_office.folder / "admin.json", PASSWORD)
    assert client.get("/admin").status_code == 303


def test_every_page_forbids_scripts_frames_and_caches(open_office: Office) -> None:
    client = open_office.press_officer()
    for path in ("/admin", "/admin/login", "/admin/drafts", "/admin/admin.css"):
        headers = client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"


# --- the password file --------------------------------------------------------------------------


def test_the_password_file_holds_a_hash_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "admin.json"
    set_password(path, PASSWORD)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert PASSWORD not in path.read_text()
    keys = read_keys(path)
    assert keys and "$argon2id$" in keys.password
    assert is_password(keys, PASSWORD)
    assert not is_password(keys, PASSWORD + " ")


def test_a_short_password_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "admin.json"
    set_password(path, PASSWORD)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="12"):
        set_password(path, "short")
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"password": "", "secret": ""}', "null"])
def test_a_damaged_password_file_opens_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "admin.json").write_text(content)
    assert read_keys(tmp_path / "admin.json") is None


def test_the_command_line_asks_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from web import password

    for typed, status in ((["a" * 12, "b" * 12], 1), (["short"] * 2, 1), ([PASSWORD] * 2, 0)):
        given_ = iter(typed)
        monkeypatch.setattr(password.getpass, "getpass", lambda _, given_=given_: next(given_))
        assert password.ask_password(tmp_path / "admin.json") == status
        assert (tmp_path / "admin.json").exists() is (status == 0)


# --- what readers say ---------------------------------------------------------------------------


def test_questions_votes_and_reports_are_seen_masked_and_escaped(open_office: Office) -> None:
    client = open_office.press_officer()
    for question in ("火星房价会涨吗？", "火星房價會漲嗎"):
        assert open_office.ask(question).json()["status"] != "answered"
    vote = {"question": "票价？", "verdict": "not_helpful", "reason": "incomplete"}
    comment = {"comment": "<script>alert(1)</script>13800138000"}
    assert client.post("/api/feedback", json=vote | comment).status_code == 201
    doubt = {"document_id": "2025-metro-line", "start": 10, "end": 30, "comment": "应为34座"}
    assert client.post("/api/report", json=doubt).status_code == 201
    unanswered = client.get("/admin/questions").text
    assert re.search(r'class="number">2</td><th scope="row">火星房[价價]', unanswered)
    opinions = client.get("/admin/feedback").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;〔电话〕" in opinions
    assert "<script" not in opinions
    excerpt = read_seed(open_office.folder / "seeds" / "2025-metro-line.txt").text[10:30]
    assert f'<a href="/t/2025-metro-line#c10-30-{digest_of(excerpt)}">' in opinions


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("feedback", {"question": "问", "verdict": "maybe"}, 422),
        ("feedback", {"question": "", "verdict": "helpful"}, 422),
        ("feedback", {"question": "问", "verdict": "helpful", "reason": "other"}, 422),
        ("feedback", {"question": "问", "verdict": "not_helpful", "reason": "because"}, 422),
        ("feedback", {"question": "问" * 2001, "verdict": "helpful"}, 422),
        ("feedback", {"question": "问", "verdict": "helpful", "comment": "长" * 1001}, 422),
        ("feedback", {"question": "问", "verdict": "helpful", "ip": "1.2.3.4"}, 422),
        ("report", {"document_id": "none", "start": 0, "end": 1}, 404),
        ("report", {"document_id": "2025-metro-line", "start": 5, "end": 5}, 422),
        ("report", {"document_id": "2025-metro-line", "start": 0, "end": 10**6}, 422),
        ("report", {"document_id": "2025-metro-line", "start": -1, "end": 5}, 422),
    ],
)
def test_verdicts_out_of_bounds_are_refused(
    office: Office, path: str, body: dict[str, object], status: int
) -> None:
    assert httpx.post(f"{office.url}/api/{path}", json=body).status_code == status


def test_a_download_opens_as_text_in_a_spreadsheet(open_office: Office) -> None:
    client = open_office.press_officer()
    for comment in ("=1+1", "＝cmd|' /C calc'!A0", ' +2,"b"\n', "@sum", "平常"):
        client.post(
            "/api/feedback", json={"question": "问", "verdict": "helpful", "comment": comment}
        )
    response = client.get("/admin/download/votes.csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    comments = [row["comment"] for row in rows[:5]]
    assert comments == ["平常", "'@sum", '\' +2,"b"\n', "'＝cmd|' /C calc'!A0", "'=1+1"]
    for table in ("questions", "reports", "unanswered"):
        assert client.get(f"/admin/download/{table}.csv").status_code == 200
    assert client.get("/admin/download/sqlite_master.csv").status_code == 404


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_no_cell_of_a_download_begins_a_formula(cells: list[str]) -> None:
    made = to_csv(["a"], [{"a": cell} for cell in cells]).decode("utf-8-sig")
    read = [row[0] for row in csv.reader(io.StringIO(made, newline=""))][1:]
    assert len(read) == len(cells)
    assert not any(cell.strip().startswith(tuple("=+-@＝＋－＠")) for cell in read)


# --- transcripts --------------------------------------------------------------------------------


def test_a_published_transcript_shows_how_it_was_read(open_office: Office) -> None:
    page = open_office.press_officer().get("/admin/transcripts/2025-metro-line").text
    for seen in ("林若谷", "澄江市轨道交通集团党委书记、董事长", "提问 question", "回答 answer"):
        assert seen in page
    assert open_office.press_officer().get("/admin/transcripts/none").status_code == 404


def test_preview_publishes_nothing_then_publishing_answers_at_once_and_can_be_taken_back(
    open_office: Office,
) -> None:
    client, before = open_office.press_officer(), open_office.seeds
    assert open_office.ask(ASKED).json()["status"] != "answered"
    response = upload(client, HARVEST.read_bytes())
    assert response.headers["location"] == "/admin/drafts/2025-rice-harvest"
    preview = client.get("/admin/drafts/2025-rice-harvest")
    assert "秋粮收购新闻通气会" in preview.text
    assert open_office.seeds == before
    assert open_office.ask(ASKED).json()["status"] != "answered"
    assert publish(client, "2025-rice-harvest", seen="0" * 64).status_code == 409
    assert open_office.seeds == before

    response = publish(client, "2025-rice-harvest")
    assert response.headers["location"] == "/admin?done=published", response.text
    answer = open_office.ask(ASKED).json()
    assert answer["status"] == "answered"
    assert answer["quotes"][0]["document_id"] == "2025-rice-harvest"
    assert answer["quotes"][0]["date"] == "2025-10-09"
    assert open_office.seeds["2025-rice-harvest.txt"] == HARVEST.read_bytes()
    assert read_manifest(open_office.folder / "index")["built_with"]["seeds"].keys() == {
        "2025-metro-line",
        "2025-rice-harvest",
    }
    assert open_office.ask("3号线设车站多少座？").json()["status"] == "answered"

    page = client.get("/admin?done=published")
    assert "已发布" in page.text
    assert "将撤回上一次发布的《秋粮收购新闻通气会》" in page.text
    other = {"token": token(page), "id": "2025-metro-line"}
    assert "已经不是这一份" in client.post("/admin/take-back", data=other).text
    taken = {"token": token(page), "id": "2025-rice-harvest"}
    back = client.post("/admin/take-back", data=taken)
    assert back.headers["location"] == "/admin?done=taken-back", back.text
    assert open_office.ask(ASKED).json()["status"] != "answered"
    assert open_office.seeds == before
    again = client.post("/admin/take-back", data=taken)
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("text", "changed", "said"),
    [
        (b"", {}, "实录是空的"),
        (b" \n ", {}, "实录是空的"),
        (b"PK\x03\x04\x00\x00zip", {}, "不是纯文本"),
        (b"\xff\xfe\x00\xd8", {}, "不是纯文本"),
        (b"a" * (512 * 1024 + 1), {}, "超过"),
        (b"abc", {"id": "../evil"}, "编号只能"),
        (b"abc", {"id": "A"}, "编号只能"),
        (b"abc", {"id": "a--b"}, "编号只能"),
        (b"abc", {"title": ""}, "请填写标题"),
        (b"abc", {"date": "昨天"}, "日期应写成"),
        (b"abc", {"title": "x" * 501}, "“标题”太长"),
    ],
)
def test_an_upload_that_cannot_be_a_transcript_is_told_why(
    open_office: Office, text: bytes, changed: dict[str, str], said: str
) -> None:
    response = upload(open_office.press_officer(), text, **changed)
    assert response.status_code == 422
    assert said in response.text


def test_an_upload_too_big_for_any_transcript_is_not_read(open_office: Office) -> None:
    for size in (4, 6):
        response = upload(open_office.press_officer(), b"a" * (size * 1024 * 1024))
        assert response.status_code == 413
        assert "无法继续" in response.text and "application/problem" not in str(response.headers)


def test_what_goes_wrong_below_admin_is_a_page_for_people(open_office: Office) -> None:
    for method, path, status in (("GET", "/nowhere", 404), ("DELETE", "/drafts", 405)):
        response = httpx.request(method, f"{open_office.url}/admin{path}")
        assert response.status_code == status
        assert response.headers["content-type"].startswith("text/html")
        assert 'lang="zh-CN"' in response.text and "回到后台首页" in response.text
        assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("title = ", "不是有效的 TOML"),
        ('title = "a"\nsecret = 1', "不认得的项 &#39;secret&#39;"),
        ('title = "a"\ndate = "2025"', "date 应为日期，写成 2024-08-13"),
        ('title = "a"\ndate = 2025-01-01T09:30:00', "date 应为日期，写成 2024-08-13"),
        ('title = "a"\nurl = "javascript:alert(1)"', "url 应以 https:// 开头"),
        ('title = "a"\ncorrections = 3', "更正应写成 [[corrections]]"),
        ('title = "a"\n[[corrections]]\nraw = 1\ntext = "b"\nreason = "c"', "写在引号里"),
        (
            'title = "a"\n[[corrections]]\nraw = "不在文中"\ntext = "b"\nreason = "c"',
            "在文件中出现 0 次",
        ),
    ],
)
def test_a_broken_description_is_explained_and_cannot_be_published(
    open_office: Office, toml: str, said: str
) -> None:
    client, before = open_office.press_officer(), open_office.seeds
    files = {
        "text": ("a.txt", HARVEST.read_bytes(), "text/plain"),
        "description": ("a.toml", toml.encode(), "text/plain"),
    }
    fields = {"id": "broken-draft", "token": token(client.get("/admin/drafts"))}
    assert client.post("/admin/drafts", data=fields, files=files).status_code == 303
    preview = client.get("/admin/drafts/broken-draft")
    assert said in preview.text
    assert str(open_office.folder) not in preview.text
    assert "/publish" not in preview.text
    seen = digest(open_office.folder / "drafts" / "broken-draft" / "broken-draft.txt")
    refused = publish(client, "broken-draft", seen=seen)
    assert refused.status_code == 409
    assert "这份草稿无法读取" in refused.text
    assert open_office.seeds == before
    assert open_office.ask("3号线设车站多少座？").json()["status"] == "answered"
    discard = {"token": token(preview)}
    assert client.post("/admin/drafts/broken-draft/discard", data=discard).status_code == 303
    assert client.get("/admin/drafts/broken-draft").status_code == 404


def test_a_draft_that_gives_way_and_one_that_is_deleted_are_named_first(
    open_office: Office, page: Page
) -> None:
    client = open_office.press_officer()
    upload(client, HARVEST.read_bytes(), id="2025-named-draft")
    response = upload(client, HARVEST.read_bytes(), id="2025-named-draft")
    assert "已替换编号相同的旧草稿" in client.get(response.headers["location"]).text
    assert "已替换" not in client.get("/admin/drafts/2025-named-draft").text
    cookie = {"name": COOKIE, "value": client.cookies[COOKIE], "url": f"{open_office.url}/admin"}
    page.context.add_cookies([{**cookie, "sameSite": "Strict"}])
    page.goto(f"{open_office.url}/admin/drafts/2025-named-draft")
    delete = page.get_by_role("button", name="确认删除")
    expect(delete).to_be_hidden()
    page.locator("summary", has_text="删除草稿").click()
    expect(page.locator(".confirm[open]")).to_contain_text("将删除草稿《秋粮收购新闻通气会》")
    delete.click()
    page.wait_for_url("**/admin?done=discarded")
    assert client.get("/admin/drafts/2025-named-draft").status_code == 404


def test_a_failed_build_leaves_seeds_index_and_answers_as_they_were(open_office: Office) -> None:
    client = open_office.press_officer()
    upload(client, HARVEST.read_bytes())
    (open_office.folder / "seeds" / "zz-empty.txt").write_bytes(b"  ")
    before, manifest = open_office.seeds, read_manifest(open_office.folder / "index")
    try:
        response = publish(client, "2025-rice-harvest")
        assert response.status_code == 409
        assert "没有发布，一切照旧" in response.text and "文件是空的" in response.text
        assert open_office.seeds == before
        assert read_manifest(open_office.folder / "index") == manifest
        assert open_office.ask("3号线设车站多少座？").json()["status"] == "answered"
        assert not list(open_office.folder.glob(".index-*"))
    finally:
        (open_office.folder / "seeds" / "zz-empty.txt").unlink()


@pytest.mark.parametrize("failing", ["adopt", "load"])
def test_a_swap_that_fails_halfway_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    settings = Settings(
        seeds=tmp_path / "seeds", index=tmp_path / "index", drafts=tmp_path / "drafts"
    )
    settings.seeds.mkdir()
    shutil.copy("eval/seeds/2025-metro-line.txt", settings.seeds)
    published = Published(open_or_build(settings.index, settings.seeds))
    engine, press = published.engine, Press(published, settings)
    press.drafts.save("2025-rice-harvest", HARVEST.read_bytes(), describe(FORM))
    draft = press.drafts.open("2025-rice-harvest")
    assert draft

    def fail(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(f"web.publishing.{failing}", fail)
        with pytest.raises(PublishError, match="一切照旧"):
            press.publish(draft.id, draft.digest)
    assert [p.name for p in settings.seeds.iterdir()] == ["2025-metro-line.txt"]
    assert published.engine is engine
    assert list(open_or_build(settings.index, settings.seeds).transcripts) == ["2025-metro-line"]
    assert not press.can_take_back()
    press.publish(draft.id, draft.digest)
    assert len(published.transcripts) == 2
    assert press.drafts.names() == []


def test_a_replaced_transcript_comes_back_whole(tmp_path: Path) -> None:
    settings = Settings(
        seeds=tmp_path / "seeds", index=tmp_path / "index", drafts=tmp_path / "drafts"
    )
    settings.seeds.mkdir()
    for path in Path("eval/seeds").glob("2025-metro-line.*"):
        shutil.copy(path, settings.seeds)
    before = {p.name: p.read_bytes() for p in settings.seeds.iterdir()}
    published = Published(open_or_build(settings.index, settings.seeds))
    press = Press(published, settings)
    press.drafts.save("2025-metro-line", HARVEST.read_bytes(), describe(FORM))
    draft = press.drafts.open("2025-metro-line")
    assert draft
    press.publish(draft.id, draft.digest)
    assert published.transcripts["2025-metro-line"].source.title == FORM["title"]
    press.take_back("2025-metro-line")
    assert published.transcripts["2025-metro-line"].source.title != FORM["title"]
    assert {p.name: p.read_bytes() for p in settings.seeds.iterdir()} == before


def test_a_text_that_takes_for_ever_to_read_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "endless.txt").write_text("字")
    (tmp_path / "endless.toml").write_text('title = "a"')
    with pytest.raises(SourceError, match="已停止"):
        read_apart(tmp_path / "endless.txt", longest=0.01)
    assert read_apart(tmp_path / "endless.txt") == read_seed(tmp_path / "endless.txt")


@given(st.dictionaries(st.sampled_from(["title", "place", "publisher", "url"]), st.text()))
def test_a_form_becomes_toml_that_says_the_same(fields: dict[str, str]) -> None:
    try:
        made = describe(fields)
    except DraftError:
        return
    except UnicodeEncodeError:
        return
    read = tomllib.loads(made.decode())
    assert read.pop("format") == "text"
    assert read == {k: v.strip() for k, v in fields.items() if v.strip()}


def test_an_index_goes_back_one_step_and_only_to_the_same_seeds(tmp_path: Path) -> None:
    def index(name: str) -> Path:
        folder = tmp_path / name
        (folder / f"generation-{name}").mkdir(parents=True)
        content = {
            "format": FORMAT,
            "generation": f"generation-{name}",
            "built_with": {"seeds": {"a": name}},
        }
        (folder / "manifest.json").write_text(json.dumps(content))
        return folder

    serving = index("one")
    adopt(index("two"), serving)
    adopt(index("three"), serving)
    assert {p.name for p in serving.glob("generation-*")} == {"generation-two", "generation-three"}
    with pytest.raises(IndexStale):
        restore(serving, {"a": "one"})
    restore(serving, {"a": "two"})
    assert read_manifest(serving)["generation"] == "generation-two"
    assert not can_restore(serving)
    with pytest.raises(IndexMissing):
        restore(serving, {"a": "one"})


# --- a person -----------------------------------------------------------------------------------


def test_a_press_officer_needs_no_javascript_and_no_mouse(
    open_office: Office, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{open_office.url}/admin")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{open_office.url}/admin")
    page.get_by_role("link", name="上传实录 Add", exact=True).press("Enter")
    page.get_by_label("编号").fill("2025-rice-harvest")
    page.get_by_label("实录全文").set_input_files(HARVEST)
    page.get_by_label("标题").fill("秋粮收购新闻通气会")
    page.get_by_role("button", name="上传并预览").press("Enter")
    page.wait_for_url("**/admin/drafts/2025-rice-harvest*")
    assert open_office.ask(ASKED).json()["status"] != "answered"
    publishing = page.get_by_role("button", name="发布")
    warnings = page.get_by_role("heading", name="请核对")
    assert (publishing.bounding_box() or {})["y"] > (warnings.bounding_box() or {})["y"]
    publishing.press("Enter")
    page.wait_for_url("**/admin?done=published")
    assert open_office.ask(ASKED).json()["status"] == "answered"
    page.locator("summary", has_text="撤回上一次发布").press("Enter")
    page.get_by_text("将撤回上一次发布的《秋粮收购新闻通气会》").wait_for()
    page.get_by_role("button", name="确认撤回").press("Enter")
    page.wait_for_url("**/admin?done=taken-back")
    assert open_office.ask(ASKED).json()["status"] != "answered"
    context.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1360), ("dark", 360)])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    open_office: Office, browser: Browser, scheme: Literal["light", "dark"], width: int
) -> None:
    client = open_office.press_officer()
    upload(client, HARVEST.read_bytes())
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    paths = ["/login", "", "/drafts/2025-rice-harvest", "/feedback"]
    if scheme == "light":
        paths += ["/questions", "/drafts", "/transcripts/2025-metro-line", "/drafts/none"]
    for path in paths:
        page.goto(f"{open_office.url}/admin{path}")
        found = Axe().run(page).response["violations"]
        assert [f"{fault['id']}: {fault['nodes'][0]['html']}" for fault in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if path == "/login":
            cookie = {"name": COOKIE, "value": client.cookies[COOKIE], "url": page.url}
            context.add_cookies([{**cookie, "sameSite": "Strict"}])
    assert [line for line in said if "404" not in line] == []
    context.close()
