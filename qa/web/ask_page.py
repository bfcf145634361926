"""The page 问答: the conversation on the left, what it rests on at the right."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components.chatbot import ExampleMessage

from qa.types import Report
from qa.web.chat import Turn, converse, recalled, remembered, said, stopped, suggested
from qa.web.controls import QUIET, SAVE, choices, download, filter_box, periods, places
from qa.web.evidence import evidence_panel
from qa.web.examples import example_questions
from qa.web.exports import as_docx, as_markdown
from qa.web.failures import explain
from qa.web.shelf import Shelf
from qa.web.words import both

__all__ = ["add_ask_page"]

_PANELS = 12  # answers whose evidence stays in the page; older marks lead nowhere any more
_AT_ONCE = 8  # questions worked on at the same time
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NEXT = 3  # questions that are suggested after an answer
_PACE = 0.02  # seconds between two pieces of an answer


def add_ask_page(blocks: gr.Blocks, library: Shelf, error_log: Path) -> Callable[[Any], object]:
    """Lay the page out in ``blocks``, which is open, and connect its events.

    Returns a function that renews the filters after an event that may have changed the reports.
    """
    i18n = gr.I18n()  # names the words; the browser has them from the launch
    turns = gr.State(())
    kept = gr.JSON(visible=False)
    # the "secret" only scrambles what the reader's own browser keeps; a fixed one outlives a restart
    browser = gr.BrowserState([], storage_key="qa-conversation", secret="union-qa")  # noqa: S106
    first_questions: list[tuple[tuple[Report, ...] | None, tuple[str, ...]]] = [(None, ())]
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
            with gr.Row(elem_id="qa-nexts", visible=False) as next_row:
                next_ones = [gr.Button("", size="sm", scale=0, visible=False) for _ in range(_NEXT)]
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
                again = _after("again", i18n)
                as_markdown_file = _after("as_markdown", i18n)
                as_docx_file = _after("as_docx", i18n)
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
            yield (gr.skip(),) * 5
            return
        box, shown = gr.Textbox(value="", submit_btn=False, stop_btn=True), evidence_panel(_panels(earlier))
        nexts: Any = gr.Row(visible=False)
        growing = converse(library, text, earlier, error_log, where or None, when or None)
        while (
            turns := await asyncio.to_thread(next, growing, None)
        ) is not None:  # a stop need not wait for it
            panel = evidence_panel(_panels(turns))
            yield box, _messages(turns), turns, gr.skip() if panel == shown else panel, nexts
            box, shown, nexts = gr.skip(), panel, gr.skip()
            await asyncio.sleep(_PACE)
        yield _ready(), *(gr.skip(),) * 4

    def suggest(turns: tuple[Turn, ...]) -> tuple[Any, ...]:
        try:
            found = suggested(library.untimed, turns)
        except Exception as error:  # noqa: BLE001  # the last border before a person, who did not ask for this
            explain(error, error_log)
            found = ()
        padded = (*found, *("",) * (_NEXT - len(found)))
        return gr.Row(visible=bool(found)), *(gr.Button(text, visible=bool(text)) for text in padded)

    async def respond_again(
        earlier: tuple[Turn, ...], where: str, when: str
    ) -> AsyncIterator[tuple[Any, ...]]:
        if earlier:
            async for state in respond(earlier[-1].question, earlier[:-1], where, when):
                yield state

    def give_up(turns: tuple[Turn, ...]) -> tuple[Any, ...]:
        turns = stopped(turns)
        return _ready(), _messages(turns), turns

    def asked_first() -> tuple[str, ...]:
        """The examples, worked out once for each generation of the reports."""
        reports, found = first_questions[0]
        if reports is not library.reports:
            reports, found = library.reports, example_questions(library.untimed)
            first_questions[0] = reports, found
        return found

    def refresh() -> tuple[Any, ...]:
        reports = library.reports
        examples: list[ExampleMessage] = [{"text": text} for text in asked_first()]
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

    def recall(stored: Any) -> tuple[Any, ...]:
        turns = recalled(library.untimed, stored, error_log)
        if not turns:
            return (gr.skip(),) * 3
        return _messages(turns), turns, evidence_panel(_panels(turns))

    inputs, outputs = [question, turns, place, period], [question, chat, turns, evidence, next_row]
    typed = question.submit(respond, inputs, outputs, concurrency_limit=_AT_ONCE, **QUIET)
    chosen = chat.example_select(_chosen, None, question, **QUIET)
    picked = chosen.then(respond, inputs, outputs, concurrency_limit=_AT_ONCE, **QUIET)
    went_on = [
        one.click(respond, [one, *inputs[1:]], outputs, concurrency_limit=_AT_ONCE, **QUIET)
        for one in next_ones
    ]
    redone = again.click(respond_again, inputs[1:], outputs, concurrency_limit=_AT_ONCE, **QUIET)
    for button, kind in ((as_markdown_file, "md"), (as_docx_file, "docx")):
        button.click(partial(_file, kind), turns, kept, **QUIET).then(None, kept, None, js=SAVE)
    running = [typed, picked, redone, *went_on]  # ended first: nothing of theirs may come after what follows
    question.stop(None, cancels=running).then(give_up, turns, [question, chat, turns], **QUIET)
    for event in running:
        event.success(suggest, turns, [next_row, *next_ones], **QUIET)
        event.success(remembered, turns, browser, **QUIET)
    clear.click(None, cancels=running).then(
        lambda: (_ready(), [], (), evidence_panel([]), gr.Row(visible=False), []),
        None,
        [*outputs, browser],
        **QUIET,
    )
    blocks.load(refresh, None, [chat, place, period, evidence], **QUIET).then(
        recall, browser, [chat, turns, evidence], **QUIET
    )
    return lambda event: event.then(offered, None, [place, period], **QUIET)


def _ready() -> gr.Textbox:
    return gr.Textbox(submit_btn=True, stop_btn=False)


def _after(name: str, i18n: gr.I18n) -> gr.Button:
    """A button that is there once something was asked."""
    return gr.Button(
        i18n(name), size="sm", scale=0, min_width=84, elem_classes="qa-after", elem_id=f"qa-{name}"
    )


def _file(kind: str, turns: tuple[Turn, ...]) -> dict[str, str]:
    if kind == "md":
        return download("answers.md", "text/markdown", as_markdown(turns).encode("utf-8", "replace"))
    return download("answers.docx", _DOCX, as_docx(turns))


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
