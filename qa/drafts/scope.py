"""Tell whether what a report states is of another place, term or time than what a draft's sentence is about.

Of another time are figures that a report tells beside those of a draft, or as what became of them.
"""

from qa.drafts.comparing import likeness
from qa.drafts.draft import Context
from qa.drafts.ranking import Register, terms_of
from qa.drafts.statements import Statement
from qa.text.changes import changes_in
from qa.text.divisions import find, short_name
from qa.text.figures import amounts_in, same_value, unit_kind
from qa.text.states import calendar_of
from qa.text.when import holds_now, time_expressions
from qa.types import Figure, Place

TOGETHER = 0.5  # share of the neighbours found in the same report, near ones counted twice


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
    before = stated.clause[: max(stated.begin, 0)]
    sums_up = years != report.period and not holds_now(before, len(before))  # and not what they ended with
    if context.of_one_year and of_several and (earlier or sums_up):
        return True
    covered = (report.period, own, years if stated.figure else None)
    if period is None or report.period is None or any(each and period.meets(each) for each in covered):
        return False
    if context.names_years:
        return True
    others = (r for r in register.reports.values() if r.place == report.place and r.id != report.id)
    return any(other.period is not None and period.meets(other.period) for other in others)


def was_before(said: Statement) -> bool:
    """Return whether a figure is what another one of its sentence was before: 3943件 in 由3943件增至1.45万件."""
    return any(change.first.start == said.at for change in changes_in(said.sentence))


def is_turned_round(said: Statement, stated: Statement) -> bool:
    """Return whether a figure is of a change that the report tells the other way round: 由57户增至486户."""
    own = next((c for c in changes_in(said.sentence) if said.at in (c.first.start, c.last.start)), None)
    theirs = changes_in(stated.sentence)
    if own is None or any(_alike(own.first, each.first) and _alike(own.last, each.last) for each in theirs):
        return False
    return any(_alike(own.first, each.last) and _alike(own.last, each.first) for each in theirs)


def _alike(one: Figure, other: Figure) -> bool:
    return same_value(one.value, other.value) and unit_kind(one.unit) == unit_kind(other.unit)


def became_of(said: Statement, stated: Statement, register: Register) -> Statement | None:
    """Return what a report's figure became (4398亿元 in 从3826亿元增长到4398亿元) if the draft does not say that it was so before.

    It says so by the words of the report (年初), by an earlier year or by the figure that it became. Where the report does
    not say when it was so, other words of the draft (五年前) may, too, unless it says that the figure was reached.
    """
    change = next((each for each in changes_in(stated.sentence) if each.first.start == stated.at), None)
    report, before = register.reports[stated.report_id], said.sentence[: said.at]
    if change is None or was_before(said) or report.period is None:
        return None
    if any(_alike(each, change.last) for each in amounts_in(said.sentence)):
        return None
    in_its_words = set(terms_of(before.removesuffix("为"))) <= set(terms_of(stated.sentence))
    if not change.when and not before.endswith(("达", "到", "至")) and not in_its_words:
        return None
    times = time_expressions(before, calendar_of(report))
    if (change.when and change.when in before) or any(t.period.end < report.period.end for t in times):
        return None
    last = (s for s in register.around(stated) if (s.number, s.at) == (stated.number, change.last.start))
    return next((s for s in last if likeness(said, s) == "other"), None)
