"""Build the application: Gradio's page and our routes inside headers, errors, guard, border."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from types import SimpleNamespace
from typing import Any

import gradio as gr
from fastapi import FastAPI
from gradio.state_holder import SessionState, StateHolder
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from qa.settings import Settings
from qa.web.addresses import HEALTH, LOGIN, LOGOUT, address_of, asked_here, is_loopback
from qa.web.bodies import events_of
from qa.web.border import Border
from qa.web.failures import ErrorHandler
from qa.web.guard import Guard, with_headers
from qa.web.limits import Rate
from qa.web.login import Logins
from qa.web.page import build_page, page_options
from qa.web.shelf import Shelf
from qa.web.small_pages import health
from qa.web.tokens import Logouts, signing_key
from qa.web.users import Person, UserFile, person_of

_REQUESTS = "120/30 seconds"  # of one person; an answer on the page takes five


def build_application(shelf: Shelf, settings: Settings, *, mcp: bool = False) -> FastAPI:
    """Return the application, with the tools for language models if ``mcp``; QAError if something of it is missing."""
    logins = _logins(settings)
    log, only_local = settings.error_log, logins is None and is_loopback(settings.host)

    async def anybody(connection: HTTPConnection) -> Person:
        """Without logins, requests from this machine have all rights if it alone is served."""
        here = only_local and asked_here(connection.headers)
        return Person("", "administrator" if here else "reader", address_of(connection))

    async def healthy(_: Request) -> Response:
        status, body = await asyncio.to_thread(health, shelf)
        return JSONResponse(body, status)

    routes: list[BaseRoute] = [
        Route(HEALTH, healthy),
        Route(LOGIN, logins.login if logins else _to_start, methods=["GET", "POST"]),
        Route(LOGOUT, logins.logout if logins else _to_start, methods=["POST"]),  # no link may end a login
        Route(LOGOUT, _to_start),
    ]
    running: Callable[[], AbstractAsyncContextManager[Any]] = nullcontext
    if mcp:
        from qa.web.api import http_routes

        tools, running = http_routes(shelf, log)
        routes += tools

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with running():
            yield

    guard = Middleware(
        Guard,
        listens=settings.host,
        names=settings.names,
        identify=logins.person if logins else anybody,
        rate=None if only_local else Rate(_REQUESTS),
    )
    caught = Middleware(ErrorHandler, error_log=log)
    page = build_page(shelf, settings, logs_in=logins is not None)
    border = Middleware(Border, events=events_of(page), queue=page._queue)
    layers = [Middleware(with_headers), caught, guard, border]
    outer = FastAPI(openapi_url=None, lifespan=lifespan, routes=routes, middleware=layers)

    async def user(request: Request) -> str:
        return person_of(request).name

    gr.mount_gradio_app(outer, page, "/", auth_dependency=user, **page_options(caught))
    page.has_launched = True  # not set by mounting; without it Gradio does not check the paths it is given
    _remember_states_only(outer, page)
    return outer


def _logins(settings: Settings) -> Logins | None:
    """Return the logins, or None if there is no file of users."""
    if settings.users is None and not settings.users_file.exists():
        return None
    key = settings.home / "login.key"
    ended = Logouts(settings.home / "logouts", key)
    return Logins(UserFile(settings.users_file), signing_key(key), settings.port, settings.audit_log, ended)


async def _to_start(_: Request) -> Response:
    return RedirectResponse("/", 303)


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


def _remember_states_only(application: FastAPI, page: gr.Blocks) -> None:
    """Let Gradio keep only the values of states for each open page, and nothing for programs.

    It builds a description of every component for every session, 10 ms and most of a megabyte each, for deep
    links, which are closed here. And each call of a program is a session: a thousand calls would evict the open
    conversations.
    """
    states = _States()  # type: ignore[no-untyped-call]
    states.set_blocks(page)
    for route in application.routes:
        mounted: Any = getattr(route, "app", None)
        if hasattr(mounted, "state_holder"):
            mounted.state_holder = states
