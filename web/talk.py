"""The course of a conversation: what the chat page shows after each thing a person does.

Every act yields values by the name of the component that shows them; see `web.chat.Desk`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

import gradio as gr

from index.records import Span
from qa.engine import Engine
from qa.records import Quote
from web.cards import answer_card, phrases, plain, stale_card
from web.feedback import Feedback
from web.pages import transcript_html
from web.prompts import MOST as MOST_PROMPTS
from web.prompts import Prompts
from web.turns import MOST, Turn, locate, recall
from web.wording import WORDINGS, Language, Wording, tongue

Values = Mapping[str, Any]
_PLACE = re.compile(r"([^#]+)(?:#c(\d{1,9})-(\d{1,9}))?")


@dataclass(frozen=True, slots=True)
class Talk:
    """One page's acts over the engine that answers now."""

    engine: Engine
    feedback: Feedback
    prompts: Prompts

    def reopen(self, kept: object, wanted: object) -> Iterator[Values]:
        """Show what the browser kept, in the language it kept or asks for."""
        turns, language = self._recall(kept), tongue(wanted)
        last = next((t.answer.quotes for t in turns[::-1] if t.answer), ())
        yield {
            "language": language,
            **_speak(WORDINGS[language], language),
            **self._conversation(turns, language),
        }
        yield self._panel(last, language)
        yield self._suggest(turns, language)

    def reply(self, question: str, kept: object, language: Language) -> Iterator[Values]:
        """Answer a question; an empty one changes nothing."""
        if not question.strip():
            return
        turns = self._recall(kept)
        answer = self.engine.ask(question, [turn.question for turn in turns])
        self.feedback.record(question, answer, "chat")
        turns = [*turns, Turn(question, answer)][-MOST:]
        yield {
            "box": "",
            **self._conversation(turns, language),
            **self._panel(answer.quotes, language),
        }
        yield self._suggest(turns, language)

    def again(self, kept: object, language: Language) -> Iterator[Values]:
        """Ask the last question once more."""
        turns = self._recall(kept)
        if turns:
            yield from self.reply(turns[-1].question, [t.keep() for t in turns[:-1]], language)

    def clear(self, language: Language) -> Iterator[Values]:
        """Forget the conversation, here and in the browser."""
        yield {"box": "", **self._conversation([], language), **self._panel((), language)}
        yield self._suggest([], language)

    def translate(self, kept: object, language: Language, document: str | None) -> Iterator[Values]:
        """Say everything but the quotes in another language."""
        turns = self._recall(kept)
        yield {
            "saved": language,
            "whole": _whole(document or "", WORDINGS[language]),
            **_speak(WORDINGS[language], language),
            **self._conversation(turns, language),
        }
        yield self._suggest(turns, language)

    def turn_to(self, place: str | None, language: Language) -> Iterator[Values]:
        """Open the panel at a place, written `document` or `document#cSTART-END`."""
        asked = _PLACE.fullmatch(place or "")
        if asked and asked[1] in self.engine.transcripts:
            document, start, end = asked.groups()
            span = Span(int(start or 0), int(end or 0))
            found = locate(self.engine.transcripts, document, span)
            yield self._panel((found,) if found else (), language, document)

    def _recall(self, kept: object) -> list[Turn]:
        return recall(kept, self.engine.transcripts)

    def _conversation(self, turns: Sequence[Turn], language: Language) -> Values:
        names = {t.source.publisher for t in self.engine.transcripts.values()}
        organisers = sorted(name for name in names if name)
        words, messages = WORDINGS[language], []
        for turn in turns:
            card = answer_card(turn.answer, words, organisers) if turn.answer else stale_card(words)
            messages.append({"role": "user", "content": plain(turn.question)})
            messages.append({"role": "assistant", "content": card})
        quoted = any(turn.answer and turn.answer.quotes for turn in turns)
        shown = {"retry": turns, "clear": turns, "as_word": quoted, "as_markdown": quoted}
        return {
            "kept": [turn.keep() for turn in turns],
            "chat": gr.Chatbot(messages, placeholder=words.welcome),
            **{k: gr.Button(getattr(words, k), visible=bool(v)) for k, v in shown.items()},
        }

    def _suggest(self, turns: Sequence[Turn], language: Language) -> Values:
        answer = turns[-1].answer if turns else None
        asked = [turn.question for turn in turns]
        texts = self.prompts.after(answer, asked) if answer else self.prompts.first()
        words = WORDINGS[language]
        buttons = [gr.Button(text, visible=True) for text in texts]
        buttons += [gr.Button(visible=False)] * (MOST_PROMPTS - len(texts))
        label = words.others if turns else words.examples
        return {"label": label if texts else "", "prompts": buttons}

    def _panel(self, quotes: Sequence[Quote], language: Language, document: str = "") -> Values:
        transcripts = self.engine.transcripts
        wanted = quotes[0].document_id if quotes else document
        shown = transcripts.get(wanted) or next(iter(transcripts.values()))
        choices = [(t.source.title, t.id) for t in transcripts.values()]
        return {
            "chooser": gr.Dropdown(choices=choices, value=shown.id, visible=len(choices) > 1),
            "whole": _whole(shown.id, WORDINGS[language]),
            "panel": transcript_html(shown, quotes),
        }


def _whole(document: str, words: Wording) -> str:
    link = f"/t/{quote(document)}"
    return (
        f'<p><a href="{escape(link)}" target="_blank" rel="noopener">{plain(words.whole)}</a></p>'
    )


def _speak(words: Wording, language: Language) -> Values:
    """Return the page's fixed phrases in one language."""
    head = (
        f'<a class="zw-skip" href="#question">{plain(words.skip)}</a>'
        f"<h1>{plain(words.name)}</h1><p>{plain(words.about)}</p>{phrases(words)}"
    )
    named = ("large", "dark", "back")
    return {
        "head": f'<div lang="{language}">{head}</div>',
        "box": gr.Textbox(
            label=words.question, placeholder=words.placeholder, submit_btn=words.send
        ),
        "chooser": gr.Dropdown(label=words.document),
        **{name: gr.Button(getattr(words, name)) for name in named},
    }
