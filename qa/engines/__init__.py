"""The interface between search and answer: an engine plans, reads and says; all else is shared."""

from __future__ import annotations

from qa.engines.answering import answer_with
from qa.engines.client import Calls, LLMFailure, Model, Stopped, require_client
from qa.engines.model import LanguageModel
from qa.engines.records import Ask, Conversation, Engine, Plan, Reading, Statement, Step, Watch
from qa.engines.rules import Rules

__all__ = [
    "Ask",
    "Calls",
    "Conversation",
    "Engine",
    "LLMFailure",
    "LanguageModel",
    "Model",
    "Plan",
    "Reading",
    "Rules",
    "Statement",
    "Step",
    "Stopped",
    "Watch",
    "answer_with",
    "require_client",
]
