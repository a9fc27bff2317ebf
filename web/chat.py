"""The Gradio chat: the answer first, the transcript beside it, a click away."""

from __future__ import annotations

import os
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr

from qa.engine import Engine
from qa.question import LONGEST
from web.pages import answer_markdown, plain, transcript_html

CSS = (Path(__file__).parent / "static" / "chat.css").read_text(encoding="utf-8")
HEAD = '<script src="/cite.js" defer></script>'
FONTS = [
    gr.themes.Font(n) for n in ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
]
THEME = gr.themes.Default(primary_hue="amber", font=FONTS).set(
    input_placeholder_color="*neutral_600", input_placeholder_color_dark="*neutral_300"
)
EXAMPLES = (
    "大会的主题是什么？",
    "签约项目总投资多少？",
    "全省新型储能规模有多大？",
    "谁主持了发布会？",
)


def make_chat(engine: Engine) -> gr.Blocks:
    """Return the chat page over an engine."""
    first = next(iter(engine.transcripts.values()))

    def reply(question: str, history: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
        asked = [_text(m) for m in history if m["role"] == "user"]
        answer = engine.ask(question, asked)
        shown = engine.transcripts[answer.quotes[0].document_id] if answer.quotes else first
        turns = [
            *history,
            {"role": "user", "content": plain(question)},
            {"role": "assistant", "content": answer_markdown(answer)},
        ]
        yield turns, "", transcript_html(shown, answer.quotes)

    with gr.Blocks(title="枣问", analytics_enabled=False) as page:
        gr.Markdown("# 枣问\n发布会原文问答：回答只引原话，句句有出处。")
        with gr.Row():
            with gr.Column(scale=5):
                chat = gr.Chatbot(
                    layout="panel",
                    buttons=["copy"],
                    show_label=False,
                    label="问答",
                    latex_delimiters=[],
                    allow_tags=False,
                    sanitize_html=True,
                    elem_id="chat",
                    height="62vh",
                    placeholder="请就发布会提问，例如：签约项目总投资多少？",
                )
                box = gr.Textbox(
                    label="您的问题",
                    placeholder="输入问题，按回车发送",
                    max_length=LONGEST,
                    submit_btn="提问",
                    elem_id="question",
                )
                with gr.Row():
                    examples = [gr.Button(e, size="sm", variant="secondary") for e in EXAMPLES]
            with gr.Column(scale=4):
                panel = gr.Markdown(
                    transcript_html(first),
                    elem_id="transcript",
                    sanitize_html=True,
                    label="实录全文",
                )
        outputs = [chat, box, panel]
        box.submit(reply, [box, chat], outputs, show_progress="hidden", api_visibility="private")
        for button in examples:
            button.click(
                reply, [button, chat], outputs, show_progress="hidden", api_visibility="private"
            )
    page.queue(default_concurrency_limit=4, max_size=64, api_open=False)
    page.state_session_capacity = 2000
    return page


def _text(message: dict[str, Any]) -> str:
    """Return what a person typed, of which the chat holds the escaped form."""
    content = message["content"]
    if not isinstance(content, str):
        content = "".join(part.get("text", "") for part in content)
    return unescape(content.replace("<br>", "\n"))
