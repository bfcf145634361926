"""Whatever a service does, within its time there is text or a reason; the key stays where it belongs."""

from __future__ import annotations

import gzip
import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from qa.engines.client import Calls, LLMFailure, Stopped
from qa.settings import Endpoint
from tests.engines.service import KEY, Script, Talk, for_ever, serving

EVENTS = "text/event-stream"
LONG = 30.0  # seconds; what is to come at once comes within a third of them, however slow the machine is


def asked(endpoint: Endpoint) -> str:
    return Calls(endpoint)("规则", "资料与问题")


def failure(script: Script, seconds: float = LONG) -> str:
    with serving(script, seconds) as service, pytest.raises(LLMFailure) as caught:
        asked(service.endpoint)
    assert KEY not in str(caught.value) + repr(caught.value)
    return caught.value.kind


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    with serving(lambda talk: talk.say("好。")) as service:
        asked(service.endpoint)  # the client's own import, which takes a second, is not what is timed below


def test_a_streamed_reply_is_put_together() -> None:
    with serving(lambda talk: talk.say("职工书屋有1340家[1]。", pieces=1)) as service:
        assert asked(service.endpoint) == "职工书屋有1340家[1]。"
    (seen,) = service.seen
    assert seen.path == "/v1/chat/completions"
    assert seen.body["model"] == "kleine"
    assert (seen.body["temperature"], seen.body["stream"]) == (0, True)
    assert [m["role"] for m in seen.body["messages"]] == ["system", "user"]


def test_the_key_is_the_only_thing_that_a_request_says_of_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-andere")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-andere")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-andere")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://192.0.2.1/v1")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: andere\nAuthorization: Bearer andere")
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:3128")
    with serving(lambda talk: talk.say("好。")) as service:
        asked(service.endpoint)
    with serving(lambda talk: talk.say("好。"), key="") as without:
        asked(without.endpoint)
    assert service.seen[0].headers["authorization"] == f"Bearer {KEY}"
    assert "authorization" not in without.seen[0].headers
    assert "andere" not in json.dumps(service.seen[0].headers) + json.dumps(without.seen[0].headers)
    assert set(service.seen[0].headers) <= {
        *(
            "accept",
            "accept-encoding",
            "authorization",
            "connection",
            "content-length",
            "content-type",
            "host",
        ),
    }


@pytest.mark.parametrize("status", [429, 500, 502, 503, 408])
def test_a_busy_service(status: int) -> None:
    assert failure(lambda talk: talk.head(status, Retry_After="60")) == "busy"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_service_that_refuses_the_request(status: int) -> None:
    assert failure(lambda talk: talk.head(status)) == "denied"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with serving(lambda talk: talk.say("转来的回答[1]。")) as other:
        place = f"{other.endpoint.url}/chat/completions"
        assert failure(lambda talk: talk.head(status, Location=place)) == "redirected"
        assert other.seen == []


def test_an_error_page_without_end_is_not_read() -> None:
    def script(talk: Talk) -> None:
        talk.head(500)
        for_ever(talk, b"x" * 65536)

    started = time.monotonic()
    assert failure(script) == "busy"
    assert time.monotonic() - started < LONG / 3


def test_nobody_there() -> None:
    with serving(lambda talk: talk.say("好。")) as service:
        pass
    with pytest.raises(LLMFailure) as caught:
        asked(service.endpoint)
    assert caught.value.kind == "unreachable"


@pytest.mark.parametrize("variable", ["ALL_PROXY", "SSL_CERT_FILE"])
def test_an_environment_that_cannot_be_used(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "nonsense://nowhere")
    with pytest.raises(LLMFailure, match="unreachable"):
        asked(Endpoint("https://llm.invalid/v1", "kleine", KEY, 5.0))


def _stream(*lines: bytes) -> Script:
    def script(talk: Talk) -> None:
        talk.head(Content_Type=EVENTS)
        for line in lines:
            talk.write(line + b"\n\n")

    return script


def _said(text: str, end: str | None = None, **delta: Any) -> bytes:
    choice = {"index": 0, "delta": {"content": text, **delta}, "finish_reason": end}
    return b"data: " + json.dumps({"choices": [choice]}).encode()


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [b"<!doctype html><p>Hello</p>"],
        [b'{"choices": [{"message": {"content": "not streamed"}}]}'],
        [b"data: {"],
        [b"data: []"],
        [b"data: 7"],
        [b'data: {"choices": {}, "x": 1}'],
        [b'data: {"id": 1}'],
        [b'data: {"choices": [{"delta": {"content": ["a"]}}]}'],
        [b'data: {"choices": [{"delta": {"content": 7}}]}'],
        [b'data: {"choices": [{"delta": "a"}]}'],
        [b'data: {"choices": [{"delta": {"content": "\xff\xfe"}}]}'],
        [b"data: " + b"[" * 100_000],
        [_said("只说了一半")],
        [_said("太长"), _said("", "length")],
        [_said("", "tool_calls")],
        [_said("啊" * 30_000), _said("", "stop")],
    ],
    ids=range(17),
)
def test_a_stream_that_cannot_be_read(lines: list[bytes]) -> None:
    assert failure(_stream(*lines)) == "malformed"


