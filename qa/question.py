"""What a person typed, made ready: checked, cut into terms, joined with what came before."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from pathlib import Path
from typing import Literal

import cn2an

from index.encoder import Encoder
from index.records import Transcript
from index.words import cut, fold
from qa.english import Lexicon, is_english
from qa.numerals import as_digits, names
from qa.spelling import Spelling
from qa.synonyms import Synonyms

LONGEST, MOST_PARTS = 500, 4
Wanted = Literal["number", "date", "person", "place", "reason", "definition", "text"]
_EARLIER = 0.5
_IN_DOUBT = 0.2
_AMOUNT = 2
"""A numeral of so many characters is an amount, and transcripts write those in digits."""
_LEANS = re.compile(
    r"^(?:那|它|他|她|其中|里面|这些|这个|这家|该|上述|还有|另外|then|(?:and )?what about)"
    r"|(?:^|[^其])(?:他|她|它)们?(?:的|是|还|又|说|提)"
    r"|\bit\b(?! (?:compan|industr|sector|firm|park|talent|service))"
    r"|\b(?:its|he|his|him|she|hers?|they|their|them|those)\b"
)
_ELLIPTIC = re.compile(r"呢[?]*$")
_ASPECT = re.compile(r"主题|口号|名称|名字|排名|名次|位次|\b(?:theme|slogan|name|rank)")
_PERSON = re.compile(r"(?:^|[^其])[他她](?!们)|\b(?:he|his|him|she|hers?)\b")
_STOP = frozenset(Path(__file__).with_name("stopwords.zh.txt").read_text(encoding="utf-8").split())
_HOW_MUCH = r"(?<![更许众很诸])多[大长久高](?!学|型|端|校|层|期)"
"""多大, but not what stands in 更多大学生."""
_POINTS = "意见|建议|要求|经验|做法|考虑|体会|看法|希望|措施"
_WANTED: tuple[tuple[Wanted, str], ...] = (
    ("reason", r"为什么|为何|为啥|原因|怎么会|why"),
    (
        "definition",
        r"什么是|是什么(?:样的)?(?:组织|机构|意思|概念)?[?]*$|是啥[?]*$|指的是|what is an? ",
    ),
    (
        "number",
        r"多少|(?<![近这前])几(?!乎|点|月|号(?![线楼馆厅院机船文令口]))|比例|占比|比重|数量|总额"
        rf"|规模(?!化|以上)|面积|{_HOW_MUCH}"
        r"|几成|多远|多深|多重"
        r"|how (?:many|much|long|large|big|far|old|high|fast)|population|capacity|total|number of"
        r"|percent",
    ),
    (
        "date",
        rf"什么时候|何时|啥时候|哪天|哪年|哪一天|几月|几号|几点(?!{_POINTS})|日期|时间(?!紧)"
        r"|^(?:and |so )?when\b|\b(?:since|by|until|know|me|said?|told) when\b|\bwhen\W*$"
        r"|\bwhen (?:is|was|will|did|does|do|are|were|can|has|have)\b"
        r"|what time|(?<!\bto )\bdate\b",
    ),
    ("person", r"谁|哪位|什么人|主持人|叫什么名字|\bwho\b"),
    ("place", r"哪里|哪儿|何地|什么地方|在哪|哪个城市|地点|地址|会址|\bwhere\b"),
)
_MANNER = re.compile(r"(?:如何|怎[么样])[^,。?]{1,8}?(?:规模|比例|比重|占比|数量|面积|时间)")
"""如何扩大规模 asks for no number, 规模如何 does."""
_SEVERAL = r"(?:[两二三四五六七八九十]|(?<!\d)(?:[2-9]|1\d)(?!\d))"
_THINGS = (
    r"(?:个方面|个(?!月|季度|星期|小时|工作日|百分)|大|条|件|点(?!半|钟|整)|句|项(?!目)|类|种|样"
    r"|步|道|处|笔|方面|家|国|地|届)"
)
_OF_THEM = rf"(?<!第){_SEVERAL}{_THINGS}"
_MANY = re.compile(
    rf"哪些|哪(?:几|{_SEVERAL})|有哪|分别|各[有是]|几步|几方面|分几|几点(?:{_POINTS})"
    r"|列一下|列出|列举|请列|逐[条项一]|些(?:什么|啥)"
    r"|各[^位国地级界市县区种类项方自,。?]{0,3}(?:多少|几|哪|谁|什么|啥)"
    r"|都(?!市)[^,。?]{0,5}(?<!为)(?:谁|什么|啥|哪)"
    rf"|{_OF_THEM}[^,。?]{{0,10}}?(?:[是有叫指管](?:什么|啥|谁|哪[些儿里])|为(?:谁|哪)|(?<!为)(?:什么|啥))"
    rf"|^(?!.*(?:多少|几|什么|啥|谁|哪|吗|怎|如何|为何)).*{_OF_THEM}[^,。?的]{{0,6}}$"
    rf"|[“\"][^”\"]{{0,8}}[一两二三四五六七八九十][^”\"]{{1,8}}[”\"].{{0,4}}[是指](?:什么|啥)"
    r"|which (?!(?:has|was|gas|[a-z]*(?:ss|us|is))\b)[a-z]+s\b|\bwhat are\b|\blist\b"
    r"|(?<!为)(?:什么|啥)(?:措施|活动|内容|工作|目标|举措|办法|步骤)"
)
_ITEMS = re.compile(rf"(?<!第)({_SEVERAL}){_THINGS}|哪({_SEVERAL})")
_COUNTED = re.compile(r"how (?:many|much)|number of|what is the (?:total |average )?|capacity of")
_ASKS = re.compile(
    rf"什么时候|什么地方|多长时间|多[少远深重]|{_HOW_MUCH}|第?几(?!乎|点)|什么|啥时候|啥"
    r"|哪[里儿些个家位年天座项部一]?|谁|何时|何地"
)
_WHY = re.compile(r"为什么|为何|怎么|如何")
_ASKING = re.compile(
    rf"{_ASKS.pattern}|{_WHY.pattern}|呢|[?]$|^(?:what|which|who|how|where|when)\b"
)
EDITIONS = re.compile(
    r"两届|(?<!满)两年(?![内期来以前后间])|历届|各届|去年和今年|今年和去年|往年|每届|不同(?:年份|届)"
)
TELLS = "介绍|回答|谈|讲|说|提到|回应|解释|透露|答复"
TELLING = re.compile(
    rf"(?:谁|哪位[\u3400-\u9fff]{{0,3}}?)(?:来|在[^,。?]{{1,8}}?)?(?:{TELLS})(?!话)"
    rf"|(?:{TELLS}).{{0,20}}(?:的(?:人)?是(?:谁|哪位))"
    r"|\b(?:who|which (?:official|speaker|person))"
    r" (?:said|talked|spoke|answered|mentioned|explained)"
)
_TOLD = re.compile(rf"谁|哪位|的人是|{TELLS}|情况|问题|said|answered")
_STOPS = "，,；;？?。 "
_PUT = re.compile(r"^(?:and )?(?:what|who|how|where|when|why)\b")
_PARTS = re.compile(r"[^，,；;？?。]+[，,；;？?。]*")
_DAY = re.compile(r"\d+(?:[年月日点]|号(?![线楼馆厅院机船文令]))")
_CHECKS = re.compile(
    r"(?:吗|(?<!酒)吧|对不对)[?]*$|是不是|是否|能不能|会不会|不是.*吗"
    r"|^(?:is|are|does|do|did|was|were|will|has|have|can|could|would) "
)


@dataclass(frozen=True, slots=True)
class Term:
    """One thing asked about: `forms` are the folded ways to write it, the first as typed.

    `focus` marks the one that the question word stands next to: 员工 in 有多少员工.
    """

    forms: tuple[str, ...]
    weight: float = 1.0
    focus: bool = False


@dataclass(frozen=True)
class Question:
    """A question ready for retrieval.

    `search` is what the index is asked, `whole` what the reader is, `terms` what an answer should
    hold, `wanted` the kind of answer and `asking` the folded words that say so, its own or those
    of the question it leans on; `many` says that a list is asked for, `items` of how many where
    that is said, `checks` that a statement is put to be confirmed; `earlier` are the folded
    questions it leans on, latest first.
    """

    text: str
    folded: str
    search: str
    whole: str
    terms: tuple[Term, ...]
    wanted: Wanted
    asking: str
    many: bool
    checks: bool
    english: bool
    items: int = 0
    leans: bool = False
    earlier: tuple[str, ...] = ()

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers that the question names, as digits, and years such as 去年."""
        return names(self.folded)

    @property
    def asks(self) -> bool:
        """Whether it is put as a question; keywords are not."""
        return self.wanted != "text" or bool(self.checks or _ASKING.search(self.folded))

    @property
    def means_person(self) -> bool:
        """Whether 他 or 她 stands for somebody named before."""
        return bool(_PERSON.search(self.folded))


