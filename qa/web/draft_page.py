"""The page 核稿: check a draft, pasted or as a file, against the reports; nothing of it stays on the disk."""

import asyncio
import json
import threading
from collections import Counter
from functools import partial
from typing import Any, TypeAlias

import gradio as gr
from markupsafe import Markup

from qa.drafts import DraftCheck
from qa.drafts.exports import as_json, save_xlsx, with_comments
from qa.drafts.judging import GOOD
from qa.engines import Stopped
from qa.reading.formats import EXTRACTORS
from qa.scratch import scratch_folder
from qa.settings import Settings
from qa.web import ui
from qa.web.api import DRAFT_FIGURES
from qa.web.failures import notice
from qa.web.markup import bar, both, render, with_html
from qa.web.shelf import Shelf
from qa.web.ui import QUIET

DRAFT_BYTES = 5 << 20
_TOO_LARGE = f"“{{name}}”超过 {DRAFT_BYTES >> 20} MB。请拆成几份，或只留下正文。"
_Checked: TypeAlias = tuple[DraftCheck, str, bytes | None]  # with its name, and its file if that was Word
_KEPT_SECONDS = 3600  # how long a checked draft can be downloaded
_PROGRESS_SECONDS = 0.3  # between two states of the progress
SHOWN = 60_000  # characters of a draft on the page; the files have all of them


def add_draft_page(shelf: Shelf, settings: Settings) -> None:
    """Lay out the page in the open tab and connect its events."""
    kept = gr.State(None, time_to_live=_KEPT_SECONDS)
    with gr.Column(elem_id="qa-draft", elem_classes="qa-page"):
        words: dict[str, Any] = {"label": ui.label("draft"), "placeholder": ui.label("draft_here")}
        pasted = gr.Textbox(**words, lines=6, max_lines=14, elem_id="qa-draft-text")
        gr.on(None, None, None, pasted, js="() => window.qaDraft()")  # as the page opens
        pasted.change(None, pasted, None, js="(text) => window.qaKeepDraft(text)")
        limits = both("draft_limits", megabytes=DRAFT_BYTES >> 20)
        source = ui.picker("draft", limits, EXTRACTORS, DRAFT_BYTES)
        with gr.Row(elem_classes="qa-filters"):
            start = ui.button("draft_check", variant="primary", elem_classes="qa-start")
            stop = ui.stop_button()
            saves = [ui.button(key, 168, visible=False) for key in ("draft_docx", "save_xlsx", "draft_json")]
        view = ui.plain_html(elem_id="qa-draft-view")

    async def check(event: gr.EventData, text: str = "", before: _Checked | None = None) -> ui.States:
        """Check the file that was sent, or else the pasted text."""
        is_file, count, given_up = bool(ui.event_data(event, name=str)["name"]), (0, 0), threading.Event()
        if before is not None and not text.strip() and not is_file:
            yield (gr.skip(),) * len(outputs)  # a checked file stays
            return

        def progress(done: int, total: int) -> None:
            nonlocal count
            if given_up.is_set():
                raise Stopped
            count = done, total

        def work() -> tuple[_Checked, str]:
            with scratch_folder() as folder:
                path = ui.write_sent_file(event, folder, DRAFT_BYTES, _TOO_LARGE) if is_file else None
                stem, name = (f"核稿 {path.stem}", path.name) if path else ("核稿", "")
                original = path.read_bytes() if path and path.suffix == ".docx" else None
                found = shelf.library.check_draft(path or text, progress=progress, most=DRAFT_FIGURES)
                return (found, stem, original), name

        working, idle = asyncio.create_task(asyncio.to_thread(work)), (gr.Button(visible=False),) * len(saves)
        try:
            while not (await asyncio.wait({working}, timeout=_PROGRESS_SECONDS))[0]:
                words = both("draft_working", done=count[0], total=count[1])
                yield None, bar(words, *count), gr.Button(visible=True), *idle
            checked, name = working.result()
        except Exception as error:  # noqa: BLE001  # the last border before a person
            yield None, notice(error, settings.error_log), gr.Button(visible=False), *idle
            return
        finally:  # also if stopped or the page is gone: the file stays until the check has ended
            given_up.set()
            await asyncio.wait({working})
            working.exception()
        shown = (gr.Button(visible=True),) * len(saves)
        yield checked, draft_view(checked[0], name), gr.Button(visible=False), *shown

    outputs = [kept, view, stop, *saves]
    started: list[Any] = [
        ui.works(start.click, check, [pasted, kept], outputs, pasted),
        ui.works(source.click, check, None, outputs, source),
    ]
    # The box is emptied of what was pasted before the file, or the button would check that.
    started[-1].then(lambda checked: "" if checked else gr.skip(), kept, pasted, **QUIET)
    ui.cancels(stop, started, view)
    ui.offer(dict(zip((".docx", ".xlsx", ".json"), saves, strict=True)), _file, kept, settings.error_log)


def _file(suffix: str, checked: _Checked | None) -> tuple[str, Any] | None:
    """Return the checked draft as a file; None if it is no longer kept."""
    if checked is None:
        return None
    check, stem, original = checked
    if suffix == ".docx":
        return stem, with_comments(check, original)
    if suffix == ".xlsx":
        return stem, partial(save_xlsx, check)
    text = json.dumps(as_json(check, stem), ensure_ascii=False, indent=1)
    return stem, text.encode("utf-8", "backslashreplace")


def draft_view(check: DraftCheck, name: str = "") -> Markup:
    """Return the draft, ``name`` its file if it was one, and its cards; marks link to cards, these to marks and reports."""
    text, shown = check.text[:SHOWN], [item for item in check.items if item.end <= SHOWN]
    marks = (
        render("reports.item", text=text[item.start : item.end], verdict=item.verdict, number=number)
        for number, item in enumerate(shown, 1)
    )
    return render(
        "reports.draft",
        check=check,
        name=name,
        doubts=Counter(item.verdict for item in check.items if item.verdict not in GOOD),
        is_cut=len(check.text) > SHOWN,
        marked=with_html(text, ((i.start, i.end, mark) for i, mark in zip(shown, marks, strict=True))),
        shown=shown,
        right_ones=GOOD,
    )
