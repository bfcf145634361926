"""What the library covers: places, terms, congresses. The question stage knows reports only through it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qa.text.organisations import report_label
from qa.types import Period, Place, Report

__all__ = ["Catalogue", "Term", "catalogue_of"]

_CONGRESS = re.compile(r"第([一二三四五六七八九十]{1,3})次代表大会")


@dataclass(frozen=True, slots=True)
class Term:
    """One report as the question stage sees it; ``congresses`` are the numbers that its text names."""

    report_id: str
    name: str
    title: str
    place: Place
    period: Period | None
    congresses: frozenset[str]
    text: str
    organisation: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every report of a library, by place and then by time."""

    terms: tuple[Term, ...]

    def of_place(self, name: str) -> tuple[Term, ...]:
        """Terms whose own place is ``name``, oldest first."""
        return tuple(t for t in self.terms if t.place.name == name)

    def under(self, name: str) -> tuple[Term, ...]:
        """Terms of places inside ``name``."""
        return tuple(t for t in self.terms if name in t.place.parents)

    def mentioning(self, word: str) -> tuple[Term, ...]:
        """Terms whose text holds ``word``."""
        return tuple(t for t in self.terms if word in t.text)

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(dict.fromkeys(t.place for t in self.terms if t.place.name))


def catalogue_of(reports: Iterable[Report]) -> Catalogue:
    """The catalogue of some reports, ordered by place, period and name."""
    terms = [_term(report) for report in reports]
    terms.sort(key=lambda t: (t.place.name, t.period or Period(0, 0), t.name))
    return Catalogue(tuple(terms))


def _term(report: Report) -> Term:
    text = "".join([report.title, report.subtitle, *(p.text for p in report.paragraphs)])
    congresses = frozenset(m.group(1) for m in _CONGRESS.finditer(text))
    return Term(
        report.id,
        report.source.name,
        report.title,
        report.place,
        report.period,
        congresses,
        text,
        report.organisation,
        report_label(report),
    )
