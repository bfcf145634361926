"""The components of the page 问答: conversations, chat and evidence, from left to right."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from qa.feedback import COMMENT_CHARACTERS
from qa.types import Report
from qa.web.controls import filter_box, periods, places, plain_html, report_names
from qa.web.conversations import conversation_list
from qa.web.evidence import evidence_panel
from qa.web.words import both

_NEXT = 3  # questions that are suggested after an answer
# Events that ``page.js`` and ``conversations.js`` send, passed on as clicks of a component
_CHOSEN = 'document.addEventListener("qa-talk", () => trigger("click"));'
_JUDGED = 'document.addEventListener("qa-verdict", (event) => trigger("click", event.detail));'


@dataclass(frozen=True, slots=True, eq=False)
class AskParts:
    """The components by purpose."""

    new: gr.Button
    conversations: gr.HTML
    chat: gr.Chatbot
    judged: gr.HTML
    comment_row: gr.Row
    thanks: gr.HTML
    comment: gr.Textbox
    comment_done: gr.Button
    next_row: gr.Row
    next_ones: tuple[gr.Button, ...]
    question: gr.Textbox
    place: gr.Dropdown
    period: gr.Dropdown
    report: gr.Dropdown
    alone: gr.Checkbox
    again: gr.Button
    as_markdown: gr.Button
    as_docx: gr.Button
    as_xlsx: gr.Button
    evidence: gr.HTML

    @property
    def filters(self) -> list[gr.Dropdown]:
        """In the order of ``qa.web.shelf.Filters``."""
        return [self.place, self.period, self.report]


def lay_out(reports: tuple[Report, ...], i18n: gr.I18n, has_model: bool = False) -> AskParts:
    """Make the components in the open Blocks; a language model gets a switch to answer without it."""
    with gr.Row(elem_id="qa-main"):
        with gr.Column(scale=0, min_width=0, elem_id="qa-side"):
            new = gr.Button(i18n("clear"), elem_id="qa-clear", size="sm", variant="secondary")
            conversations = plain_html(conversation_list(), "qa-conversations", _CHOSEN)
        with gr.Column(scale=3, min_width=320, elem_id="qa-left"):
            chat = _chat(i18n)
            judged = plain_html("", "qa-judged", _JUDGED)
            with gr.Row(elem_id="qa-comment", visible=False) as comment_row:
                thanks = plain_html("")
                comment = gr.Textbox(
                    elem_id="qa-comment-text",
                    label=i18n("comment"),
                    placeholder=i18n("comment_here"),
                    container=False,
                    show_label=False,
                    max_lines=1,
                    max_length=COMMENT_CHARACTERS,
                    submit_btn=True,
                )
                comment_done = gr.Button(i18n("close"), size="sm", scale=0, min_width=64)
            with gr.Row(elem_id="qa-nexts", visible=False) as next_row:
                next_ones = tuple(gr.Button("", size="sm", scale=0, visible=False) for _ in range(_NEXT))
            question = gr.Textbox(
                elem_id="qa-question",
                label=i18n("question"),
                placeholder=i18n("ask_here"),
                show_label=False,
                container=False,
                lines=1,
                max_lines=6,
                autofocus=True,
                submit_btn=True,
            )
            with gr.Row(elem_id="qa-controls"):
                place = filter_box(places(reports), "place", i18n, "qa-place", 108)
                period = filter_box(periods(reports), "period", i18n, "qa-period", 108)
                report = filter_box(report_names(reports), "report", i18n, "qa-report", 108)
                alone = gr.Checkbox(
                    False,
                    label=i18n("without_model"),
                    container=False,
                    scale=0,
                    min_width=140,
                    visible=has_model,
                    elem_id="qa-alone",
                )
                again, as_markdown, as_docx, as_xlsx = (
                    gr.Button(  # shown once something was asked
                        i18n(key),
                        size="sm",
                        scale=0,
                        min_width=72,
                        elem_classes="qa-after",
                        elem_id=f"qa-{key}",
                    )
                    for key in ("again", "as_markdown", "as_docx", "as_xlsx")
                )
        with gr.Column(scale=2, min_width=320, elem_id="qa-right"):
            evidence = plain_html(evidence_panel([]), "qa-evidence")
    return AskParts(
        new=new,
        conversations=conversations,
        chat=chat,
        judged=judged,
        comment_row=comment_row,
        thanks=thanks,
        comment=comment,
        comment_done=comment_done,
        next_row=next_row,
        next_ones=next_ones,
        question=question,
        place=place,
        period=period,
        report=report,
        alone=alone,
        again=again,
        as_markdown=as_markdown,
        as_docx=as_docx,
        as_xlsx=as_xlsx,
        evidence=evidence,
    )


def _chat(i18n: gr.I18n) -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="qa-chat",
        label=i18n("chat"),
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
