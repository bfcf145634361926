"""Query + Hits → Answer."""

from __future__ import annotations

from qa.answering.answer import answer
from qa.answering.refusal import REFUSAL

__all__ = ["REFUSAL", "answer"]
