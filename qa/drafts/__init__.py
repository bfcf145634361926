"""Check a draft against the reports: every figure, date and name is looked up and judged once.

- ``draft`` reads a text or a file, ``statements`` extracts figures, dates and names, ``context`` their place and term;
- ``register`` indexes the statements of the reports, ``ranking`` finds the candidates for a draft's statement;
- ``comparing`` and ``judging`` give the verdict, ``check`` runs all steps; ``train`` fits the ranking weights.
"""

from __future__ import annotations

from qa.drafts.check import check_report
from qa.drafts.draft import draft_of, read_draft
from qa.drafts.records import DraftCheck, DraftItem, Verdict
from qa.drafts.register import Register, register_of

__all__ = [
    "DraftCheck",
    "DraftItem",
    "Register",
    "Verdict",
    "check_report",
    "draft_of",
    "read_draft",
    "register_of",
]
