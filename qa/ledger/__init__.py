"""The ledger: every figure of the reports with its unit, indicator, place, time and source.

- ``circumstances`` separates amounts from dates and names and finds where and when, ``indicators`` what;
- ``build`` makes the records, ``ledger`` stores and queries them, ``matching`` ranks and groups them;
- ``notes`` reads and writes the corrections in ``ledger.toml``; ``tables`` exports JSON, CSV and XLSX.
"""

from qa.ledger.ledger import Ledger
from qa.ledger.notes import (
    FILE,
    CorrectionNote,
    LedgerError,
    Notes,
    add_correction,
    forget_corrections,
    read_notes,
    withdraw_correction,
)
from qa.ledger.records import Correction, IndicatorGroup, LedgerFigure, Matrix

__all__ = [
    "FILE", "Correction", "CorrectionNote", "IndicatorGroup", "Ledger", "LedgerError", "LedgerFigure", "Matrix",
    "Notes", "add_correction", "forget_corrections", "read_notes", "withdraw_correction",
]  # fmt: skip
