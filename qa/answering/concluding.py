"""Conclude from single things that were looked up: what is computed from them, which is larger, and what to mind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qa.answering.comparison import caveat, conclusion, inside_notes, measured_alike
from qa.answering.computation import as_divided, operates, operation_of
from qa.answering.found import Found, of_one_state
from qa.index import Index
from qa.question.kinds import unit_of
from qa.text.arithmetic import Derived, derive
from qa.text.figure_context import has_whole_and_part
from qa.text.rows import in_one_column
from qa.text.when import years_named
from qa.types import Figure, Query, Reason


def computed(query: Query, found: Sequence[Found]) -> Derived | None:
    """Return what the operation asked for gives; None if it needs a figure that is not there, or others than there are."""
    if len(query.scopes) == 1 and not operates(query):
        return None

    def year(one: Found) -> int:
        scope = query.scopes[one.scope]
        term = scope.period.start if scope.period else 0
        return scope.year or next(years_named(one.part.asked), term)

    in_time = sorted(found, key=year)  # stable: terms are in order
    known = [one.said for one in in_time if one.figure]
    operation = operation_of(query.standalone)
    if not operation and query.kind == "computation" and len(query.scopes) > 1:  # 两届累计多少
        operation = "sum"
    if not operation or len(known) < max(len(found), 2) or (query.unnamed and operation != "sum"):
        return None
    of_whole = has_whole_and_part(known)
    if of_whole if operation == "sum" else operation == "rest" and not of_whole:
        return None  # a part is in the whole, and what is no part of another is not taken from it
    unlike = len(query.scopes) > 1 and operation != "ratio" and not measured_alike(known)
    quoted = [(c.quote, one.figure.value) for one in in_time if one.figure for c in one.citations]
    if unlike or not in_one_column(quoted):
        return None
    of_places = len({scope.place for scope in query.scopes}) > 1
    if of_places and (operation == "growth" or not of_one_state(found)):
        return None  # one place does not grow into another, nor what is planned into what was done
    operands: Sequence[Figure] = [figure for _, figure in known]
    if operation == "ratio":
        operands = as_divided(query.standalone, unit_of(query.standalone), operands)
    return derive(operation, operands)


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
