"""Run work in a thread and show its progress: each step as it begins, and the sentences verified so far."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

from markupsafe import Markup

from qa.engines import Step
from qa.types import Work
from qa.web.markup import both, render

Done = TypeVar("Done")
Progress = TypeVar("Progress")
Shown = TypeVar("Shown")
MOST_CHARACTERS = 60  # of the search words


def run_with_progress(
    work: Callable[[Callable[[Progress], None]], Done],
    show: Callable[[tuple[Progress, ...]], Shown],
    stop: threading.Event,
) -> Generator[Shown, None, Done]:
    """Run ``work`` in a thread; yield what ``show`` makes of the steps so far after each, return the result.

    An error of the work is raised here. Closing sets ``stop``.
    """
    steps: SimpleQueue[Progress | None] = SimpleQueue()
    future: Future[Done] = Future()

    def run() -> None:
        try:
            future.set_result(work(steps.put))
        except BaseException as error:  # noqa: BLE001  # raised when the result is taken
            future.set_exception(error)
        finally:
            steps.put(None)

    threading.Thread(target=run, name="answer", daemon=True).start()
    begun: tuple[Progress, ...] = ()
    try:
        while (step := steps.get()) is not None:
            begun = (*begun, step)
            yield show(begun)
        return future.result()
    finally:
        stop.set()


def steps_html(steps: tuple[Step, ...]) -> Markup:
    """Return the HTML of the current step, below the sentences verified so far."""
    stated = [step.about for step in steps if step.kind == "stated"]
    last = next((step for step in reversed(steps) if step.kind != "stated"), Step("plan"))
    about = last.about if len(last.about) <= MOST_CHARACTERS else f"{last.about[:MOST_CHARACTERS]}…"
    doing = both(f"doing_{last.kind}", about=about, count=last.count)
    return render("answers.steps", stated=stated, doing=doing)


def cost_line(work: Work | None) -> Markup:
    """Return the HTML of who answered at what cost, ``""`` if no language model was asked."""
    return render("answers.cost", work=work) if work else Markup()
