"""Conversations that the browser keeps: their questions leave it for the server, their answers are worked out again."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from qa.feedback import Verdict
from qa.web.chat import Turn, converse
from qa.web.escaping import escape
from qa.web.shelf import Asks, Filters
from qa.web.words import both

MOST_QUESTIONS = 40  # of one conversation: its first one, which names it, and the last ones
_FIELDS = ("key", "question", "place", "period", "report", "verdict", "answer")


def remembered(turns: tuple[Turn, ...]) -> dict[str, Any] | None:
    """What the browser keeps of a conversation; None where nothing was answered yet.

    Its id is the key of the first turn. Of an answer a digest is kept, to tell whether the reports still give it.
    """
    answered = [turn for turn in turns if turn.answer]
    if not answered:
        return None
    return {
        "id": answered[0].key,
        "turns": [_row(t) for t in (answered[0], *answered[1:][1 - MOST_QUESTIONS :])],
    }


def recalled(library: Asks, kept: object, error_log: Path) -> tuple[Turn, ...]:
    """The conversation asked again, without a model, from what a browser kept; what is no such thing is passed over."""
    rows = kept.get("turns") if isinstance(kept, dict) else None
    turns: tuple[Turn, ...] = ()
    for row in rows[:MOST_QUESTIONS] if isinstance(rows, list) else ():
        if not (isinstance(row, dict) and all(isinstance(row.get(name), str) for name in _FIELDS)):
            continue
        filters = Filters(row["place"], row["period"], row["report"])
        *_, turns = converse(library, row["question"], turns, error_log, filters, row["key"][:40], llm=False)
        turns = (*turns[:-1], _as_before(turns[-1], row))
    return turns


def conversation_list(user: str = "") -> str:
    """The list's frame and the pattern of its rows; the browser fills it with what it keeps for this user."""
    return (
        f'<details class="qa-talks" data-user="{escape(user)}"><summary>{both("conversations")}</summary>'
        f'<p class="qa-talks-none">{both("no_conversations")}</p><ul></ul>'
        f'<template><li class="qa-talk"><button type="button" class="qa-talk-open"></button>'
        f'<button type="button" class="qa-talk-rename">{_icon("rename")}</button>'
        f'<button type="button" class="qa-talk-delete">{_icon("delete")}</button>'
        f'<span class="qa-talk-sure" hidden>{both("delete_conversation")}'
        f'<button type="button" class="qa-talk-gone">{both("delete")}</button>'
        f'<button type="button" class="qa-talk-keep">{both("keep")}</button></span></li></template></details>'
    )


def _row(turn: Turn) -> dict[str, str]:
    filters = turn.filters
    answer = turn.answer.text if turn.answer else ""
    values = (turn.key, turn.question, filters.place, filters.period, filters.report)
    return dict(zip(_FIELDS, (*values, turn.verdict or "", _digest(answer)), strict=True))


def _as_before(turn: Turn, row: dict[str, str]) -> Turn:
    """With the verdict that it had, and a word where the reports give another answer now."""
    verdicts: dict[str, Verdict] = {"useful": "useful", "useless": "useless"}
    same = turn.answer is not None and _digest(turn.answer.text) == row["answer"]
    note = "" if same else f'<div class="qa-changed">{both("answer_changed")}</div>'
    return replace(turn, verdict=verdicts.get(row["verdict"]), shown=note + turn.shown)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _icon(name: str) -> str:
    return f'<span class="qa-icon qa-icon-{name}" aria-hidden="true"></span><span class="qa-hidden">{both(name)}</span>'
