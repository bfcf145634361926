"""Conclude from single things that were looked up: which is larger, and what to mind."""

from collections.abc import Mapping

from qa.answering.comparison import caveat, conclusion, inside_notes
from qa.answering.computation import operates
from qa.answering.found import Found, of_one_state
from qa.index import Index
from qa.types import Query, Reason


def concluded(
    index: Index, query: Query, heads: Mapping[str, Found], *, concludes: bool
) -> tuple[str, Reason | None, tuple[str, ...]]:
    """Return the closing words of a comparison, the reason for a caveat and the formulas; ``heads``: one thing a line."""
    apart = len(query.scopes) == 1 and not operates(query)  # 多少辆、增长多少
    if len(heads) < 2 or apart or (query.paired and len({part.unit for part in query.parts}) > 1):
        return "", None, ()
    labels, known = tuple(heads), [one.said for one in heads.values() if one.figure]
    note, reason = caveat(known, labels)
    of_places = len({scope.place for scope in query.scopes}) > 1
    if of_places and not of_one_state([*heads.values()]):
        note, reason = "有的是计划，有的是结果，不宜直接相比。", "different_measure"
    if reason == "different_measure":
        return note, reason, ()
    places = [index.by_id[one.citations[0].report_id].place for one in heads.values() if one.text]
    note += "".join(inside_notes(places))
    if not concludes:
        return note, reason, ()
    larger, formula = conclusion(query, labels, [one.figure for one in heads.values()])
    return larger + note, reason, (formula,) if formula else ()
