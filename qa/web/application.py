"""Build the application: Gradio's page, a tab for each page of ours, and our routes, inside all layers."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from gradio.events import api
from gradio.routes import templates
from gradio.state_holder import SessionState, StateHolder
from jinja2.ext import Extension
from python_multipart.exceptions import FormParserError
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from qa.reading.limits import DOCUMENT_BYTES
from qa.settings import Settings
from qa.web.addresses import HEALTH, LOGIN, LOGOUT, address_of, asked_here, is_loopback
from qa.web.api import http_routes, tools
from qa.web.ask_page import add_ask_page
from qa.web.bodies import events_of
from qa.web.border import Border, unfit
from qa.web.draft_page import add_draft_page
from qa.web.failures import ErrorHandler
from qa.web.figures_page import add_figures_page
from qa.web.guard import Guard, Rate, with_headers
from qa.web.login import Logins
from qa.web.markup import chinese, render, translations
from qa.web.reports_page import add_reports_page
from qa.web.shelf import Shelf
from qa.web.small_pages import add_batch_page, add_search_page, add_status_page, health
from qa.web.ui import label, plain_html
from qa.web.users import Person, person_of

_REQUESTS = "120/30 seconds"  # of one person; an answer on the page takes five
WAITING = 64  # questions in the queue; the next one is refused
_UPLOAD_SECONDS = 24 * 3600  # after which a file that was uploaded but not accepted is deleted
_SESSIONS = 1000  # open pages whose conversations are remembered
_HERE = Path(__file__).parent
# Fonts of the system: nothing is fetched
_CHINESE = "PingFang SC, HarmonyOS Sans SC, Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC"
_FONTS = (*_CHINESE.split(", "), "Source Han Sans SC", "WenQuanYi Micro Hei", "system-ui", "sans-serif")
# Arguments of ``gr.themes.Color``: eleven shades and the name
_CINNABAR = "#fdf4f2 #fbe6e2 #f5cdc6 #eba99f #db7d70 #c65747 #b0402f #933325 #7a2d22 #662a21 #371209 cinnabar"
_STONE = "#faf9f7 #f4f2ee #e7e4de #d5d1c9 #a6a198 #78736a #575349 #433f38 #2a2722 #1c1a17 #121110 stone"


def build_application(shelf: Shelf, settings: Settings, *, mcp: bool = False) -> FastAPI:
    """Return the application, with the tools for language models if ``mcp``; QAError if it cannot."""
    asks = settings.users is not None or settings.users_file.exists()
    logins = Logins(settings) if asks else None
    only_local = logins is None and is_loopback(settings.host)

    async def anybody(connection: HTTPConnection) -> Person:
        """Without logins, requests from this machine have all rights if it alone is served."""
        here = only_local and asked_here(connection.headers)
        return Person("", "administrator" if here else "reader", address_of(connection))

    async def healthy(_: Request) -> Response:
        status, body = await asyncio.to_thread(health, shelf)
        return JSONResponse(body, status)

    start = RedirectResponse("/", 303)
    routes: list[BaseRoute] = [
        Route(HEALTH, healthy),
        Route(LOGIN, logins.login if logins else start, methods=["GET", "POST"]),
        Route(LOGOUT, logins.logout if logins else start, methods=["POST"]),  # no link may end a login
        Route(LOGOUT, start, methods=["GET"]),
    ]
    running: Callable[[], AbstractAsyncContextManager[Any]] = nullcontext
    if mcp:
        more, running = http_routes(shelf, settings.error_log)
        routes += more

    guard = Middleware(
        Guard,
        listens=settings.host,
        names=settings.names,
        identify=logins.person if logins else anybody,
        rate=None if only_local else Rate(_REQUESTS),
    )
    caught = Middleware(ErrorHandler, error_log=settings.error_log)
    page = build_page(shelf, settings, logs_in=logins is not None)
    border = Middleware(Border, events=events_of(page), queue=page._queue)
    layers = [Middleware(with_headers), caught, guard, border]
    outer = FastAPI(openapi_url=None, lifespan=lambda _: running(), routes=routes, middleware=layers)

    gr.mount_gradio_app(outer, page, "/", auth_dependency=lambda r: person_of(r).name, **page_options(caught))
    page.has_launched = True  # not set by mounting; without it Gradio does not check the paths it is given
    states = _States()  # type: ignore[no-untyped-call]
    states.set_blocks(page)
    mounted: Any = outer.routes[-1]
    mounted.app.state_holder = states
    return outer


class _States(StateHolder):
    """Gradio's, which keeps only the values of states for each open page, and nothing for programs.

    Gradio's own builds a description of every component for every session, 10 ms and most of a megabyte each, for
    deep links, which are closed here; those that it needs it builds anyway. And each call of a program is a session:
    a thousand calls would evict the open conversations.
    """

    def __getitem__(self, session_id: str) -> SessionState:
        bare: Any = SimpleNamespace(default_config=self.blocks.default_config, blocks={})
        if session_id in self.blocks._queue.event_ids_to_events:  # a program's, named by its one event
            return SessionState(bare)
        if session_id not in self.session_data:
            self.session_data[session_id] = SessionState(bare)
        return super().__getitem__(session_id)


def build_page(shelf: Shelf, settings: Settings, *, logs_in: bool = False) -> gr.Blocks:
    """Return the pages over one shelf; with ``logs_in`` there is a button to log out."""
    page: gr.Blocks
    with gr.Blocks(
        title=chinese("title"),
        analytics_enabled=False,
        fill_height=True,
        fill_width=True,
        delete_cache=(600, _UPLOAD_SECONDS),
    ) as page:
        plain_html(render("page.header", logs_in=logs_in, logout=LOGOUT), "qa-header")
        # Links into reports are followed without a new page: the conversation and the typed text stay.
        opener = plain_html(hears="qa-open")
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
                add_search_page(tab, shelf, settings)
            with gr.Tab(label("page_status"), id="status") as tab:
                add_status_page(tab, shelf, settings)
        for tool in tools(shelf, settings.error_log, partial(gr.Error, print_exception=False)):
            api(tool, api_name=tool.__name__)  # documented with examples, which the tests run, in ``API.md``
    at_once = 8 if settings.llm else 2  # answers wait for a model; our own work only shares the processor
    page.queue(max_size=WAITING, default_concurrency_limit=at_once, api_open=False)
    page.state_session_capacity = _SESSIONS
    return page


class _FirstScript(Extension):
    """Puts our scripts before Gradio's in its template of the page: they set the language, which it reads once."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        if name != "frontend/index.html":
            return source
        files = (_HERE / "page.js", _HERE / "conversations.js")
        script = "".join(file.read_text(encoding="utf-8") for file in files)
        head = f"<head><script>{{% raw %}}{script}{{% endraw %}}</script>"
        return source.replace("<head>", head, 1).replace('lang="en"', 'lang="zh-CN"', 1)


