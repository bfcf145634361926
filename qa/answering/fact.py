"""What the reports state in answer to a question for one thing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.answering.statement import Statement
from qa.types import Figure, Report

YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年)")


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement that answers a question."""

    statement: Statement
    short: str  # the shortest direct answer
    figure: Figure | None  # offsets into the sentence; None if words answer
    chance: float  # 0 to 1: how likely it is right

    @property
    def report(self) -> Report:
        return self.statement.evidence.hit.report

    @property
    def end_year(self) -> int:
        """The last year of its report, 0 if its period is unknown."""
        return self.report.period.end if self.report.period else 0
