"""Judge the clauses of a draft that tell as done what a report only plans: 已全部建会 for 努力推动全部建会."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qa.drafts.draft import Context
from qa.drafts.judging import is_of_another, plan_chance, sourced
from qa.drafts.ranking import Register, candidates, words_fit
from qa.drafts.records import DraftItem, Statement
from qa.text.outlook import signs_of_done

STEP = 64  # clauses compared at once, which limits memory
DEED_PLANNED = 0.3  # probability from which the report states a plan and the draft a result
SAME_DEED = 1.2  # fit of the words from which both are about one thing
SAME_WORDS = 2.8  # and from which they say the same of it


def judged_deeds(said: Iterable[tuple[Statement, Context]], register: Register) -> Iterator[DraftItem]:
    """Yield an item for each clause of a draft that tells as done what a report of its place and term plans."""
    clauses = register.clauses
    if clauses is None:
        return
    told = [
        (deed, context)
        for deed, context in said
        if not deed.plan and (context.period is not None or any(signs_of_done(deed.text)))
    ]
    for start in range(0, len(told), STEP):
        some = told[start : start + STEP]
        for (deed, context), found in zip(some, candidates(clauses, some), strict=True):
            best = max(found, key=words_fit, default=None)
            if best is None or words_fit(best) < SAME_DEED:
                continue
            stated = clauses.statements[best.number]
            if is_of_another(context, stated, register):
                continue
            if any(signs_of_done(deed.text)):
                one, other = ((s.text, 0, len(s.text)) for s in (deed, stated))
                ahead = stated.plan or plan_chance(one, other) >= DEED_PLANNED
            else:
                ahead = words_fit(best) >= SAME_WORDS and _planned_later(context, stated, register)
            if ahead:
                yield sourced(deed, "plan_for_result", register.reports[stated.report_id], stated)


def _planned_later(context: Context, stated: Statement, register: Register) -> bool:
    """Return whether the report plans for other years what the draft tells of those that it is about."""
    plans = register.reports[stated.report_id].plans
    return (
        stated.plan and plans is not None and context.period is not None and not plans.meets(context.period)
    )
