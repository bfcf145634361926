"""The records of the ledger; like all records, frozen and in terms of ``qa.types``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from qa.text.printing import printed
from qa.types import Level, Period, Spans

FigureKind: TypeAlias = Literal["amount", "plan", "name", "date"]


@dataclass(frozen=True, slots=True)
class Correction:
    """A value or an indicator that somebody put in the place of what was read, and who answers for it."""

    printed_value: float
    author: str
    date: date
    reason: str = ""
    read_indicator: str = ""  # where another one stands in its place


@dataclass(frozen=True, slots=True)
class LedgerFigure:
    """One figure of a report with everything that it takes to compare it.

    Args:
        kind: ``"amount"``; ``"plan"`` for what is still to be reached; ``"name"`` and ``"date"`` are told apart
            and never listed.
        value: in the base unit, ``36.58万`` is 365800.0; the corrected one where there is a correction.
        unit: the measure word, ``"人次"``, ``"元"``; where none is printed, what the noun behind it shows.
        approximator: ``"超"``, ``"近"``, ``"余"``, ``"多"``, ``"以上"`` or ``""``.
        text: as it is printed, unit and approximator included.
        indicator: what is counted, in the words of the clause: ``"提供法律援助"``; with the activity in brackets
            where these words alone leave it open: ``"惠及职工（举办公益讲堂）"``.
        context: the clause before it that says what it belongs to, or ``""``.
        heading: path of its paragraph, outermost first.
        place: the full name of the division that it is about; ``""`` where none is known.
        level: the level of ``place``.
        period: the years that it is about, or None where nothing tells.
        as_of: the year at the end of which it held (目前, 现有, 累计), or None for what happened over a period.
        report_id: of the report, likewise ``report``, the file name, and ``title``.
        paragraph: number of its paragraph in the report.
        sentence: its sentence as it stands in the paragraph.
        spans: the exact characters of the source.
        correction: how it was corrected by hand, or None.
    """

    kind: FigureKind
    value: float
    unit: str
    approximator: str
    text: str
    indicator: str
    context: str
    heading: tuple[str, ...]
    place: str
    level: Level
    period: Period | None
    as_of: int | None
    report_id: str
    report: str
    title: str
    paragraph: int
    sentence: str
    spans: Spans
    correction: Correction | None = None

    @property
    def right(self) -> str:
        """The figure as it is said: as it is printed, or after a correction its value and unit."""
        if self.correction is None or self.correction.printed_value == self.value:
            return self.text
        return printed(self.value, self.unit, scaled=any(scale in self.text for scale in "万亿"))


@dataclass(frozen=True, slots=True)
class IndicatorGroup:
    """Figures whose indicators mean the same under other words.

    Args:
        name: the shortest of the wordings, or the one that ``ledger.toml`` gives.
        wordings: every indicator inside, in the order in which they were met.
        figures: in the order of the reports.
        by_hand: whether ``ledger.toml`` made it.
    """

    name: str
    wordings: tuple[str, ...]
    figures: tuple[LedgerFigure, ...]
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One group of indicators; ``cells[n]`` holds what report n of the matrix says of it, or nothing.

    ``spoken[n]`` is whether report n has the words of the group at all: else it does not report it.
    """

    group: IndicatorGroup
    cells: tuple[tuple[LedgerFigure, ...], ...]
    spoken: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Which report gives which indicator.

    Args:
        reports: (id, heading of the column), such as 温州市 2018–2023.
        rows: indicators that most reports give come first.
    """

    reports: tuple[tuple[str, str], ...]
    rows: tuple[MatrixRow, ...]
