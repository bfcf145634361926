"""Several places or terms side by side: one line each with its figure, period and citation, then what follows.

Figures are set against each other only where they measure the same; otherwise the answer says how they differ.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from embeddings.reader import default_question_reader
from qa.answering.alike import measured_alike
from qa.answering.compose import Line, merged
from qa.answering.computation import counted_alike, derive
from qa.answering.fact import Found
from qa.text.figures import same_value
from qa.types import Figure, Query, Reason

_COMPARES = ("compare", "extreme", "difference")  # as the question reader calls them


def scope_line(label: str, found: Sequence[Found | None]) -> Line | None:
    """One line for a scope: all its parts that were found; None where there is nothing."""
    statements = merged([f.statement for f in found if f])
    return Line(statements, label=label or None) if statements else None


def conclusion(query: Query, labels: Sequence[str], figures: Sequence[Figure | None]) -> tuple[str, str]:
    """Which is larger, by how much, and the formula of that; ``""`` twice where it is not asked or units differ."""
    known = [(label, f) for label, f in zip(labels, figures, strict=True) if f is not None]
    asks = default_question_reader().read(query.standalone).operation in _COMPARES
    if (
        not asks
        or set("多少高低大小").isdisjoint(query.standalone)  # asked of figures, not of what is stressed
        or len(known) < max(2, len(labels))
        or not counted_alike([f for _, f in known])
    ):
        return "", ""
    fewest = any(f"{most}{few}" in query.standalone for most in "最更" for few in "少低小")
    word, sign = ("少", 1) if fewest else ("多", -1)
    known.sort(key=lambda item: sign * item[1].value)
    (first, extreme), (second, next_to_it) = known[0], known[1]
    if same_value(extreme.value, next_to_it.value):
        return f"{first}与{second}相同。", ""
    derived = derive("difference", (extreme, next_to_it))
    if derived is None:
        return f"相比之下，{first}更{word}。", ""
    rank, than = (f"更{word}", "") if len(known) == 2 else (f"最{word}", f"比{second}")
    return f"相比之下，{first}{rank}，{than}{word}{derived.text}（{derived.formula}）。", derived.formula


def caveat(found: Sequence[Found | None], periods: Sequence[str]) -> tuple[str, Reason | None]:
    """A sentence on how the measures differ, and its reason; ``""`` and None where they do not."""
    known = [f for f in found if f and f.figure]
    if len(known) < 2:
        return "", None
    if not alike(known):
        return "各处统计口径不同，不宜直接相比。", "different_measure"
    lengths = {_years(p) for p in periods if p}
    if len(lengths) > 1:
        return "各报告的统计时段长短不同，比较时请注意。", "different_period"
    return "", None


def alike(found: Sequence[Found]) -> bool:
    """Whether all figures that were found measure the same."""
    return measured_alike([(f.statement.text, f.figure) for f in found if f.figure])


def _years(period: str) -> int:
    years = [int(y) for y in re.findall(r"\d{4}", period)]
    return years[-1] - years[0] if years else 0
