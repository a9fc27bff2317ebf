"""What is the name of a paper, a station or an agency."""

from __future__ import annotations

import re

from index.people import HAN, is_word

_NAMED_OUTLET = re.compile(
    rf"[{HAN}A-Z0-9“”]{{0,14}}(?:《[^》]+》(?:杂志|[周月季]?刊|报|网|客户端|公众号)?|报|(?<!合作|供销|出版|旅行)(?<!公)社|央视|[视播总电闻]台|卫视|网|[周月导季半双专画]刊|杂志|周末|观察|视野|影讯|评论|电视|广播|在线|频道|客户端|财经|经济报道|新闻|体育|之声|传媒|联播|前线|头条|公众号)(?:（[^）]*）)?|[{HAN}]{{0,6}}[A-Z]{{3,5}}|36氪|澎湃|南方\+"
)
_PAPER = re.compile(
    r"(?:美联|路透|法新|塔斯|共同|韩联|彭博|新闻|新华|中新)社|央视|[A-Z]{3}|36氪|澎湃|南方\+|\S{2}(?:财经|新闻|体育|报道|之声|传媒)|[日晚晨早午时周商导快画学校]报|都市报|新闻台|[导月季]刊|(?:青年|解放军|军)报|南方周末|电台|卫视|新闻网|周刊|杂志|影讯|\S{3}(?:观察|评论|视野|周末|在线)"
)
_COLUMN = re.compile(rf"[{HAN}A-Z]{{2,10}}(?:广播|频道|联播|前线|头条|评论|观察|新闻|在线)")


def is_outlet(label: str) -> bool:
    """Tell whether a label is the name of a paper or a station, not a word that ends like one."""
    ending = re.sub(r"（[^）]*）$|》", "", label)[-2:]
    word = is_word(ending, 1) and not _PAPER.search(label)
    return bool(_NAMED_OUTLET.fullmatch(label)) and ("》" in label or not word)


def may_be_outlet(label: str) -> bool:
    """Tell whether a label ends as stations and columns do, as other words do, too (交通广播)."""
    return is_outlet(label) or bool(_COLUMN.fullmatch(label))
