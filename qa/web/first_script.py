"""Put our script into the page before Gradio's, which reads the browser's language once, at its start."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["FirstScript"]


class FirstScript:
    """ASGI middleware inside Gradio's application, before its answers are compressed."""

    def __init__(self, app: ASGIApp, script: str) -> None:
        self.app = app
        self.script = f"<script>{script}</script>".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begin: Message | None = None
        held = b""

        async def send_with_script(message: Message) -> None:
            nonlocal begin, held
            if message["type"] == "http.response.start":
                if MutableHeaders(scope=message).get("content-type", "").startswith("text/html"):
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

        await self.app(scope, receive, send_with_script)
