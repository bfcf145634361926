"""Which reports the places of a question lead to.

A place can be that of reports (温州), be inside one and only mentioned there (鹿城, 桐乡), contain report places
without having a report of its own (福建, where only 漳州 reports), or be unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from qa.question.catalogue import Catalogue, Term
from qa.question.organisations import find_organisations
from qa.text.divisions import find, short_name
from qa.text.organisations import is_of_division
from qa.types import Level, Place

_LEVEL_WORDS: tuple[tuple[re.Pattern[str], Level], ...] = (
    (
        re.compile(
            r"全省|省级(?=层面)|省里|省内|省一级|^省级|省总工会|省总(?=[和与跟、,，])|(?<![一-龥])省工会"
        ),
        "province",
    ),
    (re.compile(r"全市|市里|(?<![一-龥])市总工会"), "city"),
    (re.compile(r"全区|区里"), "district"),
)
_QUOTED = re.compile(r"[“\"『「《][^”\"』」》]{1,40}[”\"』」》]")
_AND = frozenset(("和", "与", "跟", "同", "及", "、", "，", ",", "以及", "还是", "比"))
_JOINS = ("", "市", "省", "县", "区", "的", "市的")  # between a division and what lies in it
_WHOLE = re.compile(r"^一共|^(?:全[省市区县]|[省市区县]?总工会|工会(?!系统|里|中))")
_ASKS = re.compile(r"多少|几|什么|哪|谁|怎")
_ENDS = frozenset("，,、；;。？?")  # of a clause


@dataclass(frozen=True, slots=True)
class Named:
    """A place as a question names it, with the reports that it leads to (none: unknown).

    Args:
        start: offsets of its words in the question.
        end: likewise; ``start == end`` for words such as 全省.
        terms: reports of the place, or that mention it, or of places inside it.
        mention: the word that evidence must hold, or ``""``.
        wider: the place only contains report places.
    """

    start: int
    end: int
    place: Place
    terms: tuple[Term, ...]
    mention: str = ""
    wider: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """Every place of a question that leads somewhere, and the words of those that do not."""

    named: tuple[Named, ...]
    unknown: tuple[str, ...]


def find_where(question: str, catalogue: Catalogue) -> Where:
    """Read the places of a question.

    A place is dropped where a more specific one of the question lies in it (浙江桐乡), and where it is the
    scene of an event rather than what is asked for (杭州亚运 … 钱塘区).
    """
    found = [_named(question, *item, catalogue) for item in find(question, near=catalogue.places)]
    found = _joined(question, found)
    found = _with_organisations(question, found, catalogue)
    found = _without_scenes(found)
    found = _outside_names(question, found)
    kept, lost = _with_reports(question, found)
    unknown = tuple(dict.fromkeys(question[n.start : n.end] for n in lost))
    named = _distinct([n if n.terms else replace(n, mention="") for n in kept])
    named = _with_level_words(question, named, catalogue, [(n.start, n.end) for n in found])
    return Where(tuple(_innermost(question, named)), unknown)


def _asked_apart(question: str, named: list[Named]) -> bool:
    """Whether each place has a clause of its own that asks something: 省里建了几个，泉州建了几个."""
    starts = sorted(n.start for n in named)
    pieces = [question[a:b] for a, b in pairwise([*starts, len(question)])]
    return all(map(_ASKS.search, pieces)) and all(p.rstrip()[-1:] in _ENDS for p in pieces[:-1])


def _innermost(question: str, named: list[Named]) -> list[Named]:
    """The places without one that only says where the next one lies: 浙江桐乡, 浙江省的温州市."""
    pairs = zip_longest(named, named[1:])
    return [one for one, inner in pairs if not (inner and _says_where(question, one, inner))]


def _says_where(question: str, wider: Named, inner: Named) -> bool:
    return wider.place.name in inner.place.parents and question[wider.end : inner.start] in _JOINS


def _outside_names(question: str, found: list[Named]) -> list[Named]:
    """Places inside quoted names (“浙江省十佳县”) count only where none is named outside of them."""
    quoted = [m.span() for m in _QUOTED.finditer(question)]
    outside = [n for n in found if not any(a < n.start and n.end < b for a, b in quoted)]
    return outside or found


def _named(question: str, start: int, end: int, place: Place, catalogue: Catalogue) -> Named:
    own = catalogue.of_place(place.name)
    of_whole = tuple(t for t in own if not t.organisation or is_of_division(t.organisation, place.name))
    if of_whole or (own and not _WHOLE.match(question[end:])):
        return Named(start, end, place, of_whole or own)
    if own:  # the whole of it is asked for, of which a company's or a trade's union does not speak
        return Named(start, end, place, ())
    inside = catalogue.under(place.name)
    word = short_name(place.name)
    after = question[end:]
    if inside and not _WHOLE.match(after):
        return Named(start, end, place, inside, wider=True)
    if inside:
        return Named(start, end, place, ())
    mentioning = catalogue.mentioning(word)
    return Named(start, end, place, mentioning, mention=word)


def _with_organisations(question: str, found: list[Named], catalogue: Catalogue) -> list[Named]:
    """The organisations too; a division that only begins one's name, or says where it lies, is not meant."""
    own = [
        Named(start, end, terms[0].place, terms)
        for (start, end), terms in find_organisations(question, catalogue)
    ]
    if not own:
        return found
    kept = [n for n in found if not any(n.start < o.end and question[n.end : o.start] in _JOINS for o in own)]
    return sorted([*kept, *own], key=lambda n: n.start)


