"""The pages 检索测试, the passages that a question finds, and 状态, index and response times (``/health`` for monitors)."""

from __future__ import annotations

import platform
import time
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from math import ceil
from typing import Any

import gradio as gr
from markupsafe import Markup

from qa.feedback import RETENTION_DAYS, load_all
from qa.settings import Settings
from qa.text.spans import locate
from qa.types import Hit
from qa.web.failures import notice, without_folders
from qa.web.markup import Bar, both, chart, empty, highlighted, render
from qa.web.shelf import Shelf, given
from qa.web.ui import QUIET, button, choice, filter_box, filter_updates, label, plain_html, text_box
from qa.web.users import person_of

_COUNTS = (5, 10, 20, 50)  # passages of one search
_ROWS = 20  # questions whose times are listed


def add_search_page(tab: gr.Tab, shelf: Shelf, settings: Settings) -> None:
    """Lay out the page in ``tab``, which is open, and connect its events."""
    with gr.Column(elem_classes="qa-page"):
        with gr.Row(elem_classes="qa-filters"):
            question = text_box("search_question", "search_here", scale=2, min_width=180, max_lines=1)
            place, period, report = filter_box("place", 130), filter_box("period", 130), filter_box("report")
            counts = [(label(f"first_{number}"), number) for number in _COUNTS]
            k = choice("hits_wanted", counts, 110, value=_COUNTS[0], elem_id="qa-k")
        found = plain_html(empty("search_empty"), "qa-hits")

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

    tab.select(lambda: filter_updates(shelf.reports), None, [place, period, report], **QUIET)
    for event in (question.submit, k.input, place.input, period.input, report.input):
        event(search, [question, k, place, period, report], found, **QUIET)


def hit_list(hits: Sequence[Hit], seconds: float) -> Markup:
    """Return the passages, best first, each with its scores and its best sentence marked."""
    took = both("hits_found", count=len(hits), milliseconds=round(seconds * 1000))
    return render("cards.hits", found=[(hit, *_text_and_spans(hit)) for hit in hits], took=took)


def _text_and_spans(hit: Hit) -> tuple[Markup, Any]:
    """Return a passage with its best sentence marked, and where that sentence stands."""
    paragraph, best = hit.paragraph, [(sentence.start, sentence.end) for sentence in hit.sentences[:1]]
    spans = locate(paragraph, hit.report.source.text, *best[0]) if best else paragraph.spans[:1]
    return highlighted(paragraph.text, best), spans


def add_status_page(tab: gr.Tab, shelf: Shelf, settings: Settings) -> None:
    """Lay out the page in ``tab``, which is open, and connect its events."""

    def look(request: gr.Request) -> Markup:
        try:
            kept = len(load_all(settings.feedback_file))
            return status_view(shelf, kept, folders=person_of(request).may_change)
        except Exception as error:  # noqa: BLE001  # the last border before a person
            return notice(error, settings.error_log)

    with gr.Column(elem_id="qa-status", elem_classes="qa-page"):
        view = plain_html()
        again = button("look_again")
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
        "status_created": both("status_at", at=now.created[:16].replace("T", " "), generation=now.generation),
        "status_index": shown(now.store),
        "status_encoder": now.encoder,
        "status_versions": " · ".join(_versions()),
        "status_feedback": both("status_kept", count=feedback, days=RETENTION_DAYS),
    }
    seconds = [t.seconds for t in timings]
    summary = both("timings", count=len(timings), median=quantile(seconds, 0.5), p95=quantile(seconds, 0.95))
    bars = [
        Bar(f"{t.at:%H:%M:%S} UTC", t.seconds, f"{t.seconds * 1000:.0f} ms", both(f"outcome_{t.outcome}"))
        for t in timings[:_ROWS]
    ]
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
    ordered = sorted(values)
    return round(ordered[max(0, ceil(share * len(ordered)) - 1)], 3) if ordered else None


def _versions() -> list[str]:
    found = [f"Python {platform.python_version()}"]
    for package in ("union-qa", "gradio", "faiss-cpu"):
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:  # a checkout that is not installed
            continue
    return found
