"""Controls that several pages share: boxes, filters by place, period and report, downloads."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import gradio as gr

from qa.types import Report

Choices = list[tuple[Any, str]]

QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
UNCHECKED: dict[str, Any] = QUIET | {"preprocess": False}  # the choice may be gone: the function checks it
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SAVE = "(file) => window.qaSave?.(file)"  # JavaScript: hands what ``download`` made to the browser


def filter_box(
    found: Iterable[tuple[str, str]], name: str, i18n: gr.I18n, elem_id: str, width: int = 150
) -> gr.Dropdown:
    """Return a dropdown whose first choice, ``""``, is all of them."""
    return gr.Dropdown(
        choices(found, name, i18n),
        value="",
        elem_id=elem_id,
        label=i18n(name),
        container=False,
        scale=0,
        min_width=width,
        allow_custom_value=True,  # the library refuses an unknown one and says what to do
    )


def line_box(label: str, placeholder: str, i18n: gr.I18n, elem_id: str) -> gr.Textbox:
    """Return a box for one line of text next to filters."""
    return gr.Textbox(
        label=i18n(label),
        placeholder=i18n(placeholder),
        container=False,
        show_label=False,
        scale=2,
        min_width=180,
        max_lines=1,
        elem_id=elem_id,
    )


def choices(found: Iterable[tuple[str, str]], name: str, i18n: gr.I18n) -> Choices:
    """Return what a filter offers: all, then each."""
    return [(i18n(f"all_{name}s"), ""), *found]


def filter_updates(
    reports: Iterable[Report], i18n: gr.I18n, units: Iterable[str] | None = None
) -> tuple[gr.Dropdown, ...]:
    """Return updates of the filters by place, period, unit (unless None) and report."""
    reports = tuple(reports)
    found = {"place": places(reports), "period": periods(reports)}
    if units is not None:
        found["unit"] = [(unit, unit) for unit in units]
    found["report"] = report_names(reports)
    return tuple(gr.Dropdown(choices(each, name, i18n), value="") for name, each in found.items())


def plain_html(html: str = "", elem_id: str | None = None, script: str | None = None) -> gr.HTML:
    """Return HTML without Gradio's styles; ``script`` runs on load, with ``element`` and ``trigger``."""
    return gr.HTML(html, elem_id=elem_id, js_on_load=script, apply_default_css=False)


def places(reports: Iterable[Report]) -> list[tuple[str, str]]:
    """Return the places of reports, each once."""
    return [(name, name) for name in dict.fromkeys(r.place.name for r in reports) if name]


def periods(reports: Iterable[Report]) -> list[tuple[str, str]]:
    """Return the periods of reports, latest first, as (shown, ``"2018-2023"``)."""
    found = sorted({r.period for r in reports if r.period}, reverse=True)
    return [(str(p), f"{p.start}-{p.end}") for p in found]


def report_names(reports: Iterable[Report]) -> list[tuple[str, str]]:
    """Return (shown, id) of each report: place and period, or the file name if these are not unique."""
    reports = tuple(reports)
    names = [f"{r.place.name} {r.period or ''}".strip() for r in reports]
    return [
        (name if name and names.count(name) == 1 else r.source.name, r.id)
        for r, name in zip(reports, names, strict=True)
    ]


def dated(name: str, suffix: str) -> str:
    """Return a file name with today's date: ``数据台账_2024-06-18.xlsx``."""
    return f"{name}_{datetime.now().astimezone().date().isoformat()}{suffix}"


def download(name: str, kind: str, content: bytes) -> dict[str, str]:
    """Return a file for ``SAVE``, which never lies on the server's disk."""
    return {"name": name, "type": kind, "data": base64.b64encode(content).decode("ascii")}


def event_data(event: gr.EventData, **fields: type) -> dict[str, Any]:
    """Return the data that our script sent with an event; empty values for missing or wrong ones."""
    data = event._data if isinstance(event._data, dict) else {}
    return {name: data[name] if isinstance(data.get(name), kind) else kind() for name, kind in fields.items()}
