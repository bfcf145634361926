"""The ledger of the index that serves: made when it is first asked for, kept until the index or its notes change."""

from __future__ import annotations

import threading

from qa.errors import QuestionError
from qa.index import Index
from qa.ledger import FILE, Ledger, LedgerFigure, read_notes
from qa.library.filters import PeriodLike, known_period, known_place, known_report, names_of
from qa.library.holder import Held


class Ledgers:
    """Holds one ledger; safe to share between threads."""

    def __init__(self) -> None:
        self._making = threading.Lock()
        self._kept: tuple[Index, tuple[int, int], Ledger] | None = None

    def get(self, index: Index) -> Ledger:
        """The ledger of this index with what ``ledger.toml`` beside it says.

        Raises:
            LedgerError: the file cannot be used.
        """
        stamp = _stamp(index)
        kept = self._kept
        if kept is None or kept[0] is not index or kept[1] != stamp:
            with self._making:
                kept = self._kept
                if kept is None or kept[0] is not index or kept[1] != stamp:
                    kept = self._kept = (index, stamp, Ledger.of(index, read_notes(index.folder)))
        return kept[2]

    def corrections(self, index: Index) -> tuple[LedgerFigure, ...]:
        """The figures that were corrected by hand; none, and no ledger is made, without ``ledger.toml``.

        Raises:
            LedgerError: as :meth:`get`.
        """
        if _stamp(index) == (0, 0):
            return ()
        return tuple(figure for figure in self.get(index).figures if figure.correction)


def find_figures(
    held: Held,
    ledger: Ledger,
    *,
    place: str | None,
    period: PeriodLike | None,
    indicator: str | None,
    unit: str | None,
    report: str | None,
) -> tuple[LedgerFigure, ...]:
    """The figures that fit; the arguments are as :meth:`qa.library.Library.figures` takes them.

    Raises:
        QuestionError: a filter that no report fits, or one without a word in it.
    """
    for name, words in (("indicator", indicator), ("unit", unit)):
        if words is not None and not any(c.isalnum() or c in "%‰" for c in words):
            raise QuestionError(f"{name} 是空的。请写下要找的内容，例如 indicator 法律援助、unit 件。")
    return ledger.find(
        place=None if place is None else _place(place, held, ledger),
        period=None if period is None else known_period(period, held.catalogue),
        indicator=indicator,
        unit=unit,
        report=None if report is None else known_report(report, map(names_of, held.catalogue.terms)).file,
    )


def _place(place: str, held: Held, ledger: Ledger) -> str:
    """The full name of a division of the reports, or of one inside it that a figure is about."""
    from qa.text.divisions import short_name

    wanted = place.strip()
    named = (figure.place for figure in ledger.figures if wanted in (figure.place, short_name(figure.place)))
    return next(named, None) or known_place(place, held.catalogue)


def _stamp(index: Index) -> tuple[int, int]:
    try:
        found = (index.folder / FILE).stat()
    except OSError:
        return (0, 0)
    return found.st_mtime_ns, found.st_size
