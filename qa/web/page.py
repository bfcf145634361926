"""The page as a whole: a heading with the language switch, then a tab for each page."""

from __future__ import annotations

from functools import partial

import gradio as gr
from gradio.events import api

from qa.settings import Settings
from qa.web.api import tools
from qa.web.ask_page import add_ask_page
from qa.web.batch_page import add_batch_page
from qa.web.controls import label, plain_html
from qa.web.draft_page import add_draft_page
from qa.web.figures_page import add_figures_page
from qa.web.reports_page import add_reports_page
from qa.web.routes import LOGOUT
from qa.web.search_page import add_search_page
from qa.web.shelf import Shelf
from qa.web.status_page import add_status_page
from qa.web.words import both, chinese

WAITING = 64  # questions in the queue; the next one is refused
_UPLOAD_SECONDS = 24 * 3600  # after which a file that was uploaded but not accepted is deleted
_SESSIONS = 1000  # open pages whose conversations are remembered


def build_page(shelf: Shelf, settings: Settings, *, logs_in: bool = False) -> gr.Blocks:
    """Return the pages over one shelf; with ``logs_in`` there is a button to log out."""
    log = settings.error_log
    page: gr.Blocks
    with gr.Blocks(
        title=chinese("title"),
        analytics_enabled=False,
        fill_height=True,
        fill_width=True,
        delete_cache=(600, _UPLOAD_SECONDS),
    ) as page:
        plain_html(_header(logs_in=logs_in), "qa-header")
        # Links into reports are followed without a new page: the conversation and the typed text stay.
        opener = plain_html("", "qa-opener", hears="qa-open")
        with gr.Tabs(elem_id="qa-pages", selected="ask") as pages:
            with gr.Tab(label("page_ask"), id="ask"):
                renew = add_ask_page(page, shelf, settings)
            with gr.Tab(label("page_batch"), id="batch"):
                add_batch_page(shelf, settings)
            with gr.Tab(label("page_draft"), id="draft"):
                add_draft_page(shelf, settings)
            with gr.Tab(label("page_figures"), id="figures") as tab:
                add_figures_page(tab, shelf, settings)
            with gr.Tab(label("page_reports"), id="reports") as tab:
                for changed in add_reports_page(page, pages, tab, opener, shelf, settings):
                    renew(changed)
            with gr.Tab(label("page_search"), id="search") as tab:
                add_search_page(tab, shelf, log)
            with gr.Tab(label("page_status"), id="status") as tab:
                add_status_page(tab, shelf, settings)
        for tool in tools(shelf, log, partial(gr.Error, print_exception=False)):
            api(tool, api_name=tool.__name__)  # documented with examples, which the tests run, in ``API.md``
    at_once = 8 if settings.llm else 2  # answers wait for a model; our own work only shares the processor
    page.queue(max_size=WAITING, default_concurrency_limit=at_once, api_open=False)
    page.state_session_capacity = _SESSIONS
    return page


def _header(*, logs_in: bool) -> str:
    leave = f'<button type="submit" form="qa-leave" class="qa-leave">{both("log_out")}</button>'
    form = f'<form id="qa-leave" method="post" action="{LOGOUT}"></form>'
    return (
        f"<header><h1>{both('title')}</h1><p>{both('tagline')}</p>"
        f'<button type="button" class="qa-switch">{both("switch")}</button>'
        f"{leave + form if logs_in else ''}</header>"
    )
