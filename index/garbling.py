"""Undoes pinyin that a filter wrote into a page's GBK bytes.

The filter put `(pinyin)` behind byte pairs of its table wherever they stood, also across the
border of two characters. There the decoder took the pair's second byte and the `(` for one bad
character, and read everything up to the next single byte one byte too late; pairs without a
character vanished. Taking the annotation out and putting the lost byte back realigns the run.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from pypinyin import Style, pinyin

from index.draft import Edit
from index.likelihood import Likelihood, simplified
from index.records import EmendationKind, Span

UNREADABLE = "〔?〕"
LOST = re.compile(r"(?<=[\u3400-\u9fff])[?]+(?=[\u3400-\u9fff])|[\ufffd□■\ue000-\uf8ff]")
"""What stands in a text for a character that was lost before it came here."""
CLEAR_WIN = 3.0
"""A restoration is taken when it is e³ ≈ 20 times likelier than every other."""

_NUMERALS = "一二三四五六七八九十"
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜń"
_ANNOTATION = re.compile(
    rf"(?P<mark>[?？\ufffd]?)(?P<open>[(（]?)(?P<reading>[a-zɑɡü{_TONED}]{{1,7}})[)）]"
)
_BARE_MARK = re.compile(r"[?？\ufffd]{4,}|(?P<mark>[?？\ufffd])(?=[!(),:;?]?[^\x00-\x20\d])")
"""A lost byte leaves one mark, where two runs meet two; a row of four was typed by somebody."""

_SUSPECT = re.compile(r"[?？\ufffd][^\n@-~]*")
_NUMBERING = re.compile(rf"\s*（([{_NUMERALS}])）")
_TRAILS = tuple(range(0x40, 0xFF))
_BRACKETS = (("（", "）"), ("“", "”"), ("《", "》"))
_UNCLOSED = 8.0
_GIBBERISH = -8.0
_BEAM = 40
_FIRSTS = 8
_SECONDS = 30
_WAYS = 150
_VANISHED = 2.0
_COMMON = 1e-6
_LIKELY = 5.0
_GOES_ON = 6.0


@cache
def _readings(char: str) -> frozenset[str]:
    found = pinyin(char, style=Style.TONE, heteronym=True, errors="ignore")
    return frozenset(found[0]) if found else frozenset()


@cache
def _pairs() -> dict[tuple[int, int], str]:
    """Every two-byte GBK code that has a character."""
    table = {}
    for lead in range(0x81, 0xFF):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
            try:
                table[lead, trail] = bytes((lead, trail)).decode("gbk")
            except UnicodeDecodeError:
                continue
    return table


@cache
def _dropped() -> dict[int, tuple[int, ...]]:
    """First byte -> second bytes of the codes that no decoder maps, so that they vanish."""
    known = _pairs()
    trails = (*range(0x40, 0x7F), *range(0x80, 0xFF))
    return {
        lead: tuple(trail for trail in trails if trail > 0x80 and (lead, trail) not in known)
        for lead in range(0xA1, 0xFF)
        if any((lead, trail) not in known for trail in trails)
    }


@cache
def _by_reading(lead: int) -> dict[str, tuple[tuple[int, str], ...]]:
    """Reading -> (second byte, traditional-only character) under one first byte."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for (first, second), char in _pairs().items():
        if first == lead and simplified(char) != char:
            for reading in _readings(char):
                found[reading].append((second, char))
    return {reading: tuple(chars) for reading, chars in found.items()}


def _bytes_of(char: str) -> tuple[int, int] | None:
    """Return a character's two GBK bytes, user-defined codes included; None if it has none.

    The pages fold full-width punctuation to ASCII after decoding; here it is wide again.
    """
    if char in "!(),:;?":
        return 0xA3, ord(char) | 0x80
    try:
        code = char.encode("gb18030")
    except UnicodeEncodeError:
        return None
    return (code[0], code[1]) if len(code) == 2 else None


@dataclass(frozen=True, slots=True)
class _Annotation:
    """`(pinyin)` in the text; `span` covers mark and brackets, `before` is the character ahead."""

    span: Span
    before: str
    marked: bool
    reading: str


