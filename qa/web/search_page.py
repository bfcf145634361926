"""The page 检索测试: the passages that a question finds, with their scores, for tuning."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import gradio as gr
from markupsafe import Markup

from qa.types import Hit
from qa.web.cards import empty, hit_link
from qa.web.controls import QUIET, filter_box, filter_updates, label, line_box, plain_html
from qa.web.failures import notice
from qa.web.shelf import Shelf, given
from qa.web.templates import highlighted, render
from qa.web.words import both

_COUNTS = (5, 10, 20, 50)  # passages of one search


def add_search_page(tab: gr.Tab, shelf: Shelf, error_log: Path) -> None:
    """Lay out the page in ``tab``, which is open, and connect its events."""
    with gr.Column(elem_classes="qa-page"):
        with gr.Row(elem_classes="qa-filters"):
            question = line_box("search_question", "search_here")
            place, period, report = filter_box("place", 130), filter_box("period", 130), filter_box("report")
            k = gr.Dropdown(
                [(label(f"first_{number}"), number) for number in _COUNTS],
                value=_COUNTS[0],
                label=label("hits_wanted"),
                container=False,
                scale=0,
                min_width=110,
                elem_id="qa-k",
            )
        found = plain_html(empty("search_empty"), "qa-hits")

    def search(words: str, count: int | None, where: str, when: str, source: str) -> Markup:
        if not words.strip():
            return empty("search_empty")
        started = time.perf_counter()
        try:
            filters = given(place=where, period=when, report=source)
            hits = shelf.library.retrieve(words, count or _COUNTS[0], **filters)
        except Exception as error:  # noqa: BLE001  # the last border before a person
            return notice(error, error_log)
        return hit_list(hits, time.perf_counter() - started)

    tab.select(lambda: filter_updates(shelf.reports), None, [place, period, report], **QUIET)
    for event in (question.submit, k.input, place.input, period.input, report.input):
        event(search, [question, k, place, period, report], found, **QUIET)


def hit_list(hits: Sequence[Hit], seconds: float) -> Markup:
    """Return the passages, best first, each with its scores and its best sentence marked."""
    found = [(hit, highlighted(hit.paragraph.text, _best(hit)), hit_link(hit)) for hit in hits]
    took = both("hits_found", count=len(hits), milliseconds=round(seconds * 1000))
    return render("cards.hits", found=found, took=took)


def _best(hit: Hit) -> list[tuple[int, int]]:
    return [(sentence.start, sentence.end) for sentence in hit.sentences[:1]]
