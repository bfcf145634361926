"""What is shown while an answer is made: each step as it begins, then the sentences that were found to hold."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

from qa.engines import Step
from qa.types import Work
from qa.web.escaping import escape
from qa.web.words import both

Done = TypeVar("Done")
Told = TypeVar("Told")
MOST_CHARACTERS = 60  # of what is looked for


def followed(
    work: Callable[[Callable[[Told], None]], Done], stop: threading.Event
) -> Iterator[tuple[Told, ...] | Future[Done]]:
    """Do some work in a thread of its own: yields the steps so far after each, then what came of it.

    Args:
        stop: is set where this is closed before its end: then nobody waits for the work.
    """
    steps: SimpleQueue[Told | None] = SimpleQueue()
    future: Future[Done] = Future()

    def run() -> None:
        try:
            future.set_result(work(steps.put))
        except BaseException as error:  # noqa: BLE001  # it is raised where the result is taken
            future.set_exception(error)
        finally:
            steps.put(None)

    threading.Thread(target=run, name="answer", daemon=True).start()
    begun: tuple[Told, ...] = ()
    try:
        while (step := steps.get()) is not None:
            begun = (*begun, step)
            yield begun
        yield future
    finally:
        stop.set()


def bar(words: str, done: int = 0, total: int = 0) -> str:
    """The HTML of how far work has come; ``words`` is HTML, and there is no bar where nothing is counted."""
    shown = f'<progress max="{total}" value="{done}" aria-label="{done}/{total}"></progress>' if total else ""
    return f'<p class="qa-status" role="status">{words}</p>{shown}'


def in_words(steps: tuple[Step, ...]) -> str:
    """The HTML of what is being done, below what was found so far."""
    found = [f"<p>{escape(step.about)}。</p>" for step in steps if step.kind == "stated"]
    last = next((step for step in reversed(steps) if step.kind != "stated"), Step("plan"))
    about = last.about if len(last.about) <= MOST_CHARACTERS else f"{last.about[:MOST_CHARACTERS]}…"
    told: dict[str, dict[str, object]] = {"search": {"about": about}, "read": {"count": last.count}}
    values = told.get(last.kind, {})
    return f'{"".join(found)}<span class="qa-status qa-waiting">{both(f"doing_{last.kind}", **values)}</span>'


def taken(work: Work | None) -> str:
    """The HTML of who answered and what that took; nothing where no language model was asked."""
    if work is None:
        return ""
    who = both("by_model", name=work.engine) if work.engine else both("by_rules")
    tokens = both(
        "tokens" if work.counted else "tokens_about", count=work.tokens, seconds=f"{work.seconds:.1f}"
    )
    return f'<span class="qa-understood qa-work">{who} {tokens}</span>'
