"""Run work in a thread and show its progress: each step as it begins, and the sentences verified so far."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

from qa.engines import Step
from qa.types import Work
from qa.web.words import both, escape

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


def bar(words: str, done: int = 0, total: int = 0) -> str:
    """Return the HTML of the progress, without a bar if there is no total; ``words`` is HTML."""
    shown = f'<progress max="{total}" value="{done}" aria-label="{done}/{total}"></progress>' if total else ""
    return f'<p class="qa-status" role="status">{words}</p>{shown}'


def steps_html(steps: tuple[Step, ...]) -> str:
    """Return the HTML of the current step, below the sentences verified so far."""
    found = [f"<p>{escape(step.about)}。</p>" for step in steps if step.kind == "stated"]
    last = next((step for step in reversed(steps) if step.kind != "stated"), Step("plan"))
    about = last.about if len(last.about) <= MOST_CHARACTERS else f"{last.about[:MOST_CHARACTERS]}…"
    details: dict[str, dict[str, object]] = {"search": {"about": about}, "read": {"count": last.count}}
    values = details.get(last.kind, {})
    return f'{"".join(found)}<span class="qa-status qa-waiting">{both(f"doing_{last.kind}", **values)}</span>'


def cost_line(work: Work | None) -> str:
    """Return the HTML of who answered at what cost, ``""`` if no language model was asked."""
    if work is None:
        return ""
    who = both("by_model", name=work.engine) if work.engine else both("by_rules")
    key = "tokens" if work.counted else "tokens_about"
    tokens = both(key, count=work.tokens, seconds=f"{work.seconds:.1f}")
    return f'<span class="qa-understood qa-work">{who} {tokens}</span>'
