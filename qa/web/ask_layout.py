"""The components of the page 问答: conversations, chat and evidence, from left to right."""

from __future__ import annotations

import gradio as gr

from qa.feedback import COMMENT_CHARACTERS
from qa.web.controls import button, filter_box, label, plain_html, text_box
from qa.web.conversations import conversation_list
from qa.web.evidence import evidence_panel
from qa.web.markup import both

_NEXT = 3  # questions that are suggested after an answer


class AskLayout:
    """The components by purpose, made in the open Blocks; with a language model, a switch to answer without it."""

    def __init__(self, *, has_model: bool) -> None:
        with gr.Row(elem_id="qa-main"):
            with gr.Column(scale=0, min_width=0, elem_id="qa-side"):
                self.new = gr.Button(label("clear"), elem_id="qa-clear", size="sm")
                self.conversations = plain_html(conversation_list(), "qa-conversations", hears="qa-talk")
            with gr.Column(scale=3, min_width=320, elem_id="qa-left"):
                self._lay_out_chat()
                with gr.Row(elem_id="qa-controls"):
                    self.filters = [
                        filter_box(name, 104, f"qa-{name}") for name in ("place", "period", "report")
                    ]
                    self.alone = gr.Checkbox(
                        False,
                        label=label("without_model"),
                        container=False,
                        scale=0,
                        min_width=140,
                        visible=has_model,
                    )
                    self.again, *self.saves = (  # shown once something was asked
                        button(key, 72, elem_classes="qa-after", elem_id=f"qa-{key}")
                        for key in ("again", "as_markdown", "as_docx", "as_xlsx")
                    )
            with gr.Column(scale=2, min_width=320, elem_id="qa-right"):
                self.evidence = plain_html(evidence_panel([]), "qa-evidence")

    def _lay_out_chat(self) -> None:
        self.chat = gr.Chatbot(
            elem_id="qa-chat",
            label=label("chat"),
            show_label=False,
            container=False,
            height="100%",
            placeholder=f'<div class="qa-welcome">{both("welcome")}</div>',
            latex_delimiters=[],
            allow_tags=False,
            autoscroll=False,  # it scrolls past the beginning of the answer; ``conversations.js`` does it better
            buttons=[],
            feedback_options=None,
            layout="bubble",
        )
        self.judged = plain_html(hears="qa-verdict")
        with gr.Row(elem_id="qa-comment", visible=False) as self.comment_row:
            self.thanks = plain_html()
            options = {"max_lines": 1, "max_length": COMMENT_CHARACTERS, "submit_btn": True}
            self.comment = text_box("comment", "comment_here", elem_id="qa-comment-text", **options)
            self.comment_done = button("close", 64)
        with gr.Row(elem_id="qa-nexts", visible=False) as self.next_row:
            self.next_ones = [gr.Button("", size="sm", scale=0, visible=False) for _ in range(_NEXT)]
        options = {"lines": 1, "max_lines": 6, "autofocus": True, "submit_btn": True}
        self.question = text_box("question", "ask_here", elem_id="qa-question", **options)