def _annotations(text: str) -> Iterator[_Annotation]:
    for match in _ANNOTATION.finditer(text):
        if match.start() == 0 or not (match["mark"] or match["open"]):
            continue
        reading = match["reading"].replace("ɑ", "a").replace("ɡ", "g")
        before = text[match.start() - 1]
        yield _Annotation(Span(*match.span()), before, bool(match["mark"]), reading)


@dataclass(frozen=True, slots=True)
class _Table:
    """The filter's table as far as the document shows it: character -> reading."""

    readings: dict[str, str]

    @classmethod
    def of(cls, text: str, annotations: Iterable[_Annotation]) -> _Table:
        """Learn which characters the filter annotates.

        It knows only characters that simplified script writes otherwise, and strikes every one
        of them; a genuine gloss stands once, often beside the same character without one.
        """
        seen = Counter(
            (a.before, a.reading)
            for a in annotations
            if not a.marked
            and a.reading in _readings(a.before)
            and simplified(a.before) != a.before
        )
        return cls(
            {
                char: reading
                for (char, reading), count in seen.items()
                if count >= 0.8 * text.count(char)
            }
        )

    def knows(self, annotation: _Annotation) -> bool:
        return self.readings.get(annotation.before) == annotation.reading


# --- a line as the bytes it was ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Code:
    """One item of a line's byte tape.

    `options` are the possible bytes: two for a decoded pair, one for a single or lost byte.
    `reading` binds the character that ends with this item. A stranded byte took the single byte
    behind it along, so something unknown is missing there.
    """

    kind: Literal["pair", "single", "lost", "stranded"]
    span: Span
    options: tuple[int, ...]
    reading: str | None = None


@dataclass(frozen=True, slots=True)
class _Hypothesis:
    text: str
    score: float
    pending: int
    guessed: bool


@dataclass(frozen=True, slots=True)
class Damage:
    """A misaligned run that no reading explains clearly: left marked, to be reported."""

    span: Span
    readings: tuple[str, ...]


def undo(text: str) -> tuple[list[Edit], list[Damage]]:
    """Return the edits that take the filter's traces out of `text`, in order, and what is left.

    Clean text gives no edits: brackets, Latin, numbers and genuine glosses are not touched. Nor is
    a text touched that lost characters otherwise (`?`, U+FFFD) and has no pinyin of the filter.
    """
    annotations = list(_annotations(text))
    table = _Table.of(text, annotations)
    if not table.readings and not any(_is_stray(a) for a in annotations):
        return [], []
    marks = [m.start() for m in _BARE_MARK.finditer(text) if m["mark"]]
    return _Realigner(text, annotations, table).run(marks)


def _is_stray(annotation: _Annotation) -> bool:
    """Tell whether an annotation belongs to a pair across the border of two characters."""
    code = _bytes_of(annotation.before)
    if code is None or annotation.reading in _readings(annotation.before):
        return False
    return annotation.reading in _by_reading(code[1])


