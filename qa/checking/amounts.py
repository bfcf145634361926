"""The figures of an answer that measure something."""

from __future__ import annotations

from qa.text.figures import is_year
from qa.types import Answer, CheckedFigure, Figure


def amounts(answer: Answer) -> tuple[CheckedFigure, ...]:
    """The figures of an answer but its years: those name a term and measure nothing."""
    return tuple(
        f for f in answer.figures if not is_year(Figure(f.value, f.unit, "", f.text, 0, len(f.text)))
    )
