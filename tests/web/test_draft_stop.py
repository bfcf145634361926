"""A check of a draft ends where nobody waits for it any more, and its folder stays until then."""

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from qa.drafts import DraftCheck
from qa.settings import Settings
from qa.web.draft_page import add_draft_page
from qa.web.shelf import Shelf
from tests.web.conftest import waited
from tests.web.small_library import SmallLibrary


class Sent(gr.EventData):
    """What the browser sends along with a file."""

    def __init__(self, **said: object) -> None:
        self._data = said


FILE = Sent(name="稿.txt", size=3, data="5bel")  # its three bytes are a character


class Endless(SmallLibrary):
    """Tells its progress for as long as it may, and keeps what became of it."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.ended, self.had_its_file = threading.Event(), threading.Event(), True

    def check_draft(
        self,
        draft: str | Path,
        *,
        progress: Callable[[int, int], None] | None = None,
        most: int | None = None,
    ) -> DraftCheck:
        assert progress is not None
        try:
            for done in range(1000):
                self.begun.set()
                time.sleep(0.01)
                self.had_its_file &= not isinstance(draft, Path) or draft.is_file()
                progress(done, 1000)
        finally:
            self.ended.set()
        raise AssertionError("nobody stopped it")


async def event_of(library: SmallLibrary, home: Path) -> Callable[..., Any]:
    with gr.Blocks(analytics_enabled=False) as page:  # Gradio looks for a loop that runs
        add_draft_page(Shelf(library), Settings(home, None, None, "127.0.0.1", 7860))
    return next(function.fn for function in page.fns.values() if function.fn and function.name == "check")


async def stopped(
    event: Callable[..., Any], given: tuple[Any, ...], begun: threading.Event, *, closed: bool
) -> list[str]:
    """What the loop complains of where Gradio stops an event: it cancels it, or closes it between two states."""
    complaints = list[str]()
    asyncio.get_running_loop().set_exception_handler(lambda _, said: complaints.append(said["message"]))
    states = event(*given)
    if closed:
        await anext(states)
    else:
        waiting = asyncio.create_task(anext(states))
        assert await asyncio.to_thread(begun.wait, 10)
        waiting.cancel()
        await asyncio.wait({waiting})
        del waiting
    await states.aclose()
    return complaints


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("given", [(Sent(), "稿"), (FILE,)])
def test_a_check_that_is_stopped_ends_before_its_event_does(
    tmp_path: Path, given: tuple[Any, ...], closed: bool
) -> None:
    library = Endless()

    async def checked() -> tuple[bool, list[str]]:
        event = await event_of(library, tmp_path)
        complaints = await stopped(event, given, library.begun, closed=closed)
        return library.ended.is_set(), complaints

    assert waited(checked()) == (True, [])
    assert library.had_its_file


@pytest.mark.parametrize(
    "sent", [Sent(name="稿.txt", size=3, data="稿"), Sent(name="稿.txt", size=3, data="5b")]
)
def test_a_file_that_came_in_part_is_asked_for_again(tmp_path: Path, sent: Sent) -> None:
    async def told() -> str:
        event = await event_of(SmallLibrary(), tmp_path)
        return str([state async for state in event(sent)])

    assert "没有收全。请再选一次" in waited(told())