class _Realigner:
    """One pass over a text; holds what does not change during it."""

    def __init__(self, text: str, annotations: list[_Annotation], table: _Table) -> None:
        self.text = text
        self.table = table
        self.annotations = {a.span.start: a for a in annotations}
        self.likelihood = Likelihood(_SUSPECT.sub("\n", _without(text, annotations)))
        self.known_common: dict[str, bool] = {}
        self.known_vanished: dict[int, list[tuple[int, str]]] = {}
        self.known_endings: dict[int, list[tuple[int, str]]] = {}
        self.known_ways: dict[tuple[str, int, _Code, bool], list[_Hypothesis]] = {}
        self.next_numeral = _next_numerals(text)

    def run(self, marks: list[int]) -> tuple[list[Edit], list[Damage]]:
        edits: list[Edit] = []
        damages: list[Damage] = []
        starts = sorted({*marks, *self.annotations})
        done = 0
        for start in starts:
            if start < done:
                continue
            annotation = self.annotations.get(start)
            if annotation and not annotation.marked and self.table.knows(annotation):
                reason = f"{annotation.before} 后由过滤程序加入的拼音 {annotation.reading}"
                edits.append(Edit(annotation.span, "", "annotation", reason))
                done = annotation.span.end
                continue
            run = self._run_at(start, annotation)
            if run is None:
                continue
            edit, damage = run
            if edits and edit.span.start < edits[-1].span.end:
                continue
            edits.append(edit)
            if damage:
                damages.append(damage)
            done = edit.span.end
        return edits, damages

    def _run_at(
        self, start: int, annotation: _Annotation | None
    ) -> tuple[Edit, Damage | None] | None:
        """Realign the run that begins at `start`; None when there is no run."""
        if annotation:
            if not _is_stray(annotation):
                return None
            tape = self._tape(annotation.span.end)
            options = self._lost_bytes(annotation)
        else:
            tape = self._tape(start + 1)
            if tape and self._reads_well(Span(start + 1, tape[1])):
                return None
            options = tuple(range(0x81, 0xFF))
        if tape is None:
            return self._unread(start, annotation) if annotation else None
        codes, end = tape
        span = Span(start, end)
        left = self.text[max(0, start - 6) : start]
        left = left[left.rfind("\n") + 1 :]
        right = self._plain(end, 6)
        outcomes = self._decode(codes, options, left, right, known=annotation is not None)
        if not outcomes:
            return self._unread(start, annotation) if annotation else None
        if not annotation:
            untouched = self._score(left, span.of(self.text), right)
            if outcomes[0].score < untouched + CLEAR_WIN * 4:
                return None
        if codes[-1].kind == "stranded" and self.text[end - 1] == "?":
            outcomes = [replace(o, text=o.text + UNREADABLE) for o in outcomes]
        return self._judge(span, outcomes, annotation)

    def _unread(self, start: int, annotation: _Annotation) -> tuple[Edit, Damage]:
        """Mark a run that no bytes explain, up to the next single byte."""
        end = annotation.span.end
        while end < len(self.text) and not self.text[end].isascii():
            end += 1
        span = Span(start, end)
        reason = f"拼音 {annotation.reading} 跨字插入，其后的字无法还原"
        return Edit(span, UNREADABLE, "restoration", reason), Damage(span, ())

    def _reads_well(self, span: Span) -> bool:
        """Tell whether what follows a question mark is text, so that the mark is just that."""
        return self.likelihood.of("\n" + span.of(self.text)) > _GIBBERISH * len(span)

    def _judge(
        self, span: Span, outcomes: list[_Hypothesis], annotation: _Annotation | None
    ) -> tuple[Edit, Damage | None]:
        best = outcomes[0]
        rivals = [o for o in outcomes[1:] if o.score > best.score - CLEAR_WIN]
        why = f"拼音 {annotation.reading} 跨字插入" if annotation else "字节错位"
        if not rivals:
            kind: EmendationKind = "restoration" if best.guessed else "realignment"
            note = "，重新对齐字节" + ("，缺字依上下文补出" if best.guessed else "")
            edit = Edit(span, best.text.replace("\u3000", ""), kind, why + note)
            return edit, Damage(span, (best.text,)) if UNREADABLE in best.text else None
        texts = [best.text, *(o.text for o in rivals)]
        head = _common_prefix(texts)
        tail = _common_prefix([t[len(head) :][::-1] for t in texts])[::-1]
        after = head + UNREADABLE + tail
        damage = Damage(span, tuple(texts[:5]))
        return Edit(span, after, "restoration", why + "，有字不能确定"), damage

    def _lost_bytes(self, annotation: _Annotation) -> tuple[int, ...]:
        code = _bytes_of(annotation.before)
        assert code is not None
        found = _by_reading(code[1])[annotation.reading]
        certain = tuple(b for b, c in found if self.table.readings.get(c) == annotation.reading)
        return certain or tuple(byte for byte, _ in found)

    def _tape(self, at: int) -> tuple[list[_Code], int] | None:
        """Return the codes from `at` to where single and double bytes agree again, and its end."""
        codes: list[_Code] = []
        while at < len(self.text):
            annotation = self.annotations.get(at)
            if annotation:
                last = codes[-1] if codes else None
                if annotation.marked and last and last.kind == "pair":
                    codes.append(_Code("lost", annotation.span, _TRAILS, annotation.reading))
                    return codes, annotation.span.end
                if not self.table.knows(annotation):
                    return None
                at = annotation.span.end
                continue
            char = self.text[at]
            if char in "?\ufffd" and codes and self._is_aligned(at + 1):
                codes.append(_Code("stranded", Span(at, at + 1), _TRAILS))
                return codes, at + 1
            code = _bytes_of(char)
            if code is None:
                if not 0x40 <= ord(char) <= 0x7E:
                    return None
                bound = self.annotations.get(at + 1)
                if bound and not bound.marked:
                    span = Span(at, bound.span.end)
                    codes.append(_Code("single", span, (ord(char),), bound.reading))
                    return codes, bound.span.end
                codes.append(_Code("single", Span(at, at + 1), (ord(char),)))
                return codes, at + 1
            codes.append(_Code("pair", Span(at, at + 1), code))
            at += 1
        return None

    def _is_aligned(self, at: int) -> bool:
        """Tell whether the text at `at` reads well again."""
        ahead = self._plain(at, 8)
        return len(ahead) > 2 and self.likelihood.of(ahead) > _GIBBERISH * (len(ahead) - 1)

    def _plain(self, at: int, count: int) -> str:
        """Return up to `count` characters of the line after `at`, annotations left out."""
        out = ""
        while at < len(self.text) and len(out) < count and self.text[at] != "\n":
            annotation = self.annotations.get(at)
            if annotation:
                if not self.table.knows(annotation):
                    break
                at = annotation.span.end
                continue
            out += self.text[at]
            at += 1
        return out

    def _decode(
        self, codes: list[_Code], options: tuple[int, ...], left: str, right: str, *, known: bool
    ) -> list[_Hypothesis]:
        """Return complete readings of the tape, best first; scores include their surroundings."""
        sure = known and len(options) == 1
        beam = [_Hypothesis(left[-1:] or "\n", 0.0, byte, not sure) for byte in options]
        for place, code in enumerate(codes):
            whole = place == 0 and not known
            steps = (longer for h in beam for longer in self._step(h, code, whole=whole))
            beam = _best(steps, _BEAM)
        ranked = [
            replace(h, text=h.text[1:], score=self._score(left, h.text[1:], right)) for h in beam
        ]
        return sorted(ranked, key=lambda h: -h.score)

    def _score(self, left: str, text: str, right: str) -> float:
        """Return how well `text` fits: the mean of both likelihoods, and its structure."""
        around = left + text + right
        score = (self.likelihood.of("\n" + around) + self.likelihood.of_words(around)) / 2
        for opening, closing in _BRACKETS:
            if opening in text or closing in text:
                score -= _UNCLOSED * abs(around.count(opening) - around.count(closing))
        number = _NUMBERING.match(text)
        if number and not left and number[1] in self.next_numeral:
            score += _GOES_ON
        return score

    def _step(self, h: _Hypothesis, code: _Code, *, whole: bool) -> Iterator[_Hypothesis]:
        """Extend by one code; `whole` says that no pair can have vanished in front of it."""
        for way in self._ways(h.text[-1], h.pending, code, whole):
            text = h.text + way.text
            score = (
                h.score
                + way.score
                - _UNCLOSED
                * sum(
                    text.count(opening) < text.count(closing)
                    for opening, closing in _BRACKETS
                    if closing in way.text
                )
            )
            yield _Hypothesis(text, score, way.pending, h.guessed or way.guessed)

    def _ways(self, before: str, pending: int, code: _Code, whole: bool) -> list[_Hypothesis]:
        """Return the likely texts between a pending byte and the end of a code, best first.

        Vanished pairs, one or two, are only looked for where the bytes as they stand make no
        likely text.
        """
        key = (before, pending, code, whole)
        if key not in self.known_ways:
            start = _Hypothesis(before, 0.0, pending, False)
            found = list(self._close(start, code, (pending,)))
            if not whole and all(h.score < -_LIKELY for h in found):
                once = _best(self._vanish(start), _FIRSTS)
                for middle in once:
                    leads = _dropped()[middle.pending]
                    found += self._close(middle, code, leads)
                    further = (
                        g for lead in leads for g in self._vanish(replace(middle, pending=lead))
                    )
                    for second in _best(further, _SECONDS):
                        found += self._close(second, code, _dropped()[second.pending])
            self.known_ways[key] = [replace(h, text=h.text[1:]) for h in _best(found, _WAYS)]
        return self.known_ways[key]

    def _vanish(self, h: _Hypothesis) -> Iterator[_Hypothesis]:
        """Complete the pending byte by the first byte of a vanished pair; that byte is pending."""
        if h.pending not in self.known_vanished:
            self.known_vanished[h.pending] = [
                (trail, char)
                for trail in _dropped()
                if (char := _pairs().get((h.pending, trail))) and self._is_common(char)
            ]
        for trail, char in self.known_vanished[h.pending]:
            yield self._extended(h, char, trail, guessed=True)

    def _close(self, h: _Hypothesis, code: _Code, leads: tuple[int, ...]) -> list[_Hypothesis]:
        """Complete one of the possible pending bytes by the code's first byte."""
        return [
            self._extended(h, char, code.options[-1])
            for byte in (code.options[:1] if code.kind == "pair" else code.options)
            for lead, char in self._endings(byte)
            if lead in leads
            and (code.reading is None or self._is_annotated(char, code.reading))
            and ((len(leads) == 1 and code.kind != "stranded") or self._is_common(char))
        ]

    def _endings(self, byte: int) -> list[tuple[int, str]]:
        """Return (first byte, character) of the characters that end with `byte`."""
        if byte not in self.known_endings:
            self.known_endings[byte] = [
                (lead, char) for lead in range(0x81, 0xFF) if (char := _pairs().get((lead, byte)))
            ]
        return self.known_endings[byte]

    def _is_common(self, char: str) -> bool:
        if char not in self.known_common:
            self.known_common[char] = self.likelihood.of_char(char) > _COMMON
        return self.known_common[char]

    def _extended(
        self, h: _Hypothesis, char: str, pending: int, guessed: bool = False
    ) -> _Hypothesis:
        score = h.score + self.likelihood.of_pair(h.text[-1], char) - _VANISHED * guessed
        if h.text[-1] == "（" and char in self.next_numeral:
            score += _GOES_ON
        return _Hypothesis(h.text + char, score, pending, h.guessed or guessed)

    def _is_annotated(self, char: str, reading: str) -> bool:
        if char in self.table.readings:
            return self.table.readings[char] == reading
        return reading in _readings(char) and simplified(char) != char


