"""Look up single things one by one, each as a question of its own."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from functools import partial

from qa.answering.computation import operation_of
from qa.answering.refusal import refuse
from qa.answering.sureness.choice import EVEN
from qa.answering.sureness.features import log_odds
from qa.answering.sureness.span_answers import TOGETHER, alone_asked, single_things
from qa.answering.wording import Wording
from qa.index import Index
from qa.retrieval import PASSAGES, found_and_ranked
from qa.text.figures import figures, is_year, unit_kind
from qa.text.organisations import report_label
from qa.text.states import asks_of_plans
from qa.types import IN_SENTENCES, MARK, Answer, Citation, Figure, Hit, Part, Query

Alone = Callable[[Query, Sequence[Sequence[Hit]], Sequence[Hit]], Sequence[Answer]]


@dataclass(frozen=True, slots=True)
class Found:
    """A single thing: the index of its scope, the answer to it alone, and the line of that which states it."""

    scope: int
    part: Part
    answer: Answer
    label: str = ""  # place and time, as that line has them
    text: str = ""  # its words, with marks; "" if there is no answer
    citations: tuple[Citation, ...] = ()
    figure: Figure | None = None


def look_up_each(index: Index, query: Query, wording: Wording, alone: Alone) -> tuple[Found, ...]:
    """Return the single things; those of one of several places or terms that have the same answer are one.

    Of one place only the surest of them has it: the others are looked up in other passages.
    """
    things = single_things(query)
    most = max(TOGETHER // len(things), 1)
    one_by_one = partial(look_up, index, query, wording, alone, most)
    possible = [one_by_one(at, part) for at, part in things]
    found = _alike(query, possible) or [likeliest for likeliest, *_ in possible]
    if len(query.scopes) > 1:
        apart = {(one.scope, said(one) if one.text else at): at for at, one in reversed([*enumerate(found)])}
        return tuple(found[at] for at in sorted(apart.values()))
    by_chance = sorted(range(len(found)), key=lambda at: -(found[at].answer.chance or 0.0))
    given = dict[object, Found]()
    for at in by_chance:
        if found[at].text and said(found[at]) in given:
            taken = {(c.report_id, c.paragraph) for one in given.values() for c in one.citations}
            found[at], *_ = one_by_one(*things[at], taken)
        if found[at].text:
            given.setdefault(said(found[at]), found[at])
    return tuple(found)


def said(one: Found) -> tuple[str, float | str]:
    """Return what a thing is answered with: a sentence and the figure in it, or its words."""
    return one.citations[0].quote, one.figure.value if one.figure else one.text


def _alike(query: Query, possible: Sequence[Sequence[Found]]) -> list[Found] | None:
    """Return the answers of one kind of unit that are likeliest together, where the likeliest of each are of several.

    Only like can be compared or computed with. None where that does not matter or not every thing has one.
    """
    likeliest = [one for one, *_ in possible]
    if not operates(query) or operation_of(query.standalone) == "ratio":
        return None
    if not all(one.figure for one in likeliest) or len({kind_of_unit(one) for one in likeliest}) < 2:
        return None
    chosen = [one for one in in_one_unit(possible) if one]
    return chosen if len(chosen) == len(possible) else None


def in_one_unit(possible: Sequence[Sequence[Found]]) -> list[Found | None]:
    """Return the likeliest answers to several like things in one kind of unit: the one in which they are likeliest all right.

    None for what has no answer of that kind.
    """

    def of_kind(kind: str) -> list[Found | None]:
        return [
            next((one for one in each if one.text and kind_of_unit(one) == kind), None) for each in possible
        ]

    def together(kind: str) -> float:
        return sum(log_odds(chance_in(one.answer) if one else 0.0) for one in of_kind(kind))

    kinds = sorted({kind_of_unit(one) for each in possible for one in each if one.text})
    return of_kind(max(kinds, key=together, default=""))


def look_up(
    index: Index,
    query: Query,
    wording: Wording,
    alone: Alone,
    most: int,
    at: int,
    part: Part,
    taken: Container[tuple[str, int]] = (),
) -> tuple[Found, ...]:
    """Look up a single thing: its answers, the likeliest first; passages that are ``taken`` answer others."""
    asked = alone_asked(query, query.scopes[at], part)
    if not asked.scopes[0].report_ids:
        return (Found(at, part, refuse(asked, "unknown_place", (), ())),)
    hits, passages = found_and_ranked(index, asked, PASSAGES)
    hits = tuple(tuple(hit for hit in own if hit.position not in taken) for own in hits)
    passages = tuple(hit for hit in passages if hit.position not in taken)
    answers = alone(asked, hits, passages[:most])
    return tuple(_stated(index, wording, at, part, asked, answer) for answer in answers)


def _stated(index: Index, wording: Wording, at: int, part: Part, asked: Query, answer: Answer) -> Found:
    """Return an answer to a single thing with the line that states it."""
    lines = [line for line in answer.text.split("\n") if MARK.search(line)]
    if (
        answer.abstained
        or not lines
        or _is_elsewhere(asked, answer)
        or _is_unasked_plan(index, asked, answer)
    ):
        return Found(at, part, answer, citations=answer.citations)  # they are still the nearest
    line = (
        max(lines, key=lambda one: wording.coverage(asked.topic, one))
        if part.kind not in IN_SENTENCES
        else None
    )
    text = (line or "；".join(lines)).removeprefix("- ").rstrip("。")
    used = {int(mark) for mark in MARK.findall(text)}
    citations = tuple(c for c in answer.citations if c.marker in used)
    label = report_label(index.by_id[citations[0].report_id], citations[0].time or "")
    text = text.removeprefix(f"{label}：")
    return Found(at, part, answer, label, text, citations, figure_of(answer.short or MARK.sub("", text)))


def likely(found: Sequence[Found]) -> list[Found]:
    """Return the single things, without the answers that are rather wrong than right."""
    return [one if chance_in(one.answer) >= EVEN else replace(one, text="", figure=None) for one in found]


def chance_in(answer: Answer) -> float:
    """Return how likely an answer is right; what needs no chance, as a row of a table, is certain."""
    return 1.0 if answer.chance is None else answer.chance


def kind_of_unit(one: Found) -> str:
    """Return the kind of unit of the figure that a thing is answered with, "" without one."""
    return unit_kind(one.figure.unit) if one.figure else ""


def _is_elsewhere(asked: Query, answer: Answer) -> bool:
    scope = asked.scopes[0]
    return scope.place is not None and any(c.report_id not in scope.report_ids for c in answer.citations)


def _is_unasked_plan(index: Index, asked: Query, answer: Answer) -> bool:
    first = answer.citations[0]
    return first.plan and not asks_of_plans(asked.standalone, index.by_id[first.report_id])


def figure_of(text: str) -> Figure | None:
    """Return the figure of a text if it has one alone, years not counted."""
    own = [figure for figure in figures(text) if not is_year(figure)]
    return own[0] if len(own) == 1 else None


def operates(query: Query) -> bool:
    """Whether what is found has to be compared or computed with."""
    return query.kind in ("comparison", "computation")
