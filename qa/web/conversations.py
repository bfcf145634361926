"""Conversations that the browser stores: it sends the questions back, and the server answers them again."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from markupsafe import Markup

from qa.feedback import Verdict
from qa.web.chat import Turn, converse
from qa.web.markup import both, render
from qa.web.shelf import Answerer, Filters

MOST_QUESTIONS = 40  # of one conversation: its first one, which names it, and the last ones
_FIELDS = ("key", "question", "place", "period", "report", "verdict", "answer")


def remembered(turns: tuple[Turn, ...]) -> dict[str, Any] | None:
    """Return what the browser stores, or None; a digest shows later whether an answer changed."""
    answered = [turn for turn in turns if turn.answer]
    if not answered:
        return None
    kept = (answered[0], *answered[1:][1 - MOST_QUESTIONS :])
    return {"id": answered[0].key, "turns": [_row(turn) for turn in kept]}


def recalled(library: Answerer, kept: object, error_log: Path) -> tuple[Turn, ...]:
    """Return a stored conversation, asked again without a model; invalid rows are skipped."""
    rows = kept.get("turns") if isinstance(kept, dict) else None
    turns: tuple[Turn, ...] = ()
    for row in rows[:MOST_QUESTIONS] if isinstance(rows, list) else ():
        if not (isinstance(row, dict) and all(isinstance(row.get(name), str) for name in _FIELDS)):
            continue
        filters = Filters(row["place"], row["period"], row["report"])
        *_, turns = converse(library, row["question"], turns, error_log, filters, row["key"][:40], llm=False)
        turns = (*turns[:-1], _as_before(turns[-1], row))
    return turns


def conversation_list(user: str = "") -> Markup:
    """Return the list's frame and row template; the browser fills it with what it stores for this user."""
    return render("answers.conversations", user=user)


def _row(turn: Turn) -> dict[str, str]:
    filters = turn.filters
    answer = turn.answer.text if turn.answer else ""
    values = (turn.key, turn.question, filters.place, filters.period, filters.report)
    return dict(zip(_FIELDS, (*values, turn.verdict or "", _digest(answer)), strict=True))


def _as_before(turn: Turn, row: dict[str, str]) -> Turn:
    """Add the stored verdict, and a note if the answer is another one now."""
    verdicts: dict[str, Verdict] = {"useful": "useful", "useless": "useless"}
    same = turn.answer is not None and _digest(turn.answer.text) == row["answer"]
    note = Markup() if same else Markup('<div class="qa-changed">{}</div>').format(both("answer_changed"))
    return replace(turn, verdict=verdicts.get(row["verdict"]), shown=note + turn.shown)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
