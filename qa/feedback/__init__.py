"""Feedback on answers (有用, 无用, a comment): stored next to the index, deleted with age, and exported."""

from __future__ import annotations

from qa.feedback.expected import expected
from qa.feedback.records import COMMENT_CHARACTERS, RETENTION_DAYS, Feedback, Verdict, feedback_on
from qa.feedback.store import delete_old, load_all, save

__all__ = [
    "COMMENT_CHARACTERS",
    "RETENTION_DAYS",
    "Feedback",
    "Verdict",
    "delete_old",
    "expected",
    "feedback_on",
    "load_all",
    "save",
]
