"""Rates, failed logins and bodies: what is too much is refused, what is forgotten takes no memory."""

from __future__ import annotations

import asyncio

import pytest

from qa.web import limits
from qa.web.limits import Buckets, Failures, TooMuch, counted, network_of
from tests.web.conftest import waited


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_allowed_and_fills_up_again() -> None:
    clock = Clock()
    buckets = Buckets(clock)
    assert [buckets.wait("a") for _ in range(120)] == [0] * 120
    assert buckets.wait("a") == 1
    assert buckets.wait("b") == 0
    clock.now += 1
    assert [buckets.wait("a") for _ in range(5)] == [0, 0, 0, 0, 1]


def test_five_failures_are_free_and_each_further_one_doubles_the_wait() -> None:
    clock = Clock()
    failures = Failures(5, clock)
    locked = []
    waits = []
    for _ in range(11):
        waits.append(failures.wait("a"))
        clock.now += waits[-1]
        locked.append(failures.begin("a"))
    assert waits == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900]
    assert locked.index(True) == 4
    assert locked.count(True) == 1
    assert failures.wait("b") == 0
    failures.succeeded("a")
    assert failures.wait("a") == 0


def test_failures_are_forgotten_after_an_hour() -> None:
    clock = Clock()
    failures = Failures(5, clock)
    for _ in range(6):
        failures.begin("a")
    clock.now += 3600
    assert failures.wait("a") == 0
    assert not failures.begin("a")


def test_memory_is_bounded_however_many_ask() -> None:
    buckets, failures = Buckets(), Failures(5)
    for number in range(limits._KEYS * 2):
        buckets.wait(number)
        failures.begin(number)
    assert len(buckets._left) == len(failures._seen) == limits._KEYS


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
        too_much = TooMuch()
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
        too_much = TooMuch()
        return (await counted(silent, 10, too_much)())["type"], too_much.status

    assert waited(run()) == ("http.disconnect", 408)
