"""Index what the library covers: places, terms, congresses. The question stage knows reports only through it.

Whatever needs a walk through all reports is computed once and cached.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar

from qa.text.divisions import short_name
from qa.text.normal import same_length, without_punctuation
from qa.text.organisations import is_of_division, names_of, own_names, report_label
from qa.types import Period, Place, Report

_CONGRESS = re.compile(r"第([一二三四五六七八九十]{1,3})次代表大会")
_YEAR = re.compile(r"[0-9]{4}(?=年)")
_TITLE = re.compile(r"《([^》]{4,60})》")
# Words for the term before.
PREVIOUS = re.compile(r"(?<![提以马])[上前]面?[一那]?个?(?:届(?!末)|五年)|换届前")

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Term:
    """One report as the question stage sees it: a place and the years of its results."""

    report_id: str
    name: str
    title: str
    place: Place
    period: Period | None
    congresses: frozenset[str]  # the numbers that its text names: 十五
    years: frozenset[int]  # that its text names, and those of its plans
    organisation: str = ""
    label: str = ""
    tells_before: bool = False  # its text names the term before its own
    subtitle: str = ""
    names: tuple[str, ...] = ()  # proper ones that it has besides that of its place
    titles: tuple[str, ...] = ()  # the texts that name it


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Every report of a library, by place and then by time. Safe to share between threads."""

    terms: tuple[Term, ...]
    holding: Callable[[str], Container[str]] = frozenset  # name → ids of the reports whose text contains it

    @cached_property
    def of_place(self) -> Callable[[str], tuple[Term, ...]]:
        """Name → terms whose own place it is, oldest first."""
        terms = grouped((t.place.name, t) for t in self.terms)
        return lambda name: terms.get(name, ())

    @cached_property
    def under(self) -> Callable[[str], tuple[Term, ...]]:
        """Name → terms of places inside it."""
        terms = grouped((parent, t) for t in self.terms for parent in t.place.parents)
        return lambda name: terms.get(name, ())

    @cached_property
    def mentioning(self) -> Callable[[str], tuple[Term, ...]]:
        """Name → terms whose title or text contains it."""

        def look(name: str) -> tuple[Term, ...]:
            ids = self.holding(name)
            return tuple(t for t in self.terms if name in t.title or t.report_id in ids)

        return lru_cache(look)

    @cached_property
    def narrowed(self) -> Callable[..., Catalogue]:
        """The catalogue of the terms that a function chooses: ``narrowed(choose, *arguments)``."""
        return lru_cache(lambda choose, *given: Catalogue(choose(self, *given), self.holding))

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The places of reports, each once."""
        return tuple(dict.fromkeys(t.place for t in self.terms if t.place.name))

    @cached_property
    def by_place(self) -> tuple[tuple[Term, ...], ...]:
        """The terms of each division, and of each company or the like apart; those without a place are a group, too."""
        own = {t for terms in self.organisations.values() for t in terms}
        return tuple(grouped((t.organisation if t in own else t.place.name, t) for t in self.terms).values())

    @cached_property
    def divisions(self) -> Mapping[str, str]:
        """Full and short names of the reports' places and those above → full name; full names win."""
        full = [*(p.name for p in self.places), *(parent for p in self.places for parent in p.parents)]
        short = {short_name(name): name for name in reversed(full)}  # the first of one short name wins
        return short | {name: name for name in full}

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The periods of reports, oldest first."""
        return tuple(sorted({term.period for term in self.terms if term.period}))

    @cached_property
    def titles(self) -> Mapping[str, tuple[Term, ...]]:
        """Terms by their titles and subtitles without punctuation."""
        named = ((without_punctuation(name), t) for t in self.terms for name in (t.title, t.subtitle))
        return grouped((name, t) for name, t in named if _TITLE.match(f"《{name}》"))

    @cached_property
    def organisations(self) -> Mapping[str, tuple[Term, ...]]:
        """Terms by organisation, without the unions of divisions."""
        named = (t for t in self.terms if t.organisation and not is_of_division(t.organisation, t.place.name))
        return grouped((t.organisation, t) for t in named)

    @cached_property
    def names(self) -> tuple[tuple[tuple[str, ...], Term], ...]:
        """The proper names that one report alone has and no other mentions, with its term."""
        own = (([n for n in term.names if self.mentioning(n) == (term,)], term) for term in self.terms)
        return tuple((tuple(names), term) for names, term in own if names)


def grouped(pairs: Iterable[tuple[_Key, _Value]]) -> dict[_Key, tuple[_Value, ...]]:
    """Return each key with its values, each once, in order."""
    groups: defaultdict[_Key, dict[_Value, None]] = defaultdict(dict)
    for key, value in pairs:
        groups[key].setdefault(value)
    return {key: tuple(values) for key, values in groups.items()}


def catalogue_of(
    reports: Iterable[Report], holding: Callable[[str], Container[str]] | None = None
) -> Catalogue:
    """Return the catalogue of reports, by place, period and name.

    ``holding`` finds the reports whose text contains a name; None to search the text of all.
    """
    reports = tuple(reports)

    def holds(name: str) -> frozenset[str]:
        return frozenset(report.id for report in reports if any(name in p.text for p in report.paragraphs))

    terms = sorted(map(_term, reports), key=lambda t: (t.place.name, t.period or Period(0, 0), t.name))
    return Catalogue(tuple(terms), holding or holds)


def within_filters(
    catalogue: Catalogue, place: str | None, period: tuple[int, int] | None, report: str | None
) -> tuple[Term, ...]:
    """Return the terms of a report, of a place or those inside it, and of years: exactly these, else meeting them."""
    terms = [t for t in catalogue.terms if not report or t.name == report]
    if place:
        terms = [
            t for t in terms if any(place in (n, short_name(n)) for n in (t.place.name, *t.place.parents))
        ]
    if period:
        asked = Period(*period)
        exactly = [t for t in terms if t.period == asked]
        terms = exactly or [t for t in terms if t.period and asked.meets(t.period)]
    return tuple(terms)


def _term(report: Report) -> Term:
    text = same_length("".join([report.title, report.subtitle, *(p.text for p in report.paragraphs)]))
    plans = report.plans
    if plans is None and report.period and report.period.start == report.period.end:
        plans = Period(report.period.end + 1, report.period.end + 1)  # what it plans is for the next year
    headings = "".join(dict.fromkeys(h for p in report.paragraphs for h in p.heading))
    return Term(
        report.id,
        report.source.name,
        report.title,
        report.place,
        report.period,
        frozenset(_CONGRESS.findall(headings + text)),
        frozenset(map(int, _YEAR.findall(text))).union(range(plans.start, plans.end + 1) if plans else ()),
        report.organisation,
        report_label(report),
        PREVIOUS.search(text) is not None,
        report.subtitle,
        own_names(report),
        names_of(report),
    )


def in_titled_report(catalogue: Catalogue, text: str) -> tuple[Catalogue, str]:
    """If a question names a report's title, return that report alone and the question without the title."""
    for match in _TITLE.finditer(text):
        bare, titles = without_punctuation(match[1]), catalogue.titles.items()
        each = ((title, t) for title, terms in titles if bare in title or title in bare for t in terms)
        # A subtitle like 2023年工作报告 may end the title of another report.
        named = tuple(t for title, t in each if bare in title or title == without_punctuation(t.title))
        if named and len({t.report_id for t in named}) == 1:
            return Catalogue(named, catalogue.holding), text[: match.start()] + text[match.end() :]
    return catalogue, text
