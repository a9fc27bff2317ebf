"""Whether a question that finds no answer was one for these transcripts at all."""

from __future__ import annotations

import re

from index.store import Index
from index.words import fold
from qa.evidence import PAIRS_BESIDE, UNSEEN, Candidate
from qa.question import TELLING, Question

_ELSEWHERE = re.compile(
    r"^(?:你好|您好|谢谢|多谢|再见|拜拜|早上好|晚上好|hello|hi|hey|thanks|bye)[!。,.~]*$"
    r"|你是谁|你叫什么|你会什么|你能做什么|^你(?:会|喜欢|爱|懂|几岁|多大)|who are you"
    r"|讲.{0,3}笑话|[作唱](?:一?首|一?段|个).{0,8}[诗歌]|(?<!谁)写(?![了过的出]).{0,8}(?:诗|歌|代码|作文|小说)(?![的家])"
    r"|翻译(?:一下|这|下面|以下|如下|成(?!.{1,4}[是叫怎]))"
    r"|扮演.{0,6}(?:我|你)|你.{0,4}扮演"
    r"|忽略.{0,6}(?:指令|以上|之前)|系统提示|你的?提示词|(?:显示|输出|打印|告诉我)提示词"
    r"|ignore .{0,20}instruction|system prompt|jailbreak"
    r"|^\W*(?:select .+ from |insert into |delete from |update \w+ set |drop (?:table|database) )"
    r"|^import \w+(?:$|[;,.])|<script|\bdef \w+\(|union select"
)
_NONE = 0.99
_STRANGE = 0.5
_FAR = 0.45


def is_elsewhere(question: Question) -> bool:
    """Tell greetings, small talk, orders to the program and code by their form."""
    return bool(_ELSEWHERE.search(question.folded))


def is_strange(question: Question, nearest: Candidate) -> bool:
    """Tell what names nothing, and words that ask nothing and of which the nearest has no trace.

    Nothing like them is met in training, so that no decision that is learnt can be trusted.
    """
    if not question.terms and not TELLING.search(question.folded):
        return True
    features = nearest.features
    return not question.asks and features[UNSEEN] > _NONE and features[PAIRS_BESIDE] == 0


def is_off_topic(index: Index, question: Question, nearest: float) -> bool:
    """Tell whether the transcripts know neither the words of a question nor anything near it.

    `nearest` is how near the nearest passage comes, token by token. Who speaks, and what a title
    is made of, is never foreign.
    """
    words = [t for t in question.terms if not t.forms[0][0].isdigit()]
    if is_elsewhere(question) or not words:
        return True
    people = {fold(p.name) for t in index.transcripts.values() for p in t.people}
    if any(not people.isdisjoint(term.forms) for term in words):
        return False
    titles = "\n".join(fold(t.source.title) for t in index.transcripts.values())
    if any(len(term.forms[0]) > 1 and any(f in titles for f in term.forms) for term in words):
        return False
    rarities = [min(index.rarity(f) for f in t.forms) for t in words]
    unseen = sum(r >= index.unseen for r in rarities) / len(rarities)
    return unseen >= _STRANGE and nearest < _FAR
