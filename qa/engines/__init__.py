"""The interface between search and answer: an engine plans, reads and says; all else is shared."""

from __future__ import annotations

from qa.engines.answering import Rules, answer_with
from qa.engines.client import Calls, LLMFailure, Stopped
from qa.engines.model import LanguageModel
from qa.engines.records import Conversation, Plan, Step, Watch

__all__ = [
    "Calls", "Conversation", "LLMFailure", "LanguageModel", "Plan", "Rules", "Step", "Stopped", "Watch", "answer_with",
]  # fmt: skip
