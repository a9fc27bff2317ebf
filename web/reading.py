"""How a transcript was read, laid out for the person who answers for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from index.garbling import LOST, UNREADABLE
from index.passages import PassageSettings, make_passages
from index.records import Emendation, Passage, Speaker, Transcript, Turn

ROLES = {
    "official": "发布人 official",
    "journalist": "记者 journalist",
    "moderator": "主持人 moderator",
    "editor": "编者 editor",
    "unknown": "不明 unknown",
}
KINDS = {
    "head": "文首 head",
    "statement": "发布 statement",
    "question": "提问 question",
    "answer": "回答 answer",
    "moderation": "主持 moderation",
}
EMENDATIONS = {
    "annotation": "去除拼音 annotation",
    "realignment": "字节重排 realignment",
    "restoration": "缺字补出 restoration",
    "correction": "注明更正 correction",
    "script": "繁体转简 script",
    "punctuation": "标点转全角 punctuation",
    "spacing": "空格换行 spacing",
}
_SHOWN = 200
_AROUND = 10


@dataclass(frozen=True, slots=True)
class Said:
    """A turn with its words and the passages it was cut into."""

    number: int
    turn: Turn
    text: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """An emendation, and what stands there in the end between the words around it."""

    emendation: Emendation
    left: str
    words: str
    right: str


@dataclass(frozen=True, slots=True)
class Changes:
    """The emendations of one kind: how many, and the first of them."""

    kind: str
    count: int
    first: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything a preview shows."""

    transcript: Transcript
    speakers: tuple[tuple[Speaker, int], ...]
    turns: tuple[Said, ...]
    changes: tuple[Changes, ...]
    warnings: tuple[str, ...]

    @property
    def passages(self) -> int:
        """How many passages the transcript was cut into."""
        return sum(len(said.passages) for said in self.turns)


def lay_out(transcript: Transcript) -> Reading:
    """Return how `transcript` was read, with what a person should look at first."""
    passages: dict[int, list[Passage]] = {}
    for passage in make_passages(transcript, PassageSettings()):
        passages.setdefault(passage.turn, []).append(passage)
    turns = tuple(
        Said(n, turn, turn.span.of(transcript.text), tuple(passages.get(n, ())))
        for n, turn in enumerate(transcript.turns)
    )
    counts = Counter(turn.speaker for turn in transcript.turns if turn.speaker)
    everyone = dict.fromkeys([*transcript.participants, *counts])
    speakers = tuple((person, counts[person]) for person in everyone)
    return Reading(transcript, speakers, turns, _changes(transcript), tuple(_warn(transcript)))


def _changes(transcript: Transcript) -> tuple[Changes, ...]:
    """Return the kinds, those that restore lost text first, then by how often they occur."""
    by_kind: dict[str, list[Emendation]] = {}
    for emendation in transcript.emendations:
        by_kind.setdefault(emendation.kind, []).append(emendation)
    ordered = sorted(by_kind.items(), key=lambda kv: (not kv[1][0].restored, -len(kv[1])))
    return tuple(
        Changes(kind, len(found), tuple(_change(transcript, e) for e in found[:_SHOWN]))
        for kind, found in ordered
    )


def _change(transcript: Transcript, emendation: Emendation) -> Change:
    text, span = transcript.text, emendation.span
    left, right = text[max(0, span.start - _AROUND) : span.start], text[span.end :][:_AROUND]
    return Change(emendation, left, span.of(text), right)


def _warn(transcript: Transcript) -> list[str]:
    """Return what may be wrong with the reading, in words."""
    turns, source = transcript.turns, transcript.source
    kinds = Counter(turn.kind for turn in turns)
    inferred = sum(turn.attribution_inferred for turn in turns)
    unknown = sum(turn.speaker is None and turn.kind != "head" for turn in turns)
    unreadable = transcript.text.count(UNREADABLE)
    lost = len(LOST.findall(transcript.text))
    spoke = {turn.speaker.name for turn in turns if turn.speaker}
    listed = [p.name for p in transcript.participants if p.role == "official"]
    silent = "、".join(name for name in listed if name not in spoke)
    untitled = sum(person.title is None for person in transcript.participants)
    checks = (
        (not turns, "没有读出任何发言。"),
        (
            unreadable,
            f"有 {unreadable} 处无法辨认，以{UNREADABLE}标出；"
            "可在 TOML 的 [[corrections]] 中注明。",
        ),
        (lost, f"有 {lost} 处像是丢了字（□、�、夹在字间的问号），请对照原件。"),
        (silent, f"名单中有人没有读出发言：{silent}。"),
        (inferred, f"有 {inferred} 段发言原文未署名，发言人系推定；回答引用时会注明。"),
        (unknown, f"有 {unknown} 段发言不知出自何人。"),
        (not transcript.participants, "没有读出发布人名单。"),
        (untitled, f"有 {untitled} 位与会者没有职务。"),
        (kinds["question"] == 0, "没有读出记者提问。"),
        (kinds["question"] > kinds["answer"], "提问比回答多，请核对发言人标签。"),
        (source.title == source.id, "没有标题，引用时只能显示编号。"),
        (source.date is None, "没有日期，引用时不会显示日期。"),
        (source.url is None, "没有出处网址。"),
    )
    return [words for found, words in checks if found]
