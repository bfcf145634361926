"""The current library, which all pages share and uploads may replace, with the times of its answers."""

import threading
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

from qa.engines import Stopped
from qa.errors import QuestionError
from qa.library import Library
from qa.types import Answer, Outcome, Report

_Ended: TypeAlias = Outcome | Literal["stopped", "refused", "failed"]
_TIMINGS = 200  # questions whose times are kept


def given(**filters: str) -> dict[str, Any]:
    """Return as arguments of the library those filters that restrict something."""
    return {name: value for name, value in filters.items() if value}


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one question took; its words are not kept."""

    at: datetime  # UTC
    seconds: float
    outcome: _Ended


class Shelf:
    """Holds the current library, which may be replaced, and times its answers. Thread-safe."""

    def __init__(self, library: Library) -> None:
        self.library = library  # for all but questions that a person waits for
        self._timings: deque[Timing] = deque(maxlen=_TIMINGS)
        self._running = 0  # questions of people
        self._changed = threading.Condition()

    @property
    def timings(self) -> tuple[Timing, ...]:
        """The last questions, newest first."""
        return tuple(reversed(tuple(self._timings)))

    @property
    def reports(self) -> tuple[Report, ...]:
        return self.library.reports

    def report(self, report_id: str) -> Report:
        return self.library.report(report_id)

    def ask(self, question: str, **options: Any) -> Answer:
        """As ``Library.ask``, with its time recorded."""
        started = time.perf_counter()
        outcome: _Ended = "failed"
        self._count(1)
        try:
            answer = self.library.ask(question, **options)
            outcome = answer.outcome
        except (Stopped, QuestionError) as error:
            outcome = "stopped" if isinstance(error, Stopped) else "refused"
            raise
        finally:
            self._count(-1)
            seconds = time.perf_counter() - started
            self._timings.append(Timing(datetime.now(UTC), seconds, outcome))
        return answer

    def quiet(self, seconds: float) -> bool:
        """Wait at most so long until no person's question is running; return whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._running, seconds)

    def _count(self, change: int) -> None:
        with self._changed:
            self._running += change
            self._changed.notify_all()


Answerer: TypeAlias = Library | Shelf  # answers questions and returns the reports that its answers cite
