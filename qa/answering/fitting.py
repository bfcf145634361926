"""Find answers to several things that fit together: like is set against like."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from math import inf

from embeddings.reader import LEAST
from qa.answering.comparison import likeness
from qa.answering.computation import operates, operation_of
from qa.answering.found import Found
from qa.answering.ranking import limit
from qa.answering.sureness.choice import EVEN
from qa.answering.sureness.features import log_odds
from qa.ledger.indicators import what_counts
from qa.text.when import times_in
from qa.types import Part, Query


def in_words_of_the_surest(
    things: Sequence[tuple[int, Part]],
    possible: Sequence[tuple[Found, ...]],
    one_by_one: Callable[[int, Part], tuple[Found, ...]],
    one_thing: bool,
) -> list[tuple[Found, ...]]:
    """Return the answers with further ones to what is one thing of several places or times, looked up in other words.

    These are the words in which a report states it where it was found most surely; what was found alike needs none.
    ``one_thing``: all are the same thing; else those of the same words are.
    """
    counted = (one for each in possible for one in each if one.figure)
    surest = max(counted, key=lambda one: one.chance, default=None)
    if surest is None or surest.figure is None or surest.chance < limit("sureness", "near"):
        return list(possible)
    words = what_counts(surest.citations[0].quote, surest.figure)
    if not words:
        return list(possible)
    further = []
    for (at, part), own in zip(things, possible, strict=True):
        first, same = own[0], one_thing or part.topic == surest.part.topic
        alike = first.figure and likeness(surest.said, first.said) >= LEAST
        if surest in own or not same or (alike and first.chance >= EVEN):
            further.append(own)
            continue
        times = "".join(part.asked[a:b] for a, b in times_in(part.asked))
        asked = f"{times}{words}是多少"
        again = replace(part, text=words, topic=words, unit=surest.unit_kind, asked=asked)
        found = (replace(one, part=part) for one in one_by_one(at, again))
        further.append(tuple(sorted((*own, *found), key=lambda one: one.chance, reverse=True)))
    return further


def fitting(query: Query, possible: Sequence[Sequence[Found]]) -> list[Found] | None:
    """Return the figures that are likeliest together: like with like. None where nothing is done with them, or one is missing.

    Of places and terms, how likely two figures count the same thing matters as much as how likely each is right; what is
    rather unlike is not told apart further.
    """
    near = limit("sureness", "near")
    counted = [[one for one in each if one.figure and one.chance >= near] for each in possible]
    figured = [_of_its_year(query, each) for each in counted]
    if not operates(query) or operation_of(query.standalone) == "ratio" or not all(figured):
        return None
    one_thing = len(query.scopes) > 1 and not query.paired

    def together(one: Found, other: Found) -> float:
        if one is other:
            return log_odds(one.chance)
        if one.key == other.key:
            return -inf
        if not one_thing:
            return log_odds(other.chance) if one.unit_kind == other.unit_kind else -inf
        of_one_time = one.citations[0].meets(other.citations[0])  # else they are as likely alike as not
        alike = likeness(one.said, other.said) * (1.0 if of_one_time else EVEN)
        return log_odds(other.chance) + log_odds(max(alike, LEAST))

    def around(anchor: Found) -> list[Found]:
        fits = partial(together, anchor)
        return [anchor if anchor in each else max(each, key=fits) for each in figured]

    surest = max(figured, key=lambda each: each[0].chance)
    return max(
        map(around, surest),
        key=lambda chosen: sum(together(chosen[figured.index(surest)], one) for one in chosen),
    )


def _of_its_year(query: Query, found: Sequence[Found]) -> Sequence[Found]:
    """Return the answers of the one year that is asked for, if any; all if the likeliest is a plan, which is asked for then."""
    of_results = found and not found[0].citations[0].plan and times_in(query.standalone)
    period = query.scopes[found[0].scope].period if of_results else None
    own = [one for one in found if one.citations[0].years in (None, period)]
    return own if own and period and period.start == period.end else found
