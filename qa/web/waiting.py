"""Answer the port from the first moment on: a page that says that the program is starting, and looks again by itself."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from qa.web.routes import HEALTH
from qa.web.words import both, chinese

__all__ = ["waiting"]

_LOOK_SECONDS = 0.02  # at most so long after the page is ready nobody is answered here any more
_REQUEST_SECONDS = 0.5  # that the line of a request may take: others wait behind it
_LINE_BYTES = 4096

_PAGE = f"""<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="refresh" content="1">
<meta name="viewport" content="width=device-width"><title>{chinese("title")}</title>
<style>html {{ color-scheme: light dark; font: 16px/1.7 sans-serif }} p {{ margin: 40vh auto 0; width: fit-content }}
.en {{ display: block }}</style></head><body><p role="status">{both("starting")}</p></body></html>"""


@contextmanager
def waiting(listener: socket.socket) -> Iterator[None]:
    """Within the block, whoever connects is told to wait; who connects at its end is left to the next one."""
    over = threading.Event()
    listener.listen()
    listener.settimeout(_LOOK_SECONDS)
    thread = threading.Thread(target=_answer, args=(listener, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        listener.settimeout(None)


def _answer(listener: socket.socket, over: threading.Event) -> None:
    while not over.is_set():
        with suppress(OSError):  # nobody came, or somebody left
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(_REQUEST_SECONDS)
                line = connection.recv(_LINE_BYTES).split(b"\r\n", 1)[0]
                connection.sendall(_reply(line))


def _reply(line: bytes) -> bytes:
    """503 to any request, as programs and people read it."""
    method, _, rest = line.partition(b" ")
    kind, body = "text/html", _PAGE
    if rest.startswith(HEALTH.encode()):
        kind, body = "application/json", '{"status": "starting"}'
    content = body.encode()
    head = (
        f"HTTP/1.1 503 Service Unavailable\r\ncontent-type: {kind}; charset=utf-8\r\nretry-after: 1\r\n"
        f"content-length: {len(content)}\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\n"
        "content-security-policy: default-src 'none'; style-src 'unsafe-inline'\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + (b"" if method == b"HEAD" else content)
