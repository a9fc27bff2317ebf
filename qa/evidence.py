"""What speaks for a run of a turn as the answer: a row of numbers for each candidate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.records import Hit, Span
from index.store import Index
from index.words import pair
from qa.question import Question, Wanted
from qa.sites import Site, Sites, Words, columns

_NUMBER = r"(?:\d[\d,.]*|[零一二三四五六七八九十百千两]{2,})"
_KINDS: tuple[Wanted, ...] = ("number", "date", "person", "place", "reason", "definition")
_FITS: dict[Wanted, re.Pattern[str]] = {
    "number": re.compile(rf"{_NUMBER}\s*(?:余|多)?[万亿]?[\u3400-\u9fff%a-z]"),
    "date": re.compile(r"\d+年|\d+月|\d+日|今年|去年|明年|上午|下午|年底|\d+时|\d+世纪"),
    "person": re.compile(r"书记|局长|市长|主任|主席|记者|主持|先生|女士|教授|院长|处长|会长|·"),
    "place": re.compile(r"在[\u3400-\u9fff]{2}|位于|[市省县区镇村路]|酒店|中心|国"),
    "reason": re.compile(r"因为|由于|因此|所以|为了|原因|从而|以便|以此|导致|使得|受.{1,12}影响"),
    "definition": re.compile(r"是(?:一[种个项]|指|由|为|我国|全国)|作为|即|就是|指的是|简单说"),
}

_MEASURES = tuple(
    (re.compile(asked), re.compile(rf"{_NUMBER}\s*(?:余|多)?[万亿]?(?:{given})"))
    for asked, given in (
        (r"钱|投资|金额|价|费|收入|产值|税|资金|贷款|补贴|补助|奖|成本|利润|营收|薪|块|元"
         r"|cost|price|invest|fund|pay|revenue", r"元|块|美元|欧元"),
        (r"多少人|几个?人|人数|人口|多少[名位]|几[名位]|people|population|staff", r"余?[人名位户]"),
        (r"多久|多长时间|多少[天年]|几[天年]|时长|how long",
         r"年|个多?月|天|日|小时|分|秒|周|公里|米"),
        (r"几成|占比|比例|比重|百分|率|增速|[涨降长]了?多少|几折|percent|share|rate",
         r"%|成|折|倍|个百分"),
        (r"面积|多大|area", r"平方|亩|公顷|平米"),
        (r"多远|里程|全长|how far|length", r"公里|千米|米|里"),
        (r"岁|年纪|年龄|多大|how old", r"岁"),
        (r"几点|时刻|what time", r"时|点|:\d"),
        (r"哪一?天|几号|几日|日期|what (?:date|day)", r"[日号]"),
        (r"哪一?年|哪年|what year", r"年"),
    )
)  # fmt: skip
_RANKS = re.compile(r"第几|老几|排名|排第|排到|名次|位次|rank")
_RANK = re.compile(r"第[一二三四五六七八九十\d]|首位|首个|前列|前[三五十\d]|居[^，。]{0,6}首|最")
_COUNTS = _HALF = 0.5
_NO_UNITS = "是有个的大长高呢啊"
_POST = re.compile(
    r"(?:[省市县区]委|党委|党组|副)?(?:书记|市长|省长|县长|区长|镇长|秘书长|局长|院长|董事长|总经理|部长|处长|会长"
    r"|主任|主席|校长|馆长|总裁|司长)"
)
_KERNELS = (0.9, 0.75, 0.6, 0.45, 0.3)
_CENTRES, _WIDTH = np.array(_KERNELS)[:, None], 0.08

FEATURES = (
    "own", "beside", "around", "pairs", "pairs_beside", "soft", "soft_beside", "near",
    "near_passage", "retrieved", "rank", "fits", "unit", "measure", "run", "length", "rarest",
    "unseen", "numbers", "numbers_beside", "first", "focus", "focus_beside", "focus_held",
    "focus_unseen", "weakest", "post", "near_apart", "soft_apart",
    *(f"kernel_{centre}" for centre in _KERNELS), *_KINDS,
)  # fmt: skip
_APART = tuple((FEATURES.index(f"{name}_apart"), FEATURES.index(name)) for name in ("near", "soft"))
_SPREAD = 0.05
OWN, NEAR_PASSAGE = FEATURES.index("own"), FEATURES.index("near_passage")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A quotable run of one turn and what speaks for it.

    `features` follow FEATURES; `sentence` is the whole sentence that `span` lies in; `score` is the
    learned ranker's, `bonus` what the question says of speakers and lists.
    """

    document_id: str
    turn: int
    span: Span
    sentence: Span
    features: NDArray[np.float64]
    score: float = 0.0
    bonus: float = 0.0

    @property
    def standing(self) -> float:
        """What candidates are ordered by, comparable within one question."""
        return self.score + self.bonus


