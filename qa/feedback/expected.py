"""Export feedback as questions with expected answers, the lines that ``union-qa evaluate`` reads."""

from __future__ import annotations

from typing import Any

from qa.feedback.records import Feedback


def expected(feedback: Feedback) -> dict[str, Any]:
    """Return the question; if its answer was useful, what that stated and cited is expected again.

    After a useless answer nothing is expected yet: a person who reads the comment fills ``answer_groups`` in.
    """
    useful = feedback.verdict == "useful"
    refused = useful and feedback.abstained
    points = [feedback.short] if feedback.short else list(feedback.figures)
    return {
        "id": feedback.key,
        "type": "unanswerable" if refused else "aggregate" if feedback.calculated else "",
        "question": feedback.question,
        "history": list(feedback.history),
        "place": feedback.place,
        "period": feedback.period,
        "report": feedback.report,
        "answer_groups": [[point] for point in points] if useful and not refused else [],
        "evidence": list(feedback.quotes) if useful and not refused else [],
        "verdict": feedback.verdict,
        "comment": feedback.comment,
        "answer": feedback.answer,
        "at": feedback.at,
    }
