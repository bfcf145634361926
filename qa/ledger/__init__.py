"""Every figure of the reports as a record that compares: value, unit, what is counted, where, when, from which words.

- ``kinds`` tells amounts from dates and names, ``indicators``, ``times``, ``places`` say what, when, where;
- ``build`` makes the records, ``ledger`` holds and queries them, ``matching`` ranks, ``grouping`` groups;
- ``notes`` reads what people correct in ``ledger.toml``, ``noting`` writes it; ``tables`` lays records out as JSON, CSV and XLSX.
"""

from __future__ import annotations

from qa.ledger.ledger import Ledger
from qa.ledger.notes import FILE, CorrectionNote, LedgerError, Notes, read_notes
from qa.ledger.noting import forget_corrections, note_correction, withdraw_correction
from qa.ledger.records import Correction, FigureKind, IndicatorGroup, LedgerFigure, Matrix, MatrixRow

__all__ = [
    "FILE",
    "Correction",
    "CorrectionNote",
    "FigureKind",
    "IndicatorGroup",
    "Ledger",
    "LedgerError",
    "LedgerFigure",
    "Matrix",
    "MatrixRow",
    "Notes",
    "forget_corrections",
    "note_correction",
    "read_notes",
    "withdraw_correction",
]
