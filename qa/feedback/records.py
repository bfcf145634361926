"""One verdict with the question and the answer that it is about; no names, no addresses."""

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
    """A verdict on an answer, and all that is needed to ask its question again."""

    key: str  # of the answer; a second verdict on it replaces the first
    at: str  # time of the verdict, ``"2024-06-18T09:30:00+00:00"``
    verdict: Verdict
    comment: str
    question: str
    history: tuple[str, ...]
    place: str  # the filter that was set, or ``""``, as in the next two
    period: str
    report: str  # its file name
    answer: str
    short: str  # the direct answer, or ``""``
    abstained: bool  # the answer was a refusal
    calculated: bool  # figures of the answer were computed
    figures: tuple[str, ...]  # those that measure something, as the answer prints them
    quotes: tuple[str, ...]  # what it cited


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
    """Return the record of a verdict given now; a comment is cut at COMMENT_CHARACTERS."""
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
