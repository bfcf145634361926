"""Answer with the language model if one is set, else, or if that fails, with the rules."""

from __future__ import annotations

import time
from dataclasses import replace
from threading import Event

from qa.engines import Calls, Conversation, LanguageModel, LLMFailure, Rules, Watch, answer_with
from qa.engines.answering import ignore_step
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
    """Return the answer, with the engine that gave it and what that took.

    ``endpoint`` is that of the language model, None for the rules; setting ``stop`` ends a call of the model
    with the error ``Stopped``.
    """
    started = time.monotonic()
    watch = watch or ignore_step
    if endpoint is None:
        return answer_with(Rules(index), index, conversation, watch)
    model = Calls(endpoint, stop)
    engine = LanguageModel(model, catalogue, grammar, index.reports, endpoint.context)
    try:
        answer, name = answer_with(engine, index, conversation, watch), endpoint.model
    except LLMFailure as failure:
        answer, name = answer_with(Rules(index), index, conversation), ""
        answer = replace(answer, text=f"{answer.text}\n{NOTES[failure.kind]}")
    return replace(answer, work=Work(name, time.monotonic() - started, model.tokens, model.counted))
