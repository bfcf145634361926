"""Requests that nothing sends which means well, to every end point, from readers and from strangers."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from qa.web.users import User, change_users, hash_password
from tests.hardening.conftest import Tried
from tests.hardening.sizes import ROOT, sizes
from tests.web.conftest import Served, serving

READERS = 20  # each may send 120 requests in half a minute
PASSWORD = "读者的密码确实很长"
SECRET = "marked-secret"
TOOLS = ("ask", "retrieve", "figures", "read")
DEEP = b"[" * 5000 + b"]" * 5000
HALF = '"\\ud83d"'


class Sent(NamedTuple):
    """A request, its body as it goes over the wire."""

    method: str
    path: str
    body: bytes = b""
    kind: str = "application/json"


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Path, Path]]:
    """A server with twenty readers, the file that nobody may reach, and what was noted."""
    home = tmp_path_factory.mktemp("watched")
    elsewhere = tmp_path_factory.mktemp(SECRET)
    (elsewhere / "secret.txt").write_text("root:x:0", encoding="utf-8")
    kept = hash_password(PASSWORD)
    change_users(home / "users.json", lambda _: {n: User(n, "reader", kept) for n in names()})
    notes = elsewhere.parent / "noted.txt"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(home / "gradio"))
        command = ("tests/hardening/watched_server.py", SECRET, str(notes), "--mcp")
        with serving(home, *command) as server:
            yield server, elsewhere / "secret.txt", notes


def names() -> list[str]:
    return [f"读者{number}" for number in range(READERS)]


def values(secret: Path, at: random.Random) -> list[bytes]:
    """JSON that is none, or none of any type that is taken."""
    files: list[object] = [
        {"path": path, "meta": {"_type": "gradio.FileData"}, "url": url}
        for path in (str(secret), "/dev/zero", "/proc/self/environ", "http://looked.up.invalid/a", "//host.invalid/x")
        for url in (None, "http://looked.up.invalid/b")
    ]  # fmt: skip
    odd: list[object] = [
        None, True, -1, 1.5, 10**400, "", "问", "x" * 5000, "\x00", "\u202e", [], {}, [[]], {"a": {"b": []}},
        ["问"] * 3000, ["长" * 4000] * 8, {"path": str(secret)}, [[str(secret)]], {"headers": 1, "data": "x"},
    ]  # fmt: skip
    raw = [DEEP, b'{"a":' * 3000, HALF.encode(), b"NaN", b"1e999", b"1" + b"0" * 6000, b"\xff", b"", b"nul"]
    found = [json.dumps(value).encode() for value in (*files, *odd)] + raw
    at.shuffle(found)
    return found


def requests(n: int, secret: Path, events: int) -> Iterator[Sent]:
    """``n`` requests, each end point in its turn."""
    at = random.Random(7)
    pool: list[bytes] = []

    def value() -> bytes:
        if not pool:
            pool.extend(values(secret, at))
        return pool.pop()

    def several(most: int) -> bytes:
        return b"[" + b",".join(value() for _ in range(at.randrange(most))) + b"]"

    def join() -> bytes:
        return b'{"fn_index":%d,"session_hash":"s%d","data":%s,"event_data":%s}' % (
            at.randrange(-1, events + 2),
            at.randrange(10**6),
            several(9),
            value(),
        )

    odd = ("a" * 300, "..%2f..", "\u6587", "%00", "1")
    for number in range(n):
        tool, path = at.choice(TOOLS), odd[number % len(odd)]
        yield (
            Sent("POST", f"/gradio_api/call/{tool}", b'{"data":%s}' % several(8)),
            Sent("POST", f"/gradio_api/call/{tool}", value()),
            Sent("POST", f"/gradio_api/call/v2/{tool}", b'{"question":%s,"report":%s}' % (value(), value())),
            Sent("POST", "/gradio_api/queue/join", join()),
            Sent("POST", "/gradio_api/queue/join", join()),
            Sent("POST", "/gradio_api/queue/join", join()),
            Sent("POST", "/gradio_api/queue/join", value()),
            Sent("POST", "/gradio_api/cancel", b'{"session_hash":%s,"fn_index":1,"event_id":%s}' % (value(), value())),
            Sent("POST", "/gradio_api/reset", value()),
            Sent("GET", f"/gradio_api/call/{tool}/{path}"),
            Sent("GET", f"/gradio_api/queue/data?session_hash={path}"),
            Sent("POST", "/gradio_api/upload", value(), at.choice(("multipart/form-data; boundary=x", "text/plain"))),
            Sent("GET", f"/gradio_api/upload_progress?upload={path}"),
            Sent("POST", f"/gradio_api/run/{tool}", b'{"data":%s}' % several(5)),
            Sent("POST", "/mcp", b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"%s","arguments":{"question":%s}}}'
                 % (tool.encode(), value())),
            Sent("POST", "/mcp", value()),
            Sent("GET", f"/?report={path}&at={path}"),
            Sent("GET", f"/config?deep_link={path}"),
            Sent(at.choice(("PUT", "DELETE", "PATCH", "OPTIONS")), at.choice(("/", "/gradio_api/call/ask", "/mcp", "/logout"))),
        )[number % 19]  # fmt: skip


@contextmanager
def health(url: str) -> Iterator[list[float]]:
    """Seconds that each look at the server's health took within the block."""
    took, over = list[float](), threading.Event()

    def look() -> None:
        with httpx.Client() as client:
            while not over.wait(0.05):
                started = time.perf_counter()
                assert client.get(f"{url}/health", timeout=20).status_code == 200
                took.append(time.perf_counter() - started)

    with ThreadPoolExecutor(1) as thread:
        looking = thread.submit(look)
        try:
            yield took
        finally:
            over.set()
            looking.result()


