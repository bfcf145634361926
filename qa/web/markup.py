"""HTML from ``templates/`` and the words of the interface, in Chinese and English, from ``words.toml``.

What is put into a template is escaped, and invisible characters are left out. Gradio translates labels of
components (``translations``); our HTML has both languages (``both``), of which the style sheet shows the one
of ``<html lang>``, so that a switch needs no server.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import markupsafe
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

from qa.text.spans import locate
from qa.text.states import label_at, time_at
from qa.text.visible import visible
from qa.types import Nearest
from qa.web.links import address

NOTHING = Markup()
_HERE = Path(__file__).parent


@cache
def _words() -> dict[str, tuple[str, str]]:
    words = tomllib.loads((_HERE / "words.toml").read_text(encoding="utf-8"))
    return {key: (zh, en) for key, (zh, en) in words.items()}


def chinese(key: str) -> str:
    """Return the Chinese words alone, for places that cannot switch."""
    return _words()[key][0]


def english(key: str) -> str:
    """Return the English words alone, not escaped."""
    return _words()[key][1]


@cache
def said() -> dict[str, str]:
    """Return the key of each sentence that the program says in answers, by its Chinese words, longest first."""
    own = {zh: key for key, (zh, _) in _words().items() if key.startswith("said_")}
    return dict(sorted(own.items(), key=lambda item: -len(item[0])))


def both(key: str, **values: object) -> Markup:
    """Return HTML with both languages, one of which the style sheet hides.

    >>> print(both("copied"))
    <span class="zh" lang="zh-CN">已复制</span><span class="en" lang="en">Copied</span>
    """
    zh, en = (words.format(**values) if values else words for words in _words()[key])
    return in_both(escape(zh), escape(en))


def in_both(zh: Markup, en: Markup) -> Markup:
    """Return HTML of which the style sheet shows one language."""
    spans = Markup('<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>')
    return spans.format(zh, en)


def translations() -> dict[str, dict[str, str]]:
    """Return the words by locale, as Gradio's ``I18n`` takes them."""
    zh, en = ({key: words[language] for key, words in _words().items()} for language in (0, 1))
    return {"zh-CN": zh, "zh-TW": zh, "en": en}


def escape(text: str) -> Markup:
    """Return the text as HTML for bodies and attributes, without invisible characters."""
    return markupsafe.escape(visible(text))


def lines(text: str) -> Markup:
    """Return text as HTML of one line: after a blank line the chat would read Markdown."""
    return escape(text.replace("\r", "")).replace("\n", Markup("<br>"))


def cut(text: str, most: int) -> str:
    """Return at most so many characters, with an ellipsis for the others."""
    return text if len(text) <= most else f"{text[:most]}…"


def highlighted(text: str, ranges: Iterable[tuple[int, int]], tag: str = "mark") -> Markup:
    """Return the text with each range inside a tag; the ranges must be sorted and not overlap."""
    html, at, inside = list[Markup](), 0, Markup("<{}>{}</{}>")
    for start, end in ranges:
        html += (escape(text[at:start]), inside.format(tag, escape(text[start:end]), tag))
        at = end
    return Markup().join([*html, escape(text[at:])])


class _OneLine(Extension):
    """Leaves out line ends and indentation of a template: they are there for whoever reads it."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        return re.sub(r"\n\s*", "", source)


@cache
def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        finalize=lambda value: value if isinstance(value, Markup) else visible(str(value)),
        undefined=StrictUndefined,
        auto_reload=False,
        extensions=[_OneLine],
    )
    helpers = (address, both, chinese, highlighted, label_at, nearest_link, time_at)
    found.globals |= {each.__name__: each for each in helpers}
    found.filters |= {"cut": cut, "lines": lines}
    return found


def render(macro: str, /, **values: object) -> Markup:
    """Return what a macro makes of the values: ``"cards.chart"`` is ``chart`` in ``templates/cards.html``."""
    file, _, name = macro.partition(".")
    found = getattr(_environment().get_template(f"{file}.html").module, name)(**values)
    return Markup(found)  # noqa: S704  # made by the template, which escapes


@dataclass(frozen=True, slots=True)
class Bar:
    """One value; bars of one chart have one unit."""

    label: str  # such as "温州市 2018–2023"; Markup as it is
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


def nearest_link(passage: Nearest) -> Markup:
    """Return the link that opens a nearest passage at the sentence that fits best."""
    hit = passage.hit
    spans = locate(hit.paragraph, hit.report.source.text, *passage.fits)
    return render("cards.open", report_id=hit.report.id, spans=spans)
