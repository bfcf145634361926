"""Find what a figure counts, from the words of its clause that belong to it and not to its neighbours.

- right before it: 提供法律援助1.45万件 → 提供法律援助;
- right after it, or on both sides: 组织5000名职工疗休养 → 组织职工疗休养;
- in a list, with the verb of the list: 建成书屋50个、驿站14个 → 建成书屋, 建成驿站;
- by 分别: 甲和乙分别为3家和5家;
- from the clause before, if its own words are not enough: 举办讲堂309场，惠及职工1.6万人次.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from qa.ledger.circumstances import quoted_spans
from qa.ledger.vocabulary import (
    EMPTY,
    PHRASE,
    QUALIFIER,
    TRAILING,
    first_verb,
    leading_verb,
    without_introduction,
)
from qa.text.changes import changes_in
from qa.text.figure_context import ITEM, nouns_of
from qa.text.figures import amounts_in, unit_kind
from qa.types import Figure, Span

MOST = 40  # characters of an indicator
_PREPOSITION = re.compile(r"[为向给对使让把将由]$")
_CUT = re.compile(r"[。！？!?；;：:，\n]|(?<!\d),|,(?!\d{3}(?!\d))|……")
_NOUN = re.compile(r"的?[一-龥“\"‘《]")
_BRACKETS = re.compile(r"（[^（）]{1,60}）|\([^()]{1,60}\)")
_ENDS = "，,。；;：:！!？?、 \n"
_FOR_WHAT = re.compile(r"[筹募拨]|投入")  # money whose purpose the next clause states
_AFTER = re.compile(r"^(?:以上|左右|[余多])?的?")
_MARKED = re.compile(r"\s+")
_PREPOSED = re.compile(r"[为向给对](?:全[省市区县])?$")
_AND_SO_ON = re.compile(r"等(?:方面|领域|问题)?的?$")


class _Cell(NamedTuple):
    """The words on both sides of a figure; ``listed`` is whether it continues the list of the one before."""

    left: str
    right: str
    listed: bool


def indicators(text: str, amounts: Sequence[Figure], names: Sequence[Span]) -> tuple[tuple[str, str], ...]:
    """Return what each figure of a sentence counts, and the activity of the clause before, or ``""``.

    ``amounts`` are its figures without those of dates and names, in order; ``names`` the spans of quoted names.
    """
    view = _masked(text, amounts, names)
    starts = [figure.start for figure in amounts]
    cuts = (match.end() for match in _CUT.finditer(view))
    clauses = tuple(pairwise(dict.fromkeys((0, *cuts, len(text)))))  # the last mark may end the text
    owned = [amounts[bisect_left(starts, start) : bisect_left(starts, end)] for start, end in clauses]
    pairs = zip(clauses, owned, strict=True)
    counted = [_clause_indicators(text, view, clause, own) if own else [] for clause, own in pairs]

    @cache
    def topic(number: int) -> str:
        return _topic(text[slice(*clauses[number])], counted[number])

    told = []
    for number, texts in enumerate(counted):
        context = next(filter(None, map(topic, reversed(range(number)))), "") if texts else ""
        for each in texts:
            behind = map(topic, range(number + 1, len(clauses)) if _FOR_WHAT.match(each) else ())
            told.append((_labelled(each, context or next(filter(None, behind), "")), context))
    return tuple(told)


def levels(indicator: str) -> frozenset[str]:
    """Return the levels and groups that an indicator is restricted to: 市级以上 for 市级以上职工书屋."""
    return frozenset(QUALIFIER.findall(indicator))


def what_counts(text: str, figure: Figure) -> str:
    """Return what a figure of a text counts, ``""`` if it has none; the figure is found by its printed form."""
    return _by_figure(text).get(figure.text, ("", ""))[0]


def context_needed(text: str, figure: Figure) -> str:
    """Return the activity of an earlier clause without which a figure's words do not say what it counts, else ``""``."""
    indicator, context = _by_figure(text).get(figure.text, ("", ""))
    return context if indicator.endswith((f"（{context}）", context)) else ""


@lru_cache(maxsize=256)  # called for each figure of a sentence
def _by_figure(text: str) -> dict[str, tuple[str, str]]:
    """Return printed figure → what it counts, and the activity of the clause before; the first figure printed so counts."""
    amounts = amounts_in(text)
    pairs = zip(amounts, indicators(text, amounts, quoted_spans(text)), strict=True)
    return {f.text: told for f, told in reversed([*pairs])}


def _masked(text: str, amounts: Sequence[Figure], names: Sequence[Span]) -> str:
    """Return the text, offsets unchanged, with the punctuation inside names and brackets without figures masked."""
    view, starts = list(text), [f.start for f in amounts]
    for a, b in (*names, *(m.span() for m in _BRACKETS.finditer(text))):
        if bisect_left(starts, a) == bisect_left(starts, b):
            view[a:b] = ("名" if ITEM.match(c) or c in _ENDS else c for c in view[a:b])
    return "".join(view)


