"""Personal data is masked in whatever spelling; what a press conference counts survives."""

from __future__ import annotations

import datetime
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.privacy import mask

PERSONAL = {
    "13800138000": "电话",
    "１３８００１３８０００": "电话",
    "138 0013 8000": "电话",
    "138-0013-8000": "电话",
    "138－0013－8000": "电话",
    "1 3 8 0 0 1 3 8 0 0 0": "电话",
    "+86 13800138000": "电话",
    "+86-138-0013-8000": "电话",
    "138\u200b0013\u200b8000": "电话",
    "一三八零零一三八零零零": "电话",
    "幺三八零零幺三八零零零": "电话",
    "0632-3314281": "电话",
    "（0632）3314281": "电话",
    "010-12345678转801": "电话",
    "+1 202-555-0147": "电话",
    "(202) 555-0147": "电话",
    "202-555-0147": "电话",
    "370402199003071234": "证件号",
    "37040219900307123X": "证件号",
    "３７０４０２１９９００３０７１２３ｘ": "证件号",
    "370402 19900307 123x": "证件号",
    "370402900307123": "证件号",
    "passport E12345678": "证件号",
    "zhang.san+news@example.com": "邮箱",
    "ａｂ＠１６３．com": "邮箱",
    "zhang [at] example [dot] com": "邮箱",
    "6222021234567890123": "银行卡",
    "6222 0212 3456 7890 123": "银行卡",
    "6222-0212-3456-7890": "银行卡",
    "鲁D12345": "车牌",
    "鲁D·8A6F2": "车牌",
    "鲁ＤＤ12345": "车牌",
    "粤Z1234港": "车牌",
    "微信号：zhangsan88": "微信号",
    "加微abc_12345": "微信号",
    "wechat: abc12345": "微信号",
    "QQ：123456789": "QQ号",
    "qq号是12345678": "QQ号",
    "家住光明路12号": "住址",
    "薛城区光明大道１２号3号楼2单元501室": "住址",
    "3号楼2单元501室": "住址",
    "12 Main Street": "住址",
}
NAMED = {
    "我叫王小明，想问票价": "王小明",
    "我叫李明住在济南": "李明",
    "我是王芳，想问票价": "王芳",
    "我是欧阳静姝": "欧阳静姝",
    "联系人：张伟 请回复": "张伟",
    "我的名字是赵六一。": "赵六一",
    "姓名:钱多多": "钱多多",
    "我叫买买提·艾力": "买买提·艾力",
    "My name is John Smith and I ask": "John Smith",
    "I'm Jane Doe, a reader": "Jane Doe",
    "Contact: Jane Doe": "Jane Doe",
}
PUBLIC = (
    "签约项目总投资超过400亿元",
    "2024年8月13日",
    "2024-08-13 13:00",
    "20240813-20240825",
    "2021 2022 2023 2024",
    "锂电新能源企业270家",
    "拨打12345热线",
    "12345",
    "供电热线95598，报警110",
    "3.5GWh、1.1亿千瓦时",
    "1,234,567.89元",
    "总投资13800138000元",
    "二〇二四年八月十三日",
    "一百三十八亿",
    "鲁政办发〔2024〕12号",
    "G3京台高速、国道206",
    "GB/T 36276-2018",
    "北京路1号线",
    "8月25日至27日",
    "第3号台风",
    "我是枣庄人，我是市民",
    "我是中新社记者",
    "微信公众号、微信平台、QQ音乐",
    "翟军市长怎么说",
    "联系人是谁？联系人的电话是多少？",
    "I am Chinese. What did Mr Zhai say?",
    "100 200 300 400",
    "咨询电话400-818-1234",
)
WORDS = st.text(alphabet="枣庄市新能源大会的请问，。？ ", max_size=12)
MOBILE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
SEPARATORS = st.sampled_from(["", " ", "-", "·", ".", "－", "\u3000", "—"])


@pytest.mark.parametrize(("said", "kind"), PERSONAL.items())
def test_personal_data_is_replaced_by_its_kind(said: str, kind: str) -> None:
    assert mask(f"请回复我，{said}，谢谢") == f"请回复我，〔{kind}〕，谢谢"


@pytest.mark.parametrize(("said", "name"), NAMED.items())
def test_names_after_an_introduction_are_masked(said: str, name: str) -> None:
    assert mask(said) == said.replace(name, "〔姓名〕")


@pytest.mark.parametrize("said", PUBLIC)
def test_what_a_press_conference_says_survives(said: str) -> None:
    assert mask(said) == said


@given(WORDS, MOBILE, SEPARATORS, st.booleans(), WORDS)
def test_no_spelling_of_a_mobile_number_survives(
    before: str, number: str, gap: str, wide: bool, after: str
) -> None:
    spelled = gap.join((number[:3], number[3:7], number[7:]))
    if wide:
        spelled = spelled.translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"})
    masked = mask(f"{before}{spelled}{after}")
    assert "〔电话〕" in masked
    assert not any(c.isdecimal() for c in masked)


@given(
    st.integers(1, 10**7),
    st.sampled_from(["亿元", "家", "万户", "公里", "人", "%", "个百分点", "年", "GWh", "万千瓦"]),
    WORDS,
)
def test_no_figure_with_its_unit_is_touched(figure: int, unit: str, words: str) -> None:
    said = f"{words}{figure}{unit}，{figure:,}{unit}，{figure / 10}{unit}"
    assert mask(said) == said


@given(st.dates(), st.sampled_from(["%Y年%m月%d日", "%Y-%m-%d", "%Y.%m.%d", "%Y%m%d", "%m/%d/%Y"]))
def test_no_date_is_touched(day: datetime.date, style: str) -> None:
    said = f"会议于{day.strftime(style)}举行"
    assert mask(said) == said


@given(st.text(max_size=200))
def test_masking_twice_changes_nothing_more(said: str) -> None:
    assert mask(mask(said)) == mask(said)


@pytest.mark.parametrize(
    "piece",
    ["a", "1", "1 ", "我叫", "住1", "a.", "路1号", "a@", "电话", "1-", "12 aa aa ", "I am A"],
)
def test_a_hostile_text_takes_no_long_time(piece: str) -> None:
    started = time.perf_counter()
    mask((piece * 20_000)[:20_000])
    assert time.perf_counter() - started < 2
