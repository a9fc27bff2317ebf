"""What a question is read as, before anything is looked for."""

from __future__ import annotations

import pytest

from index.words import fold
from qa.editions import _named
from qa.engine import Engine
from qa.english import Lexicon, is_english
from qa.numerals import as_digits, names, years
from qa.people import find_named
from qa.question import Question, split_parts
from qa.reader import LONGEST_QUESTION, question_tokens, reader
from qa.synonyms import Synonyms
from qa.topic import is_elsewhere


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("一共签下多少个项目，值多少钱？", ("一共签下多少个项目", "值多少钱")),
        ("枣庄面积多大，人口多少？", ("枣庄面积多大", "人口多少")),
        ("您好，我是记者，想问总投资多少？", ("您好，我是记者，想问总投资多少？",)),
        ("大会什么时候、在哪里举办？", ("大会什么时候、在哪里举办？",)),
        ("锂电企业", ("锂电企业",)),
        ("大會什麼時候舉行？由誰主持？", ("大會什麼時候舉行", "由誰主持")),
        ("大会在枣庄举行吗？有多少人参加？", ("大会在枣庄举行吗", "有多少人参加")),
        ("总投资超过400亿元，对吗？", ("总投资超过400亿元，对吗？",)),
        ("How many projects, and who moderated?", ("How many projects", "and who moderated")),
        ("无论投资多少，都可以申请吗？", ("无论投资多少，都可以申请吗？",)),
        ("吸引更多大学生，市里怎么做？", ("吸引更多大学生，市里怎么做？",)),
    ],
)
def test_questions_side_by_side_are_told_apart(text: str, parts: tuple[str, ...]) -> None:
    assert split_parts(text) == parts


def test_a_word_that_the_transcript_lacks_stands_for_one_that_it_holds(engine: Engine) -> None:
    synonyms = Synonyms(engine.transcripts.values())
    assert "酒店" in synonyms.of("宾馆")
    assert synonyms.of("酒店") == ()
    assert synonyms.of("不存在的词") == ()


def test_english_words_stand_for_words_of_the_transcript(engine: Engine) -> None:
    lexicon = Lexicon(engine.transcripts.values(), engine._index.encoder)
    forms = lexicon.translate("How many hotels and exhibitions were invited?")
    assert any("酒店" in f for f in forms) and any("邀请" in f for f in forms)
    assert not any("how" in f for f in forms)


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("how many companies are there", True),
        ("who is he?", True),
        ("tco tce", False),
        ("TCO镀膜玻璃是哪家的", False),
        ("GWh 是什么", False),
    ],
)
def test_english_is_told_from_chinese_with_latin_terms(text: str, english: bool) -> None:
    assert is_english(text) == english


def test_a_question_in_two_parts_shows_both_answers(engine: Engine) -> None:
    answer = engine.ask("枣庄的户籍人口有多少，授权专利有多少件？")
    shown = "".join(q.text for q in answer.quotes)
    assert answer.status == "answered"
    assert "户籍人口422万" in shown and "授权专利3200余件" in shown


def test_a_part_that_the_transcript_does_not_answer_is_said_so(engine: Engine) -> None:
    answer = engine.ask("枣庄市长的电话是多少，枣庄授权专利有多少件？")
    assert answer.status == "partial"
    assert "授权专利3200余件" in answer.quotes[-1].text
    assert answer.answer.endswith("问题的其余部分，发布会实录中没有找到回答的原话。")


def _read(engine: Engine, text: str, *history: str) -> Question:
    question = engine._understanding.read(text, history)
    assert isinstance(question, Question)
    return question


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("签约项目总投资是多少呢？", False),
        ("那光伏呢？", True),
        ("What is its capacity?", True),
        ("When was he appointed?", True),
        ("How many companies are there in Zaozhuang?", False),
    ],
)
def test_a_question_leans_on_the_one_before_only_where_it_must(
    engine: Engine, text: str, leans: bool
) -> None:
    assert _read(engine, text, "大会主题是什么？").leans == leans


def test_a_year_that_was_named_holds_for_the_question_after(engine: Engine) -> None:
    followed = _read(engine, "那签约项目呢？", "2023年有多少嘉宾？")
    assert _named(followed)[0] == {"2023"}
    assert _named(_read(engine, "那2024年呢？", "2023年有多少嘉宾？"))[0] == {"2024"}


def test_of_a_long_question_the_reader_reads_the_end() -> None:
    ended = "签约项目总投资多少？"
    tokenizer = reader()._tokenizer
    tokens = question_tokens(tokenizer, "您好，我想请问，" * 40 + ended)
    assert len(tokens) == LONGEST_QUESTION + 2
    assert tokenizer.decode(tokens[:-1]).replace(" ", "").endswith(fold(ended))


def test_english_words_are_not_read_as_pinyin(engine: Engine) -> None:
    assert "我们" not in _read(engine, "How many women attended the conference?").folded
    assert "枣庄" in _read(engine, "How many companies are there in zaozhuang?").folded


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("刘忠波指出了什么？", "刘忠波"),
        ("能源局怎么看储能？", "朱辉"),
        ("刘忠波怎么回答中新社记者的提问？", "刘忠波"),
    ],
)
def test_whom_a_question_names_is_to_speak(engine: Engine, text: str, named: str) -> None:
    found = find_named(_read(engine, text), engine.transcripts.values())
    assert named in found.speakers and not found.asked and not found.identity


