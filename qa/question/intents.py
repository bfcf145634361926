"""Classify what a message wants: an answer from the reports, something of the program itself, or of the last answers.

It may ask to change the last one, or to compute with the figures just answered. Linear models over the shipped encoder's
vectors, of the message and of the words around what a change names;
``qa.question.train`` fits them.
"""

from __future__ import annotations

import json
from collections.abc import Container
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from embeddings import default_encoder
from embeddings.words import cut_at
from qa.text.divisions import find
from qa.types import About, Change, Edit, Span

Intent: TypeAlias = Literal[
    "ask", "chatter", "holdings", "newest", "ability", "identity", "shorter", "fuller", "more", "points",
    "tone", "table", "paragraph",
]  # fmt: skip
Operation: TypeAlias = Literal["", "sum", "difference", "multiple", "share", "ratio", "growth"]
WEIGHTS = "intents.json"
EARLIER = "earlier "  # before an operation: key of its weights in that file
LIKELY = "earlier, at least"  # key of the chance from which a follow-up computes with what was answered
FRAME = "frame"  # key of the words around what a change names, in the same file


def about(message: str) -> About:
    """Return what a message asks about the library itself, or ``""``."""
    intent = intent_of(message)
    return intent if intent in ("holdings", "newest", "ability", "identity") else ""


@lru_cache(maxsize=4096)
def intent_of(message: str) -> Intent:
    """Return what a message wants; one that names a place asks about the reports.

    >>> intent_of("收录了哪些报告"), intent_of("你是谁"), intent_of("再详细一点"), intent_of("建了多少家职工书屋")
    ('holdings', 'identity', 'fuller', 'ask')
    """
    text = message.strip()
    if not text or find(text):
        return "ask"
    vector = np.append(default_encoder().encode_query(text), 1.0)
    return get_args(Intent)[int(np.argmax(_weights() @ vector))]  # type: ignore[no-any-return]


def operation_on_earlier(message: str) -> Operation:
    """Return how a follow-up wants to compute with the figures just answered; ``""`` if it does not, or names a place.

    >>> operation_on_earlier("两样加起来一共多少个"), operation_on_earlier("总共办了多少场")
    ('sum', '')
    """
    if find(message):
        return ""
    vector = np.append(default_encoder().encode_query(message.strip()), 1.0)
    operations = get_args(Operation)
    scores = np.exp([vector @ np.array(learned(f"{EARLIER}{operation}")) for operation in operations])
    likeliest = 1 + int(np.argmax(scores[1:]))
    return operations[likeliest] if 1.0 - scores[0] / scores.sum() > learned(LIKELY)[0] else ""


def edits_in(turn: str) -> tuple[Edit, ...]:
    """Return the changes of the last answer that a turn asks for, clause by clause; none if no clause asks for one.

    >>> [(edit.change, edit.thing) for edit in edits_in("把食堂那列去掉，加上志愿者人数")]
    [('drop', '食堂'), ('add', '志愿者人数')]
    """
    clauses = turn.translate(str.maketrans("，；;。！!", ",,,,,,")).split(",")
    edits = tuple(_edit(clause.strip()) for clause in clauses if clause.strip())
    return edits if any(edit.change for edit in edits) else ()


def _edit(clause: str) -> Edit:
    around, changes = learned(FRAME), get_args(Change)
    scores = np.array([learned(change) for change in changes]) @ change_vector(clause, around)
    change, named = changes[int(np.argmax(scores))], _named(clause, around)
    between = ((sum(map(str.isalnum, clause[a:b])), a, b) for (_, a), (b, _) in pairwise(named))
    apart, left, right = max(between, default=(0, 0, 0))
    if change == "swap" and apart:  # between the two things stand the most other words
        return Edit(change, clause, clause[named[0][0] : left], clause[right : named[-1][1]])
    return Edit(change, clause, clause[named[0][0] : named[-1][1]] if named else "")


def change_vector(clause: str, around: Container[str]) -> npt.NDArray[np.float64]:
    """Return what tells the change that a clause asks for: the words around what it names."""
    words = list(clause)
    for start, end in _named(clause, around):
        words[start:end] = [""] * (end - start)
    return np.append(default_encoder().encode_query("".join(words)), 1.0)


def _named(clause: str, around: Container[str]) -> list[Span]:
    """Return the words of a clause that are none of ``around``."""
    return [(at, at + len(word)) for at, word in cut_at(clause) if word.isalnum() and word not in around]


def learned(name: str) -> list[Any]:
    """Return what was learned under a name: the weights of an intent, or the words around what a change names."""
    return _table()[name]


@cache
def _table() -> dict[str, list[Any]]:
    return json.loads(resources.files("qa.question").joinpath(WEIGHTS).read_text("utf-8"))  # type: ignore[no-any-return]


@cache
def _weights() -> npt.NDArray[np.float64]:
    """Return the weights (intents, dimension + 1), the bias last."""
    return np.array([learned(intent) for intent in get_args(Intent)], dtype=np.float64)
