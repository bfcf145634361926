"""Calls that wait: each for its own person; where too many wait or too large ones, the next is refused at once."""

import pytest

from qa.web.border import WAIT_SECONDS, Call, Calls

SMALL = b"{}"
HALF = bytes(8 * 2**20)  # of what may wait of one person


def test_a_call_begins_once_and_only_for_whoever_made_it() -> None:
    calls = Calls()
    number = calls.add(call := Call("甲", "ask", SMALL))
    assert number is not None
    assert calls.take(number, "乙") is None
    assert calls.take(number, "甲") == call
    assert calls.take(number, "甲") is None
    calls.put_back(number, call)
    assert calls.take(number, "甲") == call


def test_one_person_has_so_many_calls_waiting_and_the_others_go_on() -> None:
    calls = Calls()
    numbers = [calls.add(Call("甲", "ask", SMALL)) for _ in range(66)]
    assert [number is None for number in numbers] == [False] * 64 + [True] * 2
    assert calls.add(Call("乙", "ask", SMALL)) is not None
    assert calls.take(str(numbers[0]), "甲") is not None  # none was lost, and now there is room
    assert calls.add(Call("甲", "ask", SMALL)) is not None


def test_one_person_has_so_many_bytes_waiting() -> None:
    calls = Calls()
    numbers = [calls.add(Call("甲", "check_draft", body)) for body in (HALF, HALF, SMALL)]
    assert [number is None for number in numbers] == [False, False, True]


def test_all_together_are_bounded_too() -> None:
    calls = Calls()
    numbers = [calls.add(Call(person, "check_draft", HALF)) for person in map(str, range(17))]
    assert [number is None for number in numbers] == [False] * 16 + [True]


def test_a_call_that_nobody_asks_for_makes_room_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("qa.web.border.time.monotonic", lambda: now[0])
    calls = Calls()
    numbers = [calls.add(Call("甲", "ask", SMALL)) for _ in range(64)]
    now[0] = WAIT_SECONDS
    assert calls.add(Call("甲", "ask", SMALL)) is None
    now[0] += 1
    assert calls.add(Call("甲", "ask", SMALL)) is not None
    assert calls.take(str(numbers[0]), "甲") is None