@dataclass(frozen=True, slots=True)
class Refused:
    """Why something typed is no question: a sentence for the person."""

    reason: str


class Understanding:
    """Reads questions in the light of what the transcripts hold."""

    def __init__(self, transcripts: Iterable[Transcript], encoder: Encoder) -> None:
        self._transcripts = tuple(transcripts)
        self._encoder = encoder
        self._spelling = Spelling(self._transcripts)
        self._synonyms = Synonyms(self._transcripts)
        people = {p for d in self._transcripts for p in d.people}
        self._names = sorted({fold(p.name) for p in people if p.role != "journalist"})

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(self._transcripts, self._encoder)

    def read(self, text: str, history: Sequence[str] = ()) -> Question | Refused:
        """Return the question, joined with the one before it where it leans on that one."""
        refused = _check(text)
        if refused:
            return refused
        own = self._read_alone(_visible(text))
        asked = [h for h in history if isinstance(h, str) and not _check(h)]
        if not asked or not _leans(own):
            return own
        earlier = self.read(asked[-1], asked[:-1])
        return own if isinstance(earlier, Refused) else _join(own, earlier)

    def _read_alone(self, visible: str) -> Question:
        folded = fold(visible)
        english = is_english(folded)
        corrected = self._spelling.correct(folded)
        checks = bool(_CHECKS.search(folded))
        search, terms = self._in_english(corrected) if english else self._in_chinese(corrected)
        if checks:
            terms = tuple(replace(t, weight=_IN_DOUBT) if _is_number(t) else t for t in terms)
        many = bool(_MANY.search(folded))
        return Question(
            text=visible,
            folded=corrected,
            search=search,
            whole=as_digits(corrected, _AMOUNT),
            terms=terms,
            wanted=_wanted(folded),
            asking=corrected,
            many=many,
            checks=checks,
            english=english,
            items=_items(folded) if many else 0,
        )

    def _in_english(self, folded: str) -> tuple[str, tuple[Term, ...]]:
        """Return what to search for and the terms of an English question, Chinese names first."""
        counted = _COUNTED.search(folded)
        after = self._lexicon.translate(folded[counted.end() :]) if counted else []
        forms = self._lexicon.translate(folded)
        focus = after[0] if after else None
        names = [w for w in cut(folded) if "\u3400" <= w[0] <= "\u9fff"]
        terms = tuple(Term((w,)) for w in names) + tuple(Term(f, focus=f == focus) for f in forms)
        alike = [form for of in forms for form in of[:3]]
        return " ".join([*alike, *names, folded]), terms

    def _in_chinese(self, folded: str) -> tuple[str, tuple[Term, ...]]:
        """Return what to search for and the terms of a Chinese question, speakers' names first."""
        digits = as_digits(folded)
        rest = as_digits(EDITIONS.sub(" ", folded))
        rest = _TOLD.sub(" ", rest) if TELLING.search(folded) else rest
        names = [name for name in self._names if name in digits]
        for name in names:
            rest = rest.replace(name, " ")
        words = dict.fromkeys(w for w in cut(rest) if w not in _STOP)
        focus = _focus(rest, words)
        terms = tuple(Term((name,)) for name in names) + tuple(
            Term((w, *self._synonyms.of(w)), focus=w == focus) for w in words
        )
        alike = [form for term in terms for form in term.forms[1:]]
        return " ".join(dict.fromkeys([folded, digits, *alike])), terms


