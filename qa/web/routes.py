"""The open paths: ours, and those of Gradio that the page and the end points need; all others are closed.

Closed are among others Gradio's proxy, its file reader, direct calls past the queue, streams and deep links.
"""

from __future__ import annotations

import re

HEALTH, LOGIN, LOGOUT, MCP = "/health", "/login", "/logout", "/mcp"
CANCEL, UPLOAD = "/gradio_api/cancel", "/gradio_api/upload"
JOIN, LISTEN = "/gradio_api/queue/join", "/gradio_api/queue/data"
RESET = "/gradio_api/reset"

_STATIC = r"/(?:static|assets|svelte)/[^\\]+|/(?:theme\.css|favicon\.ico|robots\.txt|manifest\.json)"
_GRADIO = r"""/gradio_api/(?:
    info/? | openapi\.json | theme\.css | app_id
  | queue/(?:join|data) | cancel | reset/? | heartbeat/\w{1,64}
  | call/(?:v2/)?\w+(?:/\w+)?/?
  | upload | upload_progress
)"""
_CALL = re.compile(r"/gradio_api/call/(v2/)?(\w+)(?:/(\w+))?")
_OPEN = re.compile(rf"/ | /config/? | {HEALTH} | {LOGIN} | {LOGOUT} | {MCP} | {_STATIC} | {_GRADIO}", re.X)


def is_open(path: str) -> bool:
    """Whether this path may be called at all.

    >>> is_open("/gradio_api/queue/join"), is_open("/gradio_api/file=/etc/passwd")
    (True, False)
    """
    return _OPEN.fullmatch(path) is not None and ".." not in path


def needs_no_login(path: str) -> bool:
    """Whether strangers may call this path."""
    return path in (HEALTH, LOGIN, "/robots.txt", "/favicon.ico")


def called(path: str) -> tuple[str, str, str] | None:
    """Return ``"v2/"`` for named arguments, the end point, and the number of a call to fetch.

    >>> called("/gradio_api/call/ask"), called("/gradio_api/call/v2/ask/1a")
    (('', 'ask', ''), ('v2/', 'ask', '1a'))
    """
    found = _CALL.fullmatch(path)
    return (found[1] or "", found[2], found[3] or "") if found else None


def heartbeat_of(path: str) -> str:
    """Return the session of a heartbeat, or ``""``."""
    kind, _, session = path.removeprefix("/gradio_api/").partition("/")
    return session if kind == "heartbeat" else ""
