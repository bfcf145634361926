"""Judge a draft's date, name, occasion or rank by its candidates: one verdict with its source."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from qa.drafts import scope
from qa.drafts.comparing import Likeness, likeness, of_one_occasion
from qa.drafts.draft import Context
from qa.drafts.ranking import FEATURES, Candidates, Register, words_fit
from qa.drafts.statements import Statement
from qa.ledger.indicators import levels
from qa.text.organisations import report_label
from qa.text.states import calendar_of, signs_of_done, signs_of_plan, state_of_sentence
from qa.types import Report, Spans

Verdict: TypeAlias = Literal[
    "agrees", "agrees_otherwise", "differs", "wrong_name", "other_term", "other_place", "plan_for_result",
    "not_in_reports",
]  # fmt: skip
GOOD: frozenset[Verdict] = frozenset({"agrees", "agrees_otherwise"})
SURE_YEAR = 1.0  # score above which a year is what its clause is about
KINDRED = 0.25  # share of the best word fit from which another candidate is of the same thing


@dataclass(frozen=True, slots=True)
class DraftItem:
    """A figure, date or name of a draft with its verdict and the report that it was found in, if any."""

    text: str
    start: int
    end: int
    verdict: Verdict
    report: str | None = None  # file name
    report_id: str | None = None
    title: str | None = None
    label: str | None = None  # of the report, its place and years
    quote: str | None = None  # the clause of the report, 8 to 300 characters
    spans: Spans = ()  # of the quote in the source of the report
    right: str | None = None  # what the report states, if the draft differs
    corrected: bool = False  # whether the report's figure was corrected by hand, so that the quote differs


def judge(said: Statement, context: Context, found: Candidates, register: Register) -> DraftItem | None:
    """Return the item of a date, a name, an occasion or a rank, None for a year that claims nothing."""
    best = found[0] if found and found[0].score > 0 else None
    if said.date is not None and said.date[2:] == (None, None):  # a year
        best = best if best and best.score >= SURE_YEAR else None
        stated = register.statements[best.number] if best else None
        term = _term(said, context, register)
        told_otherwise = term and stated and likeness(said, stated) == "other"
        if stated is None or told_otherwise or scope.is_of_another(context, stated, register):
            return term
    if best is None:
        return unknown(said)
    alone = best.features[FEATURES.index("neighbours")] < scope.TOGETHER
    stated = register.statements[best.number]
    if scope.is_of_another(context, stated, register):
        in_context = (s for s in _kindred(found, register) if not scope.is_of_another(context, s, register))
        stated = next((s for s in in_context if likeness(said, s) == "same"), stated)
    like = likeness(said, stated)
    of_other_term = context.names_years and scope.another_term(context, stated, register)
    if like == "other" and (of_other_term or (alone and scope.elsewhere(context, stated, register))):
        return unknown(said)  # a different one of another place or time is no error
    if not of_one_occasion(said, stated):
        return unknown(said)
    verdict = _verdict(said, context, stated, like, register, alone=alone)
    item = sourced(said, verdict, register.reports[stated.report_id], stated)
    nothing_else = verdict in (*GOOD, "other_place", "other_term") and like != "other"
    return replace(item, right=None if nothing_else else stated.text, corrected=stated.corrected)


def unknown(said: Statement) -> DraftItem:
    """Return the item of a statement that no report has."""
    return DraftItem(said.text, said.spans[0][0], said.spans[-1][1], "not_in_reports")


def sourced(said: Statement, verdict: Verdict, report: Report, stated: Statement | None = None) -> DraftItem:
    """Return the item of a statement that a report covers, with the clause that it was compared with."""
    start, end, name = said.spans[0][0], said.spans[-1][1], report.source.name
    title, label = report.title or name, report_label(report)
    quote, spans = (stated.clause, stated.clause_spans) if stated else (None, ())
    return DraftItem(said.text, start, end, verdict, name, report.id, title, label, quote, spans)


def _term(said: Statement, context: Context, register: Register) -> DraftItem | None:
    """Return the item of years that name a term, which agree if they are that of a report of the place; else None."""
    since, year = said.date[:2] if said.date else (None, None)
    for report in register.reports.values():
        own = not context.place.name or report.place.name == context.place.name
        ends = (report.period.start, report.period.end) if own and report.period else ()
        if year in ends and since in (None, *ends):
            return sourced(said, "agrees", report)
    return None


def _verdict(
    said: Statement, context: Context, stated: Statement, like: Likeness, register: Register, *, alone: bool
) -> Verdict:
    """Return the verdict; neighbours found together settle the report, unless the sentence names another."""
    if like == "other":
        return "differs" if said.kind == "rank" else "wrong_name"
    of_other_place = (alone or context.names_place) and scope.elsewhere(context, stated, register)
    if of_other_place or scope.of_another_part(said, stated, register.reports[stated.report_id].place):
        return "other_place"
    dated = said.date is not None and None not in said.date[1:3]  # a date itself says which year it is of
    in_term = dated or not (alone or context.names_years or context.of_one_year)
    if not in_term and scope.another_term(context, stated, register):
        return "other_term"
    if levels_differ(said, stated):
        return "wrong_name"
    if stated.plan and not tells_plan(said, context, register.reports[stated.report_id]):
        return "plan_for_result"
    return "agrees" if like == "same" else "agrees_otherwise"


def levels_differ(said: Statement, stated: Statement) -> bool:
    """Return whether both are told of levels (全国, 省级), and of none in common."""
    own, theirs = levels(said.subject), levels(stated.subject)
    return bool(own and theirs) and not own & theirs


def tells_plan(said: Statement, context: Context, report: Report) -> bool:
    """Return whether the draft tells what is planned: by its words, or by years of which the report has plans alone.

    A draft says 明年 as its report does.
    """
    before = max(said.begin, 0)
    if said.plan or signs_of_plan(said.clause, before):
        return True
    if state_of_sentence(said.clause, calendar_of(report), "result", before) == "plan":
        return True
    period, plans = context.period, report.plans
    if period is None or plans is None or (report.period and period.meets(report.period)):
        return False
    return period.meets(plans) and not any(signs_of_done(said.clause))


def _kindred(found: Candidates, register: Register) -> Iterator[Statement]:
    """Yield the candidates whose words fit nearly as well as those of the best, best first."""
    least = KINDRED * words_fit(found[0])
    return (register.statements[each.number] for each in found if words_fit(each) >= least)
