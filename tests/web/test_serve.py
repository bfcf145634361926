"""Starting and stopping: one sentence where it cannot start, silence at the end."""

import ctypes
import errno
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest

from qa.errors import QAError
from qa.settings import Settings
from qa.web.serve import _unusable, serve
from tests.web.conftest import ROOT, environment, serving
from tests.web.small_library import SmallLibrary


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def never() -> SmallLibrary:
    raise AssertionError("the library was opened although nobody could reach it")


def test_taken_port_is_one_sentence_before_any_work(tmp_path: Path, taken_port: int) -> None:
    settings = Settings(home=tmp_path, index=None, encoder=None, host="127.0.0.1", port=taken_port)
    with pytest.raises(QAError, match=f"端口 {taken_port} 已被占用") as caught:
        serve(settings, never)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("host", ["a..b", "a" * 64])
def test_a_name_that_no_host_can_have_is_one_sentence(tmp_path: Path, host: str) -> None:
    settings = Settings(home=tmp_path, index=None, encoder=None, host=host, port=1)
    with pytest.raises(QAError, match="不是这台机器的地址"):
        serve(settings, never, for_all=True)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EADDRINUSE, ""), "已被占用"),
        (OSError(errno.EADDRNOTAVAIL, ""), "UNION_QA_HOST"),
        (socket.gaierror(socket.EAI_NONAME, ""), "UNION_QA_HOST"),
        (OSError(errno.EACCES, ""), "没有权限"),
    ],
)
def test_every_refusal_of_the_system_has_its_sentence(tmp_path: Path, error: OSError, words: str) -> None:
    assert words in str(_unusable(Settings(tmp_path, None, None, "192.0.2.1", 80), error))


def test_app_says_that_the_port_is_taken_and_ends_with_1(tmp_path: Path, taken_port: int) -> None:
    ended = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=environment(tmp_path, taken_port),
        capture_output=True,
        timeout=60,
        check=False,
    )
    said = ended.stderr.decode("utf-8")
    assert ended.returncode == 1
    assert ended.stdout == b""
    assert f"端口 {taken_port} 已被占用" in said
    assert said.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_server_says_where_it_is_and_ends_quietly(tmp_path: Path) -> None:
    with serving(tmp_path, "tests/web/small_server.py", anew=True) as server:
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(20) == 0
    said = server.output.read_text(encoding="utf-8").splitlines()
    assert said == [f"网页已就绪：{server.url}（按 Ctrl-C 结束）", "已结束。"]


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_full_queue_says_so_at_once_and_the_end_comes_within_ten_seconds(tmp_path: Path) -> None:
    """More questions than may wait, each with somebody who waits for its answer, and then SIGTERM."""
    call, body = "/gradio_api/call/ask", {"data": ["这个问题没完没了", [], "", ""]}
    with (
        serving(tmp_path, "tests/web/small_server.py") as server,
        httpx.Client(base_url=server.url, timeout=60) as client,
        ExitStack() as streams,
    ):
        refused = list[httpx.Response]()
        for _ in range(90):
            event = client.post(call, json=body).json()["event_id"]
            answer = streams.enter_context(client.stream("GET", f"{call}/{event}"))
            if answer.status_code == 429:
                answer.read()
                refused.append(answer)
        assert len(refused) > 10
        assert {answer.json()["detail"] for answer in refused} == {"现在提问的人太多，请过一会儿再试。"}
        assert all(answer.elapsed.total_seconds() < 20 for answer in refused)
        with client.stream("GET", "/gradio_api/heartbeat/abc") as listening:
            next(listening.iter_lines())
            started = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(20) == 0
            assert time.monotonic() - started < 10
    said = server.output.read_text(encoding="utf-8").splitlines()
    assert said == [f"网页已就绪：{server.url}（按 Ctrl-C 结束）", "已结束。"]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="signals to one thread, of Linux")
def test_a_signal_that_comes_to_another_thread_ends_the_server(tmp_path: Path) -> None:
    """The system chooses the thread that takes a signal; Python acts on it in the first one alone."""
    with serving(tmp_path, "tests/web/small_server.py") as server:
        number = server.process.pid
        other = max(int(task.name) for task in Path(f"/proc/{number}/task").iterdir())
        assert other != number
        assert ctypes.CDLL(None).tgkill(number, other, signal.SIGTERM) == 0
        assert server.process.wait(20) == 0


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_whoever_listens_at_the_end_hears_nothing_of_the_inside(tmp_path: Path) -> None:
    """Gradio would send the words of the exception, with the places of its files."""
    call, heard = "/gradio_api/call/ask", ""
    with (
        serving(tmp_path, "tests/web/small_server.py") as server,
        httpx.Client(base_url=server.url, timeout=30) as client,
    ):
        event = client.post(call, json={"data": ["这个问题没完没了", [], "", ""]}).json()["event_id"]
        with client.stream("GET", f"{call}/{event}") as listening:
            server.process.send_signal(signal.SIGTERM)
            with suppress(httpx.HTTPError):
                for piece in listening.iter_text():
                    heard += piece
        assert server.process.wait(20) == 0
    assert not re.search(r"Task|site-packages|\.py|Cancel", heard), heard


def test_gradio_is_imported_without_its_stubs_and_inspect_is_as_before() -> None:
    program = (
        "import inspect\n"
        "from qa.web.serve import without_stubs\n"
        "known = inspect.getfile\n"
        "with without_stubs():\n"
        "    import gradio\n"
        "assert inspect.getfile is known\n"
        "assert inspect.getfile(gradio.Textbox).endswith('textbox.py')\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=60)
