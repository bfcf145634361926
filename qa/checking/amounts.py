"""Select the figures of an answer that measure something."""

from __future__ import annotations

from qa.text.figures import is_year
from qa.types import Answer, CheckedFigure, Figure


def amounts(answer: Answer) -> tuple[CheckedFigure, ...]:
    """Return the figures of an answer without its years, which only name a term."""
    read = ((f, Figure(f.value, f.unit, "", f.text, 0, len(f.text))) for f in answer.figures)
    return tuple(checked for checked, figure in read if not is_year(figure))
