"""What a figure counts, in the words of its clause that belong to it and not to its neighbours.

- right before it: 提供法律援助1.45万件 → 提供法律援助;
- right after it, or on both sides: 组织5000名职工疗休养 → 组织职工疗休养;
- in a list, with the verb of the list: 建成书屋50个、驿站14个 → 建成书屋, 建成驿站;
- by 分别: 甲和乙分别为3家和5家;
- from the clause before, where its own words leave it open: 举办讲堂309场，惠及职工1.6万人次.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from qa.ledger.kinds import sheltered
from qa.ledger.vocabulary import EMPTY, LEADING, LIGHT, PREPOSITION, QUALIFIER, TRAILING, VERB, VERB_BETWEEN
from qa.text.beside import ITEM, LONGEST_NAME, respectives
from qa.text.figures import figures, is_year, unit_kind
from qa.text.spans import touching
from qa.types import Figure, Span

MOST = 40  # characters of an indicator
SHARED = 12  # characters of a predicate that several items of a list share
_CUT = re.compile(r"[。！？!?；;：:\n]|，|(?<!\d),|,(?!\d{3}(?!\d))|……")
_NOUN = re.compile(r"的?[一-龥“\"‘《]")
_BRACKETS = re.compile(r"（[^（）]{1,60}）|\([^()]{1,60}\)")
_ENDS = "，,。；;：:！!？?、 \n"
_FOR_WHAT = re.compile(r"筹|募|投入|安排|拨|争取")  # money whose purpose the next clause tells
_AFTER = re.compile(r"^(?:以上|左右|余|多)?的?")
_MARKED = re.compile(r"\s+")
_PREPOSED = re.compile(r"[为向给对](?:全[省市区县])?$")
_AND_SO_ON = re.compile(r"等(?:方面|领域|问题|环节|渠道|形式)?的?$")


@dataclass(frozen=True, slots=True)
class Indicator:
    """What a figure counts, and the clause before that says of what, or ``""``; offsets of the figure's clause."""

    text: str
    context: str
    clause: Span


@dataclass(slots=True)
class _Cell:
    """The words on both sides of a figure of a clause; ``listed``: it continues the list of the one before."""

    left: str
    right: str
    listed: bool = False


def clauses_of(text: str, names: Sequence[Span]) -> tuple[Span, ...]:
    """Offsets of the clauses: cut at commas, colons and stops outside of names."""
    cuts = [
        m.end()
        for m in _CUT.finditer(text)
        if not any(a < m.start() < b - 1 for a, b in touching(names, *m.span(), LONGEST_NAME))
    ]
    edges = [0, *cuts] if cuts and cuts[-1] == len(text) else [0, *cuts, len(text)]
    return tuple(pairwise(edges))


def indicators(text: str, amounts: Sequence[Figure], names: Sequence[Span]) -> tuple[Indicator, ...]:
    """What each figure of a sentence counts.

    Args:
        text: the sentence.
        amounts: its figures but those of dates and names, in order.
        names: offsets of quoted names, which no list is cut in.
    """
    view = _masked(text, amounts, names)
    said: list[tuple[Span, tuple[str, ...]]] = []
    starts = [f.start for f in amounts]
    for clause in clauses_of(view, names):
        own = amounts[bisect_left(starts, clause[0]) : bisect_left(starts, clause[1])]
        said.append((clause, tuple(_clause_indicators(text, view, clause, own)) if own else ()))
    topics = [_topic(text[slice(*clause)], texts) for clause, texts in said]
    follows = [""]  # the first topic behind each clause, backwards
    for topic in reversed(topics[1:]):
        follows.append(topic or follows[-1])
    found: list[Indicator] = []
    told = ""
    for (clause, texts), topic, following in zip(said, topics, reversed(follows), strict=True):
        for each in texts:
            about = told or (following if _FOR_WHAT.match(each) else "")
            found.append(Indicator(_labelled(each, about), told, clause))
        told = topic or told
    return tuple(found)


def levels(indicator: str) -> frozenset[str]:
    """The levels and groups that an indicator is narrowed to: 市级以上职工书屋 → 市级以上."""
    return frozenset(QUALIFIER.findall(indicator))


def levels_counted(text: str, figure: Figure) -> frozenset[str]:
    """The levels of what a figure counts; none where the words do not tell the figure.

    Args:
        text: words that tell it, from anywhere in its sentence.
        figure: known by how it is printed, wherever its offsets count from.
    """
    return _levels_told(text).get(figure.text, frozenset())


@lru_cache(maxsize=256)  # asked for each figure of a sentence
def _levels_told(text: str) -> dict[str, frozenset[str]]:
    """The levels of what each figure of some words counts, by how it is first printed."""
    amounts = [f for f in figures(text) if not is_year(f)]
    told = zip(amounts, indicators(text, amounts, sheltered(text)), strict=True)
    return {f.text: levels(indicator.text) for f, indicator in reversed([*told])}


def _masked(text: str, amounts: Sequence[Figure], names: Sequence[Span]) -> str:
    """The text with the marks of names and of brackets without figures made harmless; offsets stay."""
    view, starts = list(text), [f.start for f in amounts]
    for a, b in (*names, *(m.span() for m in _BRACKETS.finditer(text))):
        if bisect_left(starts, a) == bisect_left(starts, b):
            view[a:b] = ("名" if ITEM.match(c) or c in _ENDS else c for c in view[a:b])
    return "".join(view)


