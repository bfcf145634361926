"""The single things that a question asks, each as a question of its own: its own words, and those that all share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from embeddings.reader import default_question_reader
from qa.question.asides import to_leave_out, whole_words
from qa.question.kinds import JOINS, cuts, opening
from qa.text.when import times_in


def taken_apart(question: str, count: int) -> tuple[str, ...]:
    """So many things, each with what all share: what the question reader marks, and what is said before anything is asked.

    None where neither the reader nor the words of asking take as many apart.

    >>> taken_apart("全市竞赛，去年办了多少场，今年计划办多少场？", 2)
    ('全市竞赛，去年办了多少场', '全市竞赛，今年计划办多少场')
    """
    read = default_question_reader().read(question)
    starts = next((each for each in (read.starts, cuts(question)) if len(each) == count - 1), None)
    return () if starts is None else _at(question, starts, ((0, opening(question)), *read.shared))


def _at(question: str, starts: Sequence[int], shared: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """What stands between the starts, without asides, each with the stretches that are shared.

    No thing that says when takes its time from another.
    """
    common = whole_words(question, shared)
    aside = {at for span in to_leave_out(question) for at in range(*span)}
    times = times_in(question)
    things = []
    for start, end in pairwise([0, *starts, len(question)]):
        own = any(start <= a < end for a, _ in times)
        others = {at for a, b in times if own and not start <= a < end for at in range(a, b)}
        held = (at for at in range(len(question)) if start <= at < end or (common[at] and at not in others))
        things.append("".join(question[at] for at in held if at not in aside).strip(JOINS))
    return tuple(things)
