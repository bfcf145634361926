"""ASGI layers: security headers, errors in one sentence."""

from __future__ import annotations

import asyncio
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.failures import explain, refused

_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",  # Gradio's front end compiles its templates
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_PRIVATE = ("text/html", "application/json")  # never cached; files of the front end may be


class Headers:
    """The outermost layer: with its headers the browser loads, sends and embeds nothing beyond this host."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                if headers.get("content-type", "").startswith(_PRIVATE):
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)


class ErrorHandler:
    """Turn unhandled exceptions into a sentence with an id and a line of the log, before Starlette does."""

    def __init__(self, app: ASGIApp, error_log: Path) -> None:
        self.app = app
        self.error_log = error_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            if (task := asyncio.current_task()) and task.cancelling():
                return  # when the server ends, Gradio would send the paths of its files
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except ClientDisconnect:
            return
        except Exception as error:
            if scope["type"] != "http":
                raise
            words = explain(error, self.error_log)
            if not begun:
                await refused(500, words)(scope, receive, send)
