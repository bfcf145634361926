"""The section that a paragraph stands in: the headings above it, and the one of them that a reader is shown."""

from __future__ import annotations

import re

from qa.answering.statement import readable
from qa.text.figures import figures
from qa.text.orders import gives_orders
from qa.text.sentences import split_sentences
from qa.types import Paragraph

__all__ = ["RUN_IN", "heading_shown", "section_of"]

RUN_IN = 14  # characters of an opening sentence that is a heading
_NUMBER = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[）)]|\d{1,2}[、.．)]\s*)"
)


def section_of(paragraph: Paragraph) -> tuple[str, ...]:
    """The headings of a paragraph, with the short sentence that it opens with in the place of one (竞赛蓬勃开展。)."""
    sentences = split_sentences(paragraph.text)
    opening = paragraph.text[slice(*sentences[0])] if len(sentences) > 1 else ""
    runs_in = 0 < len(opening) <= RUN_IN and opening.endswith("。") and not figures(opening)
    return (*paragraph.heading, opening) if runs_in else paragraph.heading


def heading_shown(paragraph: Paragraph) -> str:
    """The innermost heading without its number, short enough for a line; none with figures, which no quote holds.

    None that gives orders either: nobody would see that a report says them.
    """
    heading = readable(_NUMBER.sub("", paragraph.heading[-1]))[:30] if paragraph.heading else ""
    return "" if any(c.isdigit() for c in heading) or gives_orders(heading) else heading
