"""The functions for other programs; as read-only MCP tools, over HTTP or stdio, they need the extra ``mcp``."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import wraps
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field, ValidationError, validate_call
from pydantic_core import PydanticCustomError
from starlette.routing import BaseRoute

from qa.answer_json import about_json, answer_json, hit_json, paragraph_json
from qa.drafts import exports
from qa.errors import QAError
from qa.ledger import tables
from qa.library.filters import known_report
from qa.types import Report
from qa.web.addresses import MCP
from qa.web.failures import explain
from qa.web.markup import address
from qa.web.shelf import Shelf, given

if TYPE_CHECKING:
    from mcp.server import MCPServer

Tool: TypeAlias = Callable[..., Any]

_ABOUT = (
    "Answers from Chinese trade-union work reports. Every figure is checked against the sentence that is cited; "
    "what the reports do not say is refused. Ask in Chinese, and give the citations on with the answer."
)
_NO_INTEGER = ("greater_than_equal", "int_type", "int_parsing", "int_from_float", "finite_number")
_WRONG = {  # by pydantic's kind of error
    **dict.fromkeys(_NO_INTEGER, "{name} 应是 {ge} 以上的整数。"),
    "string_too_long": "{name} 太长：最多 {max_length} 个字。",
    "string_type": "{name} 应是文字。",
    "string_unicode": "{name} 里有不完整的字符。",
    "list_type": "{name} 应是一列文字。",
    "missing": "缺少 {name}。",
    "missing_argument": "缺少 {name}。",
}
DRAFT_FIGURES = 6000  # in the draft of one request
_MOST = 1000  # figures or paragraphs in one call; the next ones come with ``offset``
_MOST_HITS = 100
_MOST_CHARACTERS = 20_000  # of any text; the library's own limits for questions and histories are lower


def _whole(value: object) -> object:
    """Refuse True and "5", which pydantic would take for integers; 5.0 is whole in JSON."""
    if isinstance(value, bool | str):
        raise PydanticCustomError("int_type", "no number")
    return value


_Text: TypeAlias = Annotated[str, Field(max_length=_MOST_CHARACTERS)]
Text: TypeAlias = Annotated[_Text, BeforeValidator(lambda value: "" if value is None else value)]
Texts: TypeAlias = Annotated[list[_Text], BeforeValidator(lambda value: [] if value in (None, "") else value)]
AtLeastOne: TypeAlias = Annotated[int, BeforeValidator(_whole), Field(ge=1)]
AtLeastNothing: TypeAlias = Annotated[int, BeforeValidator(_whole), Field(ge=0)]


def tools(shelf: Shelf, error_log: Path, problem: Callable[[str], Exception]) -> tuple[Tool, ...]:
    """Return the functions, whose docstrings programs see; ``problem`` makes an error of its message."""

    def ask(
        question: Text, history: Texts | None = None, place: Text = "", period: Text = ""
    ) -> dict[str, Any]:
        """Answer a question from the indexed reports, every figure with its citation.

        Args:
            question: in Chinese.
            history: the user's earlier questions, oldest first; the last 8 are read, 4,000 characters together at most.
            place: a division that a report covers, or nothing for all.
            period: years such as 2018-2023 or 2023, or nothing for all.
        """
        return answer_json(shelf.ask(question, history=history or (), **given(place=place, period=period)))

    def retrieve(
        question: Text, k: AtLeastOne = 5, place: Text = "", period: Text = "", report: Text = ""
    ) -> list[dict[str, Any]]:
        """The passages that fit a question best, best first, with their scores; nothing is answered.

        Args:
            question: in Chinese.
            k: how many passages, 1 to 100.
            place: a division that a report covers, or nothing for all.
            period: years such as 2018-2023 or 2023, or nothing for all.
            report: file name, title or id of a report, or nothing for all.
        """
        filters = given(place=place, period=period, report=report)
        hits = shelf.library.retrieve(question, min(k, _MOST_HITS), **filters)
        return [hit_json(hit) | {"link": address(hit.report.id, hit.paragraph.spans[:1])} for hit in hits]

    def figures(
        indicator: Text = "",
        place: Text = "",
        period: Text = "",
        unit: Text = "",
        report: Text = "",
        offset: AtLeastNothing = 0,
        limit: AtLeastOne = 100,
    ) -> dict[str, Any]:
        """The figures of the reports: what each counts, where, when, in which sentence.

        Args:
            indicator: words for what is counted; synonyms fit too.
            place: a division that figures are about, or nothing for all.
            period: years such as 2018-2023 or 2023, or nothing for all.
            unit: a measure word; those of its kind fit too.
            report: file name, title or id of a report, or nothing for all.
            offset: how many of the found figures to leave out at the beginning.
            limit: how many to give, at most 1000.
        """
        filters = given(place=place, period=period, indicator=indicator, unit=unit, report=report)
        found = shelf.library.figures(**filters)
        page = found[offset : offset + min(limit, _MOST)]
        rows = tables.figures_json(page, shelf.library.ledger().groups(found))
        links = [{"link": address(f.report_id, f.spans)} for f in page]
        return {"total": len(found), "figures": [row | link for row, link in zip(rows, links, strict=True)]}

    def read(report: Text = "", offset: AtLeastNothing = 0, limit: AtLeastOne = 200) -> dict[str, Any]:
        """One report as restored text; without a report, the list of all.

        Args:
            report: its file name, title or id, or nothing for the list.
            offset: how many paragraphs to leave out at the beginning.
            limit: how many to give, at most 1000.
        """
        if not report:
            return {"reports": [_summary(each) for each in shelf.reports]}
        found = known_report(report, shelf.reports)
        page = found.paragraphs[offset : offset + min(limit, _MOST)]
        return _summary(found) | {"paragraphs": [paragraph_json(paragraph) for paragraph in page]}

    def check_draft(draft: str) -> dict[str, Any]:
        """Look up every figure, date and name of a draft in the reports, and say of each whether they agree.

        Args:
            draft: its text, in Chinese, with 6,000 figures at most; ``start`` and ``end`` of the
                items count its characters.
        """
        found = shelf.library.check_draft(draft, most=DRAFT_FIGURES)
        rows = exports.as_json(found, "")["items"]
        for row, item in zip(rows, found.items, strict=True):
            row["link"] = address(item.report_id, item.spans) if item.report_id and item.spans else None
        return {"items": rows}

    def explained(tool: Tool) -> Tool:
        names, checked = tuple(signature(tool).parameters), validate_call(tool)

        @wraps(tool)
        def call(*arguments: Any, **named: Any) -> Any:
            try:
                return checked(**dict(zip(names, arguments, strict=False)), **named)
            except ValidationError as error:
                raise problem(refusal(error)) from error
            except Exception as error:  # the last border before another program
                raise problem(explain(error, error_log)) from error

        return call

    functions: tuple[Tool, ...] = (ask, retrieve, figures, read, check_draft)
    return tuple(map(explained, functions))


def _summary(report: Report) -> dict[str, Any]:
    more = {"paragraph_count": len(report.paragraphs), "link": address(report.id)}
    return about_json(report) | more


def refusal(error: ValidationError) -> str:
    """Return what is wrong with the first wrong argument, without its value."""
    first = error.errors(include_url=False, include_input=False)[0]
    name = str(first["loc"][0] if first["loc"] else "内容")
    least = 0 if name == "offset" else 1
    limits = {"ge": least} | first.get("ctx", {})
    return _WRONG.get(first["type"], "{name} 不合要求。").format(name=name, **limits)


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
