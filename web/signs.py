"""The fixed words on the transcript page; the transcript itself is never translated."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from opencc import OpenCC

LANGUAGES = {"zh-CN": "简", "zh-TW": "繁", "en": "EN"}
_CHINESE = {
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
    "restored_note": "虚线下划的文字，原文有损，据上下文校订。",
    "raw_note": "这是收到时的原样文本，一字未动；有底色处在校订文本中改动过，指向即见改成了什么。",
    "emendations": "校订说明",
    "restored": "据上下文校订",
    "mechanical": "机械整理",
    "places": "处",
    "excerpt": "以下为原文检索摘录",
    "marked": "已标出引文。",
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
    "select": "选中正文中的一段话，可复制引文或报告有误。",
    "top": "回到顶部",
}
_ENGLISH = {
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
    "restored_note": "Words underlined with dots were damaged in the source and "
    "restored from context.",
    "raw_note": "The text as it was received, unaltered. Tinted places were changed in the edited "
    "text; point at one to see what it became.",
    "emendations": "Editorial notes",
    "restored": "Restored from context",
    "mechanical": "Mechanical",
    "places": "places",
    "excerpt": "以下为原文检索摘录 · Excerpts from the original transcript",
    "marked": "The quote is marked.",
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
    "select": "Select a passage of the text to copy it as a quote or to report an error.",
    "top": "Back to top",
}


@cache
def signs(language: str) -> Mapping[str, str]:
    """Return the words of a language; of simplified Chinese where it is not one of ours."""
    if language == "en":
        return _ENGLISH
    if language == "zh-TW":
        convert = OpenCC("s2tw").convert
        fixed = {key: convert(words) for key, words in _CHINESE.items()}
        return fixed | {"excerpt": _CHINESE["excerpt"]}
    return _CHINESE
