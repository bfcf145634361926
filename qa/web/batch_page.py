"""The page 批量: answer a sheet of questions; nothing of it stays on the server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import gradio as gr
from markupsafe import Markup

from qa.answer_sheet import (
    COLUMNS,
    FORMATS,
    MOST_QUESTIONS,
    SHEET_BYTES,
    QuestionSheet,
    answered_rows,
    read_sheet,
    too_large,
    write_sheet,
)
from qa.errors import QAError
from qa.scratch import scratch_folder
from qa.settings import Settings
from qa.types import Answer
from qa.web.failures import explain, notice
from qa.web.markup import bar, both, empty, render
from qa.web.shelf import Shelf
from qa.web.ui import QUIET, button, dated, offer, picker, plain_html, write_sent_file, written

Rows = tuple[tuple[str, ...], ...]

_SHOWN = 50  # rows on the page; the file has all of them


def add_batch_page(shelf: Shelf, settings: Settings) -> None:
    """Lay out the page in the open tab and connect its events."""
    rows = gr.State(())
    with gr.Column(elem_id="qa-batch", elem_classes="qa-page"):
        limits = both("batch_limits", questions=MOST_QUESTIONS, megabytes=SHEET_BYTES >> 20)
        source = picker("batch", limits, FORMATS, SHEET_BYTES, empty("batch_help"))
        with gr.Row(elem_classes="qa-filters"):
            stop = button("stop", visible=False)
            as_xlsx, as_csv = (button(key, 120, visible=False) for key in ("save_xlsx", "save_csv"))
        view = plain_html(elem_id="qa-answers")

    def ask(question: str, **filters: Any) -> Answer:
        try:
            return shelf.ask(question, **filters)
        except Exception as error:
            raise QAError(explain(error, settings.error_log)) from error

    async def answer(event: gr.EventData) -> AsyncIterator[tuple[Any, ...]]:
        idle = (gr.Button(visible=False),) * 3
        done: list[tuple[str, ...]] = []
        try:
            sheet = await asyncio.to_thread(_read, event)
            yield (), _working(0, sheet), gr.Button(visible=True), *idle[1:]
            asked, rows = 0, answered_rows(sheet, ask)
            next_row = partial(asyncio.to_thread, next, rows, None)  # a stop need not wait for the thread
            while (row := await next_row()) is not None:
                done.append(row)
                if len(done) > 1 and row[sheet.column].strip():
                    asked += 1
                    yield (gr.skip(), _working(asked, sheet), *(gr.skip(),) * 3)
        except Exception as error:  # noqa: BLE001  # the last border before a person
            yield (), notice(error, settings.error_log), *idle
            return
        files = gr.Button(visible=True)
        yield tuple(done), answers_view(tuple(done), sheet.column), idle[0], files, files

    started = source.click(answer, None, [rows, view, stop, as_xlsx, as_csv], concurrency_limit=2, **QUIET)
    stop.click(None, cancels=started).then(
        lambda: (gr.Button(visible=False), bar(both("stopped"))), None, [stop, view], **QUIET
    )
    offer(as_xlsx, partial(_file, ".xlsx"), rows)
    offer(as_csv, partial(_file, ".csv"), rows)


def answers_view(rows: Rows, column: int) -> Markup:
    """Return the HTML of the questions with their answers and sources; ``column`` holds the questions."""
    columns = column, *(COLUMNS.index(name) - len(COLUMNS) for name in ("回答", "出处"))
    asked = [[row[at] for at in columns] for row in rows[1:] if row[column].strip()]
    return render("cards.answers", count=len(asked), rows=asked[:_SHOWN])


def _read(event: gr.EventData) -> QuestionSheet:
    with scratch_folder() as folder:
        return read_sheet(write_sent_file(event, folder, SHEET_BYTES, str(too_large("{name}"))))


def _working(done: int, sheet: QuestionSheet) -> Markup:
    return bar(both("batch_working", done=done, total=sheet.questions), done, sheet.questions)


def _file(suffix: str, rows: Rows) -> dict[str, str]:
    return written(dated("批量回答", suffix), lambda path: write_sheet(path, rows))
