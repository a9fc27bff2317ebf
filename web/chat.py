"""The Gradio chat page: questions and answers, and the transcript beside them, a click away."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

# Nothing is sent home, and no table of all earlier events is made anew after each of them.
os.environ |= {"GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_ANALYTICS_CACHE_FREQUENCY": f"{2**62}"}

import gradio as gr
from anyio import CapacityLimiter, to_thread
from gradio.utils import LRUCache

from qa.engine import Answering
from qa.question import LONGEST
from web.feedback import Feedback
from web.prompts import MOST as MOST_PROMPTS
from web.prompts import Prompts
from web.talk import Talk, Values
from web.wording import CHINESE, LANGUAGES, tongue

AT_ONCE = 4
WAITING = 64
MOST_SESSIONS = 2000
CSS = (Path(__file__).parent / "static" / "chat.css").read_text(encoding="utf-8")
HEAD = '<script src="/cite.js" type="module"></script>'
FONTS = [
    gr.themes.Font(n) for n in ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
]
THEME = gr.themes.Default(primary_hue="amber", neutral_hue="stone", font=FONTS).set(
    body_background_fill="#fdfcfa",
    body_background_fill_dark="#191714",
    body_text_color="#1f1b16",
    body_text_color_dark="#ece6dd",
    block_background_fill="#ffffff",
    block_background_fill_dark="#221f1b",
    border_color_primary="#d9d2c7",
    border_color_primary_dark="#4a433a",
    color_accent="#8a3b12",
    input_placeholder_color="*neutral_600",
    input_placeholder_color_dark="*neutral_300",
)


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """The components of the page; `Talk` names them by these fields."""

    kept: gr.BrowserState
    saved: gr.BrowserState
    head: gr.Markdown
    language: gr.Radio
    large: gr.Button
    dark: gr.Button
    chat: gr.Chatbot
    label: gr.Markdown
    prompts: tuple[gr.Button, ...]
    box: gr.Textbox
    retry: gr.Button
    clear: gr.Button
    as_word: gr.Button
    as_markdown: gr.Button
    chooser: gr.Dropdown
    whole: gr.Markdown
    back: gr.Button
    panel: gr.Markdown
    place: gr.Textbox

    def components(self) -> list[Any]:
        """Return every component, the buttons of the prompts one by one."""
        single = [getattr(self, field.name) for field in fields(self) if field.name != "prompts"]
        return [*single, *self.prompts]

    def lay(self, values: Values) -> dict[Any, Any]:
        """Return the values by component, as Gradio takes them; the rest stays as it is."""
        laid = {getattr(self, name): value for name, value in values.items() if name != "prompts"}
        return laid | dict(zip(self.prompts, values.get("prompts", ()), strict=False))


def make_chat(engine: Answering, feedback: Feedback, prompts: Prompts) -> gr.Blocks:
    """Return the chat page over an engine; a conversation is kept by its reader's browser only.

    The prompts are tried here, so that no visitor waits for that.
    """
    talk = Talk(engine, feedback, prompts)
    first = talk.reopen([], CHINESE.tag)
    with gr.Blocks(title="枣问", analytics_enabled=False) as page:
        desk = _desk(first)
        _connect(page, desk, talk)
    page.queue(default_concurrency_limit=AT_ONCE, max_size=WAITING, api_open=False)
    _bound(page)
    return page


def _bound(page: gr.Blocks) -> None:
    """Let no visitor leave anything behind for long.

    Gradio keeps a copy of the page for each session, which nothing here reads again: as many are
    kept as may be served at once. It never forgets the id of a session that has ended, either.
    """
    page.state_session_capacity = WAITING
    page._queue.pending_event_ids_session = LRUCache(MOST_SESSIONS)


def _desk(first: Values) -> Desk:
    """Return the components; the head stands there even for a visitor whom a limit turns away."""
    parts: dict[str, Any] = {
        "kept": gr.BrowserState([], storage_key="zaowen.turns", secret="zaowen"),
        "saved": gr.BrowserState(None, storage_key="zaowen.language", secret="zaowen"),
    }
    with gr.Row(elem_id="top"):
        parts["head"] = gr.Markdown(first["head"], elem_id="head", sanitize_html=True)
        with gr.Row(elem_id="tools"):
            parts |= _tools()
    with gr.Row(elem_id="desk"):
        with gr.Column(scale=6, min_width=300, elem_id="talk"):
            parts |= _talk()
        with gr.Column(scale=5, min_width=300, elem_id="side"):
            parts |= _side(first)
    return Desk(**parts)


def _tools() -> dict[str, Any]:
    language = gr.Radio(
        [(name, tag) for tag, name in LANGUAGES.items()],
        value="zh-CN",
        label=CHINESE.language,
        elem_id="language",
        container=False,
    )
    return {"language": language, "large": _button("large"), "dark": _button("dark")}


def _talk() -> dict[str, Any]:
    parts: dict[str, Any] = {"chat": _chat(), "label": gr.Markdown(elem_id="prompts-label")}
    with gr.Row(elem_id="prompts"):
        parts["prompts"] = tuple(
            gr.Button(visible=False, elem_id=f"prompt{n}", size="sm", scale=0, min_width=0)
            for n in range(MOST_PROMPTS)
        )
    parts["box"] = gr.Textbox(
        label=CHINESE.question,
        placeholder=CHINESE.placeholder,
        max_length=LONGEST,
        submit_btn=CHINESE.send,
        elem_id="question",
    )
    with gr.Row(elem_id="acts"):
        parts |= {name: _button(name) for name in ("retry", "clear", "as_word", "as_markdown")}
    return parts


def _side(first: Values) -> dict[str, Any]:
    return {
        "chooser": gr.Dropdown(
            [],
            label=CHINESE.document,
            visible=False,
            elem_id="chooser",
            allow_custom_value=True,
        ),
        "whole": gr.Markdown(first["whole"], elem_id="whole"),
        "back": _button("back"),
        "panel": gr.Markdown(elem_id="transcript", sanitize_html=True),
        "place": gr.Textbox(elem_id="place", visible="hidden", label="place"),
    }


def _button(name: str) -> gr.Button:
    words = getattr(CHINESE, name)
    return gr.Button(words, elem_id=name, size="sm", variant="secondary", scale=0, min_width=0)


def _chat() -> gr.Chatbot:
    return gr.Chatbot(
        layout="panel",
        buttons=[],
        show_label=False,
        label=CHINESE.say_conversation,
        latex_delimiters=[],
        allow_tags=False,
        sanitize_html=True,
        elem_id="chat",
        autoscroll=False,
        height="auto",
        placeholder=CHINESE.welcome,
    )


def _connect(page: gr.Blocks, desk: Desk, talk: Talk) -> None:
    def on(event: Callable[..., Any], act: Callable[..., Values], *given: Any) -> None:
        def run(*values: Any) -> dict[Any, Any]:
            said = zip(given, values, strict=True)
            return desk.lay(act(*(tongue(v) if part is desk.language else v for part, v in said)))

        _listen(event, run, given, desk)

    def opened(kept: object, saved: object, request: gr.Request) -> dict[Any, Any]:
        return desk.lay(talk.reopen(kept, saved or request.headers.get("accept-language")))

    asking = _ask(desk, talk)
    gr.on([desk.clear.click, desk.language.input], None, cancels=[asking])
    _listen(page.load, opened, (desk.kept, desk.saved), desk)
    on(desk.clear.click, talk.clear, desk.language)
    on(desk.language.input, talk.translate, desk.kept, desk.language, desk.chooser)
    for source, event in ((desk.chooser, desk.chooser.input), (desk.place, desk.place.submit)):
        on(event, talk.turn_to, source, desk.language)


def _ask(desk: Desk, talk: Talk) -> Any:
    """Let the box, the prompts and 重新回答 ask: one listener, so that no answer overtakes another.

    What is given up, by clearing or by another language, is never shown, though its thread ends
    later. Many may wait, each told so at once, while a few are answered. The prompts come within
    the same event: Gradio loses an event that begins while the one before it is being closed.
    """
    sources, places = (desk.box, *desk.prompts), CapacityLimiter(AT_ONCE)

    async def run(event: gr.EventData, *values: Any) -> AsyncIterator[dict[Any, Any]]:
        *texts, kept, spoken = values
        by, language = getattr(event.target, "elem_id", desk.box.elem_id), tongue(spoken)
        if by == desk.retry.elem_id:
            question, kept = talk.again(kept)
        else:
            question = dict(zip((s.elem_id for s in sources), texts, strict=True)).get(by) or ""
        if question.strip():
            yield desk.lay(talk.wait(question, kept, language))
        asked = partial(talk.reply, question, kept, language)
        yield desk.lay(await to_thread.run_sync(asked, abandon_on_cancel=True, limiter=places))

    events = [desk.box.submit, desk.retry.click, *(button.click for button in desk.prompts)]
    given = (*sources, desk.kept, desk.language)
    return _listen(partial(gr.on, events), run, given, desk, concurrency_limit=WAITING)


def _listen(
    event: Callable[..., Any], run: Any, given: tuple[Any, ...], desk: Desk, **more: Any
) -> Any:
    return event(
        run,
        list(given),
        desk.components(),
        show_progress="hidden",
        api_visibility="private",
        **more,
    )
