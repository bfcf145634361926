"""Look up single things one by one, each as a question of its own, and judge what was found of all: like is set against like."""

from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from math import inf, prod

from embeddings.reader import LEAST, default_question_reader
from qa.answering.comparison import how_alike, likeness
from qa.answering.compose import APART
from qa.answering.computation import operates, operation_of
from qa.answering.found import Found, chance_in, of_one_state
from qa.answering.ranking import limit
from qa.answering.refusal import refuse
from qa.answering.statement import Hits
from qa.answering.sureness.choice import EVEN
from qa.answering.sureness.features import FEATURES, log_odds
from qa.answering.sureness.span_answers import TOGETHER, alone_asked
from qa.answering.wording import wording_of
from qa.index import Index
from qa.ledger.indicators import what_counts
from qa.question.question_words import asking
from qa.retrieval import PASSAGES, found_and_ranked
from qa.text.changes import asks_by_how_much
from qa.text.figure_context import in_unit
from qa.text.figures import amounts_in, figure_of
from qa.text.organisations import report_label
from qa.text.states import asks_of_plans
from qa.text.when import times_in
from qa.types import IN_SENTENCES, MARK, Answer, Figure, Hit, Part, Query

Alone = Callable[[Query, Sequence[Hits], Hits], Sequence[Answer]]


def look_up_each(index: Index, query: Query, alone: Alone) -> tuple[Found, ...]:
    """Return the single things; those of one of several places or terms that have the same answer are one.

    Of one place only the surest of them has it: the others are looked up in other passages.
    """
    things = single_things(query)
    one_by_one = partial(look_up, index, query, alone)
    possible = [one_by_one(at, part) for at, part in things]
    if operates(query):
        one_thing = query.paired and default_question_reader().read(query.standalone).operation != "none"
        possible = in_words_of_the_surest(things, possible, one_by_one, one_thing)
    found = fitting(query, possible) or [likeliest for likeliest, *_ in possible]
    if len(query.scopes) > 1:
        apart = {(one.scope, one.key if one.text else at): at for at, one in reversed([*enumerate(found)])}
        return tuple(found[at] for at in sorted(apart.values()))
    by_chance = sorted(range(len(found)), key=lambda at: -(found[at].answer.chance or 0.0))
    apart_asked = len(asking(query.standalone)) >= len(found)  # 几个A，几个B, not 几个A和B
    figures = {one.key for one in found if one.figure}
    apart_named = len({one.part.text for one in found}) == len(found)
    if len(figures) == 1 and all(one.figure for one in found) and apart_named and not apart_asked:
        return (replace(found[by_chance[-1]], shared=True),)
    given = dict[tuple[str, float | str], Found]()
    for at in by_chance:
        if found[at].text and (other := given.get(found[at].key)):
            period = index.by_id[other.citations[0].report_id].period
            if other.part.topic == found[at].part.topic and period and period.start == period.end:
                found[at] = found[at].unanswered()  # it is asked of another year than the report's only one
                continue
            taken = {(c.report_id, c.paragraph) for one in given.values() for c in one.citations}
            elsewhere, *_ = one_by_one(*things[at], taken)
            both = found[at].chance >= EVEN and not (apart_asked and found[at].figure)
            found[at] = replace(elsewhere, shared=both)
        if found[at].text:
            given.setdefault(found[at].key, found[at])
    return tuple(found)


