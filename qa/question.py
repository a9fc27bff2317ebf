"""What a person typed, made ready: checked, cleaned, cut into content words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.words import cut, fold

LONGEST = 500
_FOLLOWS = re.compile(
    r"^(?:那|那么|它|他|她|他们|她们|其中|里面|这|该|还有|另外)|(?:呢|的呢)[？?]?$"
)
_ASKING = frozenset(
    [
        "的",
        "了",
        "吗",
        "呢",
        "是",
        "在",
        "有",
        "和",
        "与",
        "及",
        "或",
        "都",
        "也",
        "就",
        "还",
        "又",
        "被",
        "把",
        "对",
        "从",
        "到",
        "为",
        "请",
        "请问",
        "问",
        "一下",
        "你",
        "我",
        "您",
        "他",
        "她",
        "它",
        "你们",
        "我们",
        "多少",
        "几",
        "什么",
        "哪",
        "哪些",
        "哪个",
        "哪里",
        "哪儿",
        "哪天",
        "哪年",
        "哪家",
        "谁",
        "怎么",
        "怎样",
        "怎么样",
        "如何",
        "为什么",
        "为何",
        "何时",
        "何地",
        "何",
        "多",
        "大",
        "长",
        "吧",
        "啊",
        "呀",
        "这",
        "那",
        "这个",
        "那个",
        "这次",
        "本次",
        "一共",
        "总共",
        "共",
        "能",
        "会",
        "可以",
        "可",
        "告诉",
        "知道",
        "想",
        "介绍",
        "说说",
        "谈谈",
        "关于",
        "有关",
        "情况",
        "时候",
        "地方",
        "多大",
        "多长",
        "所",
        "之",
        "以",
        "将",
        "个",
        "家",
        "位",
        "项",
        "年",
        "月",
        "日",
        "the",
        "a",
        "an",
        "of",
        "is",
        "are",
        "was",
        "were",
        "in",
        "on",
        "at",
        "to",
        "for",
        "and",
        "or",
        "what",
        "which",
        "who",
        "when",
        "where",
        "how",
        "many",
        "much",
        "did",
        "does",
        "do",
    ]
)
_TYPES: tuple[tuple[str, str], ...] = (
    (
        "number",
        r"多少|几[个家项位人条座次年届成类种名所]|第几|多大|多长|比例|占比|数量|总额|规模"
        r"|how many|how much",
    ),
    ("date", r"什么时候|何时|哪天|哪年|哪一天|几月|几号|日期|时间|when"),
    ("person", r"谁|哪位|什么人|主持人|who"),
    ("place", r"哪里|哪儿|何地|什么地方|在哪|where"),
)
Wanted = Literal["number", "date", "person", "place", "text"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question ready for retrieval: `folded` for matching, `words` its content words."""

    text: str
    folded: str
    words: tuple[str, ...]
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Refused:
    """Why something typed is no question: a sentence for the person."""

    reason: str


def read_question(text: str, history: Sequence[str] = ()) -> Question | Refused:
    """Return the question, joined with the one before it where it leans on that one."""
    visible = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf") or c in "\n\t")
    visible = " ".join(visible.split())
    if len(text) > LONGEST:
        return Refused(f"问题太长（{len(text)} 字），请缩短到 {LONGEST} 字以内。")
    if not any(c.isalnum() for c in visible):
        return Refused("没有读到问题，请用文字输入想了解的内容。")
    folded = fold(visible)
    if history and _FOLLOWS.search(folded):
        earlier = next((h for h in reversed(history) if h.strip()), "")
        folded = f"{fold(earlier[:LONGEST])} {folded}"
    words = tuple(dict.fromkeys(w for w in cut(folded) if w not in _ASKING))
    return Question(visible, folded, words, _wanted(folded))


def _wanted(folded: str) -> Wanted:
    for kind, pattern in _TYPES:
        if re.search(pattern, folded):
            return kind  # type: ignore[return-value]
    return "text"
