"""Stopping a question is for the session that asked it: Gradio would stop whichever event is named, whoever names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.people import person_of

__all__ = ["Cancels", "OwnerOf"]

OwnerOf: TypeAlias = Callable[[str], tuple[str, str] | None]


class Cancels:
    """An ASGI application in front of Gradio's: what is not the session's own is left alone, without a word.

    Args:
        gradio: gives the application that stops; asked for when it is needed.
        owner_of: the session and the user of an event that is under way; None where there is no such event.
    """

    def __init__(self, gradio: Callable[[], ASGIApp], owner_of: OwnerOf) -> None:
        self.gradio = gradio
        self.owner_of = owner_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        try:
            said = await request.json()
        except ValueError:
            said = None  # Gradio will say what is wrong with it
        event = said.get("event_id") if isinstance(said, dict) else None
        own = (said.get("session_hash"), person_of(request).name) if event else None
        if isinstance(event, str) and self.owner_of(event) != own:
            await JSONResponse({"success": True})(scope, receive, send)
            return

        async def again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        await self.gradio()(scope, again, send)
