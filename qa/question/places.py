"""Find the places that a question names, and their reports.

A place can have reports (温州), be inside such a place and only mentioned there (鹿城, 桐乡), contain such places
without a report of its own (福建, if only 漳州 reports), or be unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from qa.question.catalogue import Catalogue, Term
from qa.question.organisations import find_organisations
from qa.text.divisions import find, short_name
from qa.text.organisations import is_of_division
from qa.types import Level, Place

_LEVEL_WORDS: Mapping[Level, re.Pattern[str]] = {
    "province": re.compile(r"全省|省[里内]|省一级|^省级|省总工会|省总(?=[和与跟、,，])|(?<![一-龥])省工会"),
    "city": re.compile(r"全市|市里|(?<![一-龥])市总工会"),
    "district": re.compile(r"全区|区里"),
}
QUOTED = re.compile(r"[“\"『「《][^”\"』」》]{1,40}[”\"』」》]")
_AND = frozenset(("和", "与", "跟", "同", "及", "、", "，", ",", "以及", "还是", "比"))
_JOINS = ("", "市", "省", "县", "区", "的", "市的")  # between a division and a place inside it
_WHOLE = re.compile(r"一共|全[省市区县]|[省市区县]?总工会|工会(?!系统|[里中])")
ASKED = re.compile(r"多少|什么|[几哪谁怎]")
_ENDS = frozenset("，,、；;。？?")  # of a clause


@dataclass(frozen=True, slots=True)
class Named:
    """A place that a question names, with its reports."""

    start: int  # offsets of its words in the question
    end: int
    place: Place
    terms: tuple[Term, ...]  # of the place, or that mention it, or of places inside it; none: unknown
    mention: str = ""  # the word that evidence must contain
    wider: bool = False  # the place only contains places with reports


@dataclass(frozen=True, slots=True)
class Where:
    """The places of a question that have reports, and the words of those that have none."""

    named: tuple[Named, ...]
    unknown: tuple[str, ...]


def find_where(question: str, catalogue: Catalogue) -> Where:
    """Find the places of a question.

    A place is dropped if it contains a more specific one of the question (浙江桐乡), or is the scene of an event
    rather than what is asked for (杭州亚运 … 钱塘区).
    """
    found = [_named(question, *item, catalogue) for item in find(question, near=catalogue.places)]
    found = _with_organisations(question, _joined(question, found), catalogue)
    found = _outside_names(question, _without_scenes(found))
    kept, lost = _with_reports(question, found)
    unknown = tuple(dict.fromkeys(question[n.start : n.end] for n in lost))
    named = _distinct([n if n.terms else replace(n, mention="") for n in kept])
    named = _with_level_words(question, named, catalogue, [(n.start, n.end) for n in found])
    pairs = zip_longest(named, named[1:])
    return Where(
        tuple(one for one, inner in pairs if not (inner and _locates(question, one, inner))), unknown
    )


def _asked_apart(question: str, named: list[Named]) -> bool:
    """Whether each place has its own clause that asks something: 省里建了几个，泉州建了几个."""
    starts = sorted(n.start for n in named)
    pieces = [question[a:b] for a, b in pairwise([*starts, len(question)])]
    return all(map(ASKED.search, pieces)) and all(p.rstrip()[-1:] in _ENDS for p in pieces[:-1])


def _locates(question: str, wider: Named, inner: Named) -> bool:
    """Whether a place only says where the next one is: 浙江桐乡, 浙江省的温州市."""
    return wider.place.name in inner.place.parents and question[wider.end : inner.start] in _JOINS


def _outside_names(question: str, found: list[Named]) -> list[Named]:
    """Return the places outside quoted names (“浙江省十佳县”), or all if there are none outside."""
    quoted = [m.span() for m in QUOTED.finditer(question)]
    outside = [n for n in found if not any(a < n.start and n.end < b for a, b in quoted)]
    return outside or found


def _named(question: str, start: int, end: int, place: Place, catalogue: Catalogue) -> Named:
    own = catalogue.of_place(place.name)
    of_whole = tuple(t for t in own if not t.organisation or is_of_division(t.organisation, place.name))
    if of_whole or (own and not _WHOLE.match(question[end:])):
        return Named(start, end, place, of_whole or own)
    inside = catalogue.under(place.name)
    if not own and inside and not _WHOLE.match(question[end:]):
        return Named(start, end, place, inside, wider=True)
    # The whole place is asked for, and there are only reports of companies, trades or parts of it.
    if own or inside:
        return Named(start, end, place, ())
    word = short_name(place.name)
    return Named(start, end, place, catalogue.mentioning(word), mention=word)


def _with_organisations(question: str, found: list[Named], catalogue: Catalogue) -> list[Named]:
    """Add the organisations; drop divisions that only begin an organisation's name or say where it is."""
    own = [Named(*span, terms[0].place, terms) for span, terms in find_organisations(question, catalogue)]
    if not own:
        return found
    kept = [n for n in found if not any(n.start < o.end and question[n.end : o.start] in _JOINS for o in own)]
    return sorted([*kept, *own], key=lambda n: n.start)


