"""Turn errors into sentences, for people and for requests; tracebacks go to the log."""

import asyncio
import logging
import re
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.errors import QAError, log_error
from qa.web.markup import chinese, render

_FOLDERS = re.compile(r"(?<![\w:/\\.])(?:[A-Za-z]:)?[\\/](?:[^\r\n\t\\/“”（）()，。；：、]+[\\/])+")
_log = logging.getLogger(__name__)


def explain(error: Exception, log: Path) -> str:
    """Return the sentence to show: a QAError's message, for any other error an id that stands in ``log`` too.

    Folders of the server, and the traceback if ``log`` cannot be written, go only to the program's logging.
    """
    if isinstance(error, QAError):
        if (words := without_folders(str(error))) != str(error):
            _log.warning("%s", error)
        return words
    try:
        code = log_error(error, log)
    except OSError as unwritten:
        _log.error("%s cannot be written (%s)", log, unwritten, exc_info=error)
        return "这个问题没有处理成功，错误日志也写不进去。请告诉管理员检查磁盘空间和写权限。"
    _log.error("id %s: %s", code, " ".join(f"{type(error).__name__}: {error}".split()))
    return f"这个问题没有处理成功，请换个问法再试。如果仍然不行，请把编号 {code} 告诉管理员。"


def notice(error: Exception, log: Path) -> Markup:
    """Return the HTML of what ``explain`` returns."""
    return render("cards.alert", words=explain(error, log))


def without_folders(words: str) -> str:
    """Return the words with the bare name in place of each absolute path.

    >>> without_folders("读不出 /srv/qa/index/CURRENT（损坏）")
    '读不出 CURRENT（损坏）'
    """
    return _FOLDERS.sub("", words)


def refused(status: int, words: str, *, retry_after: int = 0, close: bool = False) -> JSONResponse:
    """Return the answer to a request that is not served; after ``close`` its body is not read on."""
    headers = {"retry-after": str(retry_after)} if retry_after else {}
    return JSONResponse({"detail": words}, status, headers | ({"connection": "close"} if close else {}))


class Slowed(QAError):
    """Too many failed logins; ``seconds`` to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(chinese("slowed").format(seconds=seconds))
        self.seconds = seconds


@dataclass(eq=False)
class ErrorHandler:
    """Turn unhandled exceptions into a sentence with an id and a line of the log, before Starlette does."""

    app: ASGIApp
    error_log: Path

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
