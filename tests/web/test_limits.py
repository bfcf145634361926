"""Rates and failed logins: what is too much is refused, what is forgotten takes no memory."""

import time
from collections.abc import Callable

import pytest

from qa.web.addresses import network_of
from qa.web.guard import Rate


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
