"""The page 核稿: check a draft, pasted or as a file, against the reports; nothing of it stays on the disk."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from qa.drafts import DraftCheck, DraftItem
from qa.drafts.records import GOOD
from qa.engines import Stopped
from qa.errors import QAError
from qa.reading.formats import EXTRACTORS
from qa.scratch import scratch_folder
from qa.settings import Settings
from qa.web.cards import highlighted, open_link
from qa.web.controls import (
    QUIET,
    button,
    download,
    label,
    offer,
    picker,
    plain_html,
    write_sent_file,
    written,
)
from qa.web.failures import notice
from qa.web.limits import DRAFT_FIGURES
from qa.web.progress import bar
from qa.web.shelf import Shelf
from qa.web.words import both, chinese, escape

DRAFT_BYTES = 5 << 20
_TOO_LARGE = f"“{{name}}”超过 {DRAFT_BYTES >> 20} MB。请拆成几份，或只留下正文。"
_KEPT_SECONDS = 3600  # how long a checked draft can be downloaded
_PROGRESS_SECONDS = 0.3  # between two states of the progress
SHOWN = 60_000  # characters of a draft on the page; the files have all of them
_TURN = "draft"  # names the marks and cards of this page


@dataclass(frozen=True, slots=True)
class _Checked:
    """A checked draft, with its file if that was Word."""

    check: DraftCheck
    stem: str
    original: bytes | None


def add_draft_page(shelf: Shelf, settings: Settings) -> None:
    """Lay out the page in the open tab and connect its events."""
    kept = gr.State(None, time_to_live=_KEPT_SECONDS)
    with gr.Column(elem_id="qa-draft", elem_classes="qa-page"):
        pasted = gr.Textbox(label=label("draft"), placeholder=label("draft_here"), lines=6, max_lines=14)
        limits = both("draft_limits", megabytes=DRAFT_BYTES >> 20)
        source = picker("draft", limits, EXTRACTORS, DRAFT_BYTES)
        with gr.Row(elem_classes="qa-filters"):
            start = button("draft_check", variant="primary")
            stop = button("stop", visible=False)
            saves = [button(key, 168, visible=False) for key in ("draft_docx", "save_xlsx", "draft_json")]
        view = plain_html(elem_id="qa-draft-view")

    async def check(draft: str | Path, stem: str, original: bytes | None) -> AsyncGenerator[tuple[Any, ...]]:
        count, given_up = (0, 0), threading.Event()

        def progress(done: int, total: int) -> None:
            nonlocal count
            if given_up.is_set():
                raise Stopped
            count = done, total

        working = asyncio.create_task(
            asyncio.to_thread(shelf.library.check_draft, draft, progress=progress, most=DRAFT_FIGURES)
        )
        idle = tuple(gr.Button(visible=False) for _ in saves)
        try:
            while not (await asyncio.wait({working}, timeout=_PROGRESS_SECONDS))[0]:
                words = both("draft_working", done=count[0], total=count[1])
                yield None, bar(words, *count), gr.Button(visible=True), *idle
            found = working.result()
        except Exception as error:  # noqa: BLE001  # the last border before a person
            yield None, notice(error, settings.error_log), gr.Button(visible=False), *idle
            return
        finally:  # also if stopped or the page is gone: the check reads the file until it has ended
            given_up.set()
            await asyncio.wait({working})
            working.exception()
        shown = tuple(gr.Button(visible=True) for _ in saves)
        yield _Checked(found, stem, original), draft_view(found), gr.Button(visible=False), *shown

    async def check_pasted(text: str, before: _Checked | None = None) -> AsyncIterator[tuple[Any, ...]]:
        if before is not None and not text.strip():
            yield (gr.skip(),) * len(outputs)  # a checked file stays
            return
        async with aclosing(check(text, "核稿", None)) as states:
            async for state in states:
                yield state

    async def check_file(event: gr.EventData) -> AsyncIterator[tuple[Any, ...]]:
        with scratch_folder() as folder:
            try:
                path = write_sent_file(event, folder, DRAFT_BYTES, _TOO_LARGE)
            except QAError as error:
                yield None, notice(error, settings.error_log), *(gr.Button(visible=False),) * 4
                return
            original = path.read_bytes() if path.suffix == ".docx" else None
            async with aclosing(check(path, f"核稿 {path.stem}", original)) as states:
                async for state in states:
                    yield state

    outputs = [kept, view, stop, *saves]
    started: list[Any] = [
        start.click(check_pasted, [pasted, kept], outputs, concurrency_limit=2, **QUIET),
        source.click(check_file, None, outputs, concurrency_limit=2, **QUIET),
    ]
    stop.click(None, cancels=started).then(
        lambda: (gr.Button(visible=False), bar(both("stopped"))), None, [stop, view], **QUIET
    )
    for save, suffix in zip(saves, (".docx", ".xlsx", ".json"), strict=True):
        offer(save, partial(_file, suffix), kept)


def _file(suffix: str, checked: _Checked | None) -> dict[str, str] | None:
    """Return the checked draft as a file; None if it is no longer kept."""
    import json

    from qa.drafts.exports import as_json, save_xlsx, with_comments

    if checked is None:
        return None
    name = f"{checked.stem}{suffix}"
    if suffix == ".docx":
        return download(name, with_comments(checked.check, checked.original))
    if suffix == ".xlsx":
        return written(name, partial(save_xlsx, checked.check))
    text = json.dumps(as_json(checked.check, checked.stem), ensure_ascii=False, indent=1)
    return download(name, text.encode("utf-8", "backslashreplace"))


def draft_view(check: DraftCheck) -> str:
    """Return the draft and its cards; a mark links to its card, a card to its mark and its report."""
    shown = [item for item in check.items if item.end <= SHOWN]
    cut = f'<p class="qa-note">{both("draft_cut")}</p>' if len(check.text) > SHOWN else ""
    notes = "".join(
        f'<p class="qa-note">{note}</p>' for note in (*map(escape, check.notes), both("draft_unchecked"))
    )
    cards = "".join(_card(number, item) for number, item in enumerate(shown, 1))
    return (
        f'<p class="qa-summary-line" role="status">{_summary(check.items)}</p>{notes}{cut}'
        f'<div class="qa-draft-columns"><div class="qa-draft-text" tabindex="0" role="region" '
        f'aria-label="{escape(chinese("draft"))}">{_marked(check.text[:SHOWN], shown)}</div>'
        f'<div class="qa-panel qa-draft-cards"><section class="qa-turn">{cards}</section></div></div>'
    )


def _summary(items: Sequence[DraftItem]) -> str:
    good = sum(item.verdict in GOOD for item in items)
    count = Counter(item.verdict for item in items if item.verdict not in GOOD)
    doubts = "".join(
        f'<span class="qa-doubt">{both(f"verdict_{verdict}")} {n}</span> ' for verdict, n in count.items()
    )
    done = both("draft_done", count=len(items), good=good) if items else both("draft_nothing")
    return f"{done} {doubts}"


def _marked(text: str, items: Sequence[DraftItem]) -> str:
    html, at = [], 0
    for number, item in enumerate(items, 1):
        label = f'<span class="qa-hidden">（{both(f"verdict_{item.verdict}")}）</span>'
        html.append(
            f'{escape(text[at : item.start])}<a class="qa-said-{item.verdict} qa-said-item" '
            f'id="mark-{_TURN}-{number}" href="#cite-{_TURN}-{number}">'
            f"{escape(text[item.start : item.end])}{label}</a>"
        )
        at = item.end
    return "".join([*html, escape(text[at:])])


def _card(number: int, item: DraftItem) -> str:
    tone = "qa-good" if item.verdict in GOOD else "qa-doubt"
    right = ""
    if item.right and item.right != item.text:
        here = "draft_right_here" if item.verdict in ("other_place", "other_term") else "draft_right"
        here = "draft_right_now" if item.corrected else here
        right = f"<p>{both(here)}<b>{escape(item.right)}</b></p>"
    if item.corrected:
        right += f"<p>{both('draft_corrected')}</p>"
    quote = ""
    if item.quote and item.report_id:
        title = f"{escape(item.label or '')} · {escape(item.title or item.report or '')}"
        quote = (
            f'<p class="qa-origin"><span class="qa-title">{title}</span></p>'
            f'<p class="qa-text">{highlighted(item.quote, [(0, len(item.quote))])}</p>'
            f'<p class="qa-actions">{open_link(item.report_id, item.spans)}</p>'
        )
    return (
        f'<article class="qa-card" id="cite-{_TURN}-{number}" tabindex="-1" aria-label="{escape(item.text)}">'
        f'<header><a class="qa-number" href="#mark-{_TURN}-{number}">{number}'
        f'<span class="qa-hidden">{both("draft_back")}</span></a><b>{escape(item.text)}</b>'
        f'<span class="{tone}">{both(f"verdict_{item.verdict}")}</span></header>{right}{quote}</article>'
    )
