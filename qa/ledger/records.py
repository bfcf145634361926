"""Records of the ledger."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from qa.text.arithmetic import printed
from qa.types import Figure, Level, Period, Place, Spans

FigureKind: TypeAlias = Literal["amount", "plan", "name", "date"]


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction of a value or an indicator by hand, and who is responsible for it."""

    printed_value: float
    author: str
    date: date
    reason: str = ""
    read_indicator: str = ""  # if it was corrected


@dataclass(frozen=True, slots=True)
class FigureRead:
    """What a sentence or a table row says of one of its figures; the fields are those of ``LedgerFigure``."""

    figure: Figure  # with offsets in the sentence or row
    kind: FigureKind
    place: Place
    period: Period | None
    as_of: int | None = None
    indicator: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class LedgerFigure:
    """One figure of a report."""

    kind: FigureKind  # ``"plan"``: still to be reached; ``"name"`` and ``"date"`` are never listed
    value: float  # in the base unit, 365800.0 for 36.58万; as corrected, if it was
    unit: str  # measure word, ``"人次"``; if none is printed, what the noun after it implies
    approximator: str  # ``"超"``, ``"近"``, ``"余"``, ``"多"``, ``"以上"`` or ``""``
    text: str  # as printed, with unit and approximator
    indicator: str  # what is counted, ``"提供法律援助"``; if vague, with the activity: ``"惠及职工（举办公益讲堂）"``
    context: str  # the activity of the clause before, or ``""``
    heading: tuple[str, ...]  # outermost first
    place: str  # full name of the division, or ``""``
    level: Level
    period: Period | None  # the years that it is about
    as_of: int | None  # the year at whose end it applied (目前, 现有, 累计); None if it is of a whole period
    report_id: str
    report: str  # file name
    title: str  # of the report
    paragraph: int
    sentence: str
    start: int  # offset in the paragraph
    spans: Spans  # in the source
    correction: Correction | None = None

    @property
    def right(self) -> str:
        """The figure as printed, or its value and unit after a correction."""
        if self.correction is None or self.correction.printed_value == self.value:
            return self.text
        return printed(self.value, self.unit, scaled=any(scale in self.text for scale in "万亿"))


@dataclass(frozen=True, slots=True)
class IndicatorGroup:
    """Figures whose indicators mean the same in different words."""

    name: str  # the shortest wording, or the name in ``ledger.toml``
    wordings: tuple[str, ...]
    figures: tuple[LedgerFigure, ...]  # in the order of the reports
    by_hand: bool = False  # whether ``ledger.toml`` defines it


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
