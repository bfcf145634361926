"""A draft's statement and what it may be about → one verdict with its source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from embeddings.reader import Mention, default_pair_reader
from qa.drafts.comparing import Likeness, likeness, may_be_of_one_thing, slip
from qa.drafts.context import Context
from qa.drafts.ranking import FEATURES, Candidate, words_fit
from qa.drafts.records import DraftItem, Statement, Verdict
from qa.drafts.register import Register
from qa.drafts.words import GOOD
from qa.text.divisions import find
from qa.text.figures import same_measure, unit_kind
from qa.text.normal import squeezed
from qa.text.outlook import signs_of_plan
from qa.text.spans import locate
from qa.types import Report

SURE_YEAR = 2.0  # the score above which a year is what its clause is about
KINDRED = 0.25  # of how well the words of the best fit, from which another tells of the same thing
EXCHANGED = 0.35  # by how much the subject of a figure beside must fit better
PLANNED = 0.75  # chance from which one is told as done and the other is not
TOGETHER = 0.5  # share of the statements around that are found in the same report, near ones counted twice


def judged(
    said: Statement, context: Context, found: Sequence[Candidate], register: Register
) -> DraftItem | None:
    """The item of a statement, or None where it claims nothing of the reports."""
    start, end = said.spans[0][0], said.spans[-1][1]
    best = found[0] if found and found[0].score > 0 else None
    if _is_year(said) and (best is None or best.score < SURE_YEAR or _strays(said, best, context, register)):
        return _term(said, context, register)
    unknown = DraftItem(said.text, start, end, "not_in_reports")
    if best is None:
        return unknown
    alone = best.features[FEATURES.index("neighbours")] < TOGETHER
    stated = _exchanged(said, found, register) or register.statements[best.number]
    if is_of_another(context, stated, register):
        stated = _same_at_home(said, context, found, register) or stated
    like = likeness(said, stated)
    if like == "other" and _apart(context, stated, register, alone=alone):
        here = _here(said, context, found, register)
        if here is None:  # elsewhere, or at another time, something else is true: that is no error here
            return unknown
        stated, like = here, likeness(said, here)
    if like == "open" or (like == "other" and not may_be_of_one_thing(said, stated)):
        return unknown
    right = stated
    home = _home(said, stated, found, register) if like == "other" else None
    if home is not None:
        same_place = register.reports[home.report_id].place == register.reports[stated.report_id].place
        verdict: Verdict = "other_term" if same_place else "other_place"
        stated = home
    else:
        verdict = _verdict(said, context, stated, like, register, alone=alone)
        if verdict in ("other_place", "other_term"):
            right = _here(said, context, found, register) or stated
    report = register.reports[stated.report_id]
    paragraph = report.paragraphs[stated.paragraph]
    at = paragraph.text.find(stated.clause)
    return DraftItem(
        text=said.text,
        start=start,
        end=end,
        verdict=verdict,
        report=report.source.name,
        report_id=report.id,
        title=report.title or report.source.name,
        quote=stated.clause,
        spans=stated.clause_spans or locate(paragraph, report.source.text, at, at + len(stated.clause)),
        right=None if verdict in GOOD else right.text,
        corrected=stated.corrected,
    )


def _is_year(said: Statement) -> bool:
    return said.date is not None and said.date[2:] == (None, None)


def _apart(context: Context, stated: Statement, register: Register, *, alone: bool) -> bool:
    """Whether a statement is of another place, or of other years than the draft's own sentence names."""
    report = register.reports[stated.report_id]
    another_term = context.names_years and _another_term(context, stated, register)
    return another_term or (alone and _elsewhere(context, stated, report))


def _strays(said: Statement, best: Candidate, context: Context, register: Register) -> bool:
    """Whether the same year was only found in a report of another place."""
    stated = register.statements[best.number]
    report = register.reports[stated.report_id]
    return likeness(said, stated) != "other" and _elsewhere(context, stated, report)


def _term(said: Statement, context: Context, register: Register) -> DraftItem | None:
    """A year that nothing else is said of names the term: it agrees where a report of the place covers it."""
    year = said.date[1] if said.date else None
    for report in register.reports.values():
        own = not context.place.name or report.place.name == context.place.name
        if own and year and report.period and report.period.start <= year <= report.period.end:
            return DraftItem(
                said.text,
                said.spans[0][0],
                said.spans[-1][1],
                "agrees",
                report=report.source.name,
                report_id=report.id,
                title=report.title or report.source.name,
            )
    return None


def _verdict(
    said: Statement,
    context: Context,
    stated: Statement,
    like: Likeness,
    register: Register,
    *,
    alone: bool,
) -> Verdict:
    """The verdict; what all around is found beside is at home there, unless its sentence names another place or term."""
    report = register.reports[stated.report_id]
    if like == "other":
        return "differs" if said.kind == "figure" else "wrong_name"
    if (alone or context.names_place) and _elsewhere(context, stated, report):
        return "other_place"
    if _of_another_part(said, stated, report):
        return "other_place"
    if (alone or context.names_years) and _another_term(context, stated, register):
        return "other_term"
    ahead = said.plan or signs_of_plan(said.clause, max(said.clause.find(said.text), 0))
    if not ahead and (stated.plan or _still_to_be_done(said, stated)):
        return "plan_for_result"
    return "agrees" if like == "same" else "agrees_otherwise"


