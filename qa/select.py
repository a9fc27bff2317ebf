"""Ranked candidates to what is quoted: one place, a whole list, two sides, several documents."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from index.passages import split_sentences
from index.people import HAN, POST
from index.records import Span, Transcript
from index.words import fold, pair
from qa.editions import asks_several, find_editions
from qa.evidence import ANSWERS, DOCUMENTS, Candidate
from qa.kinds import lacks_kind
from qa.lists import Listing, find_listings, find_row
from qa.numerals import numbers
from qa.people import Named, is_held, is_meant, is_theirs
from qa.question import EDITIONS, Question, covered
from qa.sites import LONGEST, split_clauses

_RULE = 20.0
"""What decides by itself; all else that leans one way weighs less, alone or together."""
_THEIRS, _OTHERS, _ANNOUNCED = 4.0, -4.0, -4.0
_ENUMERATES, _RHETORICAL = 5.0, -6.0
_ENOUGH_ITEMS = 4
_TITLED = 8.0
_CLOSE = 2.0
_AS_GOOD = 1.0
_SAME_FACT, _ANY_EDITION, _ALIKE = 0.5, -3.0, 10.0
_DEEP = 12
_BEGUN, _LED, _ASKED = 0.1, 0.35, 0.7
_STANDS, _COUNTED = 0.1, 0.4
_ROW = 320
_HEADING = 20
_LONG = 4
_BEARS = rf"(?:{POST}|记者|主持人)(?:、[{HAN}]+)?"
_PRESENT = re.compile(r"发布人|发言人|嘉宾|出席|与会|参会人|speakers?|officials?")
_ANNOUNCES = re.compile(
    r"(?:向|给|为|跟)(?:大家|各位|社会)[^，。；]{0,12}(?:介绍|通报|汇报|报告|发布)"
    r"|(?:下面|现在|接下来|首先)[^，。；]{0,12}(?:介绍|通报|汇报|发布)[^，。；]{0,30}(?:情况|如下)"
)
_COMPARES = re.compile(
    r"(?:哪一?个|哪项|哪家|谁)[^,。?]{0,6}(?:更|领先|[高低多少大小快慢早晚强](?![会型校学赛力概家]))"
    r"|相差|差多少|分别|各(?:[有是多占增为达]|自)|还是(?![不要会能])|不同|比较|对比|区别|变化|versus|compare|difference"
)


def lean(
    ranked: Sequence[Candidate],
    question: Question,
    named: Named,
    transcripts: Mapping[str, Transcript],
) -> list[Candidate]:
    """Return the candidates with what the question says of speakers added to their scores."""
    scored = []
    editions = find_editions(question, transcripts)
    for candidate in ranked:
        transcript = transcripts[candidate.document_id]
        turn = transcript.turns[candidate.turn]
        words = candidate.span.of(transcript.text)
        bonus, rule = 0.0, 0.0
        elsewhere = bool(editions) and transcript.id not in editions
        if elsewhere and question.numbers.isdisjoint(numbers(words)):
            bonus += _OTHERS
        if named.asked:
            put = turn.kind == "question" and is_theirs(named, turn)
            meant = put and is_meant(named, question, turn.span.of(transcript.text))
            rule = _RULE if meant else -_RULE
        elif turn.kind == "question" or (named.telling and turn.kind == "head"):
            rule = -_RULE
        if named.speakers and not named.asked:
            text = fold(words)
            told = any(_gives_post(n, text) for n in named.speakers)
            if named.identity:
                bonus += _TITLED if told else _OTHERS
            else:
                bonus += _THEIRS if is_theirs(named, turn) else _OTHERS
        elif named.posts and named.identity:
            bonus += _TITLED if is_held(named, words, None) else _OTHERS
        if not named.asked and lacks_kind(question, words):
            rule = -_RULE
        if question.wanted != "person" and _ANNOUNCES.search(words):
            bonus += _ANNOUNCED
        if question.many:
            bonus += _ENUMERATES * min(words.count("、"), _ENOUGH_ITEMS) / _ENOUGH_ITEMS
        if turn.kind == "head" and _PRESENT.search(question.folded) and question.many:
            bonus += _TITLED if any(_gives_post(n, fold(words)) for n in _names(transcript)) else 0
        if words.endswith(("？", "?")):
            bonus += -_RHETORICAL if turn.kind == "question" else _RHETORICAL
        scored.append(replace(candidate, bonus=bonus + rule, ruled=rule != 0.0))
    return sorted(scored, key=lambda c: -c.standing)


def _gives_post(name: str, text: str) -> bool:
    """Tell whether a folded text names the person together with a post."""
    name = re.escape(fold(name))
    return bool(re.search(rf"{_BEARS}[ ]?{name}|{name}[ ].*{_BEARS}", text))


def choose(
    ranked: Sequence[Candidate], question: Question, transcripts: Mapping[str, Transcript]
) -> list[Candidate]:
    """Return what to quote, in order; `ranked` is not empty."""
    best = ranked[0]
    if question.many:
        listed = (
            _participants(best, question, transcripts)
            or _asked(best, ranked, transcripts)
            or _whole_list(ranked, question, transcripts)
        )
        if listed:
            return listed
        best = _past_heading(_whole_row(_whole_sentence(best), transcripts), transcripts)
    chosen = [_with_neighbour(best, ranked, transcripts) if not question.many else best]
    if asks_several(question, transcripts):
        every = bool(EDITIONS.search(question.folded))
        chosen += _other_documents(best, ranked, every, transcripts)
        chosen.sort(key=lambda c: str(transcripts[c.document_id].source.date or ""), reverse=True)
    if _COMPARES.search(question.folded) and len(chosen) == 1:
        chosen = [_whole_row(chosen[0], transcripts)]
        chosen += _other_side(chosen, ranked, question, transcripts)
    return chosen if len(chosen) > 1 or question.many else chosen + _as_good(chosen[0], ranked)


def _whole_list(
    ranked: Sequence[Candidate], question: Question, transcripts: Mapping[str, Transcript]
) -> list[Candidate]:
    """Return the items of the numbered list that the question asks for, if it asks for one."""
    best = ranked[0]
    offered: list[tuple[float, Candidate, Listing]] = []
    for place, candidate in enumerate(ranked[:_DEEP]):
        transcript = transcripts[candidate.document_id]
        turn = transcript.turns[candidate.turn]
        for listing in find_listings(transcript.text, turn.span):
            if not (listing.span.contains(candidate.span) or listing.lead.overlaps(candidate.span)):
                continue
            lead = fold(listing.lead.of(transcript.text))
            heads = fold(
                "".join(_head(transcript.text, i).of(transcript.text) for i in listing.items)
            )
            asked = ""
            if turn.question is not None:
                asked = fold(transcript.turns[turn.question].span.of(transcript.text))
            led = covered(question, lead + asked, _LONG)
            fit = led + 0.5 * covered(question, heads, _LONG) - 0.05 * place
            if question.items == len(listing.items):
                fit += _COUNTED if _holds(listing, candidate, best) else _COUNTED / 2
            offered.append((fit, candidate, listing))
    if not offered:
        return []
    fit, candidate, listing = max(offered, key=lambda o: o[0] + _STANDS * o[1].standing)
    text = transcripts[candidate.document_id].text
    inside = _holds(listing, candidate, best)
    leads = inside and listing.lead.contains(best.span) and listing.lead != listing.items[0]
    single = best.span.of(transcripts[best.document_id].text).count("、") > 1
    begins = inside and any(item.start == best.span.start for item in listing.items)
    least = _LED if inside and (leads or not single) else _ASKED
    if fit < (_BEGUN if begins and not single else least):
        return []
    spans = [_head(text, item) for item in listing.items]
    items = [replace(candidate, span=span, sentence=span) for span in spans]
    return [best, *items] if leads and single else items


def _holds(listing: Listing, candidate: Candidate, best: Candidate) -> bool:
    """Tell whether the best candidate stands in the list that `candidate` led to."""
    return candidate.document_id == best.document_id and listing.span.contains(best.span)


def _participants(
    best: Candidate, question: Question, transcripts: Mapping[str, Transcript]
) -> list[Candidate]:
    """Return the lines of the list of participants where those present are asked for."""
    transcript = transcripts[best.document_id]
    head = transcript.turns[best.turn]
    if head.kind != "head" or not _PRESENT.search(question.folded):
        return []
    names = _names(transcript)
    lines = split_sentences(transcript.text, head.span)
    found = [s for s in lines if any(n in s.of(transcript.text) for n in names)]
    return [replace(best, span=span, sentence=span) for span in found]


def _asked(
    best: Candidate, ranked: Sequence[Candidate], transcripts: Mapping[str, Transcript]
) -> list[Candidate]:
    """Return the best of each journalist's question, in their order, where those are asked for."""

    def is_put(candidate: Candidate) -> bool:
        turn = transcripts[candidate.document_id].turns[candidate.turn]
        return turn.kind == "question" and candidate.bonus > 0

    if not is_put(best):
        return []
    found = {(c.document_id, c.turn): c for c in reversed(ranked) if is_put(c)}
    return [found[place] for place in sorted(found)]


