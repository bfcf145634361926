"""ASGI layers: security headers, errors in one sentence, room in the queue, our script before Gradio's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.failures import explain
from qa.web.routes import adds_to_queue

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
_ENTERING_AT_ONCE = 2  # requests on their way into the queue
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
                await JSONResponse({"detail": words}, 500)(scope, receive, send)


class QueueLimit:
    """Refuse requests while ``most`` are in the queue (``waiting``) or on their way into it.

    Of those on their way only two are worked on at once: when many ask at one moment, all else is served between them.
    """

    def __init__(self, app: ASGIApp, waiting: Callable[[], int], most: int) -> None:
        self.app = app
        self.waiting = waiting
        self.most = most
        self._entering = 0
        self._turns = asyncio.Semaphore(_ENTERING_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not adds_to_queue(scope["method"], scope["path"]):
            await self.app(scope, receive, send)
        elif self.waiting() + self._entering >= self.most:
            refusal = {"detail": "现在提问的人太多，请过一会儿再试。"}
            await JSONResponse(refusal, 429, {"connection": "close"})(scope, receive, send)
        else:
            await self._enter(scope, receive, send)

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Reserve a place until the answer begins; from then on the queue counts the request."""
        reserved = 1
        self._entering += reserved

        async def send_and_leave(message: Message) -> None:
            nonlocal reserved
            self._entering, reserved = self._entering - reserved, 0
            await send(message)

        try:
            async with self._turns:
                await self.app(scope, receive, send_and_leave)
        finally:
            self._entering -= reserved


class FirstScript:
    """Put our script before Gradio's, which reads the language once; stands before compression."""

    def __init__(self, app: ASGIApp, script: str) -> None:
        self.app = app
        self.script = f"<script>{script}</script>".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begin: Message | None = None
        page = b""

        async def send_with_script(message: Message) -> None:
            nonlocal begin, page
            if message["type"] == "http.response.start":
                if MutableHeaders(scope=message).get("content-type", "").startswith("text/html"):
                    begin = message  # wait for the body: its length changes
                    return
            elif begin is not None:
                page += message.get("body", b"")
                if message.get("more_body"):
                    return
                body = page.replace(b"<head>", b"<head>" + self.script, 1)
                body = body.replace(b'lang="en"', b'lang="zh-CN"', 1)
                MutableHeaders(scope=begin)["content-length"] = str(len(body))
                await send(begin)
                begin, message = None, {"type": "http.response.body", "body": body}
            await send(message)

        await self.app(scope, receive, send_with_script)
