"""Judge a draft's statement by its candidates: one verdict with its source."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from qa.drafts import scope
from qa.drafts.comparing import Likeness, comparable, is_slip, likeness, of_one_measure, of_one_occasion
from qa.drafts.draft import Context
from qa.drafts.ranking import FEATURES, Candidates, Register, words_fit
from qa.drafts.statements import Statement
from qa.ledger.indicators import levels
from qa.text.figures import same_value
from qa.text.organisations import report_label
from qa.text.states import calendar_of, signs_of_done, signs_of_plan, state_of_sentence
from qa.types import Report, Spans

Verdict: TypeAlias = Literal[
    "agrees", "agrees_otherwise", "differs", "wrong_name", "other_term", "other_place", "plan_for_result",
    "not_in_reports",
]  # fmt: skip
GOOD: frozenset[Verdict] = frozenset({"agrees", "agrees_otherwise"})
SURE_YEAR = 1.0  # score above which a year is what its clause is about
SAME_THING = 1.0  # word fit from which another figure is of the same thing; a slip of the pen is so anyway
KINDRED = 0.25  # share of the best word fit from which another candidate is of the same thing
ELSEWHERE = 0.5  # likewise, from which a figure of another report, or a plan, is of the same thing


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


def judge(
    said: Statement, context: Context, found: Candidates, register: Register, meant: Statement | None = None
) -> DraftItem | None:
    """Return the item of a statement, None for a year that claims nothing; ``meant``: its own, if exchanged."""
    best = found[0] if found and found[0].score > 0 else None
    if said.date is not None and said.date[2:] == (None, None):  # a year
        best = best if best and best.score >= SURE_YEAR else None
        stated = register.statements[best.number] if best else None
        term = _term(said, context, register)
        if stated is None or scope.is_of_another(context, stated, register):
            return term
    unknown = DraftItem(said.text, said.spans[0][0], said.spans[-1][1], "not_in_reports")
    if best is None:
        return unknown
    alone = best.features[FEATURES.index("neighbours")] < scope.TOGETHER
    stated = meant or register.statements[best.number]
    in_context = [s for s in _kindred(found, register) if not scope.is_of_another(context, s, register)]
    here = next((s for s in in_context if of_one_measure(said, s)), None)
    if scope.is_of_another(context, stated, register):
        stated = next((s for s in in_context if likeness(said, s) == "same"), stated)
    if stated.plan and not said.plan:  # unless it is done, too
        stated = next((s for s in _kindred(found, register) if _is_done(said, stated, s)), stated)
    like = likeness(said, stated)
    of_other_term = context.names_years and scope.another_term(context, stated, register)
    if like == "other" and (of_other_term or (alone and scope.elsewhere(context, stated, register))):
        if here is None:  # a different figure of another place or time is no error
            return unknown
        stated, like = here, likeness(said, here)
    alike = stated is meant or (comparable(said, stated) and _of_one_thing(said, stated, found))
    if like == "open" or (like == "other" and not alike) or not of_one_occasion(said, stated):
        return unknown
    right = stated
    origin = _origin(said, stated, found, register) if like == "other" else None
    if origin is not None:
        stated, verdict = origin
    else:
        verdict = _verdict(said, context, stated, like, register, alone=alone)
        its_years = _of_the_years(said, context, stated, found, register)
        if its_years is None and alone and not context.names_years:
            its_years = scope.of_the_neighbours(said, stated, found, register)
        if verdict in GOOD and scope.is_turned_round(said, stated):
            verdict = "differs"
        elif verdict in GOOD and its_years is not None:
            verdict, right = "other_term", its_years
        elif verdict in GOOD and (became := scope.became_of(said, stated, register)) is not None:
            verdict, right = "other_term", became
        elif verdict == "other_term" and scope.was_before(said):
            verdict = "agrees" if like == "same" else "agrees_otherwise"
        elif verdict in ("other_place", "other_term"):
            right = here or stated
    item = sourced(said, verdict, register.reports[stated.report_id], stated)
    in_words = verdict in ("differs", "wrong_name") and right.text == said.text  # 下降3.5% for 增长3.5%
    nothing_else = verdict in (*GOOD, "other_place", "other_term") and right is stated and like != "other"
    told = right.clause if in_words else right.text
    return replace(item, right=None if nothing_else else told, corrected=stated.corrected)


def sourced(said: Statement, verdict: Verdict, report: Report, stated: Statement | None = None) -> DraftItem:
    """Return the item of a statement that a report covers, with the clause that it was compared with."""
    start, end, name = said.spans[0][0], said.spans[-1][1], report.source.name
    title, label = report.title or name, report_label(report)
    quote, spans = (stated.clause, stated.clause_spans) if stated else (None, ())
    return DraftItem(said.text, start, end, verdict, name, report.id, title, label, quote, spans)


def _is_done(said: Statement, planned: Statement, stated: Statement) -> bool:
    """Return whether a report states as a result just what it plans, too, and the draft says."""
    if stated.plan or stated.report_id != planned.report_id or not said.figure or not stated.figure:
        return False
    return likeness(said, stated) != "other" and same_value(said.figure.value, stated.figure.value)


def _of_one_thing(said: Statement, stated: Statement, found: Candidates) -> bool:
    """Return whether differing figures are of one thing: by their words, or because one is a slip of the other."""
    if said.figure is None or stated.figure is None or is_slip(said.figure, stated.figure):
        return True
    before = scope.was_before(said) and not scope.was_before(stated)  # which the report may not tell
    return words_fit(found[0]) >= SAME_THING and not before


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
        return "differs" if said.kind in ("figure", "rank") else "wrong_name"
    of_other_place = (alone or context.names_place) and scope.elsewhere(context, stated, register)
    if of_other_place or scope.of_another_part(said, stated, register.reports[stated.report_id].place):
        return "other_place"
    dated = said.date is not None and None not in said.date[1:3]  # a date itself says which year it is of
    in_term = dated or not (alone or context.names_years or context.of_one_year)
    if not in_term and scope.another_term(context, stated, register):
        return "other_term"
    own, theirs = levels(said.subject), levels(stated.subject)
    if own and theirs and not own & theirs:
        return "wrong_name"
    if stated.plan and not _tells_plan(said, context, register.reports[stated.report_id]):
        return "plan_for_result"
    return "agrees" if like == "same" else "agrees_otherwise"


def may_be_of(said: Statement, context: Context, stated: Statement, register: Register) -> bool:
    """Return whether a statement may be about one of a report: what is told as a result is about no other figure of plans."""
    planned = not stated.plan or _tells_plan(said, context, register.reports[stated.report_id])
    return planned or likeness(said, stated) != "other"


def _tells_plan(said: Statement, context: Context, report: Report) -> bool:
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


def _origin(
    said: Statement, best: Statement, found: Candidates, register: Register
) -> tuple[Statement, Verdict] | None:
    """Return what agrees with the draft, of the same thing in plans, of other years or in another report, and the verdict.

    None if there is nothing, or the draft's figure is a slip of ``best``.
    """
    if said.figure is None or best.figure is None or is_slip(said.figure, best.figure):
        return None
    agreeing = [s for s in _kindred(found, register, ELSEWHERE) if likeness(said, s) != "other"]
    for each in (s for s in agreeing if s.report_id == best.report_id and s.plan != best.plan):
        verdict: Verdict = "agrees" if likeness(said, each) == "same" else "agrees_otherwise"
        return each, "plan_for_result" if each.plan and not said.plan else verdict
    near = [s for s in register.around(best) if likeness(said, s) != "other"]
    for each in (s for s in (*agreeing, *near) if scope.of_other_years(s, best)):
        return each, "other_term"
    for each in (s for s in agreeing if s.report_id != best.report_id and not near):
        same_place = register.reports[each.report_id].place == register.reports[best.report_id].place
        return each, "other_term" if same_place else "other_place"
    return None


def _of_the_years(
    said: Statement, context: Context, stated: Statement, found: Candidates, register: Register
) -> Statement | None:
    """Return the figure of the same thing that the report has for the draft's years, where ``stated`` is of others."""
    if context.period is None or stated.period in (None, context.period, said.period):
        return None
    own = (stated.report_id, context.period, stated.plan)
    others = (s for s in _kindred(found, register, scope.OWN_YEARS) if (s.report_id, s.period, s.plan) == own)
    return next((s for s in others if of_one_measure(s, stated) and likeness(said, s) == "other"), None)


def _kindred(found: Candidates, register: Register, share: float = KINDRED) -> Iterator[Statement]:
    """Yield the candidates whose words fit at least this share as well as those of the best, best first."""
    least = share * words_fit(found[0])
    return (register.statements[each.number] for each in found if words_fit(each) >= least)
