"""Those who ask and are told by what they are (公众号作者, 居民代表), not by a name."""

from __future__ import annotations

import re

from index.people import HAN, NAME
from index.press import may_be_outlet
from index.records import Role, Speaker

PUBLIC = (
    r"(?:代表|网友|观众|听众|读者|学员|提问者|市民|居民|村民|家长|家属|学生|同学|游客|旅客|乘客|球迷|业主|住户|患者|病友|病人|会员|用户|群众"
    r"|消费者|顾客|志愿者|企业家|农户|商户|店主|租客|车主|老人|青年|职工|爱好者|戏迷|歌迷|影迷|粉丝|博主|主播|艺人)"
)
LAY = rf"(?:{PUBLIC}|[员师手匠工])"
REMARK = re.compile(
    r"(?<=.)（[^（）]*(?:代读|代念|宣读|代问|转述|译|线上|连线|视频|原文|外语|[英法日俄]语|英文|外媒|提问|列席)[^（）]*）$"
)
"""What stands behind a label and tells how or where somebody speaks, not who."""
_PRESS = re.compile(
    rf"记者(?:[{HAN}]{{2,3}})?$|(?:编辑|作者|撰稿人|评论员|观察员|主播|通讯员|媒体|网站|记者团)$"
    r"|特约\S{0,4}(?:员|学者)$"
    r"|^[A-Z][A-Za-z.&’' ]+ (?:Daily|News|Times|Post|Network|Observer|Review|Dispatch|Journal"
    r"|Herald|Tribune|Weekly|Media|Watch|Correspondent)$"
    r"|(?:记者|[网社报台])\S{0,4} [A-Z][a-z]+(?: [A-Z][a-z]+)+$"
)
_OTHERS = re.compile(
    rf"(?:{PUBLIC}|代表[{HAN}]{{2,3}}|(?:投资者|股东)[一二三四五六七八九十]?|储户|客商|关注者|版主"
    r"|站长|选手|分析师|研究员|学者|干部)$"
)


def is_public(title: str) -> bool:
    """Tell whether a title is that of one of the public (家属, 球迷), not a profession."""
    return bool(re.search(rf"{PUBLIC}$", title))


def read_asker(label: str) -> Speaker | None:
    """Return who a label without a name may mean: the press, or one of the public.

    Headings end so, too (志愿者, 消费者): only what stands around tells them apart. A remark in
    brackets is left out, unless it tells the name.
    """
    match = re.fullmatch(
        r"(?P<what>(?:[^。！？：；（）]|（[^（）]+）(?!$)){2,30}?)(?P<aside>（[^）]*）)?",
        REMARK.sub("", label),
    )
    if match is None:
        return None
    what, aside = match["what"], match["aside"] or ""
    beside = re.match(rf"\S{{0,6}}(?:(?P<press>记者)|{PUBLIC})[ \u3000]+\S", what)
    outlet = may_be_outlet(re.sub(r"“[^”]+”$", "", what))
    press = beside["press"] if beside else outlet or _PRESS.search(what)
    if not (beside or press or _OTHERS.search(what)):
        return None
    role: Role = "journalist" if press else "unknown"
    if name := re.search(rf" ({NAME})）$", aside):
        return Speaker(name[1], role, what)
    return Speaker(what if press else what + aside, role)
