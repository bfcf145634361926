"""Check a draft against the reports: every figure, date and name is looked up, and judged once.

- ``draft`` reads a text or a file, ``statements`` finds what it states, ``context`` says of which place and term;
- ``register`` lays out what the reports state, ``ranking`` finds what a statement is about;
- ``comparing`` and ``judging`` come to a verdict, ``check`` is the whole way; ``train`` fits the weights.
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