def _clause_indicators(text: str, view: str, clause: Span, own: Sequence[Figure]) -> list[str]:
    cells = _cells(text, view, clause, own)
    verb = ""
    made: list[str] = []
    predicate = _predicate(cells)
    nouns = respectives(view, clause, own)
    for at, (figure, cell, noun) in enumerate(zip(own, cells, nouns, strict=True)):
        if noun is not None:
            start = view.find(noun, clause[0])
            made.append(_clean(text[start : start + len(noun)], ""))
            continue
        left, right = _lead(cell.left), _noun_unit(figure) + cell.right.strip(_ENDS)
        if cell.listed and not left.strip() and not right and made:
            made.append(made[-1])  # 信访1.79万件、2.94万人次
            continue
        if not cell.listed:
            verb = ""
        begins = VERB.match(left)
        if begins:
            verb = begins.group()
        elif cell.listed and verb and not PREPOSITION.search(verb):
            left = verb + left
        if right and (_AND_SO_ON.search(left) or left.endswith("、")):
            left = verb if begins else ""
        if right and cell.right == cell.right.rstrip(_ENDS) and at + 1 < len(cells) and cells[at + 1].listed:
            right += predicate
        if _bare(left) and at + 1 < len(cells) and not cells[at + 1].listed:
            right += cells[at + 1].left + cells[at + 1].right.removeprefix("的")
        made.append(_clean(left, right))
    return made


def _cells(text: str, view: str, clause: Span, own: Sequence[Figure]) -> list[_Cell]:
    """Share the words between the figures of a clause out."""
    first = _Cell(text[clause[0] : own[0].start], "")
    cells = [first]
    for before, figure in pairwise(own):
        start, end = before.end, figure.start
        nouns_follow = bool(_NOUN.match(text, figure.end, clause[1])) and not ITEM.match(view, figure.end)
        cut, resume, listed = _cut(view[start:end], nouns_follow)
        cells[-1].right = text[start : start + cut]
        cells.append(_Cell(text[start + resume : end], "", listed))
    cells[-1].right = text[own[-1].end : clause[1]]
    return cells


def _cut(gap: str, nouns_follow: bool) -> tuple[int, int, bool]:
    """Where the words of the first figure end and those of the second begin, and whether the second is listed."""
    marks = list(ITEM.finditer(gap))
    if marks:
        bare = gap.strip()
        if ITEM.match(bare):
            mark = marks[0]
        elif nouns_follow or marks[-1].end() == len(gap.rstrip()):
            mark = marks[-1]
        else:
            mark = marks[0]
        return mark.start(), mark.end(), True
    if (close := max(gap.find(")"), gap.find("）"))) >= 0:
        return close + 1, close + 1, True
    verb = _PREPOSED.search(gap) or VERB_BETWEEN.search(gap)
    if verb:
        return verb.start(), verb.start(), False
    return (len(gap), len(gap), False) if nouns_follow else (0, 0, False)


def _predicate(cells: Sequence[_Cell]) -> str:
    """What the last item of a list says of all of them: 5家企业、8万名职工参加竞赛."""
    if len(cells) < 2 or not cells[-1].listed:
        return ""
    right = cells[-1].right.strip(_ENDS)
    verb = VERB_BETWEEN.search(right)
    said = right[verb.start() :] if verb and verb.start() > 0 else ""
    return said if len(said) <= SHARED else ""


def _lead(words: str) -> str:
    """The words without what only leads to them: 五年来, 全市, 累计, 市总工会共."""
    words = words.lstrip(_ENDS)
    match = LEADING.match(words)
    return words[match.end() :] if match else words


def _bare(left: str) -> bool:
    """Whether nothing but a verb or a preposition stands before a figure."""
    rest = TRAILING.sub("", left)
    rest = QUALIFIER.sub("", rest)
    verb = VERB.match(rest)
    rest = rest[verb.end() :] if verb else rest
    return bool(_PREPOSED.fullmatch(left)) or len(PREPOSITION.sub("", rest)) < 2


def _noun_unit(figure: Figure) -> str:
    """A unit that is what is counted: 5县, 八部门."""
    return figure.unit if unit_kind(figure.unit) == "部门" else ""


def _clean(left: str, right: str) -> str:
    left = left[:1] if _PREPOSED.fullmatch(left) else TRAILING.sub("", left)
    right = _AFTER.sub("", right)
    words = _MARKED.sub("", left + right).strip(_ENDS + "（(").lstrip("）)")
    if words.count("（") + words.count("(") > words.count("）") + words.count(")"):
        words = words.replace("（", "").replace("(", "")
    return words[:MOST]


def _topic(clause: str, texts: Sequence[str]) -> str:
    """What a clause speaks of, for the clauses beside it that leave it open; ``""`` where it does so itself."""
    if texts:
        return next((each for each in texts if not _open(each)), "")
    words = _MARKED.sub("", _lead(clause)).strip(_ENDS)
    return "" if _open(words) else words[:MOST]


@lru_cache(maxsize=4096)
def _open(indicator: str) -> bool:
    """Whether the words alone leave open of what: 惠及职工, 参与人数, nothing at all."""
    if EMPTY.fullmatch(indicator) or VERB.fullmatch(indicator):
        return True
    light = LIGHT.match(indicator)
    return bool(light and EMPTY.fullmatch(indicator[light.end() :]))


def _labelled(indicator: str, told: str) -> str:
    if not told or not _open(indicator):
        return indicator
    return f"{indicator}（{told}）" if indicator else told
