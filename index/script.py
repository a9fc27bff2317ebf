"""From a repaired text to the form that is shown: simplified script, full-width punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from html import unescape
from unicodedata import normalize

from opencc import OpenCC

from index.draft import Edit
from index.likelihood import Likelihood, simplified
from index.people import is_name
from index.records import Span

_HAN = "\u3400-\u9fff〇"
_WIDE = dict(zip(",:;!?()", "，：；！？（）", strict=True))
_CLOSING = "”’》〉】）」』"
_OPENING = "“‘《〈【（「『"
_URL = re.compile(r"(?:https?:)?//[\x21-\x7e]+|www\.[\x21-\x7e]+|[\w.+-]+@[\w-]+\.[\w.]+", re.ASCII)
_LINE = re.compile(r"[^\n]+")


@cache
def _converter(config: str) -> OpenCC:
    return OpenCC(config)


def is_traditional(text: str) -> bool:
    """Tell whether a text is in traditional script: most characters that differ say so."""
    traditional = simple = 0
    for char in set(text):
        if simplified(char) != char:
            traditional += text.count(char)
        elif _converter("s2t").convert(char) != char:
            simple += text.count(char)
    return traditional > simple


def simplify(text: str) -> Iterator[Edit]:
    """Yield the edits that turn traditional into standard simplified characters.

    OpenCC's phrase tables decide by word; its 著, which stands for 着 and 著 alike, is decided
    by which of the two makes the likelier text.
    """
    if not is_traditional(text):
        return
    likelihood = Likelihood("")
    for line in _LINE.finditer(text):
        before = line[0]
        after = _particles(_converter("t2s").convert(before), likelihood)
        for tag, i1, i2, j1, j2 in _differences(before, after):
            if tag != "equal":
                span = Span(line.start() + i1, line.start() + i2)
                yield Edit(span, after[j1:j2], "script", "繁体转规范字")


def _differences(before: str, after: str) -> Sequence[tuple[str, int, int, int, int]]:
    if len(before) != len(after):
        return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    runs = re.finditer("1+", "".join("01"[a != b] for a, b in zip(before, after, strict=True)))
    return [("replace", run.start(), run.end(), run.start(), run.end()) for run in runs]


def _particles(text: str, likelihood: Likelihood) -> str:
    chars = list(text)
    for i, char in enumerate(chars):
        if char == "著":
            around = text[max(0, i - 2) : i], text[i + 1 : i + 3]
            if likelihood.of_words("着".join(around)) > likelihood.of_words("著".join(around)):
                chars[i] = "着"
    return "".join(chars)


def widen(text: str) -> Iterator[Edit]:
    """Yield the edits that make ASCII punctuation inside Chinese text full-width.

    Addresses, numbers (1,000; 09:57), and Latin phrases keep theirs. Brackets change in pairs.
    """
    taken = [Span(*m.span()) for m in _URL.finditer(text)]
    wide: set[int] = set()
    opened: list[int] = []
    for i, char in enumerate(text):
        if char == "\n":
            opened.clear()
        elif any(s.start <= i < s.end for s in taken):
            continue
        elif char == "(":
            opened.append(i)
        elif char == ")" and opened:
            start = opened.pop()
            inside = text[start + 1 : i]
            if _is_chinese(inside) or _beside_chinese(text, start, i):
                wide |= {start, i}
        elif char in ",:;!?" and _follows_chinese(text, i) and (char != "?" or _asks(text, i)):
            wide.add(i)
    for i in sorted(wide):
        yield Edit(Span(i, i + 1), _WIDE[text[i]], "punctuation", "中文内的半角标点转全角")


def _is_chinese(text: str) -> bool:
    return re.search(f"[{_HAN}]", text) is not None


def _beside_chinese(text: str, start: int, end: int) -> bool:
    return _is_chinese(text[max(0, start - 1) : start]) and (
        _is_chinese(text[end + 1 : end + 2])
        or text[end + 1 : end + 2] in ("", "\n", *"，。、；：？！")
    )


def _follows_chinese(text: str, i: int) -> bool:
    """Tell whether punctuation at `i` belongs to Chinese text on either side."""
    before = text[:i][-1:]
    after = text[i + 1 : i + 2]
    if before in _CLOSING + ")" or _is_chinese(before) or before in "，。、；：！？":
        return bool(before)
    if before.isdigit() and after.isdigit():
        return False
    return bool(after) and (_is_chinese(after) or after in _OPENING)


_ASKING = re.compile(r"吗|呢|吧|什么|啥|多少|谁|哪|怎|如何|几|何|是否|有没有|能否|可否|是不是")


def _asks(text: str, i: int) -> bool:
    """Tell whether `?` ends a question; elsewhere it may stand for a character that was lost."""
    after = text[i : i + 8].lstrip("?!")[:1]
    if after in ("", "\n", " ", "\u3000", *_CLOSING, ")"):
        return True
    clause = re.split(r"[，。；！？\n]", text[max(0, i - 40) : i])[-1]
    return bool(_ASKING.search(clause))


_PADDED = re.compile(rf"(?<![{_HAN}])[{_HAN}][ \u3000]+(?:[{_HAN}][ \u3000]+)?[{_HAN}](?![{_HAN}])")
_GAP = re.compile(r"[ \u3000]+")


def close_names(text: str) -> Iterator[Edit]:
    """Yield the edits that close the gaps of names and headings padded to equal width (翟 军).

    Within a sentence only what makes a name is one; elsewhere a blank separates words (高 低 两档).
    """
    for name in _PADDED.finditer(text):
        start = text.rfind("\n", 0, name.start()) + 1
        end = text.find("\n", name.end())
        line = text[start : end if end >= 0 else len(text)]
        heads = not text[start : name.start()].strip() or not re.search(r"[。！？]", line)
        if not heads and not is_name(_GAP.sub("", name[0]), 50):
            continue
        for gap in _GAP.finditer(text, *name.span()):
            yield Edit(Span(*gap.span()), "", "spacing", "姓名内的空格")


_FEW = 3
"""So many marks are a page that was pasted as it is written; fewer may be somebody's words."""
_ENDS = r"</(?:p|div|li|tr|h[1-6]|section|blockquote)\s*>|<(?:br|hr)\s*/?>"
_TAG = re.compile(
    rf"(?P<ends>{_ENDS})|</?(?:p|div|li|tr|td|th|h[1-6]|section|blockquote|span|strong|b|i|em|u|font"
    r"|a|ul|ol|table|tbody|thead|article|img)(?:\s[^<>\n]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[a-zA-Z]{2,8}\d?);")
