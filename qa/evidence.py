"""What speaks for a run of a turn as the answer: a row of numbers for each candidate."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.records import Span
from index.store import Index
from index.words import pair
from qa.kinds import fits, measures, unit
from qa.question import Question, Wanted
from qa.reader import Asked, Points, reader
from qa.retrieve import Found
from qa.sites import Site, Sites, Words, number_words

_KINDS: tuple[Wanted, ...] = ("number", "date", "person", "place", "reason", "definition")
_COUNTS = _HALF = 0.5
_POST = re.compile(
    r"(?:[省市县区]委|党委|党组|副)?(?:书记|市长|省长|县长|区长|镇长|秘书长|局长|院长|董事长|总经理|部长|处长|会长"
    r"|主任|主席|校长|馆长|总裁|司长)"
)
_KERNELS = (0.9, 0.75, 0.6, 0.45, 0.3)
_WIDTH = 0.08
_ANSWERING = (
    "fits", "unit", "measure", "run", "length", "numbers", "numbers_beside", "first", "post",
)  # fmt: skip

FEATURES = (
    "own", "beside", "around", "pairs", "pairs_beside", "soft", "soft_beside", "near",
    "near_passage", "retrieved", "rank", "fits", "unit", "measure", "run", "length", "rarest",
    "unseen", "numbers", "numbers_beside", "first", "focus", "focus_beside", "focus_held",
    "focus_unseen", "weakest", "post", "near_apart", "soft_apart",
    "late", "late_passage", "late_apart",
    *(f"kernel_{centre}" for centre in _KERNELS), *_KINDS,
    "answers", "begins", "read",
)  # fmt: skip
_UNREAD = {"answers": -8.0, "begins": -6.0, "read": -10.0}
_READ = tuple(FEATURES.index(name) for name in _UNREAD)
_SPREAD = 0.05
READ, READ_OTHERS, READ_PLAIN, DOCUMENTS = 4, 2, 2, 3
STOP = 0.5
_HOPELESS = -5.0
ANSWERS, LATE_PASSAGE, UNSEEN, PAIRS_BESIDE = map(
    FEATURES.index, ("answers", "late_passage", "unseen", "pairs_beside")
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A quotable run of one turn and what speaks for it.

    `passage` is the number of the best passage that holds it; `features` follow FEATURES;
    `sentence` is the whole sentence that `span` lies in; `score` is the learned ranker's, `bonus`
    what the question says of speakers and lists, `ruled` whether one of that decides by itself,
    `points` where the reader says the answer begins.
    """

    passage: int
    document_id: str
    turn: int
    span: Span
    sentence: Span
    features: NDArray[np.float64]
    score: float = 0.0
    bonus: float = 0.0
    ruled: bool = False
    points: Points = ()

    def overlaps(self, other: Candidate) -> bool:
        """Tell whether both share words of one transcript."""
        return self.document_id == other.document_id and self.span.overlaps(other.span)

    @property
    def standing(self) -> float:
        """What candidates are ordered by, comparable within one question."""
        return self.score + self.bonus


def weigh(
    index: Index, sites: Sites, question: Question, retrieved: Sequence[Found]
) -> list[Candidate]:
    """Return the candidates of the passages, each once, in the order of the passages."""
    found: dict[tuple[str, int, Span], tuple[int, Site, float]] = {}
    for rank, passage in enumerate(retrieved):
        for site, near in zip(sites.of(passage.hit.passage), passage.met.pieces, strict=True):
            found.setdefault((site.document_id, site.turn, site.span), (rank, site, near))
    if not found:
        return []
    ranks, chosen, met = zip(*found.values(), strict=True)
    hits = [passage.hit for passage in retrieved]
    asked = index.vector(question.search)
    passages = index.similarities(question.search, [h.passage.id for h in hits])[list(ranks)]
    columns = _Scales(index, question, chosen).columns()
    columns["near"] = (np.stack([site.vector for site in chosen]) @ asked).astype(np.float64)
    columns["near_passage"] = passages.astype(np.float64)
    columns["retrieved"] = np.array([hits[rank].score for rank in ranks])
    columns["rank"] = 1.0 / (1 + np.array(ranks))
    columns["late"] = np.array(met)
    columns["late_passage"] = np.array([retrieved[rank].met.whole for rank in ranks])
    for name in ("near", "soft", "late"):
        of = columns[name]
        columns[f"{name}_apart"] = (of - of.mean()) / (of.std() + _SPREAD)
    columns |= {name: np.full(len(chosen), value) for name, value in _UNREAD.items()}
    rows = np.column_stack([columns[name] for name in FEATURES]).astype(np.float64)
    return [
        Candidate(hits[rank].passage.id, s.document_id, s.turn, s.span, s.sentence, row)
        for rank, s, row in zip(ranks, chosen, rows, strict=True)
    ]


