"""The page 状态: index, versions and response times; the same for monitors at ``/health``."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from math import ceil
from typing import Any

import gradio as gr
from markupsafe import Markup

from qa.feedback import RETENTION_DAYS, load_all
from qa.settings import Settings
from qa.web.cards import Bar, chart
from qa.web.controls import QUIET, button, plain_html
from qa.web.failures import notice, without_folders
from qa.web.shelf import Shelf, Timing
from qa.web.templates import render
from qa.web.users import person_of
from qa.web.words import both

_ROWS = 20  # questions that are listed


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
    now = shelf.library.status()
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
    warnings = [shown(warning) for warning in now.warnings]
    times = _timings(shelf.timings)
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


def _timings(timings: Sequence[Timing]) -> Markup:
    seconds = [t.seconds for t in timings]
    summary = both("timings", count=len(timings), median=quantile(seconds, 0.5), p95=quantile(seconds, 0.95))
    bars = [
        Bar(f"{t.at:%H:%M:%S} UTC", t.seconds, f"{t.seconds * 1000:.0f} ms", both(f"outcome_{t.outcome}"))
        for t in timings[:_ROWS]
    ]
    return chart(bars, summary)


def _versions() -> list[str]:
    found = [f"Python {platform.python_version()}"]
    for package in ("union-qa", "gradio", "faiss-cpu"):
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:  # a checkout that is not installed
            continue
    return found
