"""Split a question into the single things it asks, each with its own words and those that all share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from embeddings.reader import default_question_reader
from qa.question.asides import to_leave_out, whole_words
from qa.question.kinds import JOINS, cuts, opening
from qa.text.when import times_in


def split_things(question: str, count: int) -> tuple[str, ...]:
    """Split into ``count`` things by the reader's marks, else by question words, or return nothing.

    All share what the reader marks as shared and what stands before the first clause that asks something.

    >>> split_things("全市竞赛，去年办了多少场，今年计划办多少场？", 2)
    ('全市竞赛，去年办了多少场', '全市竞赛，今年计划办多少场')
    """
    read = default_question_reader().read(question)
    starts = next((each for each in (read.starts, cuts(question)) if len(each) == count - 1), None)
    return () if starts is None else _cut_at(question, starts, ((0, opening(question)), *read.shared))


def _cut_at(question: str, starts: Sequence[int], shared: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """Return each stretch between two starts with the shared stretches, without asides.

    A thing that names a time takes no time from another.
    """
    common = whole_words(question, shared)
    aside = {at for span in to_leave_out(question) for at in range(*span)}
    times = times_in(question)
    things = []
    for start, end in pairwise([0, *starts, len(question)]):
        dated = any(start <= a < end for a, _ in times)
        others = {at for a, b in times if dated and not start <= a < end for at in range(a, b)}
        kept = (at for at in range(len(question)) if start <= at < end or (common[at] and at not in others))
        things.append("".join(question[at] for at in kept if at not in aside).strip(JOINS))
    return tuple(things)
