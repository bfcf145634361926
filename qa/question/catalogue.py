"""What the library covers: places, terms, congresses. The question stage knows reports only through it.

Whatever would mean a walk through all reports is worked out once and looked up by every question after.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import TypeVar

from qa.text.divisions import short_name
from qa.text.normal import squeezed
from qa.text.organisations import is_of_division, report_label
from qa.types import Period, Place, Report

_CONGRESS = re.compile(r"第([一二三四五六七八九十]{1,3})次代表大会")
_YEAR = re.compile(r"[0-9]{4}(?=年)")
KEPT = 256  # answers of a kind that a catalogue remembers

_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Term:
    """One report as the question stage sees it.

    Args:
        congresses: the numbers that its text names.
        years: likewise, each before the word 年.
    """

    report_id: str
    name: str
    title: str
    place: Place
    period: Period | None
    congresses: frozenset[str]
    years: frozenset[int]
    organisation: str = ""
    label: str = ""


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Every report of a library, by place and then by time. Safe to share between threads.

    Args:
        holding: the ids of the reports whose text holds a name.
    """

    terms: tuple[Term, ...]
    holding: Callable[[str], Container[str]] = frozenset

    def of_place(self, name: str) -> tuple[Term, ...]:
        """Terms whose own place is ``name``, oldest first."""
        return self._of_place.get(name, ())

    def under(self, name: str) -> tuple[Term, ...]:
        """Terms of places inside ``name``."""
        return self._under.get(name, ())

    @cached_property
    def mentioning(self) -> Callable[[str], tuple[Term, ...]]:
        """Terms whose title or text holds a name."""

        def look(name: str) -> tuple[Term, ...]:
            ids = self.holding(name)
            return tuple(t for t in self.terms if name in t.title or t.report_id in ids)

        return lru_cache(maxsize=KEPT)(look)

    @cached_property
    def narrowed(self) -> Callable[..., Catalogue]:
        """The catalogue of what a function chooses out of this one: ``narrowed(choose, *given)``."""
        return lru_cache(maxsize=KEPT)(lambda choose, *given: Catalogue(choose(self, *given), self.holding))

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The places of reports, each once."""
        return tuple(dict.fromkeys(t.place for t in self.terms if t.place.name))

    @cached_property
    def by_place(self) -> tuple[tuple[Term, ...], ...]:
        """The terms of each place; those without one are a group too."""
        return tuple(_grouped((t.place, t) for t in self.terms).values())

    @cached_property
    def divisions(self) -> Mapping[str, str]:
        """The places of reports and those above them, full and short name → full name; a full name goes first."""
        own = [place.name for place in self.places]
        full = dict.fromkeys([*own, *(parent for place in self.places for parent in place.parents)])
        names = {name: name for name in full}
        for name in full:
            names.setdefault(short_name(name), name)
        return names

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The periods of reports, oldest first."""
        return tuple(sorted({term.period for term in self.terms if term.period}))

    @cached_property
    def titles(self) -> Mapping[str, tuple[Term, ...]]:
        """Terms by their titles, squeezed."""
        return _grouped((squeezed(t.title), t) for t in self.terms)

    @cached_property
    def organisations(self) -> Mapping[str, tuple[Term, ...]]:
        """Terms by organisation, where it is more than the union of a division."""
        return _grouped(
            (t.organisation, t)
            for t in self.terms
            if t.organisation and not is_of_division(t.organisation, t.place.name)
        )

    @cached_property
    def _of_place(self) -> Mapping[str, tuple[Term, ...]]:
        return _grouped((t.place.name, t) for t in self.terms)

    @cached_property
    def _under(self) -> Mapping[str, tuple[Term, ...]]:
        return _grouped((parent, t) for t in self.terms for parent in dict.fromkeys(t.place.parents))


def _grouped(pairs: Iterable[tuple[_Key, Term]]) -> dict[_Key, tuple[Term, ...]]:
    groups: dict[_Key, list[Term]] = {}
    for key, term in pairs:
        groups.setdefault(key, []).append(term)
    return {key: tuple(terms) for key, terms in groups.items()}


def catalogue_of(
    reports: Iterable[Report], holding: Callable[[str], Container[str]] | None = None
) -> Catalogue:
    """The catalogue of some reports, ordered by place, period and name.

    Args:
        holding: as :class:`Catalogue` has it; None to read all paragraphs for every name.
    """
    reports = tuple(reports)
    terms = [_term(report) for report in reports]
    terms.sort(key=lambda t: (t.place.name, t.period or Period(0, 0), t.name))
    return Catalogue(tuple(terms), holding or partial(_read_through, reports))


def _read_through(reports: Iterable[Report], name: str) -> frozenset[str]:
    return frozenset(report.id for report in reports if any(name in p.text for p in report.paragraphs))


def _term(report: Report) -> Term:
    text = "".join([report.title, report.subtitle, *(p.text for p in report.paragraphs)])
    headings = "".join(dict.fromkeys(h for p in report.paragraphs for h in p.heading))
    return Term(
        report.id,
        report.source.name,
        report.title,
        report.place,
        report.period,
        frozenset(_CONGRESS.findall(headings + text)),
        frozenset(map(int, _YEAR.findall(text))),
        report.organisation,
        report_label(report),
    )
