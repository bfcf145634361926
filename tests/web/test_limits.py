"""Rates, failed logins and bodies: what is too much is refused, what is forgotten takes no memory."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from qa.web import limits
from qa.web.limits import BodyError, Rate, counted, network_of
from tests.web.conftest import waited


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets seconds go by for whoever looks at the clock."""
    clock, gone = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: clock() + gone[0])

    def wait(seconds: float) -> None:
        gone[0] += seconds

    return wait


def test_a_burst_is_allowed_and_comes_back_with_time(later: Callable[[float], None]) -> None:
    rate = Rate("120/30 seconds")
    for _ in range(120):
        assert rate.wait("a") == 0
        rate.count("a")
    assert 29 <= rate.wait("a") <= 30
    assert rate.wait("b") == 0
    later(31)
    assert rate.wait("a") == 0


def test_the_longest_wait_of_several_windows_counts(later: Callable[[float], None]) -> None:
    rate = Rate("5/30 seconds; 8/5 minutes")
    waits = []
    for _ in range(10):
        waits.append(rate.wait("a", "b"))
        later(waits[-1])
        rate.count("a", "b")
    assert waits[:5] == [0] * 5
    assert 25 <= waits[5] <= 30
    assert waits[8] > 200
    rate.forget("a", "b")
    assert rate.wait("a", "b") == 0


def test_what_is_past_takes_no_memory(later: Callable[[float], None]) -> None:
    rate = Rate("5/30 seconds")
    for number in range(2000):
        rate.count(str(number))
    later(60)
    rate.count("last")
    until = time.monotonic() + 5
    storage = rate._limiter.storage
    while sum(map(len, storage.events.values())) > 1 and time.monotonic() < until:  # type: ignore[attr-defined]
        time.sleep(0.05)
        rate.count("last")
        rate.forget("last")
    assert sum(map(len, storage.events.values())) <= 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_ipv6_hosts_count_by_their_network(address: str, network: str) -> None:
    assert network_of(address) == network


def read(chunks: list[bytes], most: int) -> tuple[list[str], int]:
    """The kinds of messages that an application gets, and the status that came of it."""
    waiting = [
        {"type": "http.request", "body": c, "more_body": i + 1 < len(chunks)} for i, c in enumerate(chunks)
    ]

    async def receive() -> dict[str, object]:
        if not waiting:
            await asyncio.sleep(3600)
        return waiting.pop(0)

    async def run() -> tuple[list[str], int]:
        too_much = BodyError()
        limited = counted(receive, most, too_much)
        got = [(await limited())["type"] for _ in chunks]
        return got, too_much.status

    return waited(run())


def test_a_body_breaks_off_at_the_first_piece_beyond_its_limit() -> None:
    assert read([b"12345", b"67890"], 10) == (["http.request"] * 2, 0)
    assert read([b"12345", b"67890x", b"never read"], 10) == (
        ["http.request", "http.disconnect", "http.disconnect"],
        413,
    )


def test_a_body_that_stops_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_SILENCE_SECONDS", 0.01)

    async def silent() -> dict[str, object]:
        await asyncio.sleep(3600)
        return {}

    async def run() -> tuple[str, int]:
        too_much = BodyError()
        return (await counted(silent, 10, too_much)())["type"], too_much.status

    assert waited(run()) == ("http.disconnect", 408)
