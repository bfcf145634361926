"""Against a server that runs: addresses that lead elsewhere, bodies that are no bodies. It gives nothing and stays up."""

import http.client
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from tests.web.conftest import ROOT, Served

CANARY = "canary-of-another-server"
UP = ("../", "..%2f", "%2e%2e/", "..%5c", "....//", "%252e%252e%252f", "..%c0%af", ".%00./")
ROOTS = ("static", "assets", "svelte", "gradio_api/file=", "gradio_api/custom_component/x/client/y")


def addresses(elsewhere: str, secret: Path) -> list[str]:
    """Sixty and more ways to another file or another server."""
    traversals = [f"/{root}/{up * 8}etc/passwd" for root in ROOTS for up in UP]
    files = [
        f"/gradio_api/file={secret}",
        f"/gradio_api/file/{secret}",
        f"/gradio_api/file=%2f{str(secret).lstrip('/')}",
        "/gradio_api/file=/proc/self/environ",
        "/gradio_api/file=file:///etc/passwd",
        "/gradio_api/file=C:\\Windows\\win.ini",
        "/gradio_api/file=\\\\127.0.0.1\\share",
        f"/static//{secret}",
        f"/assets//{secret}",
        "/gradio_api/custom_component/1/server/../../../../etc/passwd",
        "/?deep_link=../../../../etc",
        f"/?deep_link={secret.parent}",
        "/config?deep_link=..%2f..%2fetc",
        "/gradio_api/deep_link?session_hash=a",
    ]
    servers = [
        f"/gradio_api/file={elsewhere}",
        f"/gradio_api/file/{elsewhere}",
        f"/gradio_api/proxy={elsewhere}",
        "/gradio_api/proxy=http://169.254.169.254/latest/meta-data/",
        "/gradio_api/proxy=http://[::1]:22/",
        "/gradio_api/proxy=file:///etc/passwd",
        f"/gradio_api/proxy={elsewhere}@x.hf.space/",
        "/gradio_api/file=http://0x7f000001/",
        "/gradio_api/file=http://2130706433/",
        "/gradio_api/file=https://localhost./",
        "/gradio_api/stream/a/b/c/playlist.m3u8",
        f"//{elsewhere.removeprefix('http://')}",
        f"/{elsewhere}",
    ]
    return traversals + files + servers


class Elsewhere(BaseHTTPRequestHandler):
    """Another server of this machine, which nobody may be led to."""

    visits: list[str]

    def do_GET(self) -> None:
        self.visits.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(CANARY.encode())

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    visits: list[str] = []
    handler = type("Handler", (Elsewhere,), {"visits": visits})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", visits
        finally:
            server.shutdown()
            thread.join()


def test_no_address_leads_to_another_file_or_another_server(served: Served) -> None:
    secret = served.log.parent / "secret.txt"
    secret.write_text(CANARY, encoding="utf-8")
    host = served.url.removeprefix("http://")
    with elsewhere() as (other, visits):
        tried = addresses(other, secret)
        assert len(tried) >= 60
        for path in tried:
            connection = http.client.HTTPConnection(host, timeout=10)
            connection.putrequest("GET", "/", skip_host=True)
            connection._buffer[0] = f"GET {path} HTTP/1.1".encode()  # type: ignore[attr-defined]
            connection.putheader("Host", host)
            connection.endheaders()
            answer = connection.getresponse()
            body = answer.read()
            connection.close()
            assert CANARY.encode() not in body, path
            assert b"root:x:" not in body, path
            assert b"Traceback" not in body, path
            if not path.startswith(("/?", "/config")):
                assert answer.status in (400, 403, 404), path
        bad_host = httpx.get(served.url, headers={"x-forwarded-host": other.removeprefix("http://")})
        assert CANARY not in bad_host.text
    assert visits == []
    print(f"{len(tried)} addresses: none led anywhere")


