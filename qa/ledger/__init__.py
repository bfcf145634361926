"""Every figure of the reports as a record that compares: value, unit, what is counted, where, when, from which words.

- ``kinds`` tells amounts from dates and names, ``indicators``, ``times``, ``places`` say what, when, where;
- ``build`` makes the records, ``ledger`` holds and queries them, ``matching`` ranks, ``grouping`` groups;
- ``notes`` reads what people correct in ``ledger.toml``; ``tables`` lays records out as JSON, CSV and XLSX.
"""

from __future__ import annotations

from qa.ledger.ledger import Ledger
from qa.ledger.notes import FILE, LedgerError, Notes, read_notes
from qa.ledger.records import Correction, FigureKind, IndicatorGroup, LedgerFigure, Matrix, MatrixRow

__all__ = [
    "FILE",
    "Correction",
    "FigureKind",
    "IndicatorGroup",
    "Ledger",
    "LedgerError",
    "LedgerFigure",
    "Matrix",
    "MatrixRow",
    "Notes",
    "read_notes",
]
