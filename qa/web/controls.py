"""Controls that several pages have: filters by place, period and report, and files for the browser to keep."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import gradio as gr

from qa.types import Report

Choices = list[tuple[Any, str]]

QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
UNCHECKED: dict[str, Any] = QUIET | {
    "preprocess": False
}  # where a choice may be gone: the function looks itself
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SAVE = "(file) => window.qaSave?.(file)"  # JavaScript: hands what ``download`` made to the browser


def filter_box(
    found: Iterable[tuple[str, str]], name: str, i18n: gr.I18n, elem_id: str, width: int = 150
) -> gr.Dropdown:
    """A quiet dropdown whose first choice, ``""``, is all of them."""
    return gr.Dropdown(
        choices(found, name, i18n),
        value="",
        elem_id=elem_id,
        label=i18n(name),
        container=False,
        scale=0,
        min_width=width,
        allow_custom_value=True,  # an unknown one is refused by the library, in words that help
    )


def choices(found: Iterable[tuple[str, str]], name: str, i18n: gr.I18n) -> Choices:
    """What a filter offers: all, then each."""
    return [(i18n(f"all_{name}s"), ""), *found]


def offered(
    reports: Iterable[Report], i18n: gr.I18n, units: Iterable[str] | None = None
) -> tuple[gr.Dropdown, ...]:
    """The filters by place, period, unit (where there are any) and report, anew for these reports."""
    every = tuple(reports)
    found = {"place": places(every), "period": periods(every)}
    if units is not None:
        found["unit"] = [(unit, unit) for unit in units]
    found["report"] = report_names(every)
    return tuple(gr.Dropdown(choices(each, name, i18n), value="") for name, each in found.items())


def plain_html(html: str = "", elem_id: str | None = None, script: str | None = None) -> gr.HTML:
    """HTML without Gradio's own styles.

    Args:
        script: run when it is shown, with ``element`` and ``trigger``; None for none.
    """
    return gr.HTML(html, elem_id=elem_id, js_on_load=script, apply_default_css=False)


def places(reports: Iterable[Report]) -> list[tuple[str, str]]:
    """The places of reports, each once."""
    return [(name, name) for name in dict.fromkeys(r.place.name for r in reports) if name]


def periods(reports: Iterable[Report]) -> list[tuple[str, str]]:
    """The periods of reports, the latest first, as (shown, ``"2018-2023"``)."""
    found = sorted({r.period for r in reports if r.period}, reverse=True)
    return [(str(p), f"{p.start}-{p.end}") for p in found]


def report_names(reports: Iterable[Report]) -> list[tuple[str, str]]:
    """The reports by place and period, the file name where these do not tell them apart, as (shown, id)."""
    every = tuple(reports)
    short = [f"{r.place.name} {r.period or ''}".strip() for r in every]
    return [
        (name if name and short.count(name) == 1 else r.source.name, r.id)
        for r, name in zip(every, short, strict=True)
    ]


def dated(name: str, suffix: str) -> str:
    """The name of a file with the day on which it is saved: ``数据台账_2024-06-18.xlsx``."""
    return f"{name}_{datetime.now().astimezone().date().isoformat()}{suffix}"


def download(name: str, kind: str, content: bytes) -> dict[str, str]:
    """A file for ``SAVE``: it never lies on the server's disk."""
    return {"name": name, "type": kind, "data": base64.b64encode(content).decode("ascii")}


def said_by(event: gr.EventData, **fields: type) -> dict[str, Any]:
    """What a script of ours sent along with an event; an empty value for what is missing or of another type."""
    said = event._data if isinstance(event._data, dict) else {}
    return {name: said[name] if isinstance(said.get(name), kind) else kind() for name, kind in fields.items()}
