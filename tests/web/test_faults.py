"""An error at any stage: one sentence with an id for whoever asked, one line with the same id in the log."""

import asyncio
import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from qa.library import Library, open_library
from qa.settings import Settings
from qa.web.api import tools
from qa.web.border import Border
from qa.web.chat import converse
from qa.web.failures import ErrorHandler
from qa.web.shelf import Shelf
from qa.web.users import STATE, Person
from tests.web.conftest import waited

PRIVATE = "/home/somebody/.union-qa key sk-123456"
OF_ANSWERS = (
    "qa.question.meanings",
    "qa.engines.answering.search",
    "qa.engines.answering.answer",
    "qa.engines.answering.check",
)
STAGES = (
    *OF_ANSWERS,
    "qa.retrieval.found_and_ranked",
    "qa.ledger.Ledger.find",
    "qa.web.api.about_json",
    "qa.drafts.check_report",
    "qa.web.api.answer_json",
    "qa.web.api.hit_json",
)
CALLS: dict[str, tuple[Any, ...]] = {
    "ask": ("温州有多少家疗休养基地？",),
    "retrieve": ("温州有多少家疗休养基地？",),
    "figures": (),
    "read": (),
    "check_draft": ("温州有疗休养基地9家。",),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    home = tmp_path_factory.mktemp("home")
    return open_library(settings=Settings(home, None, None, "127.0.0.1", 1))


def fail(*_: object, **__: object) -> None:
    raise RuntimeError(PRIVATE)


def said_once(words: str, log: Path, before: int) -> None:
    code = re.search("编号 ([0-9a-f]{6})", words)
    assert code, words
    assert "\n" not in words.strip()
    for private in (*PRIVATE.split(), "RuntimeError", "Traceback", str(log)):
        assert private not in words
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()[before:]]
    assert [line["id"] for line in lines] == [code[1]]
    assert PRIVATE in lines[0]["trace"]


def lines_of(log: Path) -> int:
    return len(log.read_text(encoding="utf-8").splitlines()) if log.exists() else 0


def test_every_stage_may_fail(library: Library, tmp_path: Path) -> None:
    log, failed = tmp_path / "errors.jsonl", set[str]()
    for stage in STAGES:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(stage, fail)
            for tool in tools(Shelf(library), log, Exception):
                before = lines_of(log)
                try:
                    tool(*CALLS[tool.__name__])
                except Exception as error:  # noqa: BLE001
                    said_once(str(error), log, before)
                    failed.add(stage)
            if stage in OF_ANSWERS:
                before = lines_of(log)
                turns = [*converse(library, *CALLS["ask"], (), log)][-1]
                said_once(re.sub("<[^>]*>", "", turns[-1].shown), log, before)
    assert failed == set(STAGES)


def test_what_no_page_caught_is_caught_last(tmp_path: Path) -> None:
    log = tmp_path / "errors.jsonl"

    async def broken(_: Request) -> Response:
        raise RuntimeError(PRIVATE)

    answer = TestClient(ErrorHandler(Router([Route("/", broken)]), log)).get("/")
    assert answer.status_code == 500
    said_once(answer.json()["detail"], log, 0)


def test_what_is_ended_says_nothing_more(tmp_path: Path) -> None:
    sent: list[Message] = []

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await send({"type": "http.response.body", "body": PRIVATE.encode()})
            raise

    async def send(message: Message) -> None:
        sent.append(message)

    async def ended() -> None:
        scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
        work = asyncio.create_task(ErrorHandler(told, tmp_path / "errors.jsonl")(scope, never, send))
        await asyncio.sleep(0.01)
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    waited(ended())
    assert sent == []
    assert not list(tmp_path.iterdir())


def test_a_connection_that_is_gone_is_no_error(tmp_path: Path) -> None:
    async def gone(_: Request) -> Response:
        raise ClientDisconnect

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    waited(ErrorHandler(Router([Route("/", gone)]), tmp_path / "errors.jsonl")(scope, never, send))
    assert sent == []
    assert not list(tmp_path.iterdir())


def test_owners_of_old_sessions_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.web.border._MOST", 2)
    queue: Any = None
    border = Border(Router(), {}, queue)

    def owns(name: str, session: str) -> bool:
        state = {STATE: Person(name, "reader", "")}
        return border._owns(Request({"type": "http", "state": state}), session)

    assert owns("甲", "one")
    assert not owns("乙", "one")
    assert owns("甲", "two")
    assert owns("甲", "three")
    assert owns("乙", "one")


async def never() -> Message:
    raise AssertionError("nothing more is to be received")