def weigh(index: Index, sites: Sites, question: Question, hits: Sequence[Hit]) -> list[Candidate]:
    """Return the candidates of the hits' passages, each once, in the order of the hits."""
    found: dict[tuple[str, int, Span], tuple[int, Site]] = {}
    for rank, hit in enumerate(hits):
        for site in sites.of(hit.passage):
            found.setdefault((site.document_id, site.turn, site.span), (rank, site))
    if not found:
        return []
    asked = index.encoder.encode_questions([question.search])[0]
    passages = index.similarities(question.search, [h.passage.id for h in hits])
    scales = _Scales(index, question, [site for _, site in found.values()])
    rows = np.stack(
        [
            scales.row(site, hits[rank], rank, float(site.vector @ asked), float(passages[rank]))
            for rank, site in found.values()
        ]
    )
    for apart, of in _APART:
        rows[:, apart] = (rows[:, of] - rows[:, of].mean()) / (rows[:, of].std() + _SPREAD)
    return [
        Candidate(site.document_id, site.turn, site.span, site.sentence, row)
        for (_, site), row in zip(found.values(), rows, strict=True)
    ]


class _Scales:
    """One question's terms with their weights, against site after site."""

    def __init__(self, index: Index, question: Question, sites: Sequence[Site]) -> None:
        self._index, self._question = index, question
        self._forms = [term.forms for term in question.terms]
        rarities = np.array([_rarity(index, forms) for forms in self._forms])
        self._weights = np.array([t.weight for t in question.terms]) * rarities
        self._shares = self._weights / (self._weights.sum() or 1.0)
        self._unseen = float(self._shares[rarities >= index.unseen].sum()) if len(rarities) else 0.0
        self._focus = next((n for n, t in enumerate(question.terms) if t.focus), None)
        self._focus_unseen = self._focus is not None and rarities[self._focus] >= index.unseen
        self._posts = [p[0] for p in _POST.finditer(question.folded)]
        self._counts = np.array([t.weight >= _COUNTS for t in question.terms], dtype=bool)
        grams = dict.fromkeys(pair(question.folded))
        self._pairs = {gram: index.rarity(gram, "pairs") for gram in grams}
        self._pairs_total = sum(self._pairs.values()) or 1.0
        self._unit = unit(question)
        self._columns = columns(sites)
        self._near = self._nearness()

    def _nearness(self) -> NDArray[np.float64]:
        """Return the cosine of each term's nearest form to each word, (terms, words)."""
        if not self._forms or not self._columns:
            return np.zeros((len(self._forms), len(self._columns)))
        forms = [form for forms in self._forms for form in forms]
        starts = np.cumsum([0] + [len(forms) for forms in self._forms[:-1]])
        cosines = self._index.word_vectors(forms) @ self._index.word_vectors(list(self._columns)).T
        return np.maximum.reduceat(cosines, starts, axis=0).clip(0.0)

    def row(
        self, site: Site, hit: Hit, rank: int, near: float, near_passage: float
    ) -> NDArray[np.float64]:
        question = self._question
        held, best = self._match(site.own)
        lent, best_beside = self._match(site.beside)
        told = np.array(
            [any(form in site.around for form in forms) for forms in self._forms], dtype=bool
        )
        nowhere = self._weights[~(held | lent | told)]
        asked = question.numbers
        fits = _FITS.get(question.wanted)
        values = (
            self._shares @ held,
            self._shares @ (lent & ~held),
            self._shares @ (told & ~held & ~lent),
            self._paired(site.own),
            self._paired(site.beside),
            self._shares @ best,
            self._shares @ best_beside,
            near,
            near_passage,
            hit.score,
            1.0 / (1 + rank),
            0.0 if fits is None else 1.0 if fits.search(site.own.text) else -1.0,
            _fits(self._unit, site.own.digits),
            _measured(question.folded, site.own.digits),
            _longest_run(question.folded, site.own.text) / max(4, len(question.folded)),
            np.log1p(len(site.own.text)) / 5,
            float(nowhere.max(initial=0.0)) / self._index.unseen,
            self._unseen,
            len(asked & site.own.numbers) / len(asked) if asked else 1.0,
            len(asked & site.beside.numbers) / len(asked) if asked else 1.0,
            1.0 if site.opens else 0.0,
            best[self._focus] if self._focus is not None else self._shares @ best,
            best_beside[self._focus] if self._focus is not None else self._shares @ best_beside,
            _HALF if self._focus is None else float((held | lent | told)[self._focus]),
            float(self._focus_unseen),
            best_beside[self._counts].min(initial=1.0),
            self._gives_post(site),
            0.0,
            0.0,
            *(np.exp(-(((best - _CENTRES) / _WIDTH) ** 2) / 2) @ self._shares),
            *(1.0 if question.wanted == kind else 0.0 for kind in _KINDS),
        )
        return np.array(values, dtype=np.float64)

    def _match(self, words: Words) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Return which terms stand in a text, and how near its nearest word comes to each."""
        tokens = frozenset(words.tokens)
        held = np.array(
            [
                any(f in tokens or (len(f) > 1 and f in words.text) for f in forms)
                for forms in self._forms
            ],
            dtype=bool,
        )
        places = [self._columns[token] for token in words.tokens]
        best = self._near[:, places].max(axis=1, initial=0.0)
        return held, np.where(held, 1.0, best)

    def _gives_post(self, site: Site) -> float:
        """Return 1 where the posts that the question names stand beside, -1 where one does not."""
        if not self._posts:
            return 0.0
        text = site.beside.text + site.around
        return 1.0 if all(post in text for post in self._posts) else -1.0

    def _paired(self, words: Words) -> float:
        return sum(self._pairs[g] for g in self._pairs.keys() & words.grams) / self._pairs_total


def _rarity(index: Index, forms: Sequence[str]) -> float:
    """Return the rarity of the rarest form that occurs, that of an unseen term if none does."""
    rarities = [index.rarity(form) for form in forms]
    return max((r for r in rarities if r < index.unseen), default=index.unseen)


def _fits(pattern: str, text: str) -> float:
    return 0.0 if not pattern else 1.0 if re.search(pattern, text) else -1.0


def _measured(question: str, text: str) -> float:
    """Return 1 where a text gives an amount of the kind asked for, -1 where it gives none."""
    wanted = [given for asked, given in _MEASURES if asked.search(question)]
    if _RANKS.search(question):
        wanted.append(_RANK)
    return 0.0 if not wanted else 1.0 if any(given.search(text) for given in wanted) else -1.0


def unit(question: Question) -> str:
    """Return a pattern of a number with what the question counts; "" where it counts nothing.

    A statement that is put to be confirmed counts what its own number counts: 300家.
    """
    nouns = "|".join(re.escape(f) for t in question.terms if t.focus for f in t.forms[:4])
    beside = rf"(?:{nouns})[\u3400-\u9fff]{{0,3}}{_NUMBER}|{_NUMBER}[^，。；]{{0,3}}(?:{nouns})"
    if question.checks:
        asked = re.search(r"\d[\d,.]*(?:多|余)?[万亿]?([\u3400-\u9fff])", question.folded)
    else:
        asked = re.search(r"(?:多少|第?几)\s*([\u3400-\u9fff])", question.folded)
    if not asked or asked[1] in _NO_UNITS:
        return beside if nouns and question.wanted == "number" and question.english else ""
    counted = rf"{_NUMBER}(?:余|多|几)?[万亿]?[名个位家项座件条种部]?{re.escape(asked[1])}"
    return f"{counted}|{beside}" if nouns and not question.checks else counted


def _longest_run(question: str, text: str) -> int:
    best = 0
    for start in range(len(question)):
        while question[start : start + best + 1] in text and start + best < len(question):
            best += 1
    return best
