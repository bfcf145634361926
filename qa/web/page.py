"""The page as a whole: a heading with the language switch, then the views, one file each."""

from __future__ import annotations

import gradio as gr

from qa.settings import Settings
from qa.web.ask_page import add_ask_page
from qa.web.endpoints import add_endpoints
from qa.web.seam import AsksQuestions
from qa.web.words import both, chinese

__all__ = ["build_page"]

_WAITING = 64  # questions in the queue; the next one is told to try again


def build_page(library: AsksQuestions, settings: Settings) -> gr.Blocks:
    """The page over one library; it serves nothing until ``qa.web.serve`` launches it."""
    page: gr.Blocks
    with gr.Blocks(
        title=chinese("title"), analytics_enabled=False, fill_height=True, fill_width=True
    ) as page:
        gr.HTML(_header(), elem_id="qa-header", js_on_load=None, apply_default_css=False)
        add_ask_page(page, library, settings.error_log)
        add_endpoints(library, settings.error_log)
    page.queue(max_size=_WAITING, default_concurrency_limit=4)
    return page


def _header() -> str:
    return (
        f"<header><h1>{both('title')}</h1><p>{both('tagline')}</p>"
        f'<button type="button" class="qa-switch">{both("switch")}</button></header>'
    )
