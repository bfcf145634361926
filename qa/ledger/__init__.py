"""The ledger: every figure of the reports with its unit, indicator, place, time and source.

- ``kinds`` separates amounts from dates and names; ``indicators`` finds what, ``circumstances`` where and when;
- ``build`` makes the records, ``ledger`` stores and queries them, ``matching`` ranks and groups them;
- ``notes`` reads and writes the corrections in ``ledger.toml``; ``tables`` exports JSON, CSV and XLSX.
"""

from __future__ import annotations

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
from qa.ledger.records import Correction, FigureKind, IndicatorGroup, LedgerFigure, Matrix, MatrixRow

__all__ = [
    "FILE", "Correction", "CorrectionNote", "FigureKind", "IndicatorGroup", "Ledger", "LedgerError",
    "LedgerFigure", "Matrix", "MatrixRow", "Notes", "add_correction", "forget_corrections", "read_notes",
    "withdraw_correction",
]  # fmt: skip