def _still_to_be_done(said: Statement, stated: Statement) -> bool:
    """Whether a draft tells as done what the report tells as under way, as the reader of pairs takes it."""
    if said.kind == "date" or squeezed(said.clause).strip("，。；：、") in squeezed(stated.sentence):
        return False  # the same words
    return default_pair_reader().read(_mention(said), _mention(stated))["planned_achieved"] >= PLANNED


def _mention(statement: Statement) -> Mention:
    start = statement.clause.find(statement.text)
    whole = (statement.clause, 0, len(statement.clause))
    return (statement.clause, start, start + len(statement.text)) if start >= 0 else whole


def _exchanged(said: Statement, found: Sequence[Candidate], register: Register) -> Statement | None:
    """The figure of the same sentence and unit whose subject fits much better than that of the figure found: 甲7名、乙2名."""
    best = register.statements[found[0].number]
    if said.figure is None or likeness(said, best) == "other":
        return None
    fitting = (
        (_subject(each) - _subject(found[0]), register.statements[each.number])
        for each in found
        if register.statements[each.number].number == best.number
    )
    beside = [
        (gap, stated)
        for gap, stated in fitting
        if stated.report_id == best.report_id
        and stated.figure
        and unit_kind(stated.figure.unit) == unit_kind(said.figure.unit)
        and likeness(said, stated) == "other"
    ]
    gap, stated = max(beside, key=lambda pair: pair[0], default=(0.0, best))
    return stated if gap >= EXCHANGED else None


def _subject(candidate: Candidate) -> float:
    """0 to 1: how much of each of two subjects the other holds."""
    held, holds = (candidate.features[FEATURES.index(f"subject {name}")] for name in ("held", "holds"))
    return (held + holds) / 2


def _home(
    said: Statement, best: Statement, found: Sequence[Candidate], register: Register
) -> Statement | None:
    """What another report says of the same thing, where that is the figure that differs here.

    None where one digit is all that differs: that is a slip.
    """
    if said.figure is None or best.figure is None or slip(said.figure, best.figure):
        return None
    others = (stated for stated in _kindred(found, register) if stated.report_id != best.report_id)
    return next((stated for stated in others if likeness(said, stated) != "other"), None)


def _here(
    said: Statement, context: Context, found: Sequence[Candidate], register: Register
) -> Statement | None:
    """What the report of the place and term that the draft speaks of says of the same thing."""
    for stated in _kindred(found, register):
        report = register.reports[stated.report_id]
        if _elsewhere(context, stated, report) or _another_term(context, stated, register):
            continue
        if said.figure and stated.figure and same_measure(said.figure.unit, stated.figure.unit):
            return stated
    return None


def _same_at_home(
    said: Statement, context: Context, found: Sequence[Candidate], register: Register
) -> Statement | None:
    """The same in a report of the place and term that the draft speaks of, where another had been found first."""
    at_home = (s for s in _kindred(found, register) if not is_of_another(context, s, register))
    return next((stated for stated in at_home if likeness(said, stated) == "same"), None)


def _kindred(found: Sequence[Candidate], register: Register) -> Iterator[Statement]:
    """The candidates whose words fit not much worse than those of the best, best first."""
    least = KINDRED * words_fit(found[0])
    return (register.statements[each.number] for each in found if words_fit(each) >= least)


def _elsewhere(context: Context, stated: Statement, report: Report) -> bool:
    """Whether the draft speaks of another place than the report and the statement in it."""
    name = context.place.name
    return bool(name) and name not in (stated.place, report.place.name)


def _of_another_part(said: Statement, stated: Statement, report: Report) -> bool:
    """Whether both clauses name parts of the report's place, and none the same."""
    own, theirs = (
        {p.name for _, _, p in find(clause, near=(report.place,)) if report.place.name in p.parents}
        for clause in (said.clause, stated.clause)
    )
    return bool(own and theirs) and not own & theirs


def is_of_another(context: Context, stated: Statement, register: Register) -> bool:
    """Whether a statement of a report is of another place or term than a draft speaks of."""
    report = register.reports[stated.report_id]
    return _elsewhere(context, stated, report) or _another_term(context, stated, register)


def _another_term(context: Context, stated: Statement, register: Register) -> bool:
    """Whether the years that a draft speaks of are not of a statement's report, nor those that it plans for where it is a plan.

    Its sentence names them, or another report covers them.
    """
    period, report = context.period, register.reports[stated.report_id]
    own = report.plans if stated.plan else None
    if period is None or report.period is None or period.meets(report.period) or (own and period.meets(own)):
        return False
    if context.names_years:
        return True
    others = (r for r in register.reports.values() if r.place == report.place and r.id != report.id)
    return any(other.period is not None and period.meets(other.period) for other in others)
