"""Cards carry quotes word for word, and nothing in a text is ever markup."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import open_encoder
from index.read import read_seed
from index.records import Transcript
from index.store import build, expect
from qa.engine import Engine
from qa.records import Answer, Quote
from tests.test_citation import told
from web.cards import answer_card, phrases, plain, stale_card
from web.citation import locate
from web.feedback import Feedback
from web.metrics import AnswerFailed
from web.pages import transcript_html
from web.prompts import Prompts, drawn
from web.talk import Talk
from web.turns import MOST, Turn, recall
from web.wording import WORDINGS, tongue

HOSTILE = '<img src=x onerror=alert(1)> **b** [x](javascript:alert(1)) `c` $d$ "\n\n# e'


def quote(**changes: object) -> Quote:
    given: dict[str, object] = {
        "text": "共有九十七家企业参加。",
        "start": 10,
        "end": 21,
        "highlights": ((2, 7),),
        "speaker": "张三",
        "title": "市商务局局长",
        "role": "official",
        "attribution_inferred": False,
        "asked_by": None,
        "document_id": "a",
        "document_title": "发布会",
        "date": None,
        "source_url": None,
        "emended": False,
    }
    return Quote(**(given | changes))  # type: ignore[arg-type]


def answered(*quotes: Quote, lead: str = "") -> Answer:
    return Answer("多少家？", "answered", lead, quotes)


def words(card: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", card))


def test_the_status_comes_first_in_words_and_the_label_before_the_quotes() -> None:
    card = words(answer_card(answered(quote(), lead="“九十七家企”\n…")))
    assert card.startswith("已回答“九十七家企”以下为原文检索摘录“共有九十七家企业参加。”张三")


def test_only_the_answering_span_is_marked() -> None:
    assert re.findall("<mark>(.*?)</mark>", answer_card(answered(quote()))) == ["九十七家企"]


def test_a_quote_cut_within_a_sentence_shows_where() -> None:
    card = words(answer_card(answered(quote(cut_before=True, cut_after=True))))
    assert "“……共有九十七家企业参加。……”" in card


def test_what_a_reader_has_to_know_stands_on_the_card() -> None:
    card = words(
        answer_card(answered(quote(attribution_inferred=True, emended=True, asked_by="甲报记者")))
    )
    assert "原文未署名，发言人系推定" in card
    assert "含据上下文校订的文字" in card
    assert "《发布会》 · 回答甲报记者提问" in card


def test_a_journalists_question_is_never_shown_as_an_official_statement() -> None:
    card = words(answer_card(answered(quote(role="journalist", speaker="甲报记者", title=None))))
    assert "甲报记者 记者提问，并非官方答复" in card


def test_a_refusal_names_where_to_ask_and_marks_related_passages_as_no_answer() -> None:
    card = words(
        answer_card(Answer("?", "not_in_sources", "…", (), (quote(),)), asks_at="市新闻办")
    )
    assert "没有找到原话" in card
    assert "请联系市新闻办。" in card
    assert "供参考，不是答案" in card
    assert "已回答" not in card


def test_a_refusal_names_the_organiser_of_the_nearest_transcript_and_no_other(
    tmp_path: Path,
) -> None:
    names = ("2025-metro-line", "2025-heritage-festival")
    metro, heritage = (read_seed(Path(f"eval/seeds/{name}.txt")) for name in names)
    model = open_encoder(None)
    engine = Engine(build([metro, heritage], model, tmp_path / "index", expect(model, {})))
    talk = Talk(engine, Feedback.open(tmp_path / "z.sqlite3"), Prompts(engine))
    near = locate(engine.transcripts, metro.id, metro.turns[-1].span)
    kept = Turn("？", Answer("？", "not_in_sources", "…", (), (near,))).keep()
    shown = words(str(talk.translate([kept], "zh-CN", None)["chat"].value))
    assert f"请联系{metro.source.asks_at}。" in shown
    assert str(heritage.source.asks_at) not in shown


def test_in_an_english_page_the_transcripts_words_are_told_to_be_chinese() -> None:
    given = quote(date=date(2025, 3, 9), asked_by="甲报记者", role="moderator")
    card = answer_card(answered(given, lead="“九十七家企”"), WORDINGS["en"])
    parts = re.findall(r'lang="zh-CN">(.*?)</(?:span|p|blockquote)>', card)
    shown = [words(part) for part in parts]
    assert shown == [
        "“九十七家企”",
        "“共有九十七家企业参加。”",
        "张三",
        "市商务局局长",
        "《发布会》",
        "甲报记者",
    ]
    head = transcript_html(told("今年增长。"), (), WORDINGS["en"])
    assert '<h2 class="zw-title" lang="zh-CN">' in head
    assert '<span lang="zh-CN">王芳 某市商务局局长</span>' in head


def test_a_card_leads_to_where_the_words_were_first_published() -> None:
    card = answer_card(answered(quote(source_url="https://news.example/1?a=1&b=2")))
    assert '<a class="zw-source" href="https://news.example/1?a=1&amp;b=2"' in card
    assert "zw-source" not in answer_card(answered(quote(source_url="javascript:alert(1)")))


@pytest.mark.parametrize("status", ["answered", "not_in_sources", "off_topic", "invalid"])
def test_hostile_text_stays_text_in_every_field(status: str) -> None:
    bad = quote(
        text=HOSTILE,
        highlights=((0, 5),),
        speaker=HOSTILE,
        title=HOSTILE,
        asked_by=HOSTILE,
        document_title=HOSTILE,
        document_id='"><script>',
        source_url="javascript:alert(1)",
    )
    answer = Answer(HOSTILE, status, HOSTILE, (bad,), (bad,))  # type: ignore[arg-type]
    card = answer_card(answer, asks_at=HOSTILE)
    assert "\n" not in card
    tags = set(re.findall(r"<([a-z0-9]+)", card))
    assert not tags & {"img", "script"}
    assert "javascript" not in "".join(re.findall(r'href="([^"]*)"', card))
    assert set(re.findall(r'(?:value|href)="[^"]*"\s*([^ >]*)', card)) <= {"", 'target="_blank"'}


@given(st.text())
def test_plain_text_reads_the_same_and_has_no_markup(text: str) -> None:
    shown = plain(text)
    assert not re.search(r"[*_`\[\]<>$#\\\n](?!\d)", shown.replace("<br>", "").replace("&#", ""))
    assert unescape(shown.replace("<br>", "\n")) == text.replace("\r", "")


def test_every_language_says_everything() -> None:
    assert phrases(WORDINGS["en"]).count("<span") == phrases(WORDINGS["zh-TW"]).count("<span")
    assert words(stale_card(WORDINGS["zh-TW"])).startswith("這條回答所引的實錄")
    assert tongue("en-GB,en;q=0.9") == "en"
    assert tongue("zh-HK") == "zh-TW"
    assert tongue("de,en") == tongue(None) == "zh-CN"


def test_a_kept_conversation_comes_back_as_it_was(engine: Engine) -> None:
    answer = engine.ask("签约项目总投资多少？")
    (turn,) = recall([Turn(answer.question, answer).keep()], engine.transcripts)
    assert turn.answer is not None
    assert (turn.answer.quotes, turn.answer.related) == (answer.quotes, answer.related)
    assert answer_card(turn.answer) == answer_card(answer)


def test_a_quote_that_a_browser_altered_is_not_shown_again(engine: Engine) -> None:
    kept = Turn("", engine.ask("签约项目总投资多少？")).keep()
    kept["quotes"][0]["text"] = kept["quotes"][0]["text"].replace("400", "900")
    assert [turn.answer for turn in recall([kept], engine.transcripts)] == [None]


@pytest.mark.parametrize("kept", [None, 7, "x", [None], [{}], [{"question": 1}], {"a": 1}])
def test_what_is_no_conversation_is_left_out(engine: Engine, kept: object) -> None:
    assert recall(kept, engine.transcripts) == []


@pytest.mark.parametrize("marks", [[[5, 2]], [[0, 9999]], [[4, 8], [2, 6]]])
def test_marks_that_a_browser_altered_repeat_no_word(engine: Engine, marks: object) -> None:
    kept = Turn("", engine.ask("签约项目总投资多少？")).keep()
    kept["quotes"][0]["highlights"] = marks
    assert [turn.answer for turn in recall([kept], engine.transcripts)] == [None]


def test_an_answer_that_breaks_says_so_calmly(engine: Engine, tmp_path: Path) -> None:
    class Broken(Engine):
        def __init__(self) -> None:
            pass

        @property
        def transcripts(self) -> Mapping[str, Transcript]:
            return engine.transcripts

        def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
            raise AnswerFailed

    talk = Talk(Broken(), Feedback.open(tmp_path / "z.sqlite3"), Prompts(engine))
    assert "现在暂时无法回答" in str(talk.reply("？", [], "zh-CN")["chat"].value)
    assert Prompts(Broken()).first() == []


def test_a_long_conversation_keeps_its_end(engine: Engine) -> None:
    answer = engine.ask("今天股票怎么样")
    kept = [Turn(str(n), answer).keep() for n in range(MOST + 5)]
    assert recall(kept, engine.transcripts)[0].question == "5"


def test_every_prompt_is_answered_from_where_it_was_drawn(engine: Engine) -> None:
    prompts = Prompts(engine).first()
    assert len(prompts) == 4
    answers = [engine.ask(prompt) for prompt in prompts]
    assert {answer.status for answer in answers} == {"answered"}
    (transcript,) = engine.transcripts.values()
    places = {p.text: p.span for pool in drawn(transcript) for p in pool}
    for prompt, answer in zip(prompts, answers, strict=True):
        first, place = answer.quotes[0], places[prompt]
        assert first.start < place.end and place.start < first.end


def test_suggestions_repeat_neither_a_question_nor_what_was_just_quoted(engine: Engine) -> None:
    answer = engine.ask("签约项目总投资多少？")
    prompts = Prompts(engine)
    offered = prompts.after([answer], [answer.question])
    assert offered
    assert not any("签约项目总投资" in text for text in offered)
    assert not set(prompts.after([answer], offered)) & set(offered)
    same = engine.ask(offered[0]).quotes[0]
    assert same.speaker == answer.quotes[0].speaker
