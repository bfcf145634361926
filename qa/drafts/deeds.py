"""Judge the clauses of a draft that tell as done what a report only plans (已全部建会 for 努力推动全部建会), or of another part.

A part is a division inside the report's place: 甲区's deed told of 乙县.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from qa.drafts.draft import Context
from qa.drafts.judging import is_of_another, plan_chance, sourced
from qa.drafts.ranking import Candidate, Register, candidates, words_fit
from qa.drafts.records import DraftItem, Statement
from qa.text.divisions import find, short_name
from qa.text.outlook import signs_of_done
from qa.types import Place, Span

STEP = 64  # clauses compared at once, which limits memory
DEED_PLANNED = 0.3  # probability from which the report states a plan and the draft a result
SAME_DEED = 1.2  # fit of the words from which both are about one thing
SAME_WORDS = 2.8  # and from which they say the same of it
NEARLY = 0.7  # share of the best fit from which another clause may be meant


def judged_deeds(said: Iterable[tuple[Statement, Context]], register: Register) -> Iterator[DraftItem]:
    """Yield an item for each clause that tells as done what a report of its place and term plans, or of another part."""
    clauses = register.clauses
    if clauses is None:
        return
    told = [
        (deed, context)
        for deed, context in said
        if not deed.plan
        and (context.period is not None or any(signs_of_done(deed.text)) or _parts(deed.text, context.place))
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
            if misplaced := _of_another_part(deed, found, register):
                yield misplaced
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


def _of_another_part(deed: Statement, found: Sequence[Candidate], register: Register) -> DraftItem | None:
    """Return the item of the part of the place that a deed is told of if the report tells it of another part alone."""
    clauses = register.clauses
    best = max(found, key=words_fit)
    if clauses is None or len(deed.spans) != 1:
        return None
    stated = clauses.statements[best.number]
    place = register.reports[stated.report_id].place
    own, theirs = _parts(deed.text, place), _parts(stated.text, place)
    if not len(own) == len(theirs) == 1 or theirs[0][1] in deed.sentence:
        return None
    ((start, end), name), (_, right) = *own, *theirs
    alike = (each.number for each in found if words_fit(each) >= NEARLY * words_fit(best))
    if any(name in clauses.statements[number].sentence for number in alike):
        return None
    at, text = deed.spans[0][0], deed.text[start:end]
    item = sourced(deed, "wrong_name", register.reports[stated.report_id], stated)
    return replace(item, text=text, start=at + start, end=at + end, right=right)


def _parts(text: str, place: Place) -> list[tuple[Span, str]]:
    """Return the divisions inside a place that a text names, each with its short name."""
    named = find(text, near=(place,)) if place.name else ()
    return [((a, b), short_name(part.name)) for a, b, part in named if place.name in part.parents]
