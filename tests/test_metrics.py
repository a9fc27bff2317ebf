"""The measures, worked by hand."""

from __future__ import annotations

import math

import pytest

from eval import metrics
from eval.cases import Case
from index.records import Source, Span, Speaker, Transcript, Turn
from qa.quote import make_quote
from qa.records import Answer, Quote

TEXT = "产能为16万吨。专利3200余件。"
SPEAKER = Speaker("翟军", "official", "市长")
TRANSCRIPT = Transcript(
    Source("t", "会"), TEXT, TEXT, (), (), (Turn(Span(0, len(TEXT)), "statement", SPEAKER),)
)


def case(**given: object) -> Case:
    plain: dict[str, object] = {
        "id": "1",
        "question": "产能多少？",
        "history": (),
        "answerable": True,
        "answers": ("16万吨",),
        "must_all": (),
        "evidence": ("产能为16万吨。",),
        "speaker": None,
        "category": "fact",
        "split": "dev",
    }
    return Case(**(plain | given))  # type: ignore[arg-type]


def answer(*quotes: Quote, status: str = "answered") -> Answer:
    return Answer("产能多少？", status, "", quotes)  # type: ignore[arg-type]


FIRST = make_quote(TRANSCRIPT, 0, Span(0, 9))
SECOND = make_quote(TRANSCRIPT, 0, Span(9, len(TEXT)))


def test_an_answer_is_right_when_a_quote_holds_one_of_the_answers() -> None:
    assert metrics.is_right(case(), answer(FIRST))
    assert not metrics.is_right(case(), answer(SECOND))
    assert not metrics.is_right(case(), answer(FIRST, status="not_in_sources"))


def test_the_named_speaker_must_be_the_one_quoted_first() -> None:
    assert metrics.is_right(case(speaker="翟军"), answer(FIRST))
    assert not metrics.is_right(case(speaker="朱辉"), answer(FIRST))


def test_completeness_is_the_share_of_what_must_all_be_shown() -> None:
    both = case(must_all=("16万吨", "3200余件"))
    assert metrics.completeness(both, answer(FIRST)) == 0.5
    assert metrics.completeness(both, answer(FIRST, SECOND)) == 1.0


def test_evidence_is_found_by_the_sentence_that_holds_it() -> None:
    assert metrics.finds_evidence(case(), answer(FIRST))
    assert not metrics.finds_evidence(case(), answer(SECOND))


def test_a_mark_is_judged_where_the_answer_stands_beside_it() -> None:
    marked = make_quote(TRANSCRIPT, 0, Span(0, len(TEXT)), ((3, 7),))
    assert metrics.marks_answer(case(), answer(marked)) is True
    assert metrics.marks_answer(case(answers=("3200余件",)), answer(marked)) is False
    assert metrics.marks_answer(case(answers=("另一句",)), answer(marked)) is None
    assert metrics.marks_answer(case(), answer(FIRST)) is None


def test_a_quote_of_other_words_or_of_another_speaker_is_caught() -> None:
    transcripts = {"t": TRANSCRIPT}
    assert metrics.is_exact(answer(FIRST), transcripts)
    assert metrics.is_attributed(answer(FIRST), transcripts)
    moved = type(FIRST)(
        **{n: getattr(FIRST, n) for n in FIRST.__slots__} | {"start": 1, "speaker": "某人"}
    )
    assert not metrics.is_exact(answer(moved), transcripts)
    assert not metrics.is_attributed(answer(moved), transcripts)


def test_auroc_counts_the_pairs_put_in_order() -> None:
    assert metrics.auroc([True, True, False, False], [0.9, 0.4, 0.5, 0.1]) == 0.75
    assert math.isnan(metrics.auroc([True], [0.5]))


def test_the_risk_curve_gives_the_surest_answers_first() -> None:
    coverage, error = metrics.risk_curve([0.2, 0.9], [False, True])
    assert coverage.tolist() == [0.5, 1.0]
    assert error.tolist() == [0.0, 0.5]


def test_an_interval_of_equal_values_is_a_point() -> None:
    assert metrics.interval([1.0] * 20) == (1.0, 1.0, 1.0)
    mean, low, high = metrics.interval([0.0, 1.0] * 50)
    assert mean == 0.5 and low == pytest.approx(0.4, abs=0.03) and high > 0.57
