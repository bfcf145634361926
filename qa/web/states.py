"""What Gradio remembers of each open page: the values of its states alone, and nothing of programs that ask once.

Gradio works out the description of every component for every session, a hundredth of a second and most of a megabyte
each, so that a page can be shared as a link; nobody can here. And each call of a program is a session to it: a
thousand calls would push out the conversations of the pages that are open.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import gradio as gr
from fastapi import FastAPI
from gradio.state_holder import SessionState, StateHolder


class _States(StateHolder):
    """Gradio's, with lighter contents."""

    def __getitem__(self, session_id: str) -> SessionState:
        if (
            session_id in self.blocks._queue.event_ids_to_events
        ):  # named by its one event: no page is behind it
            return _State(self.blocks)
        if session_id not in self.session_data:
            self.session_data[session_id] = _State(self.blocks)
        return super().__getitem__(session_id)


class _State(SessionState):
    """Gradio's, without descriptions: it works out those that it comes to need."""

    def __init__(self, blocks: Any) -> None:
        super().__init__(SimpleNamespace(default_config=blocks.default_config, blocks={}))  # type: ignore[arg-type]


def remember_states_only(application: FastAPI, page: gr.Blocks) -> None:
    """Let the page, which is mounted in the application, keep no more of a session than that."""
    states = _States()  # type: ignore[no-untyped-call]
    states.set_blocks(page)
    for route in application.routes:
        mounted: Any = getattr(route, "app", None)
        if hasattr(mounted, "state_holder"):
            mounted.state_holder = states
