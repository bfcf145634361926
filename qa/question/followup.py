"""Turn an elliptic follow-up into a question that stands by itself, as the completer reads the conversation.

What it gives is held against the conversation: a form that names a place nobody named, or none of those that the
follow-up itself names, is no form; where it loses words of the follow-up, these stand behind what is carried over, and
where it loses the place, that is put before it. Only the earlier questions are read, so the same history gives the same
question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from embeddings.completer import TURNS, Completed, default_completer
from qa.question.budget import BUDGET
from qa.question.kinds import JOINS, is_noun, kind_of, without_asking, without_greeting
from qa.text.beside import NAMES
from qa.text.divisions import find, short_name
from qa.types import Place


def recent(history: Sequence[str]) -> tuple[str, ...]:
    """The earlier questions that a follow-up is read by: the last ones that hold a word, oldest first."""
    return tuple(turn for turn in history if turn.strip())[-BUDGET.turns :]


def standalone(question: str, history: Sequence[str]) -> Completed:
    """The question with what it leaves out filled in from the earlier ones; itself where nothing is missing.

    Args:
        question: as asked.
        history: the user's earlier questions, oldest first.

    >>> standalone("那漳州呢？", ["浙江工会组织了多少职工参加疗休养？"]).text
    '漳州工会组织了多少职工参加疗休养？'
    """
    question = question.strip()
    turns = [turn for turn in recent(history) if kind_of(turn) != "chatter"]
    if not turns:
        return Completed(question)
    while len(turns) > TURNS:  # what the oldest ones say is carried by the next
        turns[:2] = [default_completer().complete(turns[1], turns[:1]).text]
    completer = default_completer()
    if completer.whole(question, turns):
        question = without_greeting(question)  # behind which something may be missing
    made = completer.complete(question, turns)
    if not _of_the_conversation(made.text, question, turns):
        return Completed(question)
    if any(map(str.isalnum, made.left)):
        own = f"{made.asked}有多少" if is_noun(made.asked) and kind_of(turns[-1]) == "figure" else made.asked
        made = Completed(f"{without_asking(made.carried).rstrip(JOINS)}，{own}", own)
    lost = "" if _places(made.text) or completer.whole(question, turns) else _named_last(turns)
    return replace(made, text=f"{lost}{made.text}")


def _of_the_conversation(text: str, question: str, turns: Sequence[str]) -> bool:
    named, asked, said = _places(text), _places(question), " ".join((question, *turns))
    return all(name in said for name in named) and (not asked or bool(named & asked))


def _named_last(turns: Sequence[str]) -> str:
    """The places that the last turn names which names any, as it names them."""
    named = ([turn[start:end] for start, end, _ in _named(turn)] for turn in reversed(turns))
    return "、".join(next(filter(None, named), ()))


def _places(text: str) -> set[str]:
    return {short_name(place.name) for _, _, place in _named(text)}


def _named(text: str) -> list[tuple[int, int, Place]]:
    """The places that a text names, those inside quoted names (“浙江工匠”) left out."""
    quoted = [match.span() for match in NAMES.finditer(text)]
    return [found for found in find(text) if not any(a < found[0] and found[1] < b for a, b in quoted)]
