"""The ledger of the index that serves: made on first use, kept until the index or its corrections change."""

from __future__ import annotations

import threading

from qa.errors import QuestionError
from qa.index import Index
from qa.ledger import FILE, Ledger, LedgerFigure, read_notes
from qa.library.filters import PeriodLike, known_period, known_place, known_report, names_of
from qa.library.index_keeper import Snapshot
from qa.text.divisions import short_name


class Ledgers:
    """Keeps one ledger; safe to share between threads."""

    def __init__(self) -> None:
        self._making = threading.Lock()
        self._kept: tuple[Index, tuple[int, int], Ledger] | None = None

    def get(self, index: Index) -> Ledger:
        """Return the ledger of this index with ``ledger.toml``; raise LedgerError if that is unusable."""
        stamp = _notes_version(index)
        kept = self._kept
        if kept is None or kept[0] is not index or kept[1] != stamp:
            with self._making:
                kept = self._kept
                if kept is None or kept[0] is not index or kept[1] != stamp:
                    kept = self._kept = (index, stamp, Ledger.of(index, read_notes(index.folder)))
        return kept[2]

    def corrections(self, index: Index) -> tuple[LedgerFigure, ...]:
        """Return the figures corrected by hand; without ``ledger.toml`` none, and no ledger is made.

        Raises LedgerError as :meth:`get`.
        """
        if _notes_version(index) == (0, 0):
            return ()
        return tuple(figure for figure in self.get(index).figures if figure.correction)


def find_figures(
    snapshot: Snapshot,
    ledger: Ledger,
    *,
    place: str | None,
    period: PeriodLike | None,
    indicator: str | None,
    unit: str | None,
    report: str | None,
) -> tuple[LedgerFigure, ...]:
    """Return the figures that fit; arguments as in :meth:`qa.library.Library.figures`.

    Raises QuestionError for a filter that fits no report, or has no word.
    """
    for name, words in (("indicator", indicator), ("unit", unit)):
        if words is not None and not any(c.isalnum() or c in "%‰" for c in words):
            raise QuestionError(f"{name} 是空的。请写下要找的内容，例如 indicator 法律援助、unit 件。")
    return ledger.find(
        place=None if place is None else _full_place(place, snapshot, ledger),
        period=None if period is None else known_period(period, snapshot.catalogue),
        indicator=indicator,
        unit=unit,
        report=None if report is None else known_report(report, map(names_of, snapshot.catalogue.terms)).file,
    )


def _full_place(place: str, snapshot: Snapshot, ledger: Ledger) -> str:
    """Return the full name of a division of the reports, or of one inside it that a figure is about."""
    wanted = place.strip()
    named = (figure.place for figure in ledger.figures if wanted in (figure.place, short_name(figure.place)))
    return next(named, None) or known_place(place, snapshot.catalogue)


def _notes_version(index: Index) -> tuple[int, int]:
    try:
        found = (index.folder / FILE).stat()
    except OSError:
        return (0, 0)
    return found.st_mtime_ns, found.st_size
