"""Late interaction brings a question to the words that mean what it says."""

from __future__ import annotations

from qa.late import Met, late, meet
from qa.reader import Text, reader

HEARD = Text(
    "省医保局副局长 周敏",
    ("参保职工住院的个人负担比例约为三成。", "门诊慢性病病种增加到52种。"),
)
FAR = Text("市交通局局长 陈立", ("高铁南站配建停车位860个。", "公交线路优化到31条。"))


def met(question: str, text: Text) -> Met:
    """Meet a question and a text as the engine does."""
    known = reader().know(text)
    return meet(late().seek(reader().ask(question)), late().trace(known))


def test_an_everyday_question_comes_nearer_to_its_answer_than_to_another_topic() -> None:
    for question in ("看病住医院自己要掏多少钱？", "How much do patients pay out of pocket?"):
        assert met(question, HEARD).whole > met(question, FAR).whole


def test_of_two_sentences_the_one_that_is_asked_for_comes_nearer() -> None:
    first, second = met("住院自己承担几成？", HEARD).pieces
    assert first > second
    first, second = met("慢性病有多少种能报？", HEARD).pieces
    assert second > first


def test_no_piece_comes_nearer_than_the_whole_passage() -> None:
    found = met("住院自己承担几成？", HEARD)
    assert max(found.pieces) <= found.whole + 1e-5 <= 1 + 2e-5


def test_a_piece_beyond_the_limit_stands_no_higher_than_any_that_was_read() -> None:
    text = Text("", ("一段与此无关的话。" * 60, HEARD.pieces[0]))
    first, beyond = met("住院自己承担几成？", text).pieces
    assert beyond <= first
