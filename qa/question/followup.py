"""Complete an elliptic follow-up to a question that stands by itself, by the completer network.

Its output is checked: one that names a place nobody named, or none of the follow-up's own places, is
discarded; words of the follow-up that it lost are put behind what is carried over, and a lost place before
it. Only earlier questions are read, so the same history gives the same question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from embeddings.completer import TURNS, Completed, default_completer
from qa.question.budget import BUDGET
from qa.question.kinds import JOINS, is_noun, kind_of, without_asking
from qa.text.divisions import find, short_name
from qa.text.figure_context import NAMES
from qa.types import Place


def recent(history: Sequence[str]) -> tuple[str, ...]:
    """Return the last earlier questions that are not blank, oldest first, as many as complete a follow-up."""
    return tuple(turn for turn in history if turn.strip())[-BUDGET.turns :]


def standalone(question: str, history: Sequence[str]) -> Completed:
    """Fill in what a question leaves out from the user's earlier ones (oldest first); a complete one stays.

    >>> standalone("那漳州呢？", ["浙江工会组织了多少职工参加疗休养？"]).text
    '漳州工会组织了多少职工参加疗休养？'
    """
    question = question.strip()
    turns = [turn for turn in recent(history) if kind_of(turn) != "chatter"]
    if not turns:
        return Completed(question)
    while len(turns) > TURNS:  # the oldest ones are merged into the next
        turns[:2] = [default_completer().complete(turns[1], turns[:1]).text]
    completer = default_completer()
    made = completer.complete(question, turns)
    named, asked = _places(made.text), _places(question)
    conversation = " ".join((question, *turns))
    if not all(name in conversation for name in named) or (asked and not named & asked):
        return Completed(question)
    if any(map(str.isalnum, made.left)):
        own = f"{made.asked}有多少" if is_noun(made.asked) and kind_of(turns[-1]) == "figure" else made.asked
        made = Completed(f"{without_asking(made.carried).rstrip(JOINS)}，{own}", own)
    lost = "" if _places(made.text) or completer.whole(question, turns) else _named_last(turns)
    return replace(made, text=f"{lost}{made.text}")


def _named_last(turns: Sequence[str]) -> str:
    """Return the places of the last turn that names any, in its words."""
    named = ([turn[start:end] for start, end, _ in _named(turn)] for turn in reversed(turns))
    return "、".join(next(filter(None, named), ()))


def _places(text: str) -> set[str]:
    return {short_name(place.name) for _, _, place in _named(text)}


def _named(text: str) -> list[tuple[int, int, Place]]:
    """Return the places that a text names outside quoted names (“浙江工匠”)."""
    quoted = [match.span() for match in NAMES.finditer(text)]
    return [found for found in find(text) if not any(a < found[0] and found[1] < b for a, b in quoted)]
