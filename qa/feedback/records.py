"""One verdict with the question and the answer that it is about; nobody's name, no address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from qa.checking.amounts import amounts
from qa.types import Answer

RETENTION_DAYS = 180  # docs/usage.md and the page 状态 state it
COMMENT_CHARACTERS = 1000

Verdict: TypeAlias = Literal["useful", "useless"]


@dataclass(frozen=True, slots=True)
class Feedback:
    """What was said of one answer, and all that is needed to ask its question again.

    Args:
        key: names the answer; a second verdict on it replaces the first.
        at: when it was said, ``"2024-06-18T09:30:00+00:00"``.
        place: the filter that was set, or ``""``; likewise ``period`` and ``report`` (its file name).
        answer: the text of the answer.
        short: the direct answer, or ``""``.
        abstained: the answer was a refusal.
        calculated: figures of the answer were computed.
        figures: those of the answer that measure something, as it prints them.
        quotes: what it cited.
    """

    key: str
    at: str
    verdict: Verdict
    comment: str
    question: str
    history: tuple[str, ...]
    place: str
    period: str
    report: str
    answer: str
    short: str
    abstained: bool
    calculated: bool
    figures: tuple[str, ...]
    quotes: tuple[str, ...]


def feedback_on(
    answer: Answer,
    key: str,
    verdict: Verdict,
    *,
    comment: str = "",
    history: Sequence[str] = (),
    place: str = "",
    period: str = "",
    report: str = "",
) -> Feedback:
    """The record of a verdict that is given now; a comment is cut at COMMENT_CHARACTERS."""
    return Feedback(
        key=key,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        verdict=verdict,
        comment=comment.strip()[:COMMENT_CHARACTERS],
        question=answer.question,
        history=tuple(history),
        place=place,
        period=period,
        report=report,
        answer=answer.text,
        short=answer.short or "",
        abstained=answer.abstained,
        calculated=bool(answer.calculation),
        figures=tuple(dict.fromkeys(figure.text for figure in amounts(answer))),
        quotes=tuple(citation.quote for citation in answer.citations),
    )