def _best(hypotheses: Iterable[_Hypothesis], keep: int) -> list[_Hypothesis]:
    """Return the `keep` likeliest, one for each text and pending byte."""
    best: dict[tuple[str, int], _Hypothesis] = {}
    for h in hypotheses:
        rival = best.get((h.text, h.pending))
        if rival is None or rival.score < h.score:
            best[h.text, h.pending] = h
    return sorted(best.values(), key=lambda h: -h.score)[:keep]


def _next_numerals(text: str) -> frozenset[str]:
    """Return the numerals that would continue the numbering `（一）` at line starts."""
    found = set(re.findall(rf"(?m)^\s*[(（]([{_NUMERALS}])[)）]", text))
    return frozenset(
        after
        for before, after in zip(_NUMERALS, _NUMERALS[1:], strict=False)
        if before in found and after not in found
    )


def _without(text: str, annotations: Iterable[_Annotation]) -> str:
    parts, at = [], 0
    for annotation in annotations:
        parts.append(text[at : annotation.span.start])
        at = annotation.span.end
    return "".join(parts) + text[at:]


def _common_prefix(texts: list[str]) -> str:
    shortest = min(texts, key=len)
    for i, char in enumerate(shortest):
        if any(text[i] != char for text in texts):
            return shortest[:i]
    return shortest
