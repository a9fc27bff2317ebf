"""What the pages say in their own words: simplified and traditional Chinese, and English.

Quotes are never translated; the traditional wording is the simplified one in another script.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Literal

from opencc import OpenCC

from qa import compose

Language = Literal["zh-CN", "zh-TW", "en"]
LANGUAGES: Mapping[Language, str] = {"zh-CN": "简", "zh-TW": "繁", "en": "EN"}


@dataclass(frozen=True, slots=True)
class Wording:
    """Every fixed phrase of one language. Fields that begin with `say_` are read by cite.js."""

    tag: Language
    name: str
    about: str
    kept: str
    unkept: str
    skip: str
    language: str
    large: str
    dark: str
    welcome: str
    question: str
    placeholder: str
    send: str
    examples: str
    others: str
    retry: str
    clear: str
    as_word: str
    as_markdown: str
    document: str
    back: str
    answered: str
    partial: str
    not_in_sources: str
    off_topic: str
    invalid: str
    searching: str
    unsaid: str
    failed: str
    rest: str
    elsewhere: str
    refer: str
    organiser: str
    label: str
    date: str
    asked_by: str
    inferred: str
    emended: str
    head: str
    unnamed: str
    journalist: str
    asking: str
    moderator: str
    compare: str
    original: str
    publication: str
    copy: str
    doubt: str
    related: str
    not_answer: str
    replaced: str
    helped: str
    helpful: str
    unhelpful: str
    whole: str
    raw: str
    say_transcript: str
    say_conversation: str
    say_copied: str
    say_copy_failed: str
    say_thanks: str
    say_reported: str
    say_failed: str
    say_unkept: str
    say_busy: str
    say_lost: str
    say_no_export: str
    say_why: str
    say_doubt: str
    say_reasons: str
    say_comment: str
    say_send: str
    say_cancel: str


CHINESE = Wording(
    tag="zh-CN",
    name="枣问",
    about="发布会原文问答。回答只引原话，句句有出处。",
    kept="提问隐去个人信息后保存 {days} 天，供改进回答，请勿填写个人信息。",
    unkept="提问不作保存。",
    skip="跳到提问框",
    language="语言 Language",
    large="大字",
    dark="深色",
    welcome="请就发布会提问。这里只摘录发布会上说过的话，不作解释，也不补充。",
    question="您的问题",
    placeholder="输入问题，按回车提问",
    send="提问",
    examples="可以这样问",
    others="您还可以问",
    retry="重新回答",
    clear="清空对话",
    as_word="导出 Word",
    as_markdown="导出 Markdown",
    document="选择实录",
    back="回到回答",
    answered="已回答",
    partial="部分回答",
    not_in_sources="没有找到原话",
    off_topic="没有相近的内容",
    invalid="无法处理",
    searching="正在查找……",
    unsaid=compose.CHINESE.not_in_sources,
    failed="现在暂时无法回答，请稍后再问一次。",
    rest=compose.CHINESE.rest,
    elsewhere=compose.CHINESE.off_topic,
    refer="如需进一步了解，请联系{who}。",
    organiser="发布会主办单位",
    label="以下为原文检索摘录",
    date="{0.year}年{0.month}月{0.day}日",
    asked_by="回答{who}提问",
    inferred="原文未署名，发言人系推定",
    emended="含据上下文校订的文字",
    head="实录文首",
    unnamed="发言人未注明",
    journalist="记者提问，并非官方答复",
    asking="记者提问",
    moderator="主持人",
    compare="对照实录",
    original="在实录页打开",
    publication="原始出处",
    copy="复制引文",
    doubt="引文有误",
    related="相关段落（{count}）",
    not_answer="供参考，不是答案",
    replaced="这条回答所引的实录已经更新，请重新提问。",
    helped="这个回答对您有帮助吗？",
    helpful="有帮助",
    unhelpful="没有帮助",
    whole="在新页打开整篇实录",
    raw="查看原始文本",
    say_transcript="实录全文",
    say_conversation="问答记录",
    say_copied="已复制引文和出处。",
    say_copy_failed="浏览器不允许复制，请选中文字后复制。",
    say_thanks="谢谢，已经记下。",
    say_reported="谢谢，已经记下，将由新闻办核对。",
    say_failed="暂时没有送达，请稍后再试。",
    say_unkept="这里设为不保存任何意见，所以没有记下。",
    say_busy="现在提问的人较多，请稍后再试。",
    say_lost="与服务器的连接断了，正在重新连接……",
    say_no_export="这里暂不提供导出。",
    say_why="哪里不合适？",
    say_doubt="这条引文哪里有误？",
    say_reasons="没有回答问题|引文不对|发言人不对|不完整|看不明白|其他",
    say_comment="补充说明（可不填，请勿填写个人信息）",
    say_send="提交",
    say_cancel="取消",
)

ENGLISH = Wording(
    tag="en",
    name="枣问 Zaowen",
    about="Ask a press conference. Every answer is a verbatim quote with its source.",
    kept="Questions are kept for {days} days with personal data masked, to improve the answers; "
    "please enter none.",
    unkept="Questions are not kept.",
    skip="Skip to the question box",
    language="语言 Language",
    large="Large text",
    dark="Dark",
    welcome="Ask about the press conference, in English or in Chinese. You get what was said "
    "there, word for word, in the original Chinese; nothing is explained or added.",
    question="Your question",
    placeholder="Ask in English or Chinese, then press Enter",
    send="Ask",
    examples="Ask in English or Chinese. Questions from the transcript, in its own words:",
    others="Ask another, in English or Chinese. Questions from the transcript, in its own words:",
    retry="Ask again",
    clear="Clear",
    as_word="Export Word",
    as_markdown="Export Markdown",
    document="Choose a transcript",
    back="Back to the answer",
    answered="Answered",
    partial="Answered in part",
    not_in_sources="No answer found",
    off_topic="Nothing near found",
    invalid="Cannot be read",
    searching="Searching…",
    unsaid=compose.ENGLISH.not_in_sources.strip(),
    failed="No answer can be given right now; please ask again later.",
    rest=compose.ENGLISH.rest,
    elsewhere=compose.ENGLISH.off_topic.strip(),
    refer="For more, please contact {who}.",
    organiser="the organisers",
    label="以下为原文检索摘录 · Excerpts retrieved from the original text",
    date="{0.year}-{0.month:02}-{0.day:02}",
    asked_by="answering {who}",
    inferred="Not signed in the original; the speaker is inferred",
    emended="Contains characters restored from their context",
    head="Head of the transcript",
    unnamed="Speaker not named",
    journalist="A journalist’s question, not an official statement",
    asking="journalist, asking",
    moderator="Moderator",
    compare="See in transcript",
    original="Open transcript page",
    publication="Original publication",
    copy="Copy quote",
    doubt="Report an error",
    related="Related passages ({count})",
    not_answer="for reference, not an answer",
    replaced="The transcript quoted here has been updated; please ask again.",
    helped="Did this answer help?",
    helpful="Yes",
    unhelpful="No",
    whole="Open the whole transcript in a new page",
    raw="Raw text",
    say_transcript="Full transcript",
    say_conversation="Questions and answers",
    say_copied="Quote and source copied.",
    say_copy_failed="The browser does not allow copying; please select the text.",
    say_thanks="Thank you; noted.",
    say_reported="Thank you; noted. The press office will check it.",
    say_failed="This could not be sent; please try again later.",
    say_unkept="Nothing is kept here, so this was not noted down.",
    say_busy="Many people are asking right now; please try again in a moment.",
    say_lost="The connection to the server was lost; reconnecting…",
    say_no_export="Export is not available here.",
    say_why="What was wrong?",
    say_doubt="What is wrong with this quote?",
    say_reasons="Does not answer|Wrong quote|Wrong speaker|Incomplete|Unclear|Other",
    say_comment="Comment (optional; please no personal data)",
    say_send="Send",
    say_cancel="Cancel",
)


@cache
def _converter() -> OpenCC:
    return OpenCC("s2tw")


def _convert(words: str) -> str:
    """Return our own words in traditional script, as Taiwan writes them."""
    converted: str = _converter().convert(words)
    return converted.replace("發佈", "發布").replace("系推定", "係推定")


def _traditional(wording: Wording) -> Wording:
    words: dict[str, Any] = {field: _convert(text) for field, text in asdict(wording).items()}
    return Wording(**words | {"tag": "zh-TW"})


WORDINGS: Mapping[Language, Wording] = {
    "zh-CN": CHINESE,
    "zh-TW": _traditional(CHINESE),
    "en": ENGLISH,
}


def tongue(wanted: object) -> Language:
    """Return the language a browser asks for: a tag such as `zh-HK`, or an Accept-Language."""
    first = str(wanted or "").split(",")[0].split(";")[0].strip().lower()
    if first.startswith("en"):
        return "en"
    return "zh-TW" if first in ("zh-tw", "zh-hk", "zh-mo") or "hant" in first else "zh-CN"


_PAGE_CHINESE = {
    "skip": "跳到正文",
    "home": "枣问",
    "ask": "提问",
    "views": "文本",
    "edited": "校订文本",
    "raw": "原始文本",
    "language": "界面语言",
    "comfort": "阅读",
    "large": "大字",
    "dark": "深色",
    "print": "打印",
    "speakers": "发言人",
    "documents": "实录",
    "date": "发布日期",
    "place": "地点",
    "publisher": "发布",
    "source": "原始出处",
    "inferred": "原文未署名，发言人系推定",
    "head": "实录文首",
    "unnamed": "发言人未注明",
    "journalist": "记者提问",
    "moderator": "主持人",
    "restored_note": "虚线下划的文字，原文有损，据上下文校订。",
    "raw_note": "这是收到时的原样文本，一字未动；有底色处在校订文本中改动过，"
    "指向或点按即见改成了什么，也可逐处查看。",
    "changes": "改动",
    "earlier": "上一处改动",
    "later": "下一处改动",
    "nothing": "（无）",
    "deleted": "（删去）",
    "annotation": "去除后加的注音",
    "realignment": "错位字节重排",
    "restoration": "缺字补出",
    "correction": "据文意更正",
    "script": "繁体转简体",
    "punctuation": "标点转全角",
    "spacing": "空格与换行",
    "emendations": "校订说明",
    "restored": "据上下文校订",
    "mechanical": "机械整理",
    "places": "处",
    "excerpt": "以下为原文检索摘录",
    "marked": "已标出引文。",
    "placed": "按位置标出，未能核对原句。",
    "widened": "引文已补足整个分句。",
    "long": "这段文字不能作为一条引文，请少选一些。",
    "unquoted": "暂时无法取得引文，请稍后再试。",
    "moved": "实录此后有更正，引文的位置变了；已按原句找到并标出。",
    "corrected": "这段引文所在的文字此后已有更正，实录中现在没有原来的这句话。"
    "标出的是该处现在的文字。",
    "outside": "这个链接指向的位置不在任何一段发言之内，无法标出。",
    "copy": "复制引文",
    "copied": "已复制引文和出处。",
    "uncopied": "浏览器不允许复制，请选中文字后复制。",
    "news": "新闻句式",
    "plain": "纯文本",
    "markdown": "Markdown",
    "json": "JSON",
    "report": "引文有误",
    "comment": "哪里有误？（请勿填写个人信息）",
    "send": "提交",
    "cancel": "取消",
    "thanks": "谢谢，已经记下，将由发布单位核对。",
    "unavailable": "暂时没有送达，请稍后再试。",
    "unkept": "这里设为不保存任何意见，所以没有记下。",
    "select": "选中正文中的一段话，可复制引文或报告有误。",
    "top": "回到顶部",
}
_PAGE_ENGLISH = {
    "skip": "Skip to the text",
    "home": "枣问 Zaowen",
    "ask": "Ask",
    "views": "Text",
    "edited": "Edited text",
    "raw": "Raw text",
    "language": "Language",
    "comfort": "Reading",
    "large": "Large text",
    "dark": "Dark",
    "print": "Print",
    "speakers": "Speakers",
    "documents": "Transcripts",
    "date": "Date",
    "place": "Place",
    "publisher": "Published by",
    "source": "Source",
    "inferred": "not named in the source; speaker inferred",
    "head": "Head of the transcript",
    "unnamed": "Speaker not named",
    "journalist": "journalist, asking",
    "moderator": "moderator",
    "restored_note": "Words underlined with dots were damaged in the source and "
    "restored from context.",
    "raw_note": "The text as it was received, unaltered. Tinted places were changed in the edited "
    "text; point at one or tap it to see what it became, or go from one to the next.",
    "changes": "Changes",
    "earlier": "Previous change",
    "later": "Next change",
    "nothing": "(nothing)",
    "deleted": "(deleted)",
    "annotation": "inserted phonetic notes removed",
    "realignment": "shifted bytes realigned",
    "restoration": "lost character restored",
    "correction": "corrected from the sense",
    "script": "traditional to simplified",
    "punctuation": "punctuation to full width",
    "spacing": "spaces and line breaks",
    "emendations": "Editorial notes",
    "restored": "Restored from context",
    "mechanical": "Mechanical",
    "places": "places",
    "excerpt": "以下为原文检索摘录 · Excerpts from the original transcript",
    "marked": "The quote is marked.",
    "placed": "Marked by its position; its words could not be checked.",
    "widened": "The quote was extended to whole clauses.",
    "long": "This cannot be one quote; please select less.",
    "unquoted": "The quote cannot be fetched right now. Please try again later.",
    "moved": "The transcript has been corrected since and the quote has moved; it was found word "
    "for word and is marked.",
    "corrected": "The text at this place has been corrected since: the transcript no longer holds "
    "these words. What stands there now is marked.",
    "outside": "This link points outside of what was said; nothing can be marked.",
    "copy": "Copy quote",
    "copied": "Quote copied, with its source.",
    "uncopied": "The browser does not allow copying; please select the words and copy them.",
    "news": "News sentence",
    "plain": "Plain text",
    "markdown": "Markdown",
    "json": "JSON",
    "report": "Report an error",
    "comment": "What is wrong? (no personal data, please)",
    "send": "Send",
    "cancel": "Cancel",
    "thanks": "Thank you, noted. The publisher will check it.",
    "unavailable": "This could not be delivered. Please try again later.",
    "unkept": "Nothing is kept here, so this was not noted down.",
    "select": "Select a passage of the text to copy it as a quote or to report an error.",
    "top": "Back to top",
}


@cache
def page_wording(language: str) -> Mapping[str, str]:
    """Return what the transcript page says; in simplified Chinese for a language not of ours."""
    if language == "en":
        return _PAGE_ENGLISH
    if language == "zh-TW":
        fixed = {key: _convert(words) for key, words in _PAGE_CHINESE.items()}
        return fixed | {"excerpt": _PAGE_CHINESE["excerpt"]}
    return _PAGE_CHINESE