def look_up(
    index: Index, query: Query, alone: Alone, at: int, part: Part, taken: Container[tuple[str, int]] = ()
) -> tuple[Found, ...]:
    """Look up a single thing, not in passages that are ``taken``: the likeliest answer first, last what is none, as a plan."""
    asked = alone_asked(query, query.scopes[at], part)
    if not asked.scopes[0].report_ids:
        return (Found(at, part, refuse(asked, "unknown_place", (), ())),)
    hits, passages = found_and_ranked(index, asked, PASSAGES)
    hits = tuple(tuple(hit for hit in own if hit.position not in taken) for own in hits)
    left = (hit for hit in passages if hit.position not in taken)
    read = sorted(left, key=partial(_only_plans_unasked, asked.standalone))
    most = max(TOGETHER // len(single_things(query)), 1)
    stated = [_stated(index, at, part, asked, own) for own in alone(asked, hits, read[:most])]
    return tuple(sorted(stated, key=lambda one: not one.text))


def _stated(index: Index, at: int, part: Part, asked: Query, answer: Answer) -> Found:
    """Return an answer to a single thing with the line that states it."""
    lines, scope = [line for line in answer.text.split("\n") if MARK.search(line)], asked.scopes[0]
    elsewhere = scope.place is not None and any(c.report_id not in scope.report_ids for c in answer.citations)
    if answer.abstained or not lines or elsewhere or _is_unasked_plan(index, asked, answer):
        return Found(at, part, answer, citations=answer.citations)  # they are still the nearest
    if part.kind not in IN_SENTENCES:
        lines = [max(lines, key=lambda one: wording_of(index).coverage(asked.topic, one))]
    text = "；".join(lines).removeprefix("- ").rstrip("。")
    used = {int(mark) for mark in MARK.findall(text)}
    citations = tuple(c for c in answer.citations if c.marker in used)
    label = report_label(index.by_id[citations[0].report_id], citations[0].time)
    text, by = text.removeprefix(f"{label}："), answer.text.split("\n")[-1].rstrip("。")
    changed = by.startswith(APART) and asks_by_how_much(asked.standalone)
    text, formula = (f"{text}，{by}", answer.calculation[0]) if changed else (text, "")
    unit = part.unit if len(asking(part.asked)) < 2 else None  # 书屋多少个讲座多少场
    bare = MARK.sub("", text)
    figure = _in_unit(unit, bare, figure_of(answer.short or bare))
    return Found(at, part, answer, label, text, citations, figure, formula)


def _in_unit(unit: str | None, text: str, figure: Figure | None) -> Figure | None:
    """Return the only figure of a text in the unit that is asked for, if the one found is in another."""
    own = in_unit(unit, amounts_in(text))
    return own[0] if figure and len(own) == 1 and not in_unit(unit, [figure]) else figure


def _only_plans_unasked(question: str, hit: Hit) -> bool:
    """Whether the best sentences of a passage are plans and no plans are asked for: it would not be told."""
    return all(s.state == "plan" for s in hit.matched) and not asks_of_plans(question, hit.report)


def _is_unasked_plan(index: Index, asked: Query, answer: Answer) -> bool:
    first = answer.citations[0]
    return first.plan and not asks_of_plans(asked.standalone, index.by_id[first.report_id])


def features_of_all(found: Sequence[Found], made: Answer, whole: Answer | None) -> tuple[float, ...]:
    """Return the ``FEATURES`` of an answer to things looked up one by one; ``whole``: that to the whole question, if any."""
    chances = [one.answer.chance or 0.0 for one in found if one.answer.reason != "unknown_place"]
    sure = [log_odds(chance) for chance in chances]
    known = [one.said for one in found if one.figure]
    apart = len({one.scope for one in found}) > 1
    alike = how_alike(known) * of_one_state(found) if apart and len(known) > 1 else None
    in_one = not apart and len(found) > 1 and len({c.quote for c in made.citations}) == 1
    values = {
        "one by one": 1.0,
        "one by one: least sure": min(sure),
        "one by one: on average": sum(sure) / len(sure),
        "one by one: all at once": log_odds(prod(chances)),
        "one by one: counted alike": alike or 0.0,
        "one by one: not counted alike": float(alike is not None and alike < LEAST),
        "one by one: computed": float(bool(made.calculation)),
        "one by one: in one sentence": float(in_one),
    }
    if whole and not whole.abstained:
        also = [one.is_told_in(whole) for one in found]
        values["one by one: said by the whole"] = sum(also) / len(also)
        values["one by one: the whole, where it says all"] = log_odds(chance_in(whole)) if all(also) else 0.0
    return tuple(values.get(name, 0.0) for name in FEATURES)


def single_things(query: Query) -> tuple[tuple[int, Part], ...]:
    """Return the single things asked: the index of a scope, and the part asked of it."""
    if query.paired:
        return tuple(zip(range(len(query.scopes)), query.parts, strict=False))
    return tuple(product(range(len(query.scopes)), query.parts))


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