def _names(transcript: Transcript) -> list[str]:
    return [p.name for p in transcript.participants if p.role == "official"]


def _head(text: str, item: Span) -> Span:
    """Return an item's first sentence, cut at a clause where it is long."""
    sentences = split_sentences(text, item)
    return split_clauses(text, sentences[0])[0] if sentences and len(sentences[0]) > 3 else item


def _whole_row(candidate: Candidate, transcripts: Mapping[str, Transcript]) -> Candidate:
    """Take in the pieces that ； sets beside one which lists nothing itself."""
    transcript = transcripts[candidate.document_id]
    row = find_row(transcript.text, transcript.turns[candidate.turn].span, candidate.span)
    whole = Span(row[0].start, row[-1].end) if row else candidate.span
    alone = candidate.span.of(transcript.text).count("、") > 1
    fits = len(whole) <= (LONGEST if alone else _ROW)
    return replace(candidate, span=whole, sentence=whole) if fits else candidate


def _whole_sentence(candidate: Candidate) -> Candidate:
    return replace(candidate, span=candidate.sentence)


def _with_neighbour(
    best: Candidate, ranked: Sequence[Candidate], transcripts: Mapping[str, Transcript]
) -> Candidate:
    """Join the runner-up where it stands right beside the best and both fit one short quote."""
    for other in ranked[1:3]:
        if (other.document_id, other.turn) != (best.document_id, best.turn):
            continue
        joined = Span(min(best.span.start, other.span.start), max(best.span.end, other.span.end))
        between = joined.of(transcripts[best.document_id].text)
        touching = len(joined) - len(best.span) - len(other.span) <= 1 and "\n" not in between
        if touching and len(joined) <= LONGEST and best.standing - other.standing < _CLOSE:
            return replace(
                best, span=joined, points=best.points if joined.start == best.span.start else ()
            )
    return _past_heading(best, transcripts)


