"""``qa.retrieve`` and ``qa.ask``: the library that opens when none is named."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from functools import lru_cache

from qa.index import index_exists
from qa.library.facade import Library
from qa.library.filters import PeriodLike
from qa.library.opening import open_library
from qa.settings import Settings, read_settings
from qa.types import Answer, Hit

_opening = threading.Lock()


def retrieve(
    question: str,
    k: int = 5,
    *,
    place: str | None = None,
    period: PeriodLike | None = None,
    report: str | None = None,
) -> tuple[Hit, ...]:
    """:meth:`Library.retrieve` on the default index, else on the bundled sample reports."""
    return _default().retrieve(question, k, place=place, period=period, report=report)


def ask(
    question: str,
    *,
    history: Sequence[str] = (),
    place: str | None = None,
    period: PeriodLike | None = None,
    report: str | None = None,
) -> Answer:
    """:meth:`Library.ask` on the default index, else on the bundled sample reports."""
    return _default().ask(question, history=history, place=place, period=period, report=report)


def _default() -> Library:
    settings = read_settings()
    with _opening:
        return _open(settings, index_exists(settings.index_folder))


@lru_cache(maxsize=1)
def _open(settings: Settings, built: bool) -> Library:  # noqa: ARG001  # once it is built, the sample gives way
    return open_library(settings=settings, say=lambda line: print(line, file=sys.stderr))
