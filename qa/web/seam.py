"""What the pages need of a library: the seam at which tests put a small one of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypedDict

from qa.types import Answer, Hit, Report

if TYPE_CHECKING:
    from threading import Event

    from qa.drafts import DraftCheck
    from qa.engines import Watch
    from qa.ledger import Ledger, LedgerFigure
    from qa.library import LibraryStatus

__all__ = ["EVERYTHING", "AsksQuestions", "Filters", "Searches"]


class FilterArguments(TypedDict):
    """What a question is restricted to, None for all."""

    place: str | None
    period: str | None
    report: str | None


@dataclass(frozen=True, slots=True)
class Filters:
    """What a question is restricted to, ``""`` for all; ``period`` is ``"2018-2023"``, ``report`` an id."""

    place: str = ""
    period: str = ""
    report: str = ""

    @property
    def arguments(self) -> FilterArguments:
        """As arguments of ``AsksQuestions.ask``."""
        return {"place": self.place or None, "period": self.period or None, "report": self.report or None}


EVERYTHING = Filters()


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
        report: str | None = None,
        llm: bool = True,
        watch: Watch | None = None,
        stop: Event | None = None,
    ) -> Answer:
        """Answer a question; ``history`` holds the user's earlier turns, oldest first, ``period`` is ``"2018-2023"``.

        ``llm`` False keeps a model, where one is set, out of it: nobody waits for what the page asks by itself.
        ``watch`` takes each step of a model's work as it begins; ``stop``, once it is set, ends it.
        """
        ...


class Searches(AsksQuestions, Protocol):
    """All that the pages show: answers, passages, figures, and what serves them."""

    def retrieve(
        self,
        question: str,
        k: int = 5,
        *,
        place: str | None = None,
        period: str | None = None,
        report: str | None = None,
    ) -> tuple[Hit, ...]:
        """The passages that fit a question best, best first."""
        ...

    def figures(
        self,
        *,
        place: str | None = None,
        period: str | None = None,
        indicator: str | None = None,
        unit: str | None = None,
        report: str | None = None,
    ) -> tuple[LedgerFigure, ...]:
        """The figures of the reports that fit every filter."""
        ...

    def ledger(self) -> Ledger:
        """All figures at once, for groups of indicators and the matrix."""
        ...

    def check_draft(
        self, draft: str | Path, *, progress: Callable[[int, int], None] | None = None
    ) -> DraftCheck:
        """Every figure, date and name of a draft, or of its file, looked up in the reports."""
        ...

    def status(self) -> LibraryStatus:
        """What serves now."""
        ...
