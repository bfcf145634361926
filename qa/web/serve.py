"""Start the server, refuse to start with a clear sentence, stop quietly; limits that uvicorn lacks."""

from __future__ import annotations

import asyncio
import errno
import gc
import inspect
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from qa.errors import QAError
from qa.library import Library
from qa.settings import Settings, refuse_little_memory, system_limit
from qa.web.addresses import is_loopback
from qa.web.users import read_users

_ENVIRONMENT = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",  # else Gradio builds a table of ten thousand after each question
    "HF_HUB_DISABLE_TELEMETRY": "1",
}
_SWITCH_SECONDS = 0.001  # thread switch interval, a fifth of Python's default
_ADDRESS_SPACE = 4 * 10**9  # bytes; little of it is memory, each thread reserves a range of its own
_GRACE_SECONDS = 3  # for answers that are under way
_AWAKE_SECONDS = 0.5
_HEAD_SECONDS = 10.0  # for the headers of a request
_SPARE = 16  # descriptors that are kept for everything but connections


def serve(
    settings: Settings,
    open_library: Callable[[], Library],
    say: Callable[[str], object] = print,
    *,
    for_all: bool = False,
    mcp: bool = False,
) -> None:
    """Open the library and serve its page until Ctrl-C or SIGTERM, then end the process.

    The socket is bound first: a taken port is reported before an index is built, and early requests wait. ``say``
    prints a line for the person who started the program; ``for_all``, other machines may read without a login;
    ``mcp``, the tools for language models are served too.

    Raises QAError if the address cannot be used, others could use it without a login, or the library cannot be opened.
    """
    _refuse_strangers(settings, for_all)
    refuse_little_memory(_ADDRESS_SPACE, "网页（实际占用约 500 MB）")
    try:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        with _listener(settings) as listener, serving(open_library(), settings, listener, mcp=mcp):
            say(f"网页已就绪：{_address(settings)}（按 Ctrl-C 结束）")
            while True:  # the signal may reach another thread, and is handled when this one next wakes
                threading.Event().wait(_AWAKE_SECONDS)
    except KeyboardInterrupt:
        say("已结束。")
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)  # a regular shutdown under threads of native libraries may abort


@contextmanager
def without_stubs() -> Iterator[None]:
    """Import Gradio within the block without its stubs for editors, which take seconds of every start.

    A class without a file gets none (``gradio.component_meta``).
    """
    known = inspect.getfile

    def getfile(what: Any) -> str:
        if str(getattr(what, "__module__", "")).startswith("gradio."):
            raise OSError("no file is looked for")
        return known(what)

    inspect.getfile = getfile  # type: ignore[assignment]  # its argument has another name
    try:
        yield
    finally:
        inspect.getfile = known


@contextmanager
def serving(
    library: Library, settings: Settings, listener: socket.socket, *, mcp: bool = False
) -> Iterator[None]:
    """Serve within the block, on a bound socket."""
    os.environ.update(_ENVIRONMENT)  # before the import, which reads it
    with without_stubs():
        from qa.web.application import build_application
        from qa.web.shelf import Shelf

    application = build_application(Shelf(library), settings, mcp=mcp)
    sys.setswitchinterval(_SWITCH_SECONDS)
    gc.collect()
    gc.freeze()  # what is loaded stays: a collection that looks through it too takes a fifth of a second

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            for route in application.routes:  # heartbeats of pages, for which a closing server would wait
                if stop := getattr(getattr(route, "app", None), "stop_event", None):
                    stop.set()
            await super().shutdown(sockets)

    config = uvicorn.Config(
        application,
        http=Connection,
        forwarded_allow_ips=list(settings.proxies),  # trusted to say where a request comes from
        log_level="critical",  # errors have a line in our log
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise QAError("网页没有启动成功。请用 union-qa status 检查索引，再试一次。")
            time.sleep(0.005)
        yield
    finally:
        gc.unfreeze()
        server.should_exit = True
        thread.join(_GRACE_SECONDS + 1)


def _refuse_strangers(settings: Settings, for_all: bool) -> None:
    if settings.users is not None or settings.users_file.exists():
        read_users(settings.users_file)
    elif not (for_all or is_loopback(settings.host)):
        raise QAError(
            f"在 {settings.host} 上，别的电脑也能打开这个网页，而现在谁都不用登录。请先用 union-qa users add 添加用户；"
            "确实要让任何人都能提问和阅读，就用 union-qa serve --open 启动。"
        )


def _listener(settings: Settings) -> Listener:
    """Return a bound socket, at which early requests wait until the page is ready."""
    try:
        kind, flags = socket.SOCK_STREAM, socket.AI_PASSIVE
        family, *_, address = socket.getaddrinfo(settings.host, settings.port, type=kind, flags=flags)[0]
        dual = family == socket.AF_INET6 and socket.has_dualstack_ipv6()
        bound = socket.create_server(address, family=family, dualstack_ipv6=dual)
    except (OSError, UnicodeError) as error:  # Unicode: a name that no host can have, such as a..b
        raise _unusable(settings, error) from error
    return Listener(fileno=bound.detach())


def _unusable(settings: Settings, error: OSError | UnicodeError) -> QAError:
    if isinstance(error, UnicodeError | socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return QAError(f"地址 {settings.host} 不是这台机器的地址，请改正 UNION_QA_HOST（通常是 127.0.0.1）。")
    if error.errno == errno.EACCES:
        return QAError(f"没有权限使用端口 {settings.port}，请把 UNION_QA_PORT 设为 1024 以上的端口。")
    return QAError(
        f"端口 {settings.port} 已被占用：请关闭占用它的程序，或换一个端口，例如 UNION_QA_PORT={settings.port % 65535 + 1}。"
    )


def _address(settings: Settings) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104  # shown only
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


class Connection(H11Protocol):
    """Uvicorn's connection, closed if the headers of a request take too long: it waits for them for ever."""

    _late: asyncio.TimerHandle

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._late = self.loop.call_later(_HEAD_SECONDS, self._give_up)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._late.cancel()
        self._late = self.loop.call_later(_HEAD_SECONDS, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._late.cancel()

    def _give_up(self) -> None:
        if self.conn.their_state is h11.IDLE:
            self.transport.close()


class Listener(socket.socket):
    """A listening socket that turns connections away when too many are open.

    asyncio before Python 3.13 does not recover once it ran out of descriptors: it tries to accept 2,048 times
    in a row, and again for each of those a second later. ``accept`` raises only what the event loop expects.
    """

    def accept(self) -> tuple[socket.socket, object]:
        """Accept; ConnectionAbortedError for one too many, BlockingIOError if no descriptor is left."""
        try:
            connection, address = super().accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                raise BlockingIOError(errno.EAGAIN, "no descriptor is left") from error
            raise
        # The system always gives the lowest number.
        if connection.fileno() >= system_limit("RLIMIT_NOFILE") - _SPARE:
            connection.close()
            raise ConnectionAbortedError(errno.ECONNABORTED, "too many connections")
        return connection, address
