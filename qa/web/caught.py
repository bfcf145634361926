"""What fails inside becomes one sentence with an id, and one line of the log; no traceback leaves the server."""

from __future__ import annotations

import asyncio
from pathlib import Path

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.failures import explain

__all__ = ["Caught"]


class Caught:
    """ASGI middleware, inside that of Starlette which would answer in its own words."""

    def __init__(self, app: ASGIApp, error_log: Path) -> None:
        self.app = app
        self.error_log = error_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            if (task := asyncio.current_task()) and task.cancelling():
                return  # at the end of the server Gradio would tell whoever listens where its files lie
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except ClientDisconnect:  # nobody is there to be told
            return
        except Exception as error:
            if scope["type"] != "http":
                raise
            words = explain(error, self.error_log)
            if not begun:
                await JSONResponse({"detail": words}, 500)(scope, receive, send)