def test_the_office_of_another_place_is_not_named(engine: Engine) -> None:
    question = _read(engine, "谁代表山东省能源局发言？")
    assert find_named(question, engine.transcripts.values()).speakers == {"朱辉"}
    asked = "谁代表山东省能源局发言？", "他提到光伏装机是多少？"
    assert engine._spoken_of(asked[:1]) == {"朱辉"}


def test_whom_an_office_sent_is_told_by_the_list_of_those_present(engine: Engine) -> None:
    answer = engine.ask("请问山东省能源局这次派谁来介绍情况？")
    assert [q.text for q in answer.quotes] == ["朱辉 山东省能源局二级巡视员"]


def test_another_office_of_the_same_post_is_not_named(engine: Engine) -> None:
    found = find_named(_read(engine, "教育局局长怎么看储能？"), engine.transcripts.values())
    assert not found.speakers


@pytest.mark.parametrize(
    "text",
    [
        "大会提供哪些语种的翻译服务？", "民营企业扮演什么角色？", "国家电网提出的储能目标是多少？",
        "Import and export volume last year?", "Update on investment from abroad?",
        "提示词大赛什么时候举行？", "写小说的作家有几位出席？", "电网问题是怎么解决的？",
    ],
)  # fmt: skip
def test_words_that_orders_are_made_of_may_be_asked_about(engine: Engine, text: str) -> None:
    question = _read(engine, text)
    assert not is_elsewhere(question)
    assert not find_named(question, engine.transcripts.values()).stranger


def test_a_numeral_that_no_number_stands_for_is_left_as_it_is() -> None:
    for spoken in ("四七十十零", "七八千十"):
        assert as_digits(f"来了{spoken}人") == f"来了{spoken}人"


@pytest.mark.parametrize(
    ("spoken", "digits"),
    [
        ("二百七十家", "270家"), ("三亿五千万元", "3.5亿元"), ("一亿两千万", "1.2亿"),
        ("二零二四年", "2024年"), ("十分钟", "10分钟"), ("二十余个", "20余个"),
        ("四五个", "四五个"), ("一二三产业", "一二三产业"), ("十分重要", "十分重要"),
        ("数十家", "数十家"), ("二十几家", "二十几家"), ("十五五规划", "十五五规划"),
    ],
)  # fmt: skip
def test_numerals_are_digits_unless_they_are_rough_or_no_number(spoken: str, digits: str) -> None:
    assert as_digits(spoken) == digits


def test_the_reader_is_asked_for_amounts_in_digits(engine: Engine) -> None:
    assert _read(engine, "二百七十家企业在哪一年落户？").whole == "270家企业在哪一年落户?"


def test_a_sentence_of_many_questions_is_put_as_one() -> None:
    assert len(split_parts("签约项目有多少个？总投资多少？")) == 2
    assert len(split_parts("他说啥？" * 100)) == 1


@pytest.mark.parametrize(
    ("asked", "wanted"), [("那光伏呢？", "number"), ("那地点呢？", "place"), ("那主题呢？", "text")]
)
def test_what_leans_asks_for_the_same_kind_unless_it_names_another(
    engine: Engine, asked: str, wanted: str
) -> None:
    question = engine._understanding.read(asked, ["海上风电装机容量有多少？"])
    assert isinstance(question, Question) and question.leans and question.wanted == wanted
    assert ("多少" in question.asking) == (wanted == "number")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("如何吸引更多大学生留在枣庄？", "text"), ("枣庄面积多大？", "number"),
        ("翟市长讲了几点意见？", "text"), ("大会几点开始？", "date"),
        ("近几年锂电产业怎么样？", "text"), ("招引了几家企业？", "number"),
        ("怎么扩大产业规模？", "text"), ("产业规模怎么样？", "number"),
        ("规模化养殖怎么推进？", "text"), ("时间紧怎么应对？", "text"),
        ("What will change when the new line opens?", "text"),
        ("When will the new line open?", "date"), ("Tell me when it opens", "date"),
        ("What has been achieved to date?", "text"),
    ],
)  # fmt: skip
def test_the_kind_that_is_asked_for_is_not_read_into_other_words(
    engine: Engine, text: str, wanted: str
) -> None:
    assert _read(engine, text).wanted == wanted


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("Which bus goes to the venue?", False), ("Which companies were visited?", True),
        ("为什么活动改到下午？", False), ("有什么活动？", True), ("提了几点要求？", True),
    ],
)  # fmt: skip
def test_lists_are_told_from_reasons_and_single_things(
    engine: Engine, text: str, many: bool
) -> None:
    assert _read(engine, text).many == many


def test_who_holds_a_post_may_be_asked_politely(engine: Engine) -> None:
    named = find_named(_read(engine, "请问枣庄市能源局局长是谁？"), engine.transcripts.values())
    assert named.identity and not named.asked


@pytest.mark.parametrize("text", ["How many?", "多少？", "为什么？"])
def test_what_names_nothing_is_answered_with_nothing(engine: Engine, text: str) -> None:
    assert engine.ask(text).status in ("not_in_sources", "off_topic")


def test_a_year_is_no_part_of_other_words() -> None:
    assert names("目前年产能、60岁以上年龄段和今后年均增长") == {"60"}
    assert names("前年和后年") == {"前年", "后年"}


def test_a_year_is_named_in_digits_or_by_its_distance() -> None:
    told = [years(names(text), 2024) for text in ("去年签约", "2023年签约", "签约20个")]
    assert told[0] == told[1] == {"2023", "去年", "上年"}
    assert names("how many last year?") == {"去年"}
    assert not told[2]