def page_options(caught: Middleware) -> dict[str, Any]:
    """Return arguments of ``gr.mount_gradio_app``; ``caught`` wraps everything that Gradio runs."""
    templates.env.add_extension(_FirstScript)
    off = ("run_history", "enable_monitoring", "show_error", "ssr_mode", "pwa", "mcp_server")
    return dict.fromkeys(off, False) | {
        "theme": _theme(),
        "i18n": gr.I18n(**translations()),
        "css_paths": _HERE / "style.css",
        "app_kwargs": {
            "openapi_url": None,
            "middleware": [caught],
            "exception_handlers": {RequestValidationError: unfit, FormParserError: unfit},
        },
        "footer_links": [],
        "max_file_size": DOCUMENT_BYTES,
    }


def _theme() -> gr.themes.Base:
    accent = gr.themes.Color(*_CINNABAR.split())
    theme = gr.themes.Base(
        primary_hue=accent,
        secondary_hue=accent,
        neutral_hue=gr.themes.Color(*_STONE.split()),
        radius_size=gr.themes.sizes.radius_lg,
        font=_FONTS,
        font_mono=("ui-monospace", "Consolas", "monospace"),
    )
    return theme.set(
        body_text_color_subdued="#6b665d",
        body_text_color_subdued_dark="#aaa49a",
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        block_background_fill_dark="*neutral_900",
        input_background_fill="white",
        input_background_fill_dark="*neutral_900",
        input_border_color_focus="*primary_400",
        button_secondary_background_fill="transparent",
        button_secondary_background_fill_hover="*neutral_100",
        button_secondary_background_fill_dark="transparent",
        button_secondary_background_fill_hover_dark="*neutral_800",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
    )
