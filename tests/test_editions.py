"""Of several transcripts, those are quoted that the question means."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.encoder import open_encoder
from index.read import read_seeds
from index.records import Transcript
from qa.editions import asks_several, find_editions
from qa.engine import Engine, open_or_build
from qa.question import Question, Understanding

SEEDS = Path("eval/seeds")
EARLIER, LATER = "2024-heritage-festival", "2025-heritage-festival"


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return open_or_build(tmp_path_factory.mktemp("editions"), SEEDS)


def read(engine: Engine, text: str) -> Question:
    """Read a question as the engine does."""
    read = Understanding(engine.transcripts.values(), open_encoder(None)).read(text)
    assert isinstance(read, Question)
    return read


def of(transcripts: dict[str, Transcript], *names: str) -> dict[str, Transcript]:
    return {name: transcripts[name] for name in names}


@pytest.fixture(scope="module")
def festivals() -> dict[str, Transcript]:
    return of({t.id: t for t in read_seeds(SEEDS)}, EARLIER, LATER)


def test_a_year_in_the_question_means_the_transcript_of_that_year(
    several: Engine, festivals: dict[str, Transcript]
) -> None:
    assert find_editions(read(several, "2024年有多少个项目参展？"), festivals) == {EARLIER}
    assert find_editions(read(several, "2025年的博览会在哪里办？"), festivals) == {LATER}


def test_a_year_that_no_transcript_bears_means_none_in_particular(
    several: Engine, festivals: dict[str, Transcript]
) -> None:
    assert find_editions(read(several, "2019年有多少个项目参展？"), festivals) == frozenset()
    assert find_editions(read(several, "有多少个项目参展？"), festivals) == frozenset()


def test_all_transcripts_are_asked_where_no_year_and_no_edition_is_named(
    several: Engine, festivals: dict[str, Transcript]
) -> None:
    assert asks_several(read(several, "有多少个项目参展？"), festivals)
    assert asks_several(read(several, "2024和2025两届各有多少个项目参展？"), festivals)
    assert not asks_several(read(several, "2024年有多少个项目参展？"), festivals)
    assert not asks_several(read(several, "第三届有多少个项目参展？"), festivals)
    assert not asks_several(read(several, "有多少个项目参展？"), of(festivals, LATER))


def test_what_differs_between_two_years_is_shown_side_by_side_the_newest_first(
    several: Engine,
) -> None:
    answer = several.ask("非遗博览会有多少个非遗项目参展？")
    shown = [q.document_id for q in answer.quotes]
    assert shown.index(LATER) < shown.index(EARLIER)
    for wanted in ("412个非遗项目", "305个非遗项目"):
        assert any(wanted in q.text for q in answer.quotes)


def test_a_question_about_one_year_is_answered_from_that_year_alone(several: Engine) -> None:
    for year, name in (("2024", EARLIER), ("2025", LATER)):
        answer = several.ask(f"{year}年有多少个非遗项目参展？")
        assert {q.document_id for q in answer.quotes} == {name}
