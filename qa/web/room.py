"""Room in the queue: where there is none left, whoever asks is told at once, before anything is made of the request."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.routes import adds_to_queue

__all__ = ["Room"]


class Room:
    """ASGI middleware. Requests on their way into the queue take their place in it already: many may come at once.

    Args:
        waiting: how many wait in the queue now.
        most: how many may.
    """

    def __init__(self, app: ASGIApp, waiting: Callable[[], int], most: int) -> None:
        self.app = app
        self.waiting = waiting
        self.most = most
        self._entering = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not adds_to_queue(scope["method"], scope["path"]):
            await self.app(scope, receive, send)
        elif self.waiting() + self._entering >= self.most:
            refusal = {"detail": "现在提问的人太多，请过一会儿再试。"}
            await JSONResponse(refusal, 429, {"connection": "close"})(scope, receive, send)
        else:
            await self._enter(scope, receive, send)

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold a place until the answer begins: whoever entered the queue counts there from that moment on."""
        held = 1
        self._entering += held

        async def send_and_leave(message: Message) -> None:
            nonlocal held
            self._entering, held = self._entering - held, 0
            await send(message)

        try:
            await self.app(scope, receive, send_and_leave)
        finally:
            self._entering -= held
