"""While the page is being made ready its port answers, and nobody who came then is lost."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection

from qa.web.waiting import waiting
from tests.web.conftest import ROOT


def asked(port: int, path: str, method: str = "GET") -> tuple[int, str, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path)
    answer = connection.getresponse()
    return answer.status, answer.getheader("retry-after") or "", answer.read()


def test_whoever_comes_early_is_told_and_looks_again() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        with waiting(listener):
            status, again, page = asked(port, "/")
            assert (status, again) == (503, "1")
            assert "正在启动" in page.decode()
            assert b'http-equiv="refresh"' in page
            assert asked(port, "/health") == (503, "1", b'{"status": "starting"}')
            assert asked(port, "/", "HEAD")[2] == b""
            with socket.create_connection(("127.0.0.1", port)) as silent:
                assert asked(port, "/health")[0] == 503  # waits for the silent one, not for ever
                silent.close()


def test_who_connects_when_it_ends_is_left_to_what_comes_next() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        with waiting(listener):
            pass
        late = threading.Thread(target=lambda: socket.create_connection(("127.0.0.1", port), 5).close())
        late.start()
        connection, _ = listener.accept()
        connection.close()
        late.join()
        started = time.perf_counter()
        with waiting(listener):
            pass
        assert time.perf_counter() - started < 1


def test_gradio_is_imported_without_its_stubs_and_inspect_is_as_before() -> None:
    program = (
        "import inspect\n"
        "from qa.web.stubs import without_stubs\n"
        "known = inspect.getfile\n"
        "with without_stubs():\n"
        "    import gradio\n"
        "assert inspect.getfile is known\n"
        "assert inspect.getfile(gradio.Textbox).endswith('textbox.py')\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=60)
