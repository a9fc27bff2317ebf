"""Questions worth asking, drawn from the transcripts themselves and tried before they are shown.

A journalist's question is one already, shortened at its own clauses; a figure in a speech becomes
one when the figure gives way to 多少. Only what the engine answers, with the sentence it was drawn
from, is offered.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from index.records import Span, Speaker, Transcript
from qa.engine import Answering
from qa.records import Answer
from web.problems import log_failure

MOST = 4
_TRIED = 20
_SAME = 0.45
_SHORTEST, _LONGEST = 8, 32
_CLAUSE = re.compile(r"[^，。！？；：\n]+")
_ASKS = re.compile(r"哪些|哪几|如何|怎样|怎么|什么|多少|请.{0,16}(?:谈谈|谈一谈|介绍|解释|说明)")
_COUNTED = re.compile(r"(\D{6,}?)\d[\d.]*[多余]?((?:万|亿)*[^\d年月日号时分%以、的]{1,3})$")
_FIGURE = re.compile(r"\d")
_LEANS = re.compile(
    r"^(?:其中|此外|同时|并|还|也|又|而|但|且|这|那|该|共|已|将|以|为|达|较|年)|[“”‘’《》（）]|的有?$"
)
_HEADING = re.compile(
    r"(?:[一二三四五六七八九十]是|（[一二三四五六七八九十]）)([^，。；：、\n]{5,16})(?=[。：])"
)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question that the transcript answers, and the place it was drawn from."""

    text: str
    speaker: Speaker | None
    span: Span


class Prompts:
    """Tried questions by transcript, each transcript tried once; one published anew, again."""

    def __init__(self, engine: Answering) -> None:
        self._engine = engine
        self._tried: dict[tuple[str, int], tuple[Prompt, ...]] = {}

    def first(self) -> list[str]:
        """Return questions to begin with, the latest transcripts taking turns."""
        dated = sorted(
            self._engine.transcripts.values(),
            key=lambda t: t.source.date or datetime.date.min,
            reverse=True,
        )
        pools = [self._of(transcript) for transcript in dated[:MOST]]
        return [prompt.text for prompt in _in_turn(pools)][:MOST]

    def after(self, answers: Sequence[Answer], asked: Sequence[str]) -> list[str]:
        """Return what else the transcript of the last answer answers.

        The same speaker's words come first; what was asked or quoted before is left out.
        """
        quotes = answers[-1].quotes or answers[-1].related
        transcript = self._engine.transcripts.get(quotes[0].document_id) if quotes else None
        if transcript is None:
            return [text for text in self.first() if text not in asked]
        known = [*quotes, *(quote for answer in answers for quote in answer.quotes)]
        shown = [Span(q.start, q.end) for q in known if q.document_id == transcript.id]
        fresh = [
            prompt
            for prompt in self._of(transcript)
            if prompt.text not in asked and not any(s.contains(prompt.span) for s in shown)
        ]
        same = [p for p in fresh if p.speaker and p.speaker.name == quotes[0].speaker]
        others = [p for p in fresh if p not in same]
        return [p.text for p in [*same[: MOST // 2], *others, *same[MOST // 2 :]]][:MOST]

    def _of(self, transcript: Transcript) -> tuple[Prompt, ...]:
        key = (transcript.id, hash(transcript.text))
        if key not in self._tried:
            current = {(t.id, hash(t.text)) for t in self._engine.transcripts.values()}
            kept = {known: tried for known, tried in self._tried.items() if known in current}
            self._tried = kept | {key: tuple(self._try(transcript))}
        return self._tried[key]

    def _try(self, transcript: Transcript) -> Iterator[Prompt]:
        for prompt in _in_turn(drawn(transcript))[:_TRIED]:
            try:
                answer = self._engine.ask(prompt.text)
            except Exception as error:
                log_failure("prompt", error)
                continue
            first = answer.quotes[0] if answer.status == "answered" else None
            if (
                first
                and first.document_id == transcript.id
                and prompt.span.overlaps(Span(first.start, first.end))
                and not _echoes(prompt.text, first.text)
            ):
                yield prompt


def drawn(transcript: Transcript) -> list[list[Prompt]]:
    """Return, for each turn that says something, the questions drawn from it."""
    pools = []
    for turn in transcript.turns:
        found = []
        if turn.question is not None:
            asked = transcript.turns[turn.question].span.of(transcript.text)
            found += [Prompt(text, turn.speaker, turn.span) for text in _asked(asked)]
        if turn.kind in ("statement", "answer"):
            found += [
                Prompt(text, turn.speaker, Span(turn.span.start + start, turn.span.start + end))
                for text, start, end in _told(turn.span.of(transcript.text))
            ]
        pools.append(found)
    return pools


def _asked(words: str) -> Iterator[str]:
    """Yield the clauses of a journalist's question that ask."""
    for match in _CLAUSE.finditer(words):
        text = match[0].strip()
        if _ASKS.search(text) and _SHORTEST <= len(text) <= _LONGEST:
            yield text + ("。" if text.startswith("请") else "？")


def _told(words: str) -> Iterator[tuple[str, int, int]]:
    """Yield questions for the figures and the headings of a speech, and where those stand."""
    for match in _CLAUSE.finditer(words):
        counted = _COUNTED.fullmatch(match[0].strip())
        if counted and not _LEANS.search(counted[1]) and len(match[0]) <= _LONGEST:
            yield f"{counted[1]}多少{counted[2]}？", match.start(), match.end()
    for match in _HEADING.finditer(words):
        yield f"“{match[1]}”具体指什么？", match.start(), match.end()


def _echoes(question: str, quote: str) -> bool:
    """Tell whether a quote only announces what was asked, as an opening sentence does."""
    told = set(quote) - set("，。“”")
    return not _FIGURE.search(quote) and len(told & set(question)) > _SAME * len(told)


def _in_turn(pools: Iterable[Sequence[Prompt]]) -> list[Prompt]:
    """Return the first of every pool, then the second of every pool, and so on."""
    return [p for row in zip_longest(*pools) for p in row if p is not None]
