"""Judge the clauses of a draft: what they tell as done and a report only plans (已全部建会 for 努力推动全部建会), and their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby, islice

from qa.drafts.draft import Context
from qa.drafts.judging import is_of_another, plan_chance, sourced
from qa.drafts.names import Exchange, exchanges
from qa.drafts.ranking import Candidates, Register, Said, candidates, words_fit
from qa.drafts.records import DraftItem, Statement
from qa.text.outlook import signs_of_done

STEP = 64  # clauses compared at once, which limits memory
DEED_PLANNED = 0.3  # probability from which the report states a plan and the draft a result
SAME_DEED = 1.2  # fit of the words from which both are about one thing
SAME_WORDS = 2.8  # and from which they say the same of it
MISNAMED = 0.65  # probability from which a word stands for another name
NEARLY = 0.7  # share of the best fit from which another clause may be meant


def judged_deeds(said: Iterable[Said], register: Register) -> Iterator[DraftItem]:
    """Yield an item for each clause that tells as done what a report of its place and term plans, or of another name."""
    for deed, context, stated, found in _matched(said, register):
        report = register.reports[stated.report_id]
        misnamed = [each for each in _exchanges(deed, stated, found, register) if each.chance >= MISNAMED]
        for _, exchanges_of_word in groupby(misnamed, key=lambda each: each.start):
            each = max(exchanges_of_word, key=lambda each: each.chance)
            item, at = sourced(deed, "wrong_name", report, stated), deed.spans[0][0]
            yield replace(item, text=each.said, start=at + each.start, end=at + each.end, right=each.right)
        if misnamed or deed.plan:
            continue
        if any(signs_of_done(deed.text)):
            one, other = ((s.text, 0, len(s.text)) for s in (deed, stated))
            ahead = stated.plan or plan_chance(one, other) >= DEED_PLANNED
        else:
            ahead = words_fit(found[0]) >= SAME_WORDS and _planned_later(context, stated, register)
        if ahead:
            yield sourced(deed, "plan_for_result", report, stated)


def exchanged_names(
    said: Iterable[Said], register: Register
) -> Iterator[tuple[Statement, tuple[Exchange, ...]]]:
    """Yield each clause with its words that may stand for others of what a report of its place and term says."""
    for deed, _, stated, found in _matched(said, register):
        yield deed, tuple(_exchanges(deed, stated, found, register))


def _matched(
    said: Iterable[Said], register: Register
) -> Iterator[tuple[Statement, Context, Statement, Candidates]]:
    """Yield each clause with its context, the one that a report of its place and term has for it, and all candidates."""
    clauses = register.clauses
    told = iter(said if clauses else ())
    while clauses and (some := list(islice(told, STEP))):
        for (deed, context), found in zip(some, candidates(clauses, some), strict=True):
            ranked = tuple(sorted(found, key=words_fit, reverse=True))
            if ranked and words_fit(ranked[0]) >= SAME_DEED:
                stated = clauses.statements[ranked[0].number]
                if not is_of_another(context, stated, register):
                    yield deed, context, stated, ranked


def _exchanges(
    deed: Statement, stated: Statement, found: Candidates, register: Register
) -> Iterator[Exchange]:
    """Return the words of a clause that may stand for others, but none that another clause has that may be meant."""
    statements = register.clauses.statements if register.clauses else ()
    least = NEARLY * words_fit(found[0])
    alike = {statements[each.number].sentence for each in found if words_fit(each) >= least}
    others = alike - {stated.sentence}
    every = exchanges(deed, stated, words_fit(found[0]), register)
    return (each for each in every if not any(each.said in sentence for sentence in others))


def _planned_later(context: Context, stated: Statement, register: Register) -> bool:
    """Return whether the report plans for other years what the draft tells of those that it is about."""
    plans = register.reports[stated.report_id].plans if stated.plan else None
    return plans is not None and context.period is not None and not plans.meets(context.period)
