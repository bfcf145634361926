"""People who ask on the page, without a browser: what it sends is sent, what comes back is read, and timed.

    page = await opened(client, "http://127.0.0.1:7860")
    asked = await crowd(url, questions, users=8, seconds=60)

Each person asks, has the whole answer, lets the page do what it does by itself after it (questions that go on), and
asks the next one at once, four in a conversation: nobody reads, so eight of them ask what some eighty people would.
"""

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

__all__ = ["Asked", "Page", "ask", "crowd", "opened", "share_within", "summary"]

_QUESTION = ("qa-question", "submit")  # the event that asks
_TALK = 4  # questions of a conversation
_SECONDS = 60.0  # that any answer may take
_FIRST, _STATUS = "qa-answer", "qa-status"  # an answer's own words, and what is shown until they come


@dataclass(frozen=True, slots=True)
class Page:
    """What the page says of itself: the event that asks, how many inputs it has, and what follows it."""

    url: str
    event: int
    inputs: int
    after: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """How one question went.

    Args:
        at: when it was sent, as ``time.monotonic`` says.
        first: seconds until the first words of the answer were there; NaN where none came.
        whole: seconds until all of it was.
        failure: what went wrong, or ``""``.
    """

    at: float
    first: float
    whole: float
    failure: str = ""


async def opened(client: httpx.AsyncClient, url: str) -> Page:
    """Read the page's configuration, as a browser does first."""
    config = (await client.get(f"{url}/config")).raise_for_status().json()
    names = {c["id"]: c["props"].get("elem_id") for c in config["components"]}
    events = config["dependencies"]
    asks = next(e for e in events for target, kind in e["targets"] if (names.get(target), kind) == _QUESTION)
    while not asks["backend_fn"]:  # what the browser does by itself comes first
        asks = next(e for e in events if e["trigger_after"] == asks["id"])
    after = [e for e in events if e["trigger_after"] == asks["id"] and e["backend_fn"]]
    return Page(url, asks["id"], len(asks["inputs"]), tuple((e["id"], len(e["inputs"])) for e in after))


async def ask(client: httpx.AsyncClient, page: Page, session: str, question: str) -> Asked:
    """One question, and what the page does after it."""
    started, first = time.monotonic(), float("nan")
    try:
        data = [question, *[None] * (page.inputs - 1)]  # a component that nobody touched is as good as empty
        async for line in _event(client, page, session, page.event, data):
            if first != first and _FIRST in line and _STATUS not in line:
                first = time.monotonic() - started
        whole = time.monotonic() - started
        for event, inputs in page.after:
            async for _ in _event(client, page, session, event, [None] * inputs):
                pass
    except (httpx.HTTPError, RuntimeError, TimeoutError) as error:
        return Asked(started, first, time.monotonic() - started, f"{type(error).__name__}: {error}")
    return Asked(started, first, whole, "" if first == first else "no answer came")


async def crowd(
    url: str, questions: Sequence[str], users: int, seconds: float, headers: dict[str, str] | None = None
) -> list[Asked]:
    """``users`` people who ask one question after the other until the time is over."""
    numbers = count()

    async def person(client: httpx.AsyncClient, page: Page, until: float) -> list[Asked]:
        asked: list[Asked] = []
        while time.monotonic() < until:
            if len(asked) % _TALK == 0:
                session = secrets.token_hex(5)
            asked.append(await ask(client, page, session, questions[next(numbers) % len(questions)]))
        return asked

    limits = httpx.Limits(max_connections=None, max_keepalive_connections=4 * users)
    async with httpx.AsyncClient(timeout=_SECONDS, limits=limits, headers=headers) as client:
        page = await opened(client, url)
        until = time.monotonic() + seconds
        told = await asyncio.gather(*(person(client, page, until) for _ in range(users)))
    return [one for each in told for one in each]


def summary(asked: Sequence[Asked]) -> dict[str, Any]:
    """The figures of a crowd, times in milliseconds."""
    good = [one for one in asked if not one.failure]
    failures = [one.failure for one in asked if one.failure]
    span = max((a.at + a.whole for a in asked), default=0.0) - min((a.at for a in asked), default=0.0)
    return {
        "questions": len(asked),
        "failed": len(failures),
        "failures": sorted(set(failures))[:5],
        "a_second": round(len(good) / span, 1) if span else 0.0,
        "first_p50": share_within((a.first for a in good), 0.50),
        "first_p95": share_within((a.first for a in good), 0.95),
        "first_most": share_within((a.first for a in good), 1.0),
        "whole_p50": share_within((a.whole for a in good), 0.50),
        "whole_p95": share_within((a.whole for a in good), 0.95),
    }


def share_within(seconds: Iterable[float], share: float) -> int | None:
    """The milliseconds within which this share of all lies; None of none."""
    ordered = sorted(seconds)
    return round(1000 * ordered[max(0, -int(-share * len(ordered) // 1) - 1)]) if ordered else None


async def _event(
    client: httpx.AsyncClient, page: Page, session: str, event: int, data: list[Any]
) -> AsyncIterator[str]:
    """Lines of what an event of the page sends back, until it is done.

    Raises:
        RuntimeError: it was refused or failed.
    """
    body = {"data": data, "fn_index": event, "session_hash": session}
    joined = await client.post(f"{page.url}/gradio_api/queue/join", json=body)
    if joined.status_code != 200:
        raise RuntimeError(f"{joined.status_code} {joined.text[:120]}")
    listening = client.stream("GET", f"{page.url}/gradio_api/queue/data", params={"session_hash": session})
    async with listening as stream:
        if stream.status_code != 200:
            raise RuntimeError(f"{stream.status_code} while listening")
        async for line in stream.aiter_lines():
            if '"process_completed"' in line and not json.loads(line.removeprefix("data:"))["success"]:
                raise RuntimeError(line[:200])
            if '"unexpected_error"' in line:
                raise RuntimeError(line[:200])
            yield line
