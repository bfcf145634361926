"""The library that all pages share: uploads may put another in its place, and it knows how long answers took."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias, TypedDict

from qa.engines import Stopped
from qa.errors import QuestionError
from qa.library import Library
from qa.types import Answer, Outcome, Report

_Ended: TypeAlias = Outcome | Literal["stopped", "refused", "failed"]
_TIMINGS = 200  # questions whose times are kept


class _Arguments(TypedDict):
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
    def arguments(self) -> _Arguments:
        """As arguments of ``Library.ask`` and ``Library.retrieve``, None for all."""
        return {"place": self.place or None, "period": self.period or None, "report": self.report or None}


EVERYTHING = Filters()


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
    """Holds the library that answers now, and times its answers. Safe to share between threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._timings: deque[Timing] = deque(maxlen=_TIMINGS)
        self._working = 0  # questions of people
        self._worked = threading.Condition()

    @property
    def library(self) -> Library:
        """The library itself, for all but questions that a person waits for."""
        return self._library

    def put(self, library: Library) -> None:
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

    def ask(self, question: str, **options: Any) -> Answer:
        """As the library's, with its time taken; the options are those of ``Library.ask``."""
        started = time.perf_counter()
        outcome: _Ended = "failed"
        self._count(1)
        try:
            answer = self._library.ask(question, **options)
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


Asks: TypeAlias = Library | Shelf  # answers questions and gives out the reports that its answers cite