def answered(client: httpx.Client, sent: Sent) -> tuple[int, str]:
    """Status and words; of a call or an event, the words of its stream."""
    headers = {"content-type": sent.kind, "accept": "application/json, text/event-stream"}
    answer = client.request(sent.method, sent.path, content=sent.body, headers=headers)
    words = answer.text
    if answer.status_code == 200 and '"event_id"' in words:
        number = answer.json()["event_id"]
        path = f"{sent.path.replace('v2/', '')}/{number}"
        if sent.path.endswith("/join"):
            path = f"/gradio_api/queue/data?session_hash={json.loads(sent.body)['session_hash']}"
        words += client.get(path).text
    return answer.status_code, words


@sizes(114, 1000)
def test_malformed_requests(watched: tuple[Served, Path, Path], tried: Tried, n: int) -> None:
    """Half of them behind a login: a sentence each, no error that nobody expected, no file, no look-up, no wait."""
    server, secret, notes = watched
    home = server.log.parent
    readers = [httpx.Client(base_url=server.url, timeout=60) for _ in names()]
    for name, reader in zip(names(), readers, strict=True):
        assert reader.post("/login", data={"username": name, "password": PASSWORD}).status_code == 200
    stranger = httpx.Client(base_url=server.url, timeout=60)
    events = len(readers[0].get("/config").json()["dependencies"])
    before = files(home)
    statuses: Counter[int] = Counter()

    def send(numbered: tuple[int, Sent]) -> None:
        number, sent = numbered
        for client in (readers[number % READERS], stranger):
            status, words = answered(client, sent)
            statuses[status] += 1
            assert status < 500, (sent, words)
            assert (
                client is not stranger or status in (401, 403, 404) or sent.method not in ("GET", "POST")
            ), sent
            for private in ("Traceback", str(ROOT), str(home), "site-packages", "root:x:", SECRET, "编号"):
                assert private not in words.replace(sent.path, ""), (sent, words)

    with health(server.url) as took, ThreadPoolExecutor(4) as threads:
        list(threads.map(send, enumerate(requests(n, secret, events))))
    for client in (*readers, stranger):
        client.close()
    assert statuses[429] < n / 10, statuses  # else they were not looked at
    assert files(home) == before
    assert notes.read_text(encoding="utf-8") == ""
    said = server.output.read_text(encoding="utf-8")
    assert said.count("\n") == 1, said  # that it is ready
    took.sort()
    tried(
        requests=2 * n,
        statuses=dict(statuses),
        health_ms=[round(1000 * took[at * (len(took) - 1) // 20]) for at in (10, 19, 20)],
    )
    assert took[len(took) * 19 // 20] < 1  # the figure itself is for a machine that does nothing else


def files(home: Path) -> list[str]:
    """What lies in the home, logs of what was asked and changed aside."""
    logs = ("asked.jsonl", "audit.jsonl", "output.txt")
    return sorted(str(path) for path in home.rglob("*") if path.is_file() and path.name not in logs)
