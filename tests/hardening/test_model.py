"""Whatever the model's service does, the extractive answer is there in time, says why, and the key went nowhere else."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from qa.engines.client import NOTES, Failure
from qa.index import rebuild
from qa.library import SAMPLE_REPORTS, Library
from qa.settings import Endpoint
from tests.engines.service import KEY, Script, Talk, for_ever, serving
from tests.hardening.conftest import Tried

QUESTION = "温州的疗休养基地有多少家？"
SECONDS = 1.5  # that a question's model is given where they run out
PATIENCE = 60.0  # that it is given where the fault ends the call long before, however slow the machine is
GRACE = 2.0  # beyond them, and four times what the answer takes without a model
CALLS = 2  # to plan, and to read where the plan failed
EVENTS = "text/event-stream"

Fault: TypeAlias = Callable[[Talk, str], object]  # the exchange, the address of another host


def said(text: str | None, end: str | None = None, **delta: Any) -> bytes:
    choice = {"index": 0, "delta": {"content": text, **delta}, "finish_reason": end}
    return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"


def status(code: int, body: bytes = b"{}", **headers: str) -> Fault:
    def fault(talk: Talk, other: str) -> None:
        talk.head(code, **headers)
        talk.write(body)

    return fault


def stream(*events: bytes) -> Fault:
    return status(200, b"".join(events), Content_Type=EVENTS)


def endless(data: bytes, pause: float = 0.0) -> Fault:
    def fault(talk: Talk, other: str) -> None:
        talk.head(Content_Type=EVENTS)
        for_ever(talk, data, pause)

    return fault


def redirect(code: int) -> Fault:
    return lambda talk, other: talk.head(code, Location=f"{other}/chat/completions")


def silent(talk: Talk, other: str) -> None:
    time.sleep(PATIENCE)


def hangs_up(talk: Talk, other: str) -> None:
    talk.connection.shutdown(socket.SHUT_RDWR)


CALL = {"index": 0, "id": "c", "type": "function", "function": {"name": "run", "arguments": '{"cmd": "id"}'}}
FAULTS: dict[str, tuple[Failure, Fault]] = {
    "401": ("denied", status(401, b'{"error": {"message": "bad key"}}')),
    "403": ("denied", status(403)),
    "404": ("denied", status(404)),
    "429": ("busy", status(429, Retry_After="60")),
    "500": ("busy", status(500)),
    "503": ("busy", status(503, Retry_After="3600")),
    "an HTML page": (
        "malformed",
        status(200, b"<!doctype html><title>Login</title>", Content_Type="text/html"),
    ),
    "half a stream": ("malformed", stream(said("温州有259家"))),
    "a stream that breaks off": ("malformed", stream(said("温州有259家")[:-30])),
    "hung up": ("unreachable", hangs_up),
    "no JSON": ("malformed", stream(b"data: {not json\n\n")),
    "other JSON": ("malformed", stream(b'data: {"answer": 42}\n\n')),
    "JSON of 100,000 levels": ("malformed", stream(b"data: " + b"[" * 100_000 + b"\n\n")),
    "no text": ("refused", stream(said("", "stop"))),
    "a refusal": ("refused", stream(said(None, refusal="I cannot."))),
    "cut by length": ("malformed", stream(said("温州"), said("", "length"))),
    "a tool call": ("malformed", stream(said(None, tool_calls=[CALL]), said("", "tool_calls"))),
    "a function call": (
        "malformed",
        stream(said(None, function_call=CALL["function"]), said("", "function_call")),
    ),
    "10 MB": ("malformed", stream(said("温" * 1000) * 1700)),
    "10 MB on one line": ("malformed", stream(b"data: " + b"x" * 10_000_000)),
    "an endless stream": ("malformed", endless(said("温" * 200))),
    "an endless drip": ("timeout", endless(said("温"), 0.1)),
    "endless comments": ("timeout", endless(b": wait\n\n", 0.05)),
    "silence": ("timeout", silent),
    "an error in the stream": (
        "busy",
        stream(said("温州"), b'data: {"error": {"message": "overloaded"}}\n\n'),
    ),
    "301 to another host": ("redirected", redirect(301)),
    "302 to another host": ("redirected", redirect(302)),
    "307 to another host": ("redirected", redirect(307)),
    "308 to another host": ("redirected", redirect(308)),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model") / "index"
    rebuild([SAMPLE_REPORTS], folder)
    warm: Script = lambda talk: talk.say("好。")  # noqa: E731  # the client's import is not what is timed
    with serving(warm) as service:
        Library(folder, llm=service.endpoint).ask(QUESTION)
    return folder


def assert_extractive(index: Path, endpoint: Endpoint, kind: Failure) -> float:
    """The seconds that the answer took."""
    library = Library(index, llm=endpoint)
    started = time.monotonic()
    plain = library.ask(QUESTION, llm=False)
    asked = time.monotonic()
    told = library.ask(QUESTION)
    seconds = time.monotonic() - asked
    assert replace(told, work=None) == replace(plain, text=f"{plain.text}\n{NOTES[kind]}")
    assert told.work is not None
    assert told.work.engine == ""
    longest = endpoint.seconds if kind == "timeout" else 0.0
    assert seconds < longest + GRACE + 4 * (asked - started)
    assert KEY not in repr(told)
    return seconds


@contextmanager
def misbehaving(fault: Fault, seconds: float) -> Iterator[Endpoint]:
    """A service with this fault, and another host that must hear nothing."""
    with serving(lambda talk: talk.say("转来的回答[1]。")) as other:
        with serving(lambda talk: fault(talk, other.endpoint.url), seconds) as service:
            yield service.endpoint
        assert other.seen == []
    assert {seen.headers["authorization"] for seen in service.seen} == {f"Bearer {KEY}"}
    assert len(service.seen) <= CALLS


def test_every_fault(index: Path, tried: Tried) -> None:
    times = dict[str, float]()
    for name, (kind, fault) in FAULTS.items():
        with misbehaving(fault, SECONDS if kind == "timeout" else PATIENCE) as endpoint:
            times[name] = assert_extractive(index, endpoint, kind)
    slowest = max(times, key=lambda name: times[name])
    tried(faults=len(times), slowest=f"{slowest} {times[slowest]:.1f} s of {SECONDS} s", key_elsewhere=0)


def test_nobody_there(index: Path, tried: Tried) -> None:
    with serving(lambda talk: talk.say("好。"), PATIENCE) as gone:
        pass
    seconds = assert_extractive(index, gone.endpoint, "unreachable")
    tried(refused=1, seconds=round(seconds, 1))


@pytest.mark.parametrize("slow", [False, True], ids=["no such name", "a slow name server"])
def test_the_name_is_not_found(
    index: Path, monkeypatch: pytest.MonkeyPatch, tried: Tried, slow: bool
) -> None:
    asked: list[str] = []

    def look_up(host: str, *_: object, **__: object) -> object:
        asked.append(host)
        time.sleep(4 * (SECONDS + GRACE) if slow else 0)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    endpoint = Endpoint("https://llm.invalid/v1", "kleine", KEY, SECONDS if slow else PATIENCE)
    seconds = assert_extractive(index, endpoint, "timeout" if slow else "unreachable")
    assert set(map(str, asked)) == {"llm.invalid"}
    tried(look_ups=len(asked), seconds=round(seconds, 1))


@pytest.mark.long
def test_thirty_seconds_of_silence(index: Path, tried: Tried) -> None:
    """With the time that is given where nobody sets another."""
    seconds = Endpoint("", "").seconds
    with misbehaving(lambda talk, other: time.sleep(2 * seconds), seconds) as endpoint:
        took = assert_extractive(index, endpoint, "timeout")
    tried(silence=f"{seconds:.0f} s", answered_after=f"{took:.1f} s")