def _joined(question: str, found: list[Named]) -> list[Named]:
    """浙江的滨江区 is one name, as 浙江省滨江区 is."""
    kept: list[Named] = []
    for named in found:
        above = kept[-1] if kept else None
        if above and above.place.name in named.place.parents and question[above.end : named.start] == "的":
            kept[-1] = replace(named, start=above.start)
        else:
            kept.append(named)
    return kept


def _with_reports(question: str, found: list[Named]) -> tuple[list[Named], list[Named]]:
    """The places that reports are of, or that stand beside such a place (苏州和南昌); and those that lead nowhere."""
    kept: list[Named] = []
    lost: list[Named] = []
    for at, named in enumerate(found):
        beside = (*found[max(0, at - 1) : at], *found[at + 1 : at + 2])
        listed = any(
            o.terms and question[min(named.end, o.end) : max(named.start, o.start)] in _AND for o in beside
        )
        (kept if named.terms or listed else lost).append(named)
    return kept, lost


def _without_scenes(found: list[Named]) -> list[Named]:
    """The places, in order, without those in which a more specific one of the question lies."""
    reported = [n for n in found if n.terms]
    around = {name for n in reported for name in n.place.parents}
    mentioned = {name for n in reported if n.mention for name in n.place.parents}

    def is_scene(named: Named) -> bool:
        first = reported[0] if reported else None
        if first and not named.terms and named.start > first.end and not _listed_with(named, first):
            return named.place.name in first.place.parents
        return named.place.name in (around if named.wider or not named.terms else mentioned)

    return [n for n in found if not is_scene(n)]


def _listed_with(named: Named, other: Named) -> bool:
    return 0 <= named.start - other.end <= 1


def _distinct(named: list[Named]) -> list[Named]:
    seen: set[str] = set()
    kept = []
    for item in named:
        if item.place.name not in seen:
            seen.add(item.place.name)
            kept.append(item)
    exact = [n for n in kept if not n.mention]
    # 温州 … 鹿城: the district is a word of the topic where its city has reports that are asked for.
    inside = [n for n in kept if n.mention and any(_lies_in(n, e) for e in exact)]
    if len(inside) > 1:  # 江苏表里苏州和南京: places of one report side by side
        return [n for n in kept if n.mention or not any(_lies_in(i, n) for i in inside)]
    return [n for n in kept if n not in inside]


def _lies_in(named: Named, wider: Named) -> bool:
    return wider.place.name in named.place.parents and bool(set(wider.terms) & set(named.terms))


def _with_level_words(
    question: str, named: list[Named], catalogue: Catalogue, taken: list[tuple[int, int]]
) -> list[Named]:
    """省里和钱塘区: a level word stands for the only place of its level, beside others or alone.

    It does not where it is the end of a name (福建省总工会); ``taken`` are the names of the question.
    """
    for pattern, level in _LEVEL_WORDS:
        match = next(
            (m for m in pattern.finditer(question) if not any(a < m.start() <= b for a, b in taken)), None
        )
        places = [p for p in catalogue.places if p.level == level] if match else []
        if not match or len(places) != 1 or any(n.place == places[0] for n in named):
            continue
        if (
            level == "province"
            and named
            and match.start()
            and not any(places[0].name in n.place.parents for n in named)
        ):
            continue  # 漳州…全省 is another province; 省里…和漳州 is not
        joined = re.match(r"[和跟与、,，同及]", question[match.end() :]) or re.search(
            r"[和跟与、,，同及]$", question[: match.start()]
        )
        owns = level == "province" and not match.start() and question[match.end() : match.end() + 1] == "的"
        own = Named(match.start(), match.end(), places[0], catalogue.of_place(places[0].name))
        if named and not joined and not owns and not _asked_apart(question, [own, *named]):
            continue
        named.append(own)
    return sorted(named, key=lambda n: n.start)