def bodies() -> list[tuple[str, str, bytes]]:
    """Thirty and more bodies that are none, as (path, type, body)."""
    join, call, server = "/gradio_api/queue/join", "/gradio_api/call/ask", "/gradio_api/component_server"
    plain, form = "application/json", "multipart/form-data; boundary=x"
    json_bodies: list[bytes] = [
        b"",
        b"{",
        b"null",
        b"[]",
        b"0",
        b'"text"',
        b"\xff\xfe\x00",
        b"\x00",
        b"{" * 5000,
        b"[" * 100_000,
        b'{"data":' * 2000,
        b'{"data": null}',
        b'{"data": "text"}',
        b'{"data": []}',
        b'{"data": [1e999]}',
        b'{"data": [NaN, 1, 2, 3]}',
        b'{"data": [{"a": {}}, [], "", ""]}',
        b'{"data": ["\\ud800", [], "", ""]}',
        b'{"data": ["a", "b", [], {}]}',
        b'{"data": ["a", [], "", "", "", "", "", ""]}',
        b'{"data": [1' + b"0" * 5000 + b"]}",
    ]
    joins: list[object] = [
        {"data": [], "fn_index": 99999, "session_hash": "m"},
        {"data": [], "fn_index": -1, "session_hash": "m"},
        {"data": [], "fn_index": 0, "session_hash": {}},
        {"data": [], "fn_index": 0, "session_hash": None},
        {"data": [], "fn_index": "x", "session_hash": "m"},
        {"data": [], "fn_index": 10**30, "session_hash": "m"},
        {"data": [{"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}] * 4, "fn_index": 3, "session_hash": "m"},
        {"data": [{"url": "http://127.0.0.1:1/", "path": "x", "meta": {"_type": "gradio.FileData"}}], "fn_index": 3, "session_hash": "m"},
        {"data": [], "fn_index": 0, "session_hash": "m", "event_data": "x" * 1000, "trigger_id": "x"},
    ]  # fmt: skip
    found = [(call, plain, body) for body in json_bodies]
    found += [(join, plain, json.dumps(value).encode()) for value in joins]
    found += [
        (server, plain, b'{"data": 1, "component_id": 1, "fn_name": "__init__", "session_hash": "m"}'),
        (server, plain, b'{"data": 1, "component_id": 99999, "fn_name": "x", "session_hash": "m"}'),
        (server, form, b"--x\r\n\r\n--x--"),
        ("/gradio_api/upload", form, b"no parts"),
        ("/gradio_api/upload", "multipart/form-data", b"--x--"),
        ("/gradio_api/upload", "text/plain", b"x"),
        ("/gradio_api/upload", form, b'--x\r\nContent-Disposition: form-data; name="files"; filename="' + b"a" * 70_000),
        ("/gradio_api/cancel", plain, b'{"session_hash": 1, "fn_index": [], "event_id": {}}'),
        ("/gradio_api/call/nothing", plain, b'{"data": []}'),
        ("/gradio_api/call/v2/ask", plain, b'{"question": {}, "unknown": 1}'),
        ("/gradio_api/call/v2/nothing", plain, b"{}"),
        (call, "text/plain", b'{"data": ["a", [], "", ""]}'),
    ]  # fmt: skip
    return found


def test_no_body_brings_it_down_or_gets_more_than_a_sentence(served: Served) -> None:
    tried = bodies()
    assert len(tried) >= 30
    log = served.log.parent / "errors.jsonl"
    codes = []
    for path, kind, body in tried:
        answer = httpx.post(f"{served.url}{path}", content=body, headers={"content-type": kind}, timeout=30)
        codes.append(answer.status_code)
        for private in ("Traceback", str(ROOT), "site-packages", str(served.log.parent), "root:x:", 'File "'):
            assert private not in answer.text, (path, body[:80])
        if answer.status_code >= 500:
            code = re.search("编号 ([0-9a-f]{6})", answer.json()["detail"])
            assert code, answer.text
            lines = log.read_text(encoding="utf-8").splitlines()
            assert sum(json.loads(line)["id"] == code[1] for line in lines) == 1
    assert httpx.get(f"{served.url}/health").status_code == 200
    print(f"{len(tried)} bodies: {sorted(set(codes))}")


def test_events_that_fail_inside_say_no_more_than_that(served: Served) -> None:
    """Bodies that the queue takes and the event cannot use: what comes back over the stream."""
    for value in (
        None,
        {},
        "x" * 3000,
        ["a"],
        {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}},
        1e308,
    ):
        url = f"{served.url}/gradio_api/call/ask"
        posted = httpx.post(url, json={"data": [value, [], "", ""]})
        said = posted.text
        if posted.status_code == 200:
            said = httpx.get(f"{url}/{posted.json()['event_id']}", timeout=30).text
        for private in ("Traceback", str(ROOT), "site-packages", "root:x:"):
            assert private not in said, value


def test_an_address_as_a_report_or_a_filter_is_only_words(served: Served) -> None:
    for words in (
        "../../etc/passwd",
        "/etc/passwd",
        "http://127.0.0.1:1/",
        "file:///etc/passwd",
        "\\\\host\\share",
    ):
        url = f"{served.url}/gradio_api/call/read"
        event = httpx.post(url, json={"data": [words, 0, 1]}).json()["event_id"]
        assert (
            "没有报告" in json.loads(httpx.get(f"{url}/{event}", timeout=30).text.split("data: ")[1])["error"]
        )
        page = httpx.get(served.url, params={"report": words, "at": "0-99999999999999"})
        assert page.status_code == 200
        assert "root:x:" not in page.text


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "", "[::", "0"]
)
def test_a_name_that_was_rebound_gets_nothing(served: Served, host: str) -> None:
    answer = httpx.get(f"{served.url}/config", headers={"host": host})
    assert answer.status_code in (400, 421)
    assert "components" not in answer.text
