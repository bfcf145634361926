"""Serve the page until it is told to stop: one clear sentence where that is impossible, no noise at the end."""

from __future__ import annotations

import errno
import os
import signal
import socket
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from qa.errors import QAError
from qa.settings import Settings
from qa.web.seam import Searches

if TYPE_CHECKING:
    from gradio import Blocks

__all__ = ["ServeError", "launch", "serve"]


class ServeError(QAError):
    """The page cannot listen where it was told to."""


def serve(
    settings: Settings, open_library: Callable[[], Searches], say: Callable[[str], object] = print
) -> None:
    """Open the library and serve its page until Ctrl-C or SIGTERM, then return.

    The address is tried first: nobody waits for an index to be built to hear that the port is taken.

    Args:
        settings: where to listen, where to log.
        open_library: called once, with the port known to be free.
        say: takes the lines for the person who started the program.

    Raises:
        QAError: the address cannot be used, or the library cannot be opened.
    """
    try:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        _try_address(settings)
        library = open_library()
        page = launch(library, settings)
        say(f"网页已就绪：{_address(settings)}（按 Ctrl-C 结束）")
        try:
            _sleep_for_ever()
        finally:
            page.close(verbose=False)
    except KeyboardInterrupt:
        say("已结束。")


def launch(library: Searches, settings: Settings) -> Blocks:
    """Start to serve and return at once; ``close()`` of what is returned ends it.

    Raises:
        ServeError: the address cannot be used.
    """
    for name in ("NO_PROXY", "no_proxy"):  # Gradio asks itself whether it is up: not through a proxy
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), "127.0.0.1", "localhost")))
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    from qa.web.look import launch_options
    from qa.web.page import build_page
    from qa.web.shelf import Shelf
    from qa.web.status_page import health
    from qa.web.uploads import is_local

    shelf = Shelf(library)
    page = build_page(shelf, settings)
    try:
        page.launch(
            server_name=settings.host,
            server_port=settings.port,
            prevent_thread_lock=True,
            **launch_options(partial(health, shelf), takes_files=is_local(settings)),
        )
    except OSError as error:
        raise _unusable(settings, error) from error
    return page


def _try_address(settings: Settings) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as trial:
            if os.name == "posix":  # as the server will: a port just left by another process is free
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        raise _unusable(settings, error) from error


def _unusable(settings: Settings, error: OSError) -> ServeError:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return ServeError(
            f"地址 {settings.host} 不是这台机器的地址，请改正 UNION_QA_HOST（通常是 127.0.0.1）。"
        )
    if error.errno == errno.EACCES:
        return ServeError(f"没有权限使用端口 {settings.port}，请把 UNION_QA_PORT 设为 1024 以上的端口。")
    return ServeError(
        f"端口 {settings.port} 已被占用：请关闭占用它的程序，或换一个端口，例如 UNION_QA_PORT={settings.port % 65535 + 1}。"
    )


def _address(settings: Settings) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104  # shown only
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def _sleep_for_ever() -> None:
    while True:
        threading.Event().wait(3600 if os.name == "posix" else 0.5)
