"""The library that all pages share: uploads may put another in its place, and it knows how long answers took."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from qa.engines import Stopped
from qa.errors import QuestionError
from qa.types import Answer, Hit, Outcome, Report
from qa.web.seam import Searches

if TYPE_CHECKING:
    from qa.drafts import DraftCheck
    from qa.engines import Watch
    from qa.ledger import Ledger, LedgerFigure
    from qa.library import LibraryStatus

__all__ = ["Shelf", "Timing"]

_Ended: TypeAlias = Outcome | Literal["stopped", "refused", "failed"]
_TIMINGS = 200  # questions whose times are kept


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one question took; its words are not kept.

    Args:
        at: when it was answered, in UTC.
        outcome: that of the answer; in place of one, whether it was stopped, its question refused, or it failed.
    """

    at: datetime
    seconds: float
    outcome: _Ended


class Shelf:
    """A library among others: whatever is put here answers the next call. Safe to share between threads."""

    def __init__(self, library: Searches) -> None:
        self._library = library
        self._timings: deque[Timing] = deque(maxlen=_TIMINGS)
        self._working = 0  # questions of people
        self._worked = threading.Condition()

    def put(self, library: Searches) -> None:
        """Let another library answer from now on; calls that are under way end with the old one."""
        self._library = library

    @property
    def timings(self) -> tuple[Timing, ...]:
        """Of the last questions, newest first."""
        return tuple(reversed(tuple(self._timings)))

    @property
    def reports(self) -> tuple[Report, ...]:
        """As the library's."""
        return self._library.reports

    def report(self, report_id: str) -> Report:
        """As the library's."""
        return self._library.report(report_id)

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
        stop: threading.Event | None = None,
    ) -> Answer:
        """As the library's, with its time taken."""
        started = time.perf_counter()
        outcome: _Ended = "failed"
        self._count(1)
        try:
            answer = self._library.ask(
                question,
                history=history,
                place=place,
                period=period,
                report=report,
                llm=llm,
                watch=watch,
                stop=stop,
            )
            outcome = answer.outcome
        except Stopped:
            outcome = "stopped"
            raise
        except QuestionError:
            outcome = "refused"
            raise
        finally:
            self._count(-1)
            seconds = time.perf_counter() - started
            self._timings.append(Timing(datetime.now(UTC), seconds, outcome))
        return answer

    def quiet(self, seconds: float) -> bool:
        """Wait until no question of a person is being worked on; False where that takes longer."""
        with self._worked:
            return self._worked.wait_for(lambda: not self._working, seconds)

    def _count(self, change: int) -> None:
        with self._worked:
            self._working += change
            self._worked.notify_all()

    @property
    def untimed(self) -> Searches:
        """For what the page asks by itself: nobody waits for that, so its time does not count."""
        return self._library

    def retrieve(
        self,
        question: str,
        k: int = 5,
        *,
        place: str | None = None,
        period: str | None = None,
        report: str | None = None,
    ) -> tuple[Hit, ...]:
        """As the library's."""
        return self._library.retrieve(question, k, place=place, period=period, report=report)

    def figures(
        self,
        *,
        place: str | None = None,
        period: str | None = None,
        indicator: str | None = None,
        unit: str | None = None,
        report: str | None = None,
    ) -> tuple[LedgerFigure, ...]:
        """As the library's."""
        return self._library.figures(
            place=place, period=period, indicator=indicator, unit=unit, report=report
        )

    def ledger(self) -> Ledger:
        """As the library's."""
        return self._library.ledger()

    def check_draft(
        self, draft: str | Path, *, progress: Callable[[int, int], None] | None = None
    ) -> DraftCheck:
        """As the library's."""
        return self._library.check_draft(draft, progress=progress)

    def status(self) -> LibraryStatus:
        """As the library's."""
        return self._library.status()
