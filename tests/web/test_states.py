"""What the server remembers of open pages; programs that ask it push nothing of that out."""

import gradio as gr

from qa.web.application import _States
from tests.web.conftest import waited


async def remembered() -> None:
    with gr.Blocks(analytics_enabled=False) as page:
        turns = gr.State(())
        for _ in range(20):
            gr.Textbox()
    page.state_session_capacity = 2
    held = _States()
    held.set_blocks(page)
    held["first"][turns._id] = ("a question",)
    for number in range(5):
        page._queue.event_ids_to_events[event := f"{number:032x}"] = None  # type: ignore[assignment]
        assert held[event][turns._id] == ()
    assert list(held.session_data) == ["first"]
    assert held["first"][turns._id] == ("a question",)
    assert len(held["first"].config_values) == 1  # of the state that was set; none of the boxes
    for session in ("second", "third"):
        held[session][turns._id] = (session,)
    assert list(held.session_data) == ["second", "third"]


def test_pages_are_remembered_by_their_states_and_programs_not_at_all() -> None:
    waited(remembered())  # Gradio looks for a loop that runs
