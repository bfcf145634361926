"""Let Gradio keep only the values of states for each open page, and nothing for programs.

Gradio builds a description of every component for every session, 10 ms and most of a megabyte each, for deep
links, which are closed here. And each call of a program is a session: a thousand calls would evict the open
conversations.
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
        if session_id in self.blocks._queue.event_ids_to_events:  # a program's, named by its one event
            return _State(self.blocks)
        if session_id not in self.session_data:
            self.session_data[session_id] = _State(self.blocks)
        return super().__getitem__(session_id)


class _State(SessionState):
    """Gradio's, without descriptions; it builds those that it needs."""

    def __init__(self, blocks: Any) -> None:
        super().__init__(SimpleNamespace(default_config=blocks.default_config, blocks={}))  # type: ignore[arg-type]


def remember_states_only(application: FastAPI, page: gr.Blocks) -> None:
    """Replace the states of the page, which is mounted in the application."""
    states = _States()  # type: ignore[no-untyped-call]
    states.set_blocks(page)
    for route in application.routes:
        mounted: Any = getattr(route, "app", None)
        if hasattr(mounted, "state_holder"):
            mounted.state_holder = states