@pytest.mark.parametrize(
    "lines",
    [
        [b"data: [DONE]"],
        [_said("  "), _said("", "stop")],
        [_said("好", "content_filter")],
        [_said("", refusal="I cannot help with that.")],
    ],
    ids=range(4),
)
def test_a_model_that_says_nothing(lines: list[bytes]) -> None:
    assert failure(_stream(*lines)) == "refused"


def test_an_error_within_the_stream() -> None:
    assert failure(_stream(_said("五年来"), b'data: {"error": {"message": "out of memory"}}')) == "busy"


def test_what_services_add_to_a_stream_is_passed_over() -> None:
    lines = [
        *(b": keep-alive", b"event: message\r", b"id: 3", b"data:", b'data: {"choices": []}'),
        *(_said("有", reasoning_content="想一想"), b'data:{"choices": [{"delta": {"content": null}}]}'),
        b'data: {"error": null, "choices": [{"delta": {"content": ""}}]}',
        *(_said("书屋。\u2028"), b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\r'),
    ]
    with serving(_stream(*lines)) as service:
        assert asked(service.endpoint) == "有书屋。\u2028"


def test_a_stream_is_left_at_its_end_though_the_connection_stays_open() -> None:
    def script(talk: Talk) -> None:
        talk.say("好。")
        time.sleep(LONG)

    with serving(script, seconds=LONG) as service:
        started = time.monotonic()
        assert asked(service.endpoint) == "好。"
        assert time.monotonic() - started < LONG / 3


@pytest.mark.parametrize(
    "data",
    [b"x" * 65536, b"\n" * 65536, b": wait\n\n" * 8192, _said("啊" * 9000) + b"\n\n"],
    ids=["one line", "blank lines", "comments", "words"],
)
def test_a_reply_of_ten_megabytes_or_without_end_is_left(data: bytes) -> None:
    def script(talk: Talk) -> None:
        talk.head(Content_Type=EVENTS)
        for_ever(talk, data)

    with serving(script) as service, pytest.raises(LLMFailure, match="malformed"):
        asked(service.endpoint)
    assert service.left.wait(LONG / 3), "the connection was not closed"


def test_a_reply_that_unpacks_to_more_is_not_unpacked() -> None:
    def script(talk: Talk) -> None:
        talk.head(Content_Type=EVENTS, Content_Encoding="gzip")
        talk.write(gzip.compress(_said("好", "stop") + b" " * 50_000_000))

    assert failure(script) == "malformed"


def _silent(talk: Talk) -> None:
    time.sleep(LONG)


def _drips(head: bool, data: bytes) -> Script:
    def script(talk: Talk) -> None:
        if head:
            talk.head(Content_Type=EVENTS)
        else:
            talk.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for_ever(talk, data, pause=0.1)

    return script


@pytest.mark.parametrize(
    "script",
    [
        _silent,
        _drips(False, b"a"),
        _drips(True, b":\n"),
        _drips(True, b"d"),
        _drips(True, _said("啊") + b"\n\n"),
    ],
    ids=["silent", "dripping header", "dripping comments", "dripping line", "dripping words"],
)
def test_the_time_is_kept_whatever_drips(script: Callable[[Talk], object]) -> None:
    started = time.monotonic()
    with serving(script, seconds=0.5) as service:
        with pytest.raises(LLMFailure, match="timeout"):
            asked(service.endpoint)
        assert time.monotonic() - started < LONG / 3
        assert script is _silent or service.left.wait(LONG / 3), "the connection was not closed"


def test_calls_of_one_question_share_its_time() -> None:
    def script(talk: Talk) -> None:
        time.sleep(1.5)
        talk.say("好。")

    with serving(script, seconds=2.5) as service:
        model = Calls(service.endpoint)
        assert model("规则", "一") == "好。"
        with pytest.raises(LLMFailure, match="timeout"):
            model("规则", "二")
        with pytest.raises(LLMFailure, match="timeout"):
            model("规则", "三")
        assert len(service.seen) == 2


def test_no_log_and_no_record_holds_the_key(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        with serving(lambda talk: talk.say("好。")) as service:
            asked(service.endpoint)
        failure(lambda talk: talk.head(401))
        failure(lambda talk: talk.head(500))
    logged = "".join(f"{r.getMessage()} {r.args} {r.exc_text}" for r in caplog.records)
    assert KEY not in logged + repr(service.endpoint) + str(service.endpoint)


def test_tokens_are_those_that_the_service_counts_else_an_estimate() -> None:
    usage = (
        b'data: {"choices": [], "usage": {"prompt_tokens": 40, "completion_tokens": 2, "total_tokens": 42}}'
    )
    with serving(_stream(usage, _said("好。"), _said("", "stop"))) as service:
        model = Calls(service.endpoint)
        model("规则", "一")
        assert (model.tokens, model.counted) == (42, True)
    with serving(lambda talk: talk.say("好。")) as service:
        model = Calls(service.endpoint)
        model("规则", "一")
        assert (model.tokens, model.counted) == (5, False)


def test_a_question_that_is_given_up_waits_for_nothing() -> None:
    stop = threading.Event()
    with serving(_silent, seconds=LONG) as service:
        threading.Timer(0.2, stop.set).start()
        started = time.monotonic()
        with pytest.raises(Stopped):
            Calls(service.endpoint, stop)("规则", "一")
        assert time.monotonic() - started < LONG / 3
