"""Choose what a follow-up means: by how likely it is meant like that, and how sure the answer to it is.

Who goes on asking mostly asks for more of what was just told: an answer that is not sure enough by itself is given if it
tells another thing of the passages that the answer before cites.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias

from embeddings.fitted import Linear
from qa.answering.found import chance_in
from qa.answering.ranking import limit, ranker
from qa.answering.refusal import unsure
from qa.answering.sureness.choice import EVEN, OF_ONE
from qa.answering.sureness.features import LOGIT, clip, log_odds
from qa.engines.records import Conversation
from qa.retrieval import with_nearest
from qa.text.figure_context import in_unit
from qa.text.figures import amounts_in
from qa.types import Answer, Query

Answering: TypeAlias = Callable[[Query, float | None], Answer]  # how sure at least; None: as calibrated

FEATURES = ("the answer is sure", "meant like this", "another meaning has the same answer")


@dataclass(frozen=True, slots=True)
class Tried:
    """A meaning of a follow-up with the answer to it."""

    query: Query
    answer: Answer

    @property
    def given(self) -> bool:
        """Whether the answer, to all or a part, is sure enough, were this what is meant."""
        return self.answer.outcome == "answered" or bool(self.answer.citations)


def answer_to_likeliest(conversation: Conversation, answer: Answering) -> Answer:
    """Return the answer to the likeliest of several meanings; "not sure" if no answer to any is sure enough.

    They are answered one by one, the likeliest first, until an answer, which is checked, is sure, or nothing is near. A
    shortened one is answered if the whole is not, and has to be surer.
    """
    judge, tried = ranker("meaning", FEATURES), list[Tried]()
    for query in chain([conversation.query], conversation.others):
        if query.shortened:
            found = tried[0].answer if tried[0].given else answer(query, None)
            surer = found.outcome == "answered" and chance_in(found) >= limit("sureness", "shortened")
            return found if surer else tried[0].answer
        if tried and (is_sure(tried, judge) or is_hopeless(tried)):
            break
        tried.append(Tried(query, answer(query, None)))
    best, chance = likeliest(tried, judge)
    query, found = tried[best].query, tried[best].answer
    if len(tried) > 1:
        if tried[best].given and not is_sure(tried, judge):
            found = with_nearest(unsure(query, found.passages), withheld=found.citations)
        found = replace(found, chance=chance)
    return found if found.citations else _continued(tried, answer, conversation) or found


def _continued(tried: Sequence[Tried], answer: Answering, conversation: Conversation) -> Answer | None:
    """Return a rather sure answer to a question for one thing that tells another one of what the answer before cites."""
    least = limit("sureness", "continued")
    likely = [one.query for one in tried if one.query.kind in OF_ONE and (one.answer.chance or 0.0) >= least]
    last = conversation.earlier(1) if likely else None
    cited = {(one.report_id, one.paragraph) for one in last.citations} if last else set()
    for query in likely if cited else ():
        found = answer(query, least)
        told = {(one.report_id, one.paragraph) for one in found.citations}
        goes_on = told and told <= cited and not (last and _say_same(found, last))
        unit, own = query.parts[0].unit, amounts_in(found.short or "")
        in_unit_asked = not (unit and own) or in_unit(unit, own)
        as_asked = found.calculation or (query.kind != "computation" and in_unit_asked)
        if found.outcome == "answered" and goes_on and as_asked:
            return found
    return None


def is_sure(tried: Sequence[Tried], judge: Linear) -> bool:
    """Whether the answer to the likeliest meaning is given and sure enough."""
    best, chance = likeliest(tried, judge)
    return tried[best].given and chance >= limit("sureness", "sure")


def is_hopeless(tried: Sequence[Tried]) -> bool:
    """Whether nothing was near the first meaning, or none of several has an answer that is rather right."""
    least = limit("sureness", "near") if len(tried) == 1 else EVEN
    return max(chance_in(one.answer) for one in tried) < least


def likeliest(tried: Sequence[Tried], judge: Linear) -> tuple[int, float]:
    """Return the index of the meaning whose answer is likeliest right, and its chance; those that are given go first."""
    chances = [judge.probability(values) for values in weighed_meanings(tried)]
    best = max(range(len(tried)), key=lambda at: (tried[at].given, chances[at]))
    return best, chances[best]


def weighed_meanings(tried: Sequence[Tried]) -> tuple[tuple[float, ...], ...]:
    """Return the features of each meaning with its answer, in the order of ``FEATURES``."""
    return tuple(
        (
            log_odds(chance_in(one.answer) if one.given else one.answer.chance or 0.0),
            clip(one.query.meant / LOGIT),
            float(any(_same(one, other) for other in tried if other is not one)),
        )
        for one in tried
    )


def _same(one: Tried, other: Tried) -> bool:
    """Whether two answers are given and say the same."""
    return one.given and other.given and _say_same(one.answer, other.answer)


def _say_same(one: Answer, other: Answer) -> bool:
    return (one.short or one.text) == (other.short or other.text)