def read_passages(
    index: Index,
    sites: Sites,
    asked: Asked,
    ranked: Sequence[Candidate],
    apart: bool = False,
    plain: Collection[int] = (),
) -> list[Candidate]:
    """Return the candidates with what the reader makes of the first READ passages among them.

    It reads no further than the first that answers, and does not look where the answer begins in
    one that hardly does. `apart` has it read the first of each of DOCUMENTS documents, a few each.
    Passages of the numbers `plain` are read even so, and READ_PLAIN of them beyond the first.
    """
    found: dict[tuple[str, Span], tuple[tuple[float, ...], Points]] = {}
    for numbers in _reading_lists(ranked, apart, plain):
        surest = -np.inf
        for number in numbers:
            if surest > STOP and number not in plain:
                continue
            passage = index.passages[number]
            known = sites.known(passage)
            judged = reader().judge(asked, known)
            place = reader().locate(asked, known, judged) if judged.answers > _HOPELESS else None
            answers = place.answers if place else judged.answers
            for n, site in enumerate(sites.of(passage)):
                key = site.document_id, site.span
                begins, points = (place.begins[n], place.points[n]) if place else (0.0, ())
                said = _readings(answers, begins), points
                found[key] = max(found.get(key, ((), ())), said)
            surest = max(surest, answers)
    return [
        _put(c, *found[c.document_id, c.span]) if (c.document_id, c.span) in found else c
        for c in ranked
    ]


def _reading_lists(
    ranked: Sequence[Candidate], apart: bool, plain: Collection[int]
) -> list[list[int]]:
    """Return the numbers of the passages to read, those of one document together if `apart`."""
    if not apart:
        numbers = list(dict.fromkeys(c.passage for c in ranked))
        return [numbers[:READ] + [n for n in numbers[READ:] if n in plain][:READ_PLAIN]]
    of: dict[str, dict[int, None]] = {}
    for candidate in ranked:
        of.setdefault(candidate.document_id, {})[candidate.passage] = None
    first, *others = [list(numbers) for numbers in of.values()][:DOCUMENTS]
    return [first[:READ], *(numbers[:READ_OTHERS] for numbers in others)]


def _readings(answers: float, begins: float) -> tuple[float, ...]:
    """Return the log chance that it answers and begins here, its log-odds, the log chance of here.

    In this order the greatest of several is the best.
    """
    chance = 1 / (1 + np.exp(-answers))
    return float(np.log(chance * begins + 1e-5)), max(answers, -8.0), float(np.log(begins + 1e-3))


def _put(candidate: Candidate, readings: tuple[float, ...], points: Points) -> Candidate:
    row = candidate.features.copy()
    whole, answers, begins = readings
    row[list(_READ)] = answers, begins, whole
    return replace(candidate, features=row, points=points)


