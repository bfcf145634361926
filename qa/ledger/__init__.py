"""The ledger: every figure of the reports with its unit, indicator, place, time and source; queries, groups, comparison.

- ``circumstances`` separates amounts from dates and names and finds where and when, ``indicators`` what;
- ``build`` makes the figures, ``matching`` ranks and groups them;
- ``notes`` reads and writes the corrections in ``ledger.toml``; ``tables`` exports JSON, CSV and XLSX.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from qa.index import Index
from qa.ledger.build import LedgerFigure, figures_of
from qa.ledger.matching import IndicatorGroup, groups_of, mentions, ranked
from qa.ledger.notes import Notes, corrected
from qa.text.divisions import short_name
from qa.text.figures import figures as figures_in
from qa.text.figures import is_unit, same_value, unit_kind
from qa.types import Period, Report


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One group of indicators."""

    group: IndicatorGroup
    cells: tuple[tuple[LedgerFigure, ...], ...]  # of each report
    spoken: tuple[bool, ...]  # whether each report mentions the words of the group at all


@dataclass(frozen=True, slots=True)
class Matrix:
    """Which report gives which indicator."""

    reports: tuple[tuple[str, str], ...]  # (id, column heading such as 温州市 2018–2023)
    rows: tuple[MatrixRow, ...]  # indicators that most reports give come first


class Ledger:
    """Every figure of the reports, in reading order. Immutable.

    ``figures`` are amounts and plans; ``set_aside`` are those of names and dates, which no query finds; ``unused`` says
    why entries of ``ledger.toml`` are not used.

    >>> ledger = Ledger.of(index)  # doctest: +SKIP
    >>> [f.text for f in ledger.find(indicator="法律援助", place="温州市")]  # doctest: +SKIP
    ['1.45万件']
    """

    __slots__ = ("_groups", "_notes", "_reports", "figures", "set_aside", "unused")

    def __init__(
        self, reports: Iterable[Report], figures: Iterable[LedgerFigure], notes: Notes | None = None
    ) -> None:
        self._notes = notes or Notes()
        every = tuple(figures)
        counted = (f for f in every if f.kind in ("amount", "plan"))
        self.figures, self.unused = corrected(counted, self._notes)
        self.set_aside = tuple(f for f in every if f.kind in ("name", "date"))
        self._reports = tuple(reports)
        self._groups: dict[tuple[str, str], IndicatorGroup] | None = None

    @classmethod
    def of(cls, index: Index, notes: Notes | None = None) -> Ledger:
        """Return the ledger of an opened index."""
        own = {id_: tuple(found) for id_, found in groupby(index.sentences, key=lambda s: s.report_id)}
        found = (figure for report in index.reports for figure in figures_of(report, own.get(report.id, ())))
        return cls(index.reports, found, notes)

    def find(
        self,
        *,
        place: str | None = None,
        period: tuple[int, int] | None = None,
        indicator: str | None = None,
        unit: str | None = None,
        report: str | None = None,
    ) -> tuple[LedgerFigure, ...]:
        """Return the figures that match all criteria, best match of the indicator first, else in reading order.

        Args:
            place: full name of a division; those inside it match too.
            period: first and last year, both included.
            indicator: words for what is counted; synonyms match too. Or a figure itself (1.4亿元), by its value.
            unit: a measure word; those of its kind match too (件 and 起, 元 and 万元).
            report: file name or id of a report.
        """
        found: Iterable[LedgerFigure] = self.figures
        if report is not None:
            found = [f for f in found if report in (f.report, f.report_id)]
        if place is not None:
            own = {r.id for r in self._reports if place in (r.place.name, *r.place.parents)}
            found = [f for f in found if f.place == place or f.report_id in own]
        if period is not None:
            asked = Period(*period)
            terms = {r.id for r in self._reports if r.period is None or asked.meets(r.period)}
            found = [f for f in found if f.report_id in terms and f.period and asked.meets(f.period)]
        if unit is not None:
            bare = unit.strip().lstrip("十百千万亿")
            kind = unit_kind(bare if is_unit(bare) else unit.strip())  # 百分点 is no number of 分点
            found = [f for f in found if unit_kind(f.unit) == kind]
        words = indicator or ""
        if stated := next((f for f in figures_in(words) if f.text == words.strip()), None):
            alike = (f for f in found if not stated.unit or unit_kind(f.unit) == unit_kind(stated.unit))
            return tuple(f for f in alike if same_value(f.value, stated.value))
        return tuple(found) if indicator is None else ranked(found, indicator)

    def groups(self, figures: Iterable[LedgerFigure] | None = None) -> tuple[IndicatorGroup, ...]:
        """Return the groups of indicators of the whole ledger, or restricted to some figures."""
        if self._groups is None:
            made = groups_of(self.figures, self._notes.groups)
            self._groups = {(f.indicator, unit_kind(f.unit)): g for g in made for f in g.figures}
        by_group: dict[int, tuple[IndicatorGroup, list[LedgerFigure]]] = {}
        for figure in self.figures if figures is None else figures:
            group = self._groups[figure.indicator, unit_kind(figure.unit)]
            by_group.setdefault(id(group), (group, []))[1].append(figure)
        return tuple(replace(group, figures=tuple(own)) for group, own in by_group.values())

    def matrix(self, figures: Iterable[LedgerFigure] | None = None) -> Matrix:
        """Return which report gives which indicator, for some figures or the whole ledger."""
        groups = self.groups(figures)
        given = {f.report_id for group in groups for f in group.figures}
        reports = [r for r in self._reports if r.id in given]
        texts = ["".join(p.text for p in report.paragraphs) for report in reports]
        rows = (_row(group, reports, texts) for group in groups)
        return Matrix(_columns(reports), tuple(sorted(rows, key=lambda row: -sum(map(bool, row.cells)))))


def _row(group: IndicatorGroup, reports: Sequence[Report], texts: Sequence[str]) -> MatrixRow:
    by_report = defaultdict[str, list[LedgerFigure]](list)
    for figure in group.figures:
        by_report[figure.report_id].append(figure)
    cells = tuple(tuple(by_report[report.id]) for report in reports)
    spoken = (bool(c) or mentions(group.name, text) for c, text in zip(cells, texts, strict=True))
    return MatrixRow(group, cells, tuple(spoken))


def _columns(reports: Sequence[Report]) -> tuple[tuple[str, str], ...]:
    """Return (id, heading) of each report: place and years, or the file name if these are not unique."""
    short = {r.id: " ".join(filter(None, (short_name(r.place.name), str(r.period or "")))) for r in reports}
    unique = {label for label, count in Counter(short.values()).items() if label and count == 1}
    return tuple((r.id, short[r.id] if short[r.id] in unique else r.source.name) for r in reports)
