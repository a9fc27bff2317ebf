"""The course of a conversation: what the chat page shows after each thing a person does.

Every act returns values by the name of the component that shows them; see `web.chat.Desk`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote, urlencode

import gradio as gr

from index.records import Span
from qa.compose import whom_to_ask
from qa.engine import Answering
from qa.quote import QuoteError
from qa.records import Answer, Quote
from web.cards import answer_card, asked_in, phrases, plain, stale_card, waiting_card
from web.citation import locate
from web.feedback import Feedback
from web.metrics import AnswerFailed
from web.pages import transcript_html
from web.prompts import MOST as MOST_PROMPTS
from web.prompts import Prompts
from web.turns import MOST, Turn, recall
from web.wording import WORDINGS, Language, Wording, tongue

Values = dict[str, Any]
_PLACE = re.compile(r"([^#]+)(?:#c(\d{1,9})-(\d{1,9}))?")


@dataclass(frozen=True, slots=True)
class Talk:
    """One page's acts over the engine that answers now."""

    engine: Answering
    feedback: Feedback
    prompts: Prompts

    def reopen(self, kept: object, wanted: object) -> Values:
        """Show what the browser kept, in the language it kept or asks for."""
        turns, language = self._recall(kept), tongue(wanted)
        last = next((t.answer.quotes for t in turns[::-1] if t.answer), ())
        return {
            "language": language,
            **_speak(WORDINGS[language], self.feedback.retention),
            **self._conversation(turns, language),
            **self._panel(last, language),
        }

    def wait(self, question: str, kept: object, language: Language) -> Values:
        """Show a question that is being looked up below what was said before."""
        words, turns = WORDINGS[language], self._recall(kept)
        asked = [*self._messages(turns, words), *_said(question, waiting_card(words))]
        return {"box": "", "chat": gr.Chatbot(asked)}

    def reply(self, question: str, kept: object, language: Language) -> Values:
        """Answer a question; an empty one changes nothing."""
        if not question.strip():
            return {"box": ""}
        turns = self._recall(kept)
        try:
            answer = self.engine.ask(question, [turn.question for turn in turns])
        except AnswerFailed:
            answer = Answer(question, "invalid", WORDINGS[language].failed)
        else:
            self.feedback.record(question, answer, "chat")
        turns = [*turns, Turn(question, answer)][-MOST:]
        return self._conversation(turns, language) | self._panel(answer.quotes, language)

    def again(self, kept: object) -> tuple[str, object]:
        """Return the last question, to be asked once more, and the turns before it."""
        *before, last = self._recall(kept) or [Turn("", None)]
        return last.question, [turn.keep() for turn in before]

    def clear(self, language: Language) -> Values:
        """Forget the conversation, here and in the browser."""
        return {"box": "", **self._conversation([], language), **self._panel((), language)}

    def translate(self, kept: object, language: Language, document: str | None) -> Values:
        """Say everything but the quotes in another language."""
        turns = self._recall(kept)
        quotes = next((t.answer.quotes for t in turns[::-1] if t.answer), ())
        here = tuple(quoted for quoted in quotes if quoted.document_id == document)
        return {
            "saved": language,
            **_speak(WORDINGS[language], self.feedback.retention),
            **self._conversation(turns, language),
            **self._panel(here, language, document or ""),
        }

    def turn_to(self, place: str | None, language: Language) -> Values:
        """Open the panel at a place, written `document` or `document#cSTART-END`."""
        asked = _PLACE.fullmatch(place or "")
        if not asked or asked[1] not in self.engine.transcripts:
            return {"panel": gr.skip()}
        document, start, end = asked.groups()
        found: tuple[Quote, ...] = ()
        with suppress(QuoteError):
            span = Span(int(start or 0), int(end or 0))
            found = (locate(self.engine.transcripts, document, span),)
        return self._panel(found, language, document)

    def _recall(self, kept: object) -> list[Turn]:
        return recall(kept, self.engine.transcripts)

    def _conversation(self, turns: Sequence[Turn], language: Language) -> Values:
        words = WORDINGS[language]
        quoted = any(turn.answer and turn.answer.quotes for turn in turns)
        shown = {"retry": turns, "clear": turns, "as_word": quoted, "as_markdown": quoted}
        return {
            "kept": [turn.keep() for turn in turns],
            "chat": gr.Chatbot(self._messages(turns, words), placeholder=words.welcome),
            **self._suggest(turns, words),
            **{k: gr.Button(getattr(words, k), visible=bool(v)) for k, v in shown.items()},
        }

    def _suggest(self, turns: Sequence[Turn], words: Wording) -> Values:
        """Offer questions to begin with, or to go on with."""
        answers = [turn.answer for turn in turns if turn.answer]
        asked = [turn.question for turn in turns]
        texts = self.prompts.after(answers, asked) if answers else self.prompts.first()
        buttons = [gr.Button(text, visible=True) for text in texts]
        buttons += [gr.Button(visible=False)] * (MOST_PROMPTS - len(texts))
        label = words.others if turns else words.examples
        return {"label": label if texts else "", "prompts": buttons}

    def _messages(self, turns: Sequence[Turn], words: Wording) -> list[dict[str, str]]:
        return [m for turn in turns for m in _said(turn.question, self._card(turn.answer, words))]

    def _card(self, answer: Answer | None, words: Wording) -> str:
        if answer is None:
            return stale_card(words)
        return answer_card(answer, words, whom_to_ask(self.engine.transcripts, answer.related))

    def _panel(self, quotes: Sequence[Quote], language: Language, document: str = "") -> Values:
        transcripts, words = self.engine.transcripts, WORDINGS[language]
        wanted = quotes[0].document_id if quotes else document
        shown = transcripts.get(wanted) or next(iter(transcripts.values()))
        choices = [(t.source.title, t.id) for t in transcripts.values()]
        return {
            "chooser": gr.Dropdown(
                choices=choices, label=words.document, value=shown.id, visible=len(choices) > 1
            ),
            "whole": _whole(shown.id, words),
            "panel": transcript_html(shown, quotes, words),
        }


def _said(question: str, card: str) -> list[dict[str, str]]:
    return [
        {"role": "user", "content": plain(question)},
        {"role": "assistant", "content": card},
    ]


def _whole(document: str, words: Wording) -> str:
    page = f"/t/{quote(document)}"
    raw = f"{page}?{urlencode({'view': 'raw', 'lang': words.tag})}"
    links = ((page + asked_in(words), words.whole), (raw, words.raw))
    return "".join(
        f'<a href="{escape(link)}" target="_blank" rel="noopener">{plain(name)}</a>'
        for link, name in links
    )


def _speak(words: Wording, days: int) -> Values:
    """Return the page's fixed phrases in one language; questions are kept for so many days."""
    kept = words.kept.format(days=days) if days else words.unkept
    head = (
        f'<a class="zw-skip" href="#question">{plain(words.skip)}</a>'
        f"<h1>{plain(words.name)}</h1><p>{plain(f'{words.about} {kept}')}</p>{phrases(words)}"
    )
    named = ("large", "dark", "back")
    return {
        "head": f'<div lang="{words.tag}">{head}</div>',
        "box": gr.Textbox(
            label=words.question, placeholder=words.placeholder, submit_btn=words.send
        ),
        "chooser": gr.Dropdown(label=words.document),
        **{name: gr.Button(getattr(words, name)) for name in named},
    }