class _Scales:
    """One question's terms with their weights, against all sites at once."""

    def __init__(self, index: Index, question: Question, sites: Sequence[Site]) -> None:
        self._index, self._question, self._sites = index, question, sites
        self._forms = [term.forms for term in question.terms]
        self._rarities = np.array([_rarity(index, forms) for forms in self._forms])
        self._weights = np.array([t.weight for t in question.terms]) * self._rarities
        self._shares = self._weights / (self._weights.sum() or 1.0)
        self._words = number_words(sites)
        self._near = self._nearness()

    def columns(self) -> dict[str, NDArray[np.float64]]:
        """Return by name, for each site, every feature that a question and a site give."""
        own, best = self._match([site.own for site in self._sites])
        near_by, best_beside = self._match([site.beside for site in self._sites])
        around = self._told()
        unseen = self._rarities >= self._index.unseen
        missing = ~(own | near_by | around) * self._weights
        return {
            "own": own @ self._shares,
            "beside": (near_by & ~own) @ self._shares,
            "around": (around & ~own & ~near_by) @ self._shares,
            "soft": best @ self._shares,
            "soft_beside": best_beside @ self._shares,
            "rarest": missing.max(axis=1, initial=0.0) / self._index.unseen,
            "unseen": np.full(len(own), self._shares[unseen].sum()),
            "weakest": self._weakest(best_beside),
            **self._kernels(best),
            **self._focused(own | near_by | around, best, best_beside),
            **self._paired(),
            **self._answering(),
        }

    def _nearness(self) -> NDArray[np.float64]:
        """Return the cosine of each term's nearest form to each word, (terms, words)."""
        if not self._forms or not self._words:
            return np.zeros((len(self._forms), len(self._words)))
        forms = [form for forms in self._forms for form in forms]
        starts = np.cumsum([0] + [len(forms) for forms in self._forms[:-1]])
        cosines = self._index.word_vectors(forms) @ self._index.word_vectors(list(self._words)).T
        return np.maximum.reduceat(cosines, starts, axis=0).clip(0.0)

    def _match(self, texts: Sequence[Words]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Return which terms stand in each text, and how near its nearest word comes to each."""
        held = np.zeros((len(texts), len(self._forms)), dtype=bool)
        near = np.zeros(held.shape)
        for row, words in enumerate(texts):
            tokens = frozenset(words.tokens)
            held[row] = [
                any(f in tokens or (len(f) > 1 and f in words.text) for f in forms)
                for forms in self._forms
            ]
            places = [self._words[token] for token in words.tokens]
            near[row] = self._near[:, places].max(axis=1, initial=0.0)
        return held, np.where(held, 1.0, near)

    def _told(self) -> NDArray[np.bool_]:
        """Return which terms stand in each site's speaker, title and question."""
        told = {
            around: [any(form in around for form in forms) for forms in self._forms]
            for around in {site.around for site in self._sites}
        }
        shape = len(self._sites), len(self._forms)
        return np.array([told[site.around] for site in self._sites], dtype=bool).reshape(shape)

    def _weakest(self, best: NDArray[np.float64]) -> NDArray[np.float64]:
        counts = np.array([t.weight >= _COUNTS for t in self._question.terms], dtype=bool)
        weakest: NDArray[np.float64] = best[:, counts].min(axis=1, initial=1.0)
        return weakest

    def _kernels(self, best: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
        return {
            f"kernel_{centre}": np.exp(-(((best - centre) / _WIDTH) ** 2) / 2) @ self._shares
            for centre in _KERNELS
        }

    def _focused(
        self,
        held: NDArray[np.bool_],
        best: NDArray[np.float64],
        best_beside: NDArray[np.float64],
    ) -> dict[str, NDArray[np.float64]]:
        """Return how the sites stand to the word that the question word stands next to."""
        focus = next((n for n, term in enumerate(self._question.terms) if term.focus), None)
        same = np.ones(len(self._sites))
        if focus is None:
            return {
                "focus": best @ self._shares,
                "focus_beside": best_beside @ self._shares,
                "focus_held": same * _HALF,
                "focus_unseen": same * 0.0,
            }
        return {
            "focus": best[:, focus],
            "focus_beside": best_beside[:, focus],
            "focus_held": held[:, focus].astype(np.float64),
            "focus_unseen": same * float(self._rarities[focus] >= self._index.unseen),
        }

    def _paired(self) -> dict[str, NDArray[np.float64]]:
        """Return the share of the question's character pairs, by rarity, in and beside a site."""
        grams = dict.fromkeys(pair(self._question.folded))
        weights = {gram: self._index.rarity(gram, "pairs") for gram in grams}
        total = sum(weights.values()) or 1.0

        def share(words: Words) -> float:
            return sum(weights[gram] for gram in weights.keys() & words.grams) / total

        return {
            "pairs": np.array([share(site.own) for site in self._sites]),
            "pairs_beside": np.array([share(site.beside) for site in self._sites]),
        }

    def _answering(self) -> dict[str, NDArray[np.float64]]:
        """Return whether what is asked for can be read off each site."""
        question, asked = self._question, self._question.numbers
        counted = unit(question)
        posts = [match[0] for match in _POST.finditer(question.folded)]
        length, many = max(4, len(question.folded)), len(asked) or 1
        rows = [
            (
                fits(question, site.own.text),
                _counted(counted, site.own.digits),
                _measured(question.asking, site.own.digits),
                _longest_run(question.folded, site.own.text) / length,
                np.log1p(len(site.own.text)) / 5,
                len(asked & site.own.numbers) / many if asked else 1.0,
                len(asked & (site.beside.numbers | site.dated)) / many if asked else 1.0,
                1.0 if site.opens else 0.0,
                _gives_post(posts, site),
                *(1.0 if question.wanted == kind else 0.0 for kind in _KINDS),
            )
            for site in self._sites
        ]
        return dict(zip((*_ANSWERING, *_KINDS), np.array(rows).T, strict=True))


def _gives_post(posts: Sequence[str], site: Site) -> float:
    """Return 1 where the posts that the question names stand beside, -1 where one does not."""
    if not posts:
        return 0.0
    text = site.beside.text + site.around
    return 1.0 if all(post in text for post in posts) else -1.0


def _rarity(index: Index, forms: Sequence[str]) -> float:
    """Return the rarity of the rarest form that occurs, that of an unseen term if none does."""
    rarities = [index.rarity(form) for form in forms]
    return max((r for r in rarities if r < index.unseen), default=index.unseen)


def _counted(pattern: str, text: str) -> float:
    return 0.0 if not pattern else 1.0 if re.search(pattern, text) else -1.0


def _measured(question: str, text: str) -> float:
    """Return 1 where a text gives an amount of the kind asked for, -1 where it gives none."""
    wanted = measures(question)
    return 0.0 if not wanted else 1.0 if any(given.search(text) for given in wanted) else -1.0


def _longest_run(question: str, text: str) -> int:
    best = 0
    for start in range(len(question)):
        while question[start : start + best + 1] in text and start + best < len(question):
            best += 1
    return best
