"""The pages 批量 (a sheet of questions, of which nothing stays here), 检索测试 (passages that a question finds) and 状态."""

import asyncio
import platform
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import gradio as gr
import numpy as np
from markupsafe import Markup

from qa import answer_sheet
from qa.answer_sheet import COLUMNS, MOST_QUESTIONS, SHEET_BYTES
from qa.errors import QAError
from qa.feedback import RETENTION_DAYS, load_all
from qa.scratch import scratch_folder
from qa.settings import Settings
from qa.text.normal import local_time
from qa.text.spans import locate
from qa.types import Answer, Hit
from qa.web import ui
from qa.web.failures import explain, notice, without_folders
from qa.web.markup import Bar, bar, both, chart, empty, highlighted, render
from qa.web.shelf import Shelf, given
from qa.web.ui import QUIET
from qa.web.users import person_of

Rows = tuple[tuple[str, ...], ...]

_ANSWERS = 50  # on the page; the file has all of them
_COUNTS = (5, 10, 20, 50)  # passages of one search
_ROWS = 20  # questions whose times are listed


def add_batch_page(shelf: Shelf, settings: Settings) -> None:
    """Lay out the page in the open tab and connect its events."""
    answered = gr.State(((), 0))  # the rows so far, and the column of the questions
    with gr.Column(elem_id="qa-batch", elem_classes="qa-page"):
        limits = both("batch_limits", questions=MOST_QUESTIONS, megabytes=SHEET_BYTES >> 20)
        source = ui.picker("batch", limits, answer_sheet.FORMATS, SHEET_BYTES, empty("batch_help"))
        with gr.Row(elem_classes="qa-filters"):
            stop = ui.stop_button()
            as_xlsx, as_csv = (ui.button(key, 120, visible=False) for key in ("save_xlsx", "save_csv"))
        view = ui.plain_html(elem_id="qa-answers")

    def ask(question: str, **filters: Any) -> Answer:
        try:
            return shelf.ask(question, **filters)
        except Exception as error:
            raise QAError(explain(error, settings.error_log)) from error

    async def answer(event: gr.EventData) -> ui.States:
        idle = (gr.Button(visible=False),) * 3
        done: list[tuple[str, ...]] = []
        try:
            sheet = await asyncio.to_thread(_sent_sheet, event)
            yield ((), 0), _working(0, sheet), gr.Button(visible=True), *idle[1:]
            asked, rows = 0, answer_sheet.answered_rows(sheet, ask)
            next_row = partial(asyncio.to_thread, next, rows, None)  # a stop need not wait for the thread
            while (row := await next_row()) is not None:
                done.append(row)
                if len(done) > 1 and row[sheet.column].strip():
                    asked += 1
                    yield ((tuple(done), sheet.column), _working(asked, sheet), *(gr.skip(),) * 3)
        except Exception as error:  # noqa: BLE001  # the last border before a person
            yield ((), 0), notice(error, settings.error_log), *idle
            return
        files = gr.Button(visible=True)
        found = tuple(done), sheet.column
        yield found, answers_view(*found), idle[0], files, files

    def keep(found: tuple[Rows, int]) -> tuple[Any, ...]:
        """What was answered before the work was stopped."""
        if not found[0]:
            return (gr.skip(),) * 3
        return bar(both("stopped")) + answers_view(*found), *(gr.Button(visible=True),) * 2

    def file(_: str, found: tuple[Rows, int]) -> tuple[str, Any] | None:
        return (ui.dated("批量回答"), partial(answer_sheet.write_sheet, rows=found[0])) if found[0] else None

    outputs = [answered, view, stop, as_xlsx, as_csv]
    started = ui.works(source.click, answer, None, outputs, source)
    ui.cancels(stop, started, view).then(keep, answered, [view, as_xlsx, as_csv], **QUIET)
    ui.offer({".xlsx": as_xlsx, ".csv": as_csv}, file, answered, settings.error_log)


def answers_view(rows: Rows, column: int) -> Markup:
    """Return the HTML of the questions, behind their filters, with answers and sources; ``column`` holds the questions."""
    limits = answer_sheet.filter_columns(rows[0])
    answer, source = (COLUMNS.index(name) - len(COLUMNS) for name in ("回答", "出处"))
    asked = []
    for row in rows[1:]:
        if row[column].strip():
            question = " · ".join(filter(None, (*(row[at].strip() for at in limits), row[column])))
            asked.append((question, row[answer], row[source]))
    return render("cards.answers", count=len(asked), rows=asked[:_ANSWERS])


def _sent_sheet(event: gr.EventData) -> answer_sheet.QuestionSheet:
    with scratch_folder() as folder:
        too_large = str(answer_sheet.too_large("{name}"))
        return answer_sheet.read_sheet(ui.write_sent_file(event, folder, SHEET_BYTES, too_large))


def _working(done: int, sheet: answer_sheet.QuestionSheet) -> Markup:
    return bar(both("batch_working", done=done, total=sheet.questions), done, sheet.questions)


