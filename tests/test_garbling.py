"""The filter, rebuilt, garbles texts whose original is known; undoing it never invents."""

from __future__ import annotations

import re

import pytest

from index import garbling
from index.draft import Draft
from tests.filter import FOLDED, garble

CHARACTERS = "業產發術創領學優協聯質現標應關內導區續經規戰設準轉務構環態節礎結調統習穩數養網風責"
READINGS = """
yè chǎn fā shù chuàng lǐng xué yōu xié lián zhì xiàn biāo yīng guān nèi dǎo qū xù jīng guī
zhàn shè zhǔn zhuǎn wù gòu huán tài jié chǔ jié diào tǒng xí wěn shù yǎng wǎng fēng zé
"""
TABLE = dict(zip(CHARACTERS, READINGS.split(), strict=True))
TEXTS = [
    "近年來，全市累計建成高標準農田120萬畝，糧食總產量連續八年保持在50億斤以上，農業基礎更加穩固。",
    "請談談如何幫助中小企業走出困境？下一步，我們將出臺專項政策，設立規模10億元的發展基金。",
    "今年上半年，全省新能源汽車產量同比增長32.6%，動力電池裝車量居全國第二。記者：出口情況如何？",
    "在海關總署的大力支持下，口岸通關時間壓縮了一半以上，跨境電商綜合試驗區建設取得明顯成效。",
    "我們要擔當使命、勇於創新，深入實施質量強市戰略，推動製造業向高端化、智能化、綠色化轉型。",
]


def undo(text: str) -> str:
    edits, _ = garbling.undo(text)
    return Draft.of(text).apply(edits).text


@pytest.mark.parametrize("text", TEXTS)
def test_what_the_filter_did_is_undone_or_marked(text: str) -> None:
    garbled = garble(text, TABLE)
    assert "(" in garbled
    restored = undo(garbled).translate(FOLDED)
    pattern = re.escape(restored).replace(re.escape(garbling.UNREADABLE), ".{0,20}")
    assert re.fullmatch(pattern, text.translate(FOLDED)), restored


def test_pairs_across_two_characters_are_put_back() -> None:
    text = (
        "請談談貴單位開展了哪些工作。請談談特種電池的發展。"
        "深化“鏈式思維”，新興領域對電池技術提出要求。"
    )
    garbled = garble(text, TABLE)
    assert "談?wù)勝F" in garbled and "鏈?zhǔn)剿" in garbled
    assert undo(garbled).translate(FOLDED) == text.translate(FOLDED)


def test_a_lost_digit_is_never_made_up() -> None:
    text = "據統計，目前仍在追蹤其他800多個項目，業務正常。"
    table = {**TABLE, "麬": "fū"}
    garbled = garble(text, table)
    restored = undo(garbled).translate(FOLDED)
    assert restored == text.translate(FOLDED) or garbling.UNREADABLE in restored


def test_a_row_of_question_marks_is_left_as_it_was_typed() -> None:
    typed = "請問這是真的嗎" + "?" * 100_000 + "是的。"
    assert undo(typed) == typed
