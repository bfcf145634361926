"""The engines between search and answer: the rules, and a language model that plans and reads; all else is shared."""

from qa.engines.answering import answer_by_rules, answer_with
from qa.engines.client import Calls, LLMFailure, Stopped
from qa.engines.model import LanguageModel
from qa.engines.records import Conversation, Plan, Step, Watch

__all__ = [
    "Calls", "Conversation", "LLMFailure", "LanguageModel", "Plan", "Step", "Stopped", "Watch", "answer_by_rules",
    "answer_with",
]  # fmt: skip