_BOLD = re.compile(r"(\*\*|__)(?=\S)([^*\n]+?)(?<=\S)\1")
_LEADING = re.compile(r"^(?:#{1,6}|>)[ \t]+", re.MULTILINE)


def unmark(text: str) -> Iterator[Edit]:
    """Yield the edits that take away what is left of a web page or of Markdown, its lines kept.

    Tags and marks go where there are several of them; an entity goes wherever one stands.
    """
    found = [(m.span(), after) for m in _ENTITY.finditer(text) if (after := unescape(m[0])) != m[0]]
    tags = list(_TAG.finditer(text))
    if sum(tag["ends"] is not None for tag in tags) >= _FEW:
        found += [(tag.span(), "\n" if tag["ends"] else "") for tag in tags]
    bold = list(_BOLD.finditer(text))
    if len(bold) >= _FEW:
        found += [(m.span(1), "") for m in bold] + [((m.end(2), m.end()), "") for m in bold]
        found += [(m.span(), "") for m in _LEADING.finditer(text)]
    end = 0
    for (start, stop), after in sorted(found):
        if start >= end:
            yield Edit(Span(start, stop), after, "spacing", "网页或 Markdown 的标记")
            end = stop


_LINE_END = "\r\n?|[\x0b\x85\u2028\u2029]|(?<!\n)\x0c(?!\n)"
_INVISIBLE = re.compile(
    f"(?P<end>{_LINE_END})|(?P<blank>[\xa0\t])|[\ufeff\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069"
    "\ufe0f\u00ad\x00-\x08\x0c\x0e-\x1f]"
)
_VARIANT = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]|\ufe30")


def tidy(text: str) -> Iterator[Edit]:
    """Yield the edits that remove invisible characters and unify line ends and blanks."""
    for match in _INVISIBLE.finditer(text):
        after = "\n" if match["end"] else " " if match["blank"] else ""
        yield Edit(Span(*match.span()), after, "spacing", "不可见字符或换行")


def unify(text: str) -> Iterator[Edit]:
    """Yield the edits that put ordinary characters for radicals and compatibility forms (⼈)."""
    for match in _VARIANT.finditer(text):
        after = "：" if match[0] == "\ufe30" else normalize("NFKC", match[0])
        if after != match[0]:
            yield Edit(Span(*match.span()), after, "script", "部首字、兼容字转规范字")
