"""The door between search and answer: rules and a language model plan, read and say; all else is shared behind it."""

from __future__ import annotations

from qa.engines.answering import answered
from qa.engines.client import LLMFailure, Model, Stopped, model_of, require_client
from qa.engines.model import LanguageModel
from qa.engines.records import Ask, Conversation, Engine, Plan, Reading, Statement, Step, Watch
from qa.engines.rules import Rules

__all__ = [
    "Ask",
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
    "answered",
    "model_of",
    "require_client",
]
