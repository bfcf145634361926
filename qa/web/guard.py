"""Keep the browser on this host and put our script into the page before Gradio's.

The content policy lets the browser load, send and embed nothing beyond the host, whatever a report, a question or
a library of the front end tries. The script has to run first because Gradio reads the language once, at its start.
Monitors ask ``/health`` here too, before Gradio: it answers without a session and without the queue.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeAlias

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Guard", "Health"]

Health: TypeAlias = Callable[[], tuple[int, dict[str, Any]]]  # HTTP status and body

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


class Guard:
    """ASGI middleware around Gradio's application."""

    def __init__(self, app: ASGIApp, script: str, health: Health) -> None:
        self.app = app
        self.health = health
        self.script = f"<script>{script}</script>".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"] == "/health":
            status, body = await asyncio.to_thread(self.health)
            answer = JSONResponse(body, status, {"cache-control": "no-store"})
            await answer(scope, receive, send)
            return
        begin: Message | None = None
        held = b""

        async def guarded(message: Message) -> None:
            nonlocal begin, held
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["content-security-policy"] = _POLICY
                headers["x-content-type-options"] = "nosniff"
                headers["referrer-policy"] = "same-origin"
                if headers.get("content-type", "").startswith("text/html"):
                    begin = message  # wait for the body: its length changes
                    return
            elif begin is not None:
                held += message.get("body", b"")
                if message.get("more_body"):
                    return
                body = held.replace(b"<head>", b"<head>" + self.script, 1).replace(
                    b'lang="en"', b'lang="zh-CN"', 1
                )
                MutableHeaders(scope=begin)["content-length"] = str(len(body))
                await send(begin)
                begin, message = None, {"type": "http.response.body", "body": body}
            await send(message)

        await self.app(scope, receive, guarded)
