"""A few values as bars: a table whose cells hold their bar, so that it reads aloud, wraps and follows the theme.

Gradio's plots bring a charting library of a megabyte and data frames; half a dozen bars do not need them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.web.escaping import escape

__all__ = ["Bar", "chart"]


@dataclass(frozen=True, slots=True)
class Bar:
    """One value.

    Args:
        label: what it is the value of, ``"温州市 2018–2023"``.
        value: its length; bars of one chart have one unit.
        text: as it is printed.
        note: a second line under the label, or ``""``.
        href: where its source opens, or ``""``.
    """

    label: str
    value: float
    text: str
    note: str = ""
    href: str = ""


def chart(bars: Sequence[Bar], caption: str) -> str:
    """The chart; ``caption`` is HTML. Nothing for no bars."""
    if not bars:
        return ""
    largest = max(abs(bar.value) for bar in bars) or 1.0
    rows = []
    for bar in bars:
        share = round(100 * abs(bar.value) / largest, 1)
        value = f"<b>{escape(bar.text)}</b>"
        if bar.href:
            value = f'<a class="qa-open" href="{escape(bar.href)}">{value}</a>'
        note = f"<small>{escape(bar.note)}</small>" if bar.note else ""
        rows.append(
            f'<tr><th scope="row">{escape(bar.label)}{note}</th>'
            f'<td><span class="qa-track"><i style="width:{share}%"></i></span>{value}</td></tr>'
        )
    return f'<table class="qa-chart"><caption>{caption}</caption><tbody>{"".join(rows)}</tbody></table>'
