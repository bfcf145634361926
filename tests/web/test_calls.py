"""Calls that wait: each for its own person, the oldest forgotten where they are too many or too large."""

from __future__ import annotations

from qa.web.calls import Call, Calls

SMALL = b"{}"
HALF = bytes(8 * 2**20)  # of what may wait of one person


def test_a_call_begins_once_and_only_for_whoever_made_it() -> None:
    calls = Calls()
    number = calls.add(call := Call("甲", "ask", SMALL))
    assert calls.take(number, "乙") is None
    assert calls.take(number, "甲") == call
    assert calls.take(number, "甲") is None
    calls.put_back(number, call)
    assert calls.take(number, "甲") == call


def test_the_oldest_of_too_many_calls_are_forgotten_and_nobody_elses() -> None:
    calls = Calls()
    other = calls.add(Call("乙", "ask", SMALL))
    numbers = [calls.add(Call("甲", "ask", SMALL)) for _ in range(66)]
    assert [calls.take(number, "甲") is None for number in numbers] == [True] * 2 + [False] * 64
    assert calls.take(other, "乙") is not None


def test_the_oldest_of_too_large_calls_are_forgotten() -> None:
    calls = Calls()
    numbers = [calls.add(Call("甲", "check_draft", body)) for body in (SMALL, HALF, HALF)]
    assert [calls.take(number, "甲") is None for number in numbers] == [True, False, False]


def test_all_together_are_bounded_too() -> None:
    calls = Calls()
    numbers = [(person, calls.add(Call(person, "check_draft", HALF))) for person in map(str, range(17))]
    assert [calls.take(number, person) is None for person, number in numbers] == [True] + [False] * 16
