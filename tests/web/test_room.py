"""Where the queue is full, whoever asks is told so; who is on the way into it counts already."""

from __future__ import annotations

import asyncio

from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from qa.web.middleware import QueueLimit
from tests.web.conftest import waited

PATHS = ["/gradio_api/call/ask"] * 4 + ["/gradio_api/queue/join", "/health"]


async def never() -> Message:
    raise AssertionError("a body was read")


async def statuses(waiting: int, most: int) -> list[int]:
    """What all get who come at the same moment, while so many wait."""
    told = dict[int, int]()

    async def joining(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.01)
        await PlainTextResponse("")(scope, receive, send)

    room = QueueLimit(joining, waiting=lambda: waiting, most=most)

    async def call(number: int, path: str) -> None:
        async def send(message: Message) -> None:
            told.setdefault(number, message.get("status", 0))

        await room({"type": "http", "method": "POST", "path": path, "headers": []}, never, send)

    await asyncio.gather(*(call(number, path) for number, path in enumerate(PATHS)))
    await call(len(PATHS), PATHS[0])
    return [told[number] for number in sorted(told)]


async def places_after_answers() -> list[int]:
    """What those get who come one after the other, while the application still lingers over each."""
    told = list[int]()

    async def lingering(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("")(scope, receive, send)
        await asyncio.sleep(0.05)

    room = QueueLimit(lingering, waiting=lambda: 0, most=1)

    async def send(message: Message) -> None:
        told.append(message.get("status", 0))

    async def call() -> None:
        await room({"type": "http", "method": "POST", "path": PATHS[0], "headers": []}, never, send)

    calls = []
    for _ in range(3):
        calls.append(asyncio.create_task(call()))
        await asyncio.sleep(0.005)
    await asyncio.gather(*calls)
    return [status for status in told if status]


async def most_at_once(people: int) -> int:
    """How many of those who come at one moment the application has to work on at a time."""
    inside, most = 0, 0

    async def joining(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.001)
        await PlainTextResponse("")(scope, receive, send)
        inside -= 1

    room = QueueLimit(joining, waiting=lambda: 0, most=people)

    async def send(_: Message) -> None: ...

    scope = {"type": "http", "method": "POST", "path": PATHS[0], "headers": []}
    await asyncio.gather(*(room(dict(scope), never, send) for _ in range(people)))
    return most


def test_a_crowd_enters_a_few_at_a_time() -> None:
    assert waited(most_at_once(20)) == 2


def test_a_place_is_free_once_the_answer_begins() -> None:
    assert waited(places_after_answers()) == [200, 200, 200]


def test_those_who_come_at_once_find_no_more_room_than_there_is() -> None:
    assert waited(statuses(1, 3)) == [200, 200, 429, 429, 429, 200, 200]
    assert waited(statuses(3, 3)) == [429, 429, 429, 429, 429, 200, 429]