def _items(folded: str) -> int:
    """Return how many things a question says that it asks for, 0 where it does not."""
    said = _ITEMS.search(folded)
    return int(cn2an.cn2an(said[1] or said[2], "smart")) if said else 0


def covered(question: Question, folded: str, longest: float = inf) -> float:
    """Return the share of what is asked for, by length, that stands in a folded text.

    A term counts no more than `longest` characters.
    """
    weights = [(t.weight * min(longest, max(map(len, t.forms))), t.forms) for t in question.terms]
    held = sum(weight for weight, forms in weights if any(f in folded for f in forms))
    return held / (sum(weight for weight, _ in weights) or 1.0)


def split_parts(text: str) -> tuple[str, ...]:
    """Return the questions that one sentence puts side by side; the whole where it puts one.

    A clause that asks nothing belongs to the question after it; more than MOST_PARTS are one.
    """
    parts, waiting = [], ""
    for clause in _PARTS.findall(text):
        waiting += clause
        if _puts(fold(waiting.strip(_STOPS))):
            parts.append(waiting.strip(_STOPS))
            waiting = ""
    several = 1 < len(parts) <= MOST_PARTS and not waiting.strip(_STOPS)
    return tuple(parts) if several else (text,)


def _puts(folded: str) -> bool:
    """Tell whether a clause is a question by itself."""
    if re.search(r"(?:^|[，,；;?。])[是对]?(?:不对|吗|吧)$|无论|不管|不论", folded):
        return False
    return any(p.search(folded) for p in (_ASKS, _WHY, _PUT)) or bool(_CHECKS.search(folded))


