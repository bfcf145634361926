"""Classify what a message wants: an answer from the reports, or something of the program itself.

A linear model over the shipped encoder's vector of the message; ``qa.question.train`` fits it.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from qa.text.divisions import find
from qa.types import About

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from embeddings import Encoder

Intent: TypeAlias = Literal[
    "ask", "chatter", "holdings", "newest", "ability", "identity", "shorter", "points", "tone", "table",
    "paragraph",
]  # fmt: skip
WEIGHTS = "intents.json"


def about(message: str) -> About:
    """Return what a message asks about the library itself, or ``""``."""
    intent = intent_of(message)
    return intent if intent in ("holdings", "newest", "ability", "identity") else ""


@lru_cache(maxsize=4096)
def intent_of(message: str) -> Intent:
    """Return what a message wants; one that names a place asks about the reports.

    >>> intent_of("收录了哪些报告"), intent_of("你是谁"), intent_of("改成要点"), intent_of("建了多少家职工书屋")
    ('holdings', 'identity', 'points', 'ask')
    """
    import numpy as np

    text = message.strip()
    if not text or find(text):
        return "ask"
    vector = np.append(shipped_encoder().encode_query(text), 1.0)
    return get_args(Intent)[int(np.argmax(_weights() @ vector))]  # type: ignore[no-any-return]


@cache
def _weights() -> npt.NDArray[np.float64]:
    """Return the weights (intents, dimension + 1), the bias last."""
    import numpy as np

    table = json.loads(resources.files("qa.question").joinpath(WEIGHTS).read_text("utf-8"))
    return np.array([table[intent] for intent in get_args(Intent)], dtype=np.float64)


@cache
def shipped_encoder() -> Encoder:
    """Return the shipped encoder, opened once."""
    from embeddings import open_encoder

    return open_encoder(None)