def _as_good(chosen: Candidate, ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the next candidate where it stands about as high: a reader tells them apart."""
    beyond = [c for c in ranked[:3] if not c.overlaps(chosen)]
    return [c for c in beyond[:1] if ranked[0].standing - c.standing < _AS_GOOD]


def _past_heading(best: Candidate, transcripts: Mapping[str, Transcript]) -> Candidate:
    """Take in the sentence after a short one, such as the heading of a list's item."""
    transcript = transcripts[best.document_id]
    turn = transcript.turns[best.turn]
    if len(best.span) > _HEADING or turn.kind in ("head", "question"):
        return best
    following = Span(best.span.end, turn.span.end)
    after = [
        c
        for s in split_sentences(transcript.text, following)[:1]
        for c in split_clauses(transcript.text, s)
    ]
    if not after or "\n" in transcript.text[best.span.end : after[0].start]:
        return best
    joined = Span(best.span.start, after[0].end)
    return replace(best, span=joined) if len(joined) <= LONGEST else best


def _other_documents(
    best: Candidate,
    ranked: Sequence[Candidate],
    every: bool,
    transcripts: Mapping[str, Transcript],
) -> list[Candidate]:
    """Return what each other document says of the same: what answers too, in words most alike.

    Where all editions are asked for (`every`), what only comes near will do.
    """
    said = set(pair(fold(best.span.of(transcripts[best.document_id].text))))
    least = _ANY_EDITION if every else _SAME_FACT
    found: dict[str, tuple[float, Candidate]] = {}
    for candidate in ranked:
        name = candidate.document_id
        fits = candidate.bonus >= min(0.0, best.bonus) and candidate.features[ANSWERS] > least
        if name != best.document_id and fits:
            words = set(pair(fold(candidate.span.of(transcripts[name].text))))
            alike = candidate.standing + _ALIKE * len(said & words) / (len(said | words) or 1)
            if name not in found or alike > found[name][0]:
                found[name] = alike, candidate
    return [candidate for _, candidate in found.values()][: DOCUMENTS - 1]


def _other_side(
    chosen: Sequence[Candidate],
    ranked: Sequence[Candidate],
    question: Question,
    transcripts: Mapping[str, Transcript],
) -> list[Candidate]:
    """Return the candidate that holds what is compared and the chosen quotes lack."""
    shown = fold("".join(c.span.of(transcripts[c.document_id].text) for c in chosen))
    missing = [t for t in question.terms if not any(f in shown for f in t.forms)]
    best, most = None, 0
    for candidate in ranked[1:_DEEP]:
        if candidate.bonus < min(0.0, chosen[0].bonus):
            continue
        text = fold(candidate.span.of(transcripts[candidate.document_id].text))
        gained = sum(any(f in text for f in t.forms) for t in missing)
        if gained > most:
            best, most = candidate, gained
    return [best] if best else []
