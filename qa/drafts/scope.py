"""Tell whether what a report states is of another place or term than what a draft's sentence is about."""

from __future__ import annotations

from qa.drafts.draft import Context
from qa.drafts.ranking import Register
from qa.drafts.records import Statement
from qa.text.divisions import find, short_name
from qa.text.when import holds_now
from qa.types import Place, Report


def elsewhere(context: Context, stated: Statement, register: Register) -> bool:
    """Return whether the draft is about another place than the report, the statement and all that its sentence names."""
    name = context.place.name
    if not name or name in (stated.place, register.reports[stated.report_id].place.name):
        return False
    return short_name(name) not in stated.sentence


def of_another_part(said: Statement, stated: Statement, place: Place) -> bool:
    """Return whether both clauses name parts of a place, and none in common."""
    own, theirs = (
        {part.name for _, _, part in find(clause, near=(place,)) if place.name in part.parents}
        for clause in (said.clause, stated.clause)
    )
    return bool(own and theirs) and not own & theirs


def is_of_another(context: Context, stated: Statement, register: Register) -> bool:
    """Return whether a report's statement is of another place or term than the draft."""
    return elsewhere(context, stated, register) or another_term(context, stated, register)


def another_term(context: Context, stated: Statement, register: Register) -> bool:
    """Return whether the draft is about other years than the statement's report, or its plans if it is a plan.

    The draft's sentence must state them, or another report of the place cover them. A figure of several years is of
    another term than one of them, other than the last, at whose end it may hold, unless its part of the report sums up those years.
    """
    period, report, years = context.period, register.reports[stated.report_id], stated.period
    own = report.plans if stated.plan or stated.figure is None else None  # a name may be of plans, too
    of_several = stated.figure and years and years.start < years.end
    earlier = context.names_years and period and years and years.end != period.end
    if context.of_one_year and of_several and (earlier or _sums_up(stated, report)):
        return True
    covered = (report.period, own, years if stated.figure else None)
    if period is None or report.period is None or any(each and period.meets(each) for each in covered):
        return False
    if context.names_years:
        return True
    others = (r for r in register.reports.values() if r.place == report.place and r.id != report.id)
    return any(other.period is not None and period.meets(other.period) for other in others)


def _sums_up(stated: Statement, report: Report) -> bool:
    """Return whether a figure is of years that its own part of the report states, and is not what they ended with."""
    before = stated.clause[: max(stated.begin, 0)]
    return stated.period != report.period and not holds_now(before, len(before))
