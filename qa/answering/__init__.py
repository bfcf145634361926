"""Query + Hits → Answer."""

from qa.answering.answer import answer
from qa.answering.refusal import REFUSAL

__all__ = ["REFUSAL", "answer"]
