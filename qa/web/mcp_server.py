"""The functions of ``api`` as read-only MCP tools, over HTTP or stdio; needs the extra ``mcp``."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from starlette.routing import BaseRoute

from qa.errors import QAError
from qa.web.api import refusal, tools
from qa.web.routes import MCP
from qa.web.shelf import Shelf

if TYPE_CHECKING:
    from mcp.server import MCPServer

_ABOUT = (
    "Answers from Chinese trade-union work reports. Every figure is checked against the sentence that is cited; "
    "what the reports do not say is refused. Ask in Chinese, and give the citations on with the answer."
)


def speak(shelf: Shelf, error_log: Path) -> None:
    """Serve the tools on stdin and stdout until the client leaves; QAError if the SDK is not installed."""
    _server(shelf, error_log).run("stdio")


def http_routes(
    shelf: Shelf, error_log: Path
) -> tuple[list[BaseRoute], Callable[[], AbstractAsyncContextManager[Any]]]:
    """Return the routes of the tools and the context they run in; QAError if the SDK is not installed."""
    server = _server(shelf, error_log)
    from mcp.server.transport_security import TransportSecuritySettings

    application = server.streamable_http_app(
        streamable_http_path=MCP,
        stateless_http=True,
        json_response=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),  # the guard does
    )
    return list(application.routes), server.session_manager.run


def _server(shelf: Shelf, error_log: Path) -> MCPServer[Any]:
    try:
        from mcp.server import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
        from mcp.shared.exceptions import MCPError
        from mcp.types import INVALID_PARAMS, ToolAnnotations
    except ImportError as error:
        raise QAError('MCP 需要另装：pip install -e ".[mcp]"') from error

    class Server(MCPServer[Any]):
        """The SDK's server; it refuses wrong arguments in the words of the end points."""

        async def call_tool(self, *arguments: Any, **named: Any) -> Any:
            try:
                return await super().call_tool(*arguments, **named)
            except ToolError as error:
                if isinstance(error.__cause__, ValidationError):
                    raise ToolError(refusal(error.__cause__)) from None
                raise

        async def get_prompt(self, name: str, *_: Any, **__: Any) -> Any:
            raise MCPError(INVALID_PARAMS, f"no prompt {name!r}: there are none")

    logging.basicConfig(format="%(message)s")  # else the SDK chooses for the whole program
    server = Server("union-qa", instructions=_ABOUT)
    for tool in tools(shelf, error_log, ToolError):
        server.add_tool(tool, annotations=ToolAnnotations(read_only_hint=True))
    return server
