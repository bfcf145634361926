"""Add up the sums of a draft that no report states: 四类阵地共314个, of parts that the reports do state."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from embeddings.words import cut_at
from qa.drafts.comparing import likeness
from qa.drafts.records import GOOD, DraftItem, Statement
from qa.text.arithmetic import derive
from qa.text.figure_context import counted_alike
from qa.text.figures import figure_of, same_value, unit_kind

AROUND = 4  # sentences before a sum in which its parts may stand, if its own has none
_ADDED = frozenset({"合计", "总计", "共计", "总共", "一共", "相加"})
_SUMS = _ADDED | {"共", "共有", "累计"}
_PAUSE = re.compile(r"[，；。：！？,;:!?]")
_SOME_PARTS = re.compile(r"其中|包[括含]")  # of what stands before them


def with_sums(said: Sequence[Statement], items: Sequence[DraftItem | None]) -> list[DraftItem | None]:
    """Return the items with those of sums judged by their parts, if the reports state these and not the sum.

    ``right`` of such an item is the formula, its source that of the first part. How many parts there are (四类) is no item.
    """
    made = list(items)
    for at, item in enumerate(items):
        count = _count_of(at, said)
        added = _added(at, said, items, count) if item and item.verdict != "agrees" else None
        if added:
            made[at] = added
            if count is not None:
                made[count] = None
    return made


def _added(
    at: int, said: Sequence[Statement], items: Sequence[DraftItem | None], count: int | None
) -> DraftItem | None:
    """Return the item of a sum, whose number of parts ``count`` says; None if it is none or is stated itself."""
    total, own = said[at], items[at]
    words, figure = _words_before(total), total.figure
    if own is None or figure is None or total.relative:
        return None
    if _SUMS.isdisjoint(words) or unit_kind(figure.unit) == "%":
        return None
    counted = said[count].figure if count is not None else None
    number = int(counted.value) if counted else 0
    told = number or len(words) == 1 or not _ADDED.isdisjoint(words)  # 全市共有会员3万人 need not be a sum
    stated = {
        word for _, word in cut_at(own.quote or "")
    }  # if of no sum, nor, without a count, in the draft's words
    of_another = stated.isdisjoint(_SUMS) and (number > 0 or stated.isdisjoint(words))
    for parts in _series(at, said, number):
        found = [item for n in parts if (item := items[n])]
        of_parts = of_another or (own.verdict not in GOOD and own.quote in {item.quote for item in found})
        if any(item.verdict not in GOOD for item in found):
            unknown = told and of_parts and own.verdict not in GOOD
            return DraftItem(own.text, own.start, own.end, "not_in_reports") if unknown else None
        operands = [each for n in parts if (each := said[n].figure)]
        made = derive("sum", operands)
        result = figure_of(made.text) if made else None
        if made is None or result is None:
            continue
        value = sum(each.value for each in operands)  # may be more exact than a part: 9.4万 + 3.72万
        results = [replace(result, unit=figure.unit)]
        if not any(each.approximator for each in operands):
            results.append(replace(results[0], value=value, approximator="", text=result.text.lstrip("约")))
        exact = same_value(figure.value, value) and not (figure.approximator or len(results) < 2)
        agrees = exact or any(likeness(total, replace(total, figure=each)) != "other" for each in results)
        if agrees and own.verdict in GOOD:
            return None
        if agrees or (told and of_parts):
            source = replace(found[0], text=own.text, start=own.start, end=own.end)
            right = f"{made.formula}（相加）"
            return replace(source, verdict="agrees" if agrees else "differs", right=right)
    return None


def _series(at: int, said: Sequence[Statement], number: int) -> Iterator[Sequence[int]]:
    """Yield the figures that a sum of a ``number`` of parts, 0 if unknown, may be of: before it, then behind it."""
    total = said[at]
    near = [n for n, each in enumerate(said) if _may_be_part(each, total)]
    begun = max((n for n in near if n < at and _is_sum(said[n])), default=-1)
    before = [n for n in near if begun < n < at]
    own = [n for n in before if said[n].number == total.number]
    behind = [n for n in near if n > at and said[n].number == total.number]
    if number:
        own, behind = before[-number:], behind[:number]
    if behind and _SOME_PARTS.search(total.sentence, total.at, said[behind[0]].at):
        behind = []
    for parts in (own, behind, () if len(own) > 1 else before):
        if len(parts) >= max(number, 2):
            yield parts


def _may_be_part(each: Statement, total: Statement) -> bool:
    """Whether a figure stands near a sum and counts in a like unit."""
    near = each.paragraph == total.paragraph and abs(total.number - each.number) <= AROUND
    if not near or each is total or each.figure is None or total.figure is None or each.relative:
        return False
    return counted_alike((each.figure.unit, total.figure.unit))


def _count_of(at: int, said: Sequence[Statement]) -> int | None:
    """Return the statement right before a sum in its clause that says in words how many parts it has: 四类, 两项."""
    one, total = said[max(at - 1, 0)], said[at]
    near = one.number == total.number and total.at - len("".join(_words_before(total))) <= one.at < total.at
    in_words = near and one.figure is not None and not any(map(str.isascii, one.text))
    return at - 1 if in_words and _is_sum(total) else None


def _is_sum(statement: Statement) -> bool:
    return not _SUMS.isdisjoint(_words_before(statement))


def _words_before(statement: Statement) -> list[str]:
    """Return the words of a figure's clause before it."""
    return [word for _, word in cut_at(_PAUSE.split(statement.sentence[: statement.at])[-1].strip())]
