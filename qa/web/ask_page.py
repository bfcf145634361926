"""The page 问答: the conversation on the left, what it rests on at the right."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components.chatbot import ExampleMessage

from qa.web.chat import Turn, converse, said, stopped
from qa.web.controls import QUIET, choices, filter_box, periods, places
from qa.web.evidence import evidence_panel
from qa.web.examples import example_questions
from qa.web.seam import AsksQuestions
from qa.web.words import both

__all__ = ["add_ask_page"]

_PANELS = 12  # answers whose evidence stays in the page; older marks lead nowhere any more
_AT_ONCE = 8  # questions worked on at the same time
_PACE = 0.02  # seconds between two pieces of an answer


def add_ask_page(blocks: gr.Blocks, library: AsksQuestions, error_log: Path) -> Callable[[Any], object]:
    """Lay the page out in ``blocks``, which is open, and connect its events.

    Returns a function that renews the filters after an event that may have changed the reports.
    """
    i18n = gr.I18n()  # names the words; the browser has them from the launch
    turns = gr.State(())
    with gr.Row(elem_id="qa-main"):
        with gr.Column(scale=3, min_width=320, elem_id="qa-left"):
            chat = gr.Chatbot(
                elem_id="qa-chat",
                label=i18n("chat"),
                show_label=False,
                container=False,
                height="100%",
                placeholder=f'<div class="qa-welcome">{both("welcome")}</div>',
                latex_delimiters=[],
                allow_tags=False,
                buttons=[],
                feedback_options=None,
                layout="bubble",
            )
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
                place = filter_box(places(library.reports), "place", i18n, "qa-place")
                period = filter_box(periods(library.reports), "period", i18n, "qa-period")
                clear = gr.Button(
                    i18n("clear"), elem_id="qa-clear", size="sm", variant="secondary", scale=0, min_width=96
                )
        with gr.Column(scale=2, min_width=320, elem_id="qa-right"):
            evidence = gr.HTML(
                evidence_panel([]), elem_id="qa-evidence", js_on_load=None, apply_default_css=False
            )

    async def respond(
        text: str, earlier: tuple[Turn, ...], where: str, when: str
    ) -> AsyncIterator[tuple[Any, ...]]:
        if not text.strip():
            yield (gr.skip(),) * 4
            return
        box, shown = gr.Textbox(value="", submit_btn=False, stop_btn=True), evidence_panel(_panels(earlier))
        growing = converse(library, text, earlier, error_log, where or None, when or None)
        while (
            turns := await asyncio.to_thread(next, growing, None)
        ) is not None:  # a stop need not wait for it
            panel = evidence_panel(_panels(turns))
            yield box, _messages(turns), turns, gr.skip() if panel == shown else panel
            box, shown = gr.skip(), panel
            await asyncio.sleep(_PACE)
        yield _ready(), gr.skip(), gr.skip(), gr.skip()

    def give_up(turns: tuple[Turn, ...]) -> tuple[Any, ...]:
        turns = stopped(turns)
        return _ready(), _messages(turns), turns

    def refresh() -> tuple[Any, ...]:
        reports = library.reports
        examples: list[ExampleMessage] = [{"text": text} for text in example_questions(library)]
        return (
            gr.Chatbot(examples=examples),
            *offered(),
            evidence_panel([], has_reports=bool(reports)),
        )

    def offered() -> tuple[gr.Dropdown, gr.Dropdown]:
        reports = library.reports
        return (
            gr.Dropdown(choices(places(reports), "place", i18n), value=""),
            gr.Dropdown(choices(periods(reports), "period", i18n), value=""),
        )

    inputs, outputs = [question, turns, place, period], [question, chat, turns, evidence]
    typed = question.submit(respond, inputs, outputs, concurrency_limit=_AT_ONCE, **QUIET)
    chosen = chat.example_select(_chosen, None, question, **QUIET)
    picked = chosen.then(respond, inputs, outputs, concurrency_limit=_AT_ONCE, **QUIET)
    running = [typed, picked]  # ended first: nothing of theirs may come after what follows
    question.stop(None, cancels=running).then(give_up, turns, [question, chat, turns], **QUIET)
    clear.click(None, cancels=running).then(
        lambda: (_ready(), [], (), evidence_panel([])), None, outputs, **QUIET
    )
    blocks.load(refresh, None, [chat, place, period, evidence], **QUIET)
    return lambda event: event.then(offered, None, [place, period], **QUIET)


def _ready() -> gr.Textbox:
    return gr.Textbox(submit_btn=True, stop_btn=False)


def _chosen(event: gr.SelectData) -> str:
    return str(event.value["text"])


def _messages(turns: tuple[Turn, ...]) -> list[gr.MessageDict]:
    messages: list[gr.MessageDict] = []
    for turn in turns:
        messages.append({"role": "user", "content": said(turn.question)})
        messages.append({"role": "assistant", "content": turn.shown})
    return messages


def _panels(turns: tuple[Turn, ...]) -> list[str]:
    return [turn.evidence for turn in turns if turn.evidence][-_PANELS:]