def add_search_page(tab: gr.Tab, shelf: Shelf, settings: Settings) -> None:
    """Lay out the page in ``tab``, which is open, and connect its events."""
    with gr.Column(elem_classes="qa-page"):
        with gr.Row(elem_classes="qa-filters"):
            question = ui.text_box("search_question", "search_here", scale=2, min_width=180, max_lines=1)
            seek = ui.button("find", 72)
            place, period = ui.filter_box("place", 130), ui.filter_box("period", 130)
            report = ui.filter_box("report")
            counts = [(ui.label(f"first_{number}"), number) for number in _COUNTS]
            k = ui.choice("hits_wanted", counts, 110, value=_COUNTS[0], elem_id="qa-k")
        found = ui.plain_html(empty("search_empty"), "qa-hits")

    def search(words: str, count: int | None, where: str, when: str, source: str) -> Markup:
        if not words.strip():
            return empty("search_empty")
        started = time.perf_counter()
        try:
            filters = given(place=where, period=when, report=source)
            hits = shelf.library.retrieve(words, count or _COUNTS[0], **filters)
        except Exception as error:  # noqa: BLE001  # the last border before a person
            return notice(error, settings.error_log)
        return hit_list(hits, time.perf_counter() - started)

    tab.select(lambda: ui.filter_updates(shelf.reports), None, [place, period, report], **QUIET)
    for event in (question.submit, seek.click, k.input, place.input, period.input, report.input):
        event(search, [question, k, place, period, report], found, **QUIET)


def hit_list(hits: Sequence[Hit], seconds: float) -> Markup:
    """Return the passages, best first, each with its scores and its best sentence marked."""
    found = []
    for hit in hits:
        best = [(sentence.start, sentence.end) for sentence in hit.sentences[:1]]
        spans = locate(hit.paragraph, hit.report.source.text, *best[0]) if best else hit.paragraph.spans[:1]
        found.append((hit, highlighted(hit.paragraph.text, best), spans))
    took = both("hits_found", count=len(hits), milliseconds=round(seconds * 1000))
    return render("cards.hits", found=found, took=took)


def add_status_page(tab: gr.Tab, shelf: Shelf, settings: Settings) -> None:
    """Lay out the page in ``tab``, which is open, and connect its events."""

    def look(request: gr.Request) -> Markup:
        try:
            kept = len(load_all(settings.feedback_file))
            return status_view(shelf, kept, folders=person_of(request).may_change)
        except Exception as error:  # noqa: BLE001  # the last border before a person
            return notice(error, settings.error_log)

    with gr.Column(elem_id="qa-status", elem_classes="qa-page"):
        view = ui.plain_html()
        again = ui.button("look_again")
    tab.select(look, None, view, **QUIET)
    again.click(look, None, view, **QUIET)


def status_view(shelf: Shelf, feedback: int, *, folders: bool = True) -> Markup:
    """Return the page's HTML; ``feedback`` is the number of verdicts, ``folders`` shows paths."""
    now, timings = shelf.library.status(), shelf.timings
    shown = str if folders else without_folders
    facts = {
        "status_content": both(
            "status_amounts", reports=now.reports, paragraphs=now.paragraphs, sentences=now.sentences
        ),
        "status_created": both("status_at", at=local_time(now.created), generation=now.generation),
        "status_index": shown(now.store),
        "status_encoder": now.encoder,
        "status_versions": " · ".join(_versions()),
        "status_feedback": both("status_kept", count=feedback, days=RETENTION_DAYS),
    }
    seconds = [t.seconds for t in timings]
    summary = both("timings", count=len(timings), median=quantile(seconds, 0.5), p95=quantile(seconds, 0.95))
    shares = [(f"{t.at.astimezone():%H:%M:%S}", f"{t.seconds * 1000:.0f} ms", t) for t in timings[:_ROWS]]
    bars = [Bar(at, t.seconds, text, both(f"outcome_{t.outcome}")) for at, text, t in shares]
    warnings = [shown(warning) for warning in now.warnings]
    times = chart(bars, summary)
    return render("cards.status", warnings=warnings, is_sample=now.is_sample, facts=facts, times=times)


def health(shelf: Shelf) -> tuple[int, dict[str, Any]]:
    """Return HTTP status (503 if the library fails) and body for monitors, without paths and reports."""
    try:
        now = shelf.library.status()
    except Exception:  # noqa: BLE001  # whatever it is, the page cannot answer
        return 503, {"status": "failed"}
    timings = [t.seconds for t in shelf.timings]
    return 200, {
        "status": "warning" if now.warnings else "ok",
        "generation": now.generation,
        "created": now.created,
        "reports": now.reports,
        "paragraphs": now.paragraphs,
        "sample": now.is_sample,
        "questions": len(timings),
        "seconds_median": quantile(timings, 0.5),
        "seconds_p95": quantile(timings, 0.95),
    }


def quantile(values: Sequence[float], share: float) -> float | None:
    """Return the smallest value that this share of all does not exceed, to 3 places; None for no values.

    >>> quantile([3.0, 1.0, 2.0], 0.5)
    2.0
    """
    return round(float(np.quantile(values, share, method="inverted_cdf")), 3) if values else None


def _versions() -> list[str]:
    found = [f"Python {platform.python_version()}"]
    for package in ("union-qa", "gradio", "faiss-cpu"):
        with suppress(PackageNotFoundError):  # a checkout that is not installed
            found.append(f"{package} {version(package)}")
    return found
