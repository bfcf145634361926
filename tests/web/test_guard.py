"""What is on every answer, errors too; what comes first in the page; what never gets as far as the page."""

import asyncio
import socket
import time
from contextlib import ExitStack

import httpx
import pytest
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from qa.web.addresses import is_open
from qa.web.guard import JSON_BYTES, Guard
from tests.web.conftest import Served, waited

ASK = {"data": ["云岭市走访慰问困难职工多少人次？", [], "", ""]}


def test_page_forbids_everything_beyond_the_host(served: Served) -> None:
    response = httpx.get(served.url)
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert not [word for word in policy.split() if "://" in word or word == "*"]
    assert int(response.headers["content-length"]) == len(response.content)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", {}, 200),
        ("HEAD", "/", {}, 200),
        ("GET", "/health", {}, 200),
        ("GET", "/theme.css", {}, 200),
        ("GET", "/nothing", {}, 404),
        ("GET", "/assets/nothing.js", {}, 404),
        ("GET", "/", {"host": "rebound.example"}, 421),
        ("POST", "/gradio_api/queue/join", {"origin": "http://evil.example"}, 403),
        ("GET", "/config", {"origin": "http://127.0.0.1:1"}, 403),
        ("GET", "/config", {"sec-fetch-site": "cross-site"}, 403),
        (
            "OPTIONS",
            "/config",
            {"origin": "http://evil.example", "access-control-request-method": "GET"},
            403,
        ),
        ("POST", "/gradio_api/queue/join", {}, 400),
        ("POST", "/gradio_api/cancel", {}, 400),
        ("PUT", "/", {}, 405),
        ("POST", "/gradio_api/component_server", {}, 404),
    ],
)
def test_every_answer_keeps_the_browser_here(
    served: Served, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = httpx.request(method, f"{served.url}{path}", headers=headers)
    assert answer.status_code == status
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "server" not in answer.headers
    assert (
        answer.headers["content-type"].startswith("text/css") or answer.headers["cache-control"] == "no-store"
    )
    if status >= 400 and answer.headers["content-type"] == "application/json":
        assert set(answer.json()) == {"detail"}


@pytest.mark.parametrize("head", ["Content-Length: 999999999", "Transfer-Encoding: chunked"])
def test_a_body_breaks_off_at_its_limit(served: Served, head: str) -> None:
    """Forty megabytes, announced or not: refused before the last one is sent."""
    host, port = served.url.removeprefix("http://").split(":")
    piece = b"100000\r\n" + b"x" * 2**20 + b"\r\n"
    sent, answer = 0, b""
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(
            f"POST /gradio_api/call/ask HTTP/1.1\r\nHost: {host}:{port}\r\n"
            f"Content-Type: application/json\r\n{head}\r\n\r\n".encode()
        )
        try:
            while sent < 40:
                connection.sendall(piece)
                sent += 1
            answer = connection.recv(4096)
        except ConnectionError:
            pass
    assert b" 413 " in answer or sent < 40
    assert httpx.get(f"{served.url}/health").status_code == 200


def test_a_body_of_two_lengths_is_refused_with_all_that_follows(served: Served) -> None:
    host, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(
            f"POST /gradio_api/call/ask HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            f"GET /health HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()
        )
        answer = b""
        while piece := connection.recv(4096):
            answer += piece
    assert answer.count(b"HTTP/1.1") == 1
    assert answer.startswith(b"HTTP/1.1 400")


def test_half_sent_bodies_of_one_person_fill_no_memory(served: Served) -> None:
    """A body may come slowly, and what has come of it waits in memory: so there are few at a time."""
    host, port = served.url.removeprefix("http://").split(":")
    head = f"POST /gradio_api/call/ask HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
    with ExitStack() as stack:

        def half_sent(size: str) -> socket.socket:
            connection = stack.enter_context(socket.create_connection((host, int(port)), timeout=10))
            connection.sendall(f"{head}{size}\r\n\r\n".encode())
            return connection

        for _ in range(4):
            half_sent(f"Content-Length: {JSON_BYTES}").sendall(b"[" * 1000)
        time.sleep(0.5)
        for size in ("Content-Length: 9", "Transfer-Encoding: chunked"):
            assert half_sent(size).recv(4096).startswith(b"HTTP/1.1 429 ")
        assert httpx.get(f"{served.url}/health").status_code == 200
    until = time.monotonic() + 10
    while (answer := httpx.post(f"{served.url}/gradio_api/call/ask", json=ASK)).status_code == 429:
        assert time.monotonic() < until
        time.sleep(0.1)
    assert answer.status_code == 200


def test_language_is_set_before_anything_else_runs(served: Served) -> None:
    html = httpx.get(served.url).text
    assert 'lang="zh-CN"' in html[: html.index("<head>")]
    assert html.index("qa-language") == html.index("qa-language", html.index("<script>"))
    assert html.count("<script>", 0, html.index("qa-language")) == 1


def test_other_answers_pass_through_whole(served: Served) -> None:
    info = httpx.get(f"{served.url}/gradio_api/info")
    assert info.status_code == 200
    assert list(info.json()["named_endpoints"]) == ["/ask", "/retrieve", "/figures", "/read", "/check_draft"]


def test_nothing_passes_the_queue(served: Served) -> None:
    for path in ("run/ask", "api/ask", "run/predict", "api/predict/"):
        answer = httpx.post(
            f"{served.url}/gradio_api/{path}", json={"data": ["书屋", [], "", ""], "fn_index": 0}
        )
        assert answer.status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=http://127.0.0.1:1/",
        "/gradio_api/file//etc/passwd",
        "/gradio_api/proxy=http://127.0.0.1:1/",
        "/gradio_api/custom_component/a/client/b/c",
        "/gradio_api/stream/a/b/c/playlist.m3u8",
        "/gradio_api/run/ask",
        "/gradio_api/dev/reload",
        "/gradio_api/vibe-edit",
        "/gradio_api/runs",
        "/gradio_api/deep_link",
        "/gradio_api/token",
        "/gradio_api/user",
        "/gradio_api/process_recording",
        "/gradio_api/profiling/traces",
        "/gradio_api/mcp/",
        "/monitoring",
        "/openapi.json",
        "/docs",
        "/static/../../etc/passwd",
        "/assets/..\\..\\x",
        "//evil.example",
        "/health/",
    ],
)
def test_paths_that_nobody_needs_are_closed(path: str) -> None:
    assert not is_open(path)


async def told(waiting: list[bytes], most: int) -> tuple[list[str], int]:
    """The kinds of messages that an application gets of a body in pieces, and the status that is answered."""
    got, statuses = list[str](), list[int]()

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        got.extend([(await receive())["type"] for _ in range(max(len(waiting), 1))])
        await PlainTextResponse("")(scope, receive, send)

    async def receive() -> Message:
        if not waiting:
            await asyncio.sleep(3600)
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message: Message) -> None:
        if "status" in message:
            statuses.append(message["status"])

    async def nobody(_: HTTPConnection) -> None: ...

    guard = Guard(application, "127.0.0.1", (), nobody, None)
    await guard._counted({"type": "http"}, receive, send, most)
    return got, *statuses


def test_a_body_breaks_off_at_the_first_piece_beyond_its_limit() -> None:
    assert waited(told([b"12345", b"67890"], 10)) == (["http.request"] * 2, 200)
    assert waited(told([b"12345", b"67890x", b"never read"], 10)) == (
        ["http.request", "http.disconnect", "http.disconnect"],
        413,
    )


def test_a_body_that_stops_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.web.guard._SILENCE_SECONDS", 0.01)
    assert waited(told([], 10)) == (["http.disconnect"], 408)
