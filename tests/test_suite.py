"""Promises that hold for every answer of the suite, whether it is right or not."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from eval.cases import GATED, SEEDS
from eval.metrics import is_attributed, is_exact
from eval.suite import Outcome, fallen, run_set, summarise
from qa.compose import CHINESE, ELLIPSIS, ENGLISH, refuse
from qa.engine import Engine
from qa.records import Answer


def fixed_wording() -> list[str]:
    values = [getattr(w, n) for w in (CHINESE, ENGLISH) for n in w.__dataclass_fields__]
    parts = {part for value in values for part in re.split(r"\{\w+\}", value)}
    return sorted(parts - {""}, key=len, reverse=True)


def left_over(answer: Answer) -> str:
    """Take quoted spans, attribution and fixed wording out of the short answer."""
    said = [s for q in answer.quotes for s in (q.text, *(q.text[a:b] for a, b in q.highlights))]
    told = [
        str(v)
        for q in answer.quotes
        for v in (q.speaker, q.title, q.document_title, q.date)
        if v is not None
    ]
    text = answer.answer
    spans = sorted([*said, *told], key=len, reverse=True)
    for part in [*spans, *fixed_wording(), ELLIPSIS]:
        text = text.replace(part, "")
    return re.sub(r"[\s“”《》（）：]", "", text)


def refusals(answer: Answer, contacts: Iterable[str | None]) -> set[str]:
    """Return every wording in which the answer may decline, and nothing else."""
    return {
        refuse(answer.related, off_topic, wording, contact)
        for off_topic in (True, False)
        for wording in (CHINESE, ENGLISH)
        for contact in (*contacts, None)
    }


Run = tuple[Engine, list[Outcome]]


@pytest.fixture(scope="module")
def runs() -> dict[str, Run]:
    return {name: run_set(name) for name in SEEDS}


@pytest.fixture(params=sorted(SEEDS))
def asked(request: pytest.FixtureRequest, runs: dict[str, Run]) -> tuple[Engine, list[Answer]]:
    engine, outcomes = runs[request.param]
    return engine, [outcome.answer for outcome in outcomes]


def test_the_gated_sets_reach_what_was_reached_before(runs: dict[str, Run]) -> None:
    outcomes = [outcome for name in GATED for outcome in runs[name][1]]
    assert fallen(summarise(outcomes)) == []


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_every_gold_string_stands_in_a_transcript_word_for_word(
    name: str, runs: dict[str, Run]
) -> None:
    engine, outcomes = runs[name]
    texts = [t.text for t in engine.transcripts.values()]
    for case in (outcome.case for outcome in outcomes):
        for wanted in (*case.answers, *case.must_all, *case.evidence):
            assert any(wanted in text for text in texts), f"{case.id}: {wanted}"
        assert case.answerable == bool(case.answers or case.must_all), case.id


def test_every_quote_is_exact_and_its_speakers(asked: tuple[Engine, list[Answer]]) -> None:
    engine, answers = asked
    assert sum(bool(a.quotes) for a in answers) > 0.4 * len(answers)
    for answer in answers:
        assert is_exact(answer, engine.transcripts) and is_attributed(answer, engine.transcripts)


def test_the_short_answer_is_quoted_spans_and_fixed_wording(
    asked: tuple[Engine, list[Answer]],
) -> None:
    engine, answers = asked
    contacts = {t.source.asks_at for t in engine.transcripts.values()}
    for answer in answers:
        if answer.quotes:
            assert left_over(answer) == "", answer.answer
        elif answer.status != "invalid":
            assert answer.answer in refusals(answer, contacts), answer.answer


def test_a_refusal_names_whom_the_nearest_transcript_says_to_ask(
    asked: tuple[Engine, list[Answer]],
) -> None:
    engine, answers = asked
    refused = [a for a in answers if a.status == "not_in_sources" and a.related]
    assert refused
    for answer in refused:
        contact = engine.transcripts[answer.related[0].document_id].source.asks_at
        named = [contact] if contact else [CHINESE.organisers, ENGLISH.organisers]
        assert any(name in answer.answer for name in named), answer.answer


def test_no_question_of_a_journalist_is_quoted_as_an_official(
    asked: tuple[Engine, list[Answer]],
) -> None:
    engine, answers = asked
    for quote in (q for a in answers for q in a.quotes):
        turn = next(
            t
            for t in engine.transcripts[quote.document_id].turns
            if t.span.start <= quote.start < t.span.end
        )
        assert (quote.role == "journalist") == (turn.kind == "question")


def test_a_quote_cut_within_a_sentence_says_so(asked: tuple[Engine, list[Answer]]) -> None:
    cut = [q for a in asked[1] for q in a.quotes if q.cut_after]
    for quote in cut:
        assert quote.text[-1] not in "。！？"
    for answer in asked[1]:
        for quote in answer.quotes:
            assert not quote.cut_after or f"{quote.text}{ELLIPSIS}" in answer.answer
