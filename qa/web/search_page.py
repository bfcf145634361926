"""The page 检索测试: the passages that a question finds, with their scores, for tuning."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import gradio as gr

from qa.types import Hit
from qa.web.cards import highlighted, hit_link, origin, where
from qa.web.controls import QUIET, filter_box, filter_updates, label, line_box, plain_html
from qa.web.failures import notice
from qa.web.shelf import Shelf, given
from qa.web.words import both, escape

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
        found = plain_html(f'<p class="qa-empty">{both("search_empty")}</p>', "qa-hits")

    def search(words: str, count: int | None, where: str, when: str, source: str) -> str:
        if not words.strip():
            return f'<p class="qa-empty">{both("search_empty")}</p>'
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


def hit_list(hits: Sequence[Hit], seconds: float) -> str:
    """Return the passages, best first, each with its scores and its best sentence marked."""
    cards = []
    for number, hit in enumerate(hits, 1):
        ranges = sorted((s.start, s.end) for s in hit.sentences[:1])
        scores = "".join(
            f"<span>{both(f'score_{name}')} <b>{getattr(hit.scores, name):.3f}</b></span>"
            for name in ("fused", "dense", "sparse")
        )
        period = str(hit.report.period) if hit.report.period else None
        cards.append(
            f'<article class="qa-card"><header><span class="qa-number">{number}</span>'
            f'{where(hit.report.place.name, period)}<span class="qa-scores">{scores}</span></header>'
            f"{origin(hit.report.title, hit.report.source.name, ' › '.join(hit.paragraph.heading))}"
            f'<p class="qa-text">{highlighted(hit.paragraph.text, ranges)}</p>{_sentences(hit)}{hit_link(hit)}</article>'
        )
    took = both("hits_found", count=len(hits), milliseconds=round(seconds * 1000))
    return f'<p class="qa-summary-line" role="status">{took}</p>{"".join(cards)}'


def _sentences(hit: Hit) -> str:
    """Return the matched sentences with their scores, folded."""
    if len(hit.sentence_scores) < 2:
        return ""
    rows = "".join(
        f"<li><b>{score:.3f}</b> {escape(sentence.text)}</li>"
        for sentence, score in zip(hit.matched, hit.sentence_scores, strict=True)
    )
    return f'<details class="qa-matched"><summary>{both("matched")}</summary><ol>{rows}</ol></details>'
