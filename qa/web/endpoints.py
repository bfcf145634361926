"""End points for other programs, through the queue of the page: ``/ask``, ``/retrieve``, ``/figures``, ``/read``, ``/check_draft``.

``API.md`` beside this file documents them with examples, which the tests run.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import gradio as gr
from gradio.events import api

from qa.web.api import tools
from qa.web.seam import Searches

__all__ = ["add_endpoints"]


def add_endpoints(library: Searches, error_log: Path) -> None:
    """Name the end points in the Blocks that is open."""
    for tool in tools(library, error_log, partial(gr.Error, print_exception=False)):
        api(tool, api_name=tool.__name__)
