"""HTML from ``templates/``: what is put into it is escaped, and invisible characters are left out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

from qa.text.visible import visible
from qa.web.links import address
from qa.web.words import both, chinese, escape

NOTHING = Markup()


class _OneLine(Extension):
    """Leaves out line ends and indentation of a template: they are there for whoever reads it."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        return re.sub(r"\n\s*", "", source)


def render(macro: str, /, **values: object) -> Markup:
    """Return what a macro makes of the values: ``"cards.chart"`` is ``chart`` in ``templates/cards.html``."""
    file, _, name = macro.partition(".")
    found = getattr(_environment().get_template(f"{file}.html").module, name)(**values)
    return Markup(found)  # noqa: S704  # made by the template, which escapes


def lines(text: str) -> Markup:
    """Return text as HTML of one line: after a blank line the chat would read Markdown."""
    return escape(text.replace("\r", "")).replace("\n", Markup("<br>"))


def highlighted(text: str, ranges: Iterable[tuple[int, int]], tag: str = "mark") -> Markup:
    """Return the text with each range inside a tag; the ranges must be sorted and not overlap."""
    html, at, inside = list[Markup](), 0, Markup("<{}>{}</{}>")
    for start, end in ranges:
        html += (escape(text[at:start]), inside.format(tag, escape(text[start:end]), tag))
        at = end
    return Markup().join([*html, escape(text[at:])])


@cache
def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        finalize=lambda value: value if isinstance(value, Markup) else visible(str(value)),
        undefined=StrictUndefined,
        auto_reload=False,
        extensions=[_OneLine],
    )
    found.globals |= {"address": address, "both": both, "chinese": chinese}
    found.filters["lines"] = lines
    return found
