"""What people said of answers (有用, 无用, a comment): kept beside the index, forgotten with age, exported as questions."""

from __future__ import annotations

from qa.feedback.expected import expected
from qa.feedback.records import COMMENT_CHARACTERS, RETENTION_DAYS, Feedback, Verdict, feedback_on
from qa.feedback.store import every, forget, keep

__all__ = [
    "COMMENT_CHARACTERS",
    "RETENTION_DAYS",
    "Feedback",
    "Verdict",
    "every",
    "expected",
    "feedback_on",
    "forget",
    "keep",
]
