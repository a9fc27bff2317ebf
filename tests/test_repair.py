"""The garbled source comes out clean; clean text is left alone; every change has its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from opencc import OpenCC

from index import garbling, script
from index.draft import Draft
from index.errors import CorrectionError, SourceError
from index.likelihood import simplified
from index.parse import parse
from index.read import decode, read_text
from index.repair import Correction, Repaired, repair

SEED = Path("seeds/2024-battery-conference.txt")

CLEAN = [
    "（一）做好大会支持。协氢（枣庄）公司生产TCO镀膜玻璃，电芯32GWh，详见https://example.cn/a?b=(c)。",
    "留下“三致千金”的佳话（音同“李”）。有何看法？请介绍。谁来？何时？",
    "蠡（lǐ）字音同“李”，邳(pī)州在苏北；比例为1,000:1，时间是09:57。",
]


@pytest.fixture(scope="module")
def repaired() -> Repaired:
    import tomllib

    described = tomllib.loads(SEED.with_suffix(".toml").read_text(encoding="utf-8"))
    return repair(read_text(SEED), [Correction(**c) for c in described["corrections"]])


def test_no_annotation_stays(repaired: Repaired) -> None:
    assert not re.search(
        r"[\u4e00-\u9fffa-z?][(（]?[a-z]*[āáǎàēéěèīíǐìōóǒòūúǔùǚǜ][a-z]*[)）]", repaired.text
    )


def test_no_traditional_form_stays(repaired: Repaired) -> None:
    assert [c for c in repaired.text if simplified(c) != c] == []


@pytest.mark.parametrize(
    "words",
    [
        "历史名人。“商祖”范蠡（音同“李”）在此归隐经商",
        "组建联盟、链式招商、龙头带动、立法保障",
        "请谈谈贵单位在指导本届大会",
        "（二）组织人才培养",
        "深化“链式思维”，推动",
        "（六）深化产业指导",
        "牢记嘱托、勇担使命，增加清洁能源供给，控制化石能源消费",
        "请中国电池工业协会谈谈特种电池发展情况",
        "新兴领域对电池技术提出的更高要求",
        "请谈谈大会总体安排和筹备情况",
        "作出重要指示批示。筹备领导小组详细制定",
        "随着济枣高铁",
        "翟军 枣庄市委副书记、市长",
        "协氢（枣庄）公司",
        "（https://mp.weixin.qq.com/s/d9k4snZo0WwEtzO8dItDDg)"[1:-1],
    ],
)
def test_the_source_reads_as_it_was_said(repaired: Repaired, words: str) -> None:
    assert words in repaired.text


def test_nothing_is_left_unreadable(repaired: Repaired) -> None:
    assert "〔?〕" not in repaired.text and repaired.unreadable == ()


def test_characters_outside_emendations_are_the_raw_ones() -> None:
    raw = read_text(SEED)
    draft = Draft.of(raw)
    draft = draft.apply(script.simplify(draft.text))
    draft = draft.apply(script.widen(draft.text))
    changed = {i for e in draft.emendations() for i in range(e.span.start, e.span.end)}
    same = [i for i in range(len(draft.text)) if i not in changed]
    assert all(raw[draft.origins[i].start] == draft.text[i] for i in same)


def test_every_emendation_names_its_raw_text_and_its_place(repaired: Repaired) -> None:
    raw = read_text(SEED)
    for e in repaired.emendations:
        if e.kind in ("annotation", "realignment", "restoration", "correction"):
            assert e.raw.of(raw) == e.before
            assert script.is_traditional(e.before) or e.after == "" or e.span.of(repaired.text)


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_passes_untouched(text: str) -> None:
    assert garbling.undo(text) == ([], [])


def test_the_newer_form_without_misalignment_comes_out_clean() -> None:
    text = (
        "市委書(shū)記先后會(huì)見(jiàn)了中國(guó)國(guó)際貿(mào)易促進(jìn)會(huì)的來(lái)賓"
    )
    assert repair(text).text == "市委书记先后会见了中国国际贸易促进会的来宾"


def test_a_correction_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(CorrectionError, match="found 0 times"):
        repair("正文", [Correction("没有", "有", "测试")])


def test_corrections_that_overlap_are_an_error() -> None:
    with pytest.raises(CorrectionError, match="overlap"):
        repair("甲乙丙", [Correction("甲乙", "一", "测试"), Correction("乙丙", "二", "测试")])


def test_characters_spaced_out_one_by_one_are_closed_without_a_clash() -> None:
    assert repair("主持人：翟 军\n欢 迎 您 来").text.startswith("主持人：翟军\n")


PLAIN = Path("eval/fresh/2025-cold-chain.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-32"])
def test_a_file_is_read_in_whichever_encoding_it_came(encoding: str) -> None:
    assert decode(PLAIN.encode(encoding)) == PLAIN


def test_big5_is_told_from_gb18030() -> None:
    content = OpenCC("s2t").convert(PLAIN).encode("cp950", "ignore")
    assert decode(content) == content.decode("cp950")


@pytest.mark.parametrize("right", ["utf-8", "gb18030"])
def test_what_was_read_wrongly_without_a_loss_is_read_back(right: str) -> None:
    assert decode(PLAIN.encode(right).decode("latin-1").encode()) == PLAIN
    twice = PLAIN.encode(right).decode("latin-1").encode().decode("latin-1")
    assert decode(twice.encode()) == PLAIN


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode("gb18030").decode("utf-8", "replace").encode(),
        PLAIN.encode().decode("gb18030", "ignore").encode(),
        b"\xff\xfe\x00" + bytes(range(128, 256)) * 9,
    ],
)
def test_mojibake_that_cannot_be_read_back_is_refused(content: bytes) -> None:
    with pytest.raises(SourceError, match="乱码"):
        decode(content)


@pytest.mark.parametrize(
    "text", ["就?期?理保?制度", "就\ufffd期\ufffd理保?制度已经建立。", "?制度?施情??行新??活描述"]
)
def test_characters_lost_elsewhere_are_left_and_told(text: str) -> None:
    found = repair(text)
    assert found.text == text and not found.emendations
    assert len(garbling.LOST.findall(text)) >= 2


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("主题是什么?请介绍", "主题是什么？请介绍"), ("有三百家吗?\n有", "有三百家吗？\n有"),
        ("第?期投资12.5?亿元", "第?期投资12.5?亿元"),
        ("⼤会⽤电︰二百", "大会用电：二百"), ("甲乙\u2028丙丁\x0b戊\x85己", "甲乙\n丙丁\n戊\n己"),
        ("共有 是 否 两项，高 低 两档。", "共有 是 否 两项，高 低 两档。"),
        ("一、&nbsp;要抓&#8220;住&#8221;", "一、 要抓“住”"),
    ],
)  # fmt: skip
def test_only_what_is_certain_is_put_right(raw: str, text: str) -> None:
    assert repair(raw).text == text


def test_a_page_number_is_nobodys_and_ends_no_list() -> None:
    text = (
        "出席：\n市教育局局长 江牧野\n— 2 —\n市公安局局长 祁远\n\n"
        "江牧野：今年新建\n第 3 页 共 9 页\n学校12所。\n祁远：好。"
    )
    read = parse(repair(text).text)
    assert [p.name for p in read.participants] == ["江牧野", "祁远"]
    assert [t.speaker.name for t in read.turns if t.speaker] == ["江牧野", "江牧野", "祁远"]
    assert not any("页" in t.span.of(text) for t in read.turns if t.speaker)
