"""Check a draft against the reports: every figure, date and name is looked up and judged once.

- ``draft`` reads a text or a file with its places and terms, ``statements`` extracts figures, dates and names;
- ``ranking`` finds the statements of the reports that a draft's statement may be about; ``train`` fits its weights;
- ``comparing`` and ``judging`` give the verdict, with ``exchange`` and ``scope``, ``deeds`` that on what is told as
  done and only planned, and on names; ``check`` runs all steps, ``exports`` writes files.
"""

from qa.drafts.check import check_report
from qa.drafts.draft import draft_of, read_draft
from qa.drafts.ranking import Register, register_of
from qa.drafts.records import DraftCheck, DraftItem, Verdict

__all__ = [
    "DraftCheck", "DraftItem", "Register", "Verdict", "check_report", "draft_of", "read_draft", "register_of",
]  # fmt: skip