def _joined(question: str, found: list[Named]) -> list[Named]:
    """Join 浙江的滨江区 to one name, like 浙江省滨江区."""
    kept: list[Named] = []
    for named in found:
        above = kept[-1] if kept else None
        if above and above.place.name in named.place.parents and question[above.end : named.start] == "的":
            kept[-1] = replace(named, start=above.start)
        else:
            kept.append(named)
    return kept


def _with_reports(question: str, found: list[Named]) -> tuple[list[Named], list[Named]]:
    """Return the places with reports or listed next to one with reports (苏州和南昌), and all others."""
    kept: list[Named] = []
    lost: list[Named] = []
    for at, named in enumerate(found):
        near = (o for o in (*found[max(0, at - 1) : at], *found[at + 1 : at + 2]) if o.terms)
        gaps = (question[min(named.end, o.end) : max(named.start, o.start)] for o in near)
        (kept if named.terms or any(gap in _AND for gap in gaps) else lost).append(named)
    return kept, lost


def _without_scenes(found: list[Named]) -> list[Named]:
    """Return the places, in order, without those that contain a more specific one of the question."""
    reported = [n for n in found if n.terms]
    around = {name for n in reported for name in n.place.parents}
    mentioned = {name for n in reported if n.mention for name in n.place.parents}

    def is_scene(named: Named) -> bool:
        first = reported[0] if reported else None
        if first and not named.terms and named.start > first.end + 1:  # not listed with it
            return named.place.name in first.place.parents
        return named.place.name in (around if named.wider or not named.terms else mentioned)

    return [n for n in found if not is_scene(n)]


def _distinct(named: list[Named]) -> list[Named]:
    first: dict[str, Named] = {}
    for item in named:
        first.setdefault(item.place.name, item)
    kept = list(first.values())
    exact = [n for n in kept if not n.mention]
    # 温州 … 鹿城: the district is a word of the topic if its city has reports that are asked for.
    inside = [n for n in kept if n.mention and any(_lies_in(n, e) for e in exact)]
    if len(inside) > 1:  # 江苏表里苏州和南京: places of one report side by side
        return [n for n in kept if n.mention or not any(_lies_in(i, n) for i in inside)]
    return [n for n in kept if n not in inside]


def _lies_in(named: Named, wider: Named) -> bool:
    return wider.place.name in named.place.parents and bool(set(wider.terms) & set(named.terms))


def _with_level_words(
    question: str, named: list[Named], catalogue: Catalogue, taken: list[tuple[int, int]]
) -> list[Named]:
    """Add the only place of a level that a level word stands for, alone or among others: 省里和钱塘区.

    A level word inside a name (福建省总工会) does not count; ``taken`` are the spans of names.
    """
    for level, pattern in _LEVEL_WORDS.items():
        free = (m for m in pattern.finditer(question) if not any(a < m.start() <= b for a, b in taken))
        match = next(free, None)
        places = [p for p in catalogue.places if p.level == level] if match else []
        if not match or len(places) != 1 or any(n.place == places[0] for n in named):
            continue
        inside = any(places[0].name in n.place.parents for n in named)
        if level == "province" and named and match.start() and not inside:
            continue  # 漳州…全省 is another province; 省里…和漳州 is not
        before, after = question[: match.start()][-1:], question[match.end() :][:1]
        joined = before in _AND or after in _AND
        owns = level == "province" and not match.start() and question[match.end() : match.end() + 1] == "的"
        own = Named(match.start(), match.end(), places[0], catalogue.of_place(places[0].name))
        if named and not joined and not owns and not _asked_apart(question, [own, *named]):
            continue
        named.append(own)
    return sorted(named, key=lambda n: n.start)
