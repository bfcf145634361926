"""HTML pieces that several pages show: news, progress, links to a passage, charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from qa.text.spans import locate
from qa.types import Hit, Nearest
from qa.web.templates import render
from qa.web.words import both


@dataclass(frozen=True, slots=True)
class Bar:
    """One value; bars of one chart have one unit."""

    label: str  # such as "温州市 2018–2023"
    value: float
    text: str  # the value as printed
    note: str = ""  # a second line under the label
    href: str = ""  # where its source opens


def chart(bars: Sequence[Bar], caption: str) -> Markup:
    """Return a chart, ``""`` without bars."""
    return render("cards.chart", bars=bars, caption=caption)


def empty(key: str) -> Markup:
    """Return what a page says that has nothing to show."""
    return render("cards.empty", words=both(key))


def good(key: str, **values: object) -> Markup:
    """Return the news that something was done, which screen readers read out."""
    return render("cards.good", words=both(key, **values))


def summary(words: Markup) -> Markup:
    """Return a line above what was found or done, which screen readers read out."""
    return render("cards.summary", words=words)


def bar(words: Markup, done: int = 0, total: int = 0) -> Markup:
    """Return the progress, without a bar if there is no total."""
    return render("cards.progress", words=words, done=done, total=total)


def hit_link(hit: Hit) -> Markup:
    """Return the link that opens a passage at its best sentence."""
    paragraph, best = hit.paragraph, hit.sentences[0] if hit.sentences else None
    spans = locate(paragraph, hit.report.source.text, best.start, best.end) if best else paragraph.spans[:1]
    return render("cards.open", report_id=hit.report.id, spans=spans)


def nearest_link(passage: Nearest) -> Markup:
    """Return the link that opens a nearest passage at the sentence that fits best."""
    hit = passage.hit
    spans = locate(hit.paragraph, hit.report.source.text, *passage.fits)
    return render("cards.open", report_id=hit.report.id, spans=spans)