def _clause_indicators(text: str, view: str, clause: Span, own: Sequence[Figure]) -> list[str]:
    """Return what each figure of a clause counts."""
    cells = _cells(text, view, clause, own)
    nouns = nouns_of(view, clause, own)
    became = {change.last.start for change in changes_in(text)}
    predicate = _predicate(cells)
    verb = ""
    made: list[str] = []
    for figure, cell, after, noun in zip(own, cells, (*cells[1:], None), nouns, strict=True):
        if made and figure.start in became:
            made.append(made[-1])
            continue
        if noun is not None:
            start = view.find(noun, clause[0])
            made.append(_clean(text[start : start + len(noun)], ""))
            continue
        # The unit is itself what is counted: 5县, 八部门.
        noun_unit = figure.unit if unit_kind(figure.unit) == "部门" else ""
        left, right = without_introduction(cell.left.lstrip(_ENDS)), noun_unit + cell.right.strip(_ENDS)
        if cell.listed and not left.strip() and not right and made:
            made.append(made[-1])  # 信访1.79万件、2.94万人次
            continue
        own_verb = leading_verb(left)
        if own_verb or not cell.listed:
            verb = own_verb
        elif verb and not _PREPOSITION.search(verb):
            left = verb + left
        if right and (_AND_SO_ON.search(left) or left.endswith("、")):
            left = own_verb
        if after and after.listed and right and cell.right == cell.right.rstrip(_ENDS):
            right += predicate
        if after and not after.listed and _lacks_noun(left):
            right += after.left + after.right.removeprefix("的")
        made.append(_clean(left, right))
    return made


def _cells(text: str, view: str, clause: Span, own: Sequence[Figure]) -> list[_Cell]:
    """Assign the words of a clause to the figures before and after them."""
    # The words from 由 on are the time of its figure.
    times = {change.first.start: change.at for change in changes_in(text)}
    lefts, rights, listed = [clause[0]], [], [False]
    for before, figure in pairwise(own):
        nouns_follow = bool(_NOUN.match(text, figure.end, clause[1])) and not ITEM.match(view, figure.end)
        cut, resume, continues = _cut(view[before.end : figure.start], nouns_follow)
        rights.append(before.end + cut)
        lefts.append(before.end + resume)
        listed.append(continues)
    rights.append(clause[1])
    return [
        _Cell(text[left : times.get(f.start, f.start)], text[f.end : right], continues)
        for f, left, right, continues in zip(own, lefts, rights, listed, strict=True)
    ]


def _cut(gap: str, nouns_follow: bool) -> tuple[int, int, bool]:
    """Return where the first figure's words end, where the second's begin, and whether the second is listed."""
    if marks := list(ITEM.finditer(gap)):
        mark = marks[-1 if nouns_follow else 0]
        return mark.start(), mark.end(), True
    preposed = _PREPOSED.search(gap)
    verb = preposed.start() if preposed else first_verb(gap)
    at = verb if verb >= 0 else len(gap) if nouns_follow else 0
    return at, at, False


def _predicate(cells: Sequence[_Cell]) -> str:
    """Return the predicate after the last item that all items share: 参加竞赛 in 5家企业、8万名职工参加竞赛."""
    if len(cells) < 2 or not cells[-1].listed:
        return ""
    right = cells[-1].right.strip(_ENDS)
    verb = first_verb(right)
    return right[verb:] if verb > 0 and len(right) - verb <= PHRASE else ""


def _lacks_noun(left: str) -> bool:
    """Return whether only a verb or a preposition stands before a figure."""
    rest = QUALIFIER.sub("", TRAILING.sub("", left))
    rest = rest.removeprefix(leading_verb(rest))
    return len(_PREPOSITION.sub("", rest)) < 2


def _clean(left: str, right: str) -> str:
    left = left[:1] if _PREPOSED.fullmatch(left) else TRAILING.sub("", left)
    right = _AFTER.sub("", right)
    return _MARKED.sub("", left + right).strip(_ENDS + "（(").lstrip("）)")[:MOST]


def _topic(clause: str, texts: Sequence[str]) -> str:
    """Return what a clause is about, for neighbours that do not say; ``""`` if it does not say either."""
    if texts:
        return next((each for each in texts if not _vague(each)), "")
    words = _MARKED.sub("", without_introduction(clause.lstrip(_ENDS))).strip(_ENDS)
    return "" if _vague(words) else words[:MOST]


@lru_cache(maxsize=4096)
def _vague(indicator: str) -> bool:
    """Return whether an indicator does not say what is counted: 惠及职工, 参与人数, nothing at all."""
    return EMPTY.fullmatch(indicator) is not None or leading_verb(indicator) == indicator


def _labelled(indicator: str, label: str) -> str:
    if not label or not _vague(indicator):
        return indicator
    return f"{indicator}（{label}）" if indicator else label
