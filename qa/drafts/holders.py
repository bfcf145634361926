"""Tell honours that the reports give to others than a draft does: 甲班获乙奖 where the report has 甲班获丙奖, 丁队获乙奖."""

from __future__ import annotations

from itertools import chain

from qa.drafts.ranking import Register, terms_of
from qa.drafts.records import Statement

TELLING = 1.5  # least weight of the words that name a holder
HELD = 0.6  # share of them that stand before the honour that it has
SHORTEST = 4  # characters before an honour that may name who has it


def held_instead(said: Statement, register: Register) -> Statement | None:
    """Return the honour that the reports give to whom a draft gives another one, which they give to others alone."""
    words = frozenset(terms_of(_before(said)))
    whole, own = register.weight(words), register.honours.get(said.text, ())
    if not own or whole < TELLING:
        return None

    def is_held(by: Statement) -> bool:
        return register.weight(words.intersection(terms_of(_before(by)))) >= HELD * whole

    if any(len(_before(each)) < SHORTEST or is_held(each) for each in own):
        return None
    others = chain.from_iterable(register.honours.values())
    return next((each for each in others if is_held(each)), None)


def _before(statement: Statement) -> str:
    return statement.clause[: max(statement.begin, 0)]
