"""Which engine answers: the language model where one is set, else the rules; and the rules where the model fails."""

from __future__ import annotations

import time
from dataclasses import replace
from threading import Event

from qa.engines import Conversation, LanguageModel, LLMFailure, Rules, Watch, answered, model_of
from qa.engines.answering import unseen
from qa.engines.planning import Grammar
from qa.engines.words import NOTES
from qa.index import Index
from qa.question import Catalogue
from qa.settings import Endpoint
from qa.types import Answer, Work


def answer_of(
    index: Index,
    catalogue: Catalogue,
    conversation: Conversation,
    grammar: Grammar,
    endpoint: Endpoint | None,
    watch: Watch | None = None,
    stop: Event | None = None,
) -> Answer:
    """The answer, with which engine gave it and what that took.

    Args:
        endpoint: of the language model, or None to leave it to the rules.
        stop: set, a call of the model ends.

    Raises:
        Stopped: ``stop`` was set meanwhile.
    """
    started = time.monotonic()
    watch = watch or unseen
    if endpoint is None:
        return answered(Rules(index), index, conversation, watch)
    model = model_of(endpoint, stop)
    engine = LanguageModel(model, endpoint.model, catalogue, grammar, index.reports, endpoint.context)
    try:
        told, name = answered(engine, index, conversation, watch), engine.name
    except LLMFailure as failure:
        told, name = answered(Rules(index), index, conversation), ""
        told = replace(told, text=f"{told.text}\n{NOTES[failure.kind]}")
    return replace(told, work=Work(name, time.monotonic() - started, model.tokens, model.counted))
