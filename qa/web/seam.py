"""What the page needs of a library: the seam at which tests put a small one of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from qa.types import Answer, Report

__all__ = ["AsksQuestions"]


class AsksQuestions(Protocol):
    """Answers questions and gives out the reports that its answers cite."""

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports of the current generation, in a stable order."""
        ...

    def report(self, report_id: str) -> Report:
        """One report. Raises QAError where it is no longer there."""
        ...

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        place: str | None = None,
        period: str | None = None,
    ) -> Answer:
        """Answer a question; ``history`` holds the user's earlier turns, oldest first, ``period`` is ``"2018-2023"``."""
        ...