def _leans(question: Question) -> bool:
    """Tell whether a question is understood only together with the one before it."""
    folded = question.folded
    elliptic = _ELLIPTIC.search(folded) and not (_ASKS.search(folded) or _WHY.search(folded))
    return bool(elliptic or _LEANS.search(folded)) or not question.terms


def _check(text: str) -> Refused | None:
    if len(text) > LONGEST:
        return Refused(f"问题太长（{len(text)} 字），请缩短到 {LONGEST} 字以内。")
    if not any(c.isalnum() for c in _visible(text)):
        return Refused("没有读到问题，请用文字输入想了解的内容。")
    return None


def _visible(text: str) -> str:
    kept = (c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs") or c in "\n\t")
    return " ".join("".join(kept).split())


def _wanted(folded: str) -> Wanted:
    if TELLING.search(folded):
        return "text"
    digits = as_digits(folded) if _CHECKS.search(folded) else ""
    if re.search(r"\d", digits):
        return "date" if _DAY.search(digits) else "number"
    asked = _MANNER.sub(" ", folded)
    return next((kind for kind, pattern in _WANTED if re.search(pattern, asked)), "text")


def _is_number(term: Term) -> bool:
    return term.forms[0][0].isdigit()


def _focus(folded: str, words: Iterable[str]) -> str | None:
    """Return the word that the question word stands next to, the one after it before the other."""
    asks = _ASKS.search(folded)
    if not asks:
        return None
    after, before = folded[asks.end() : asks.end() + 8], folded[: asks.start()]
    long = [w for w in words if len(w) > 1]
    follows = min((w for w in long if -1 < after.find(w) < 2), key=after.find, default=None)
    return follows or max((w for w in long if w in before), key=before.rfind, default=None)


def _join(own: Question, earlier: Question) -> Question:
    """Give `own` the terms of `earlier`, weighing less, and its kind where it names none."""
    alike = own.wanted == "text" and not _ASPECT.search(own.folded)
    known = {form for term in own.terms for form in term.forms}
    lent = tuple(
        replace(term, weight=term.weight * _EARLIER)
        for term in earlier.terms
        if not known & set(term.forms)
    )
    return replace(
        own,
        search=f"{own.search} {earlier.search}",
        whole=f"{earlier.whole} {own.whole}",
        terms=own.terms + lent,
        wanted=earlier.wanted if alike else own.wanted,
        asking=earlier.asking if alike else own.asking,
        leans=True,
        earlier=(earlier.folded, *earlier.earlier),
    )
