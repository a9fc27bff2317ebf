"""The store keeps words without persons, for as long as it says, and stops no answer."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from qa.engine import Engine
from qa.records import Answer, Status
from tests.conftest import serve
from tests.serving import make_app, problem, visit
from web.feedback import Feedback

TODAY = date(2026, 3, 1)


@dataclass
class Calendar:
    day: date = TODAY

    def today(self) -> date:
        return self.day


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def store(tmp_path: Path, calendar: Calendar) -> Iterator[Feedback]:
    store = Feedback(tmp_path / "deep" / "zaowen.sqlite3", 30, today=calendar.today)
    yield store
    store.close()


def reply(status: Status = "not_in_sources") -> Answer:
    return Answer("", status, "")


def test_a_question_is_stored_masked_by_day_and_by_nothing_else(store: Feedback) -> None:
    store.record("我叫王小明，电话13800138000，票价多少？", reply(), "widget")
    (row,) = store.rows("questions")
    assert row == {
        "id": 1,
        "day": "2026-03-01",
        "face": "widget",
        "question": "我叫〔姓名〕，电话〔电话〕，票价多少？",
        "folded": "我叫姓名电话电话票价多少",
        "status": "not_in_sources",
        "document": None,
    }


def test_comments_are_masked(store: Feedback) -> None:
    assert store.vote("票价？", "not_helpful", "incomplete", "发到 a@b.com")
    assert store.report("doc", 3, 9, "原文", "联系人：张伟")
    assert store.rows("votes")[0]["comment"] == "发到 〔邮箱〕"
    assert store.rows("reports")[0]["comment"] == "联系人：〔姓名〕"


def test_personal_data_never_reaches_the_disk(store: Feedback, tmp_path: Path) -> None:
    store.record("打13800138000", reply(), "chat")
    store.vote("打13800138000", "helpful", comment="a@b.com")
    store.rows("votes")
    for file in tmp_path.rglob("zaowen.sqlite3*"):
        content = file.read_bytes()
        assert b"13800138000" not in content
        assert b"a@b.com" not in content


def test_only_the_owner_may_read_the_file(store: Feedback, tmp_path: Path) -> None:
    store.vote("票价？", "helpful")
    for file in tmp_path.rglob("zaowen.sqlite3*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_spellings_of_one_unanswered_question_count_together(store: Feedback) -> None:
    for question in ("房价会涨吗？", "房價會漲嗎", "房价 会涨吗?"):
        store.record(question, reply(), "api")
    store.record("天气如何", reply("off_topic"), "api")
    store.record("有多少家？", reply("answered"), "api")
    first, second = store.unanswered(10)
    assert (first.times, first.status) == (3, "not_in_sources")
    assert (second.question, second.times) == ("天气如何", 1)
    assert len(store.unanswered(1)) == 1


def test_rows_past_the_limit_go_on_the_first_write_of_a_day(
    store: Feedback, calendar: Calendar, tmp_path: Path
) -> None:
    store.record("旧问题甲乙丙", reply(), "api")
    assert len(store.rows("questions")) == 1
    calendar.day += timedelta(days=29)
    store.record("还在期限内", reply(), "api")
    assert len(store.rows("questions")) == 2
    calendar.day += timedelta(days=1)
    store.record("新问题", reply(), "api")
    assert [r["question"] for r in store.rows("questions")] == ["新问题", "还在期限内"]
    for file in tmp_path.rglob("zaowen.sqlite3*"):
        assert "旧问题甲乙丙".encode() not in file.read_bytes()


def test_rows_past_the_limit_go_at_start(tmp_path: Path) -> None:
    path = tmp_path / "z.sqlite3"
    old = Feedback(path, 30, today=lambda: date.today() - timedelta(days=31))
    old.vote("旧", "helpful")
    old.close()
    store = Feedback.open(path, 30)
    assert store.rows("votes") == []
    store.close()


def test_retention_zero_keeps_nothing(tmp_path: Path) -> None:
    store = Feedback.open(tmp_path / "z.sqlite3", 0)
    store.record("问", reply(), "api")
    assert store.vote("问", "helpful") is False
    assert store.rows("questions") == store.rows("votes") == []
    store.close()


def test_what_will_not_be_kept_is_refused_in_plain_words(engine: Engine) -> None:
    client = visit(make_app(engine, retention_days=0))
    doubt = {"document_id": "2024-battery-conference", "start": 10, "end": 30}
    for path, body in (("report", doubt), ("feedback", {"question": "问", "verdict": "helpful"})):
        refused = problem(client.post(f"/api/{path}", json=body), 403)
        assert refused["detail"] == "这里设为不保存任何意见，所以没有记下。"
        assert refused["detail_en"] == "Nothing is kept here, so this was not noted down."


def test_the_store_never_grows_past_its_bound(tmp_path: Path) -> None:
    store = Feedback(tmp_path / "z.sqlite3", most_rows=10)
    for number in range(25):
        store.vote(f"第{number}问", "helpful")
    kept = [row["question"] for row in store.rows("votes")]
    assert kept == [f"第{n}问" for n in range(24, 14, -1)]
    store.close()


def test_many_threads_may_write_at_once(store: Feedback) -> None:
    def work() -> None:
        for _ in range(25):
            store.record("问", reply(), "api")
            store.vote("问", "helpful")

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.counts("votes", "verdict") == {"helpful": 200}
    assert store.counts("questions", "status") == {"not_in_sources": 200}


def test_a_store_that_cannot_be_written_is_logged_and_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    store = Feedback.open(tmp_path / "file" / "z.sqlite3")
    store.record("问", reply(), "api")
    assert store.vote("问", "helpful") is False
    assert "feedback was not kept" in caplog.text
    store.close()


def test_a_damaged_file_is_logged_and_stops_nothing(tmp_path: Path) -> None:
    path = tmp_path / "z.sqlite3"
    path.write_bytes(b"no database" * 1000)
    store = Feedback.open(path)
    store.record("问", reply(), "api")
    assert store.vote("问", "helpful") is False
    with pytest.raises(sqlite3.DatabaseError):
        store.rows("votes")
    store.close()


def test_after_closing_nothing_is_kept_and_nothing_fails(tmp_path: Path) -> None:
    store = Feedback.open(tmp_path / "z.sqlite3")
    store.close()
    store.record("问", reply(), "api")
    assert store.vote("问", "helpful") is False


def test_a_server_that_stops_leaves_one_whole_file(tmp_path: Path) -> None:
    database = tmp_path / "asked.sqlite3"
    with serve(ZAOWEN_DATABASE=str(database)) as url:
        httpx.post(f"{url}/api/ask", json={"question": "大会的主题是什么？"}).raise_for_status()
    assert [path.name for path in tmp_path.glob("asked*")] == ["asked.sqlite3"]
    store = Feedback.open(database)
    assert len(store.rows("questions")) == 1
    store.close()
