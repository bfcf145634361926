"""What a system may deny: memory, descriptors, a port, a disk to write on. It works, or one sentence says what to do."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.cli import main
from qa.index import rebuild
from tests.hardening.conftest import Tried
from tests.hardening.indexes import corpus, write_corpus
from tests.hardening.questions import questions
from tests.hardening.serving import asked, free_port, page, served
from tests.hardening.sizes import ROOT, child, sizes

pytestmark = pytest.mark.skipif(shutil.which("prlimit") is None, reason="limits are set by prlimit")
GIGABYTE = 1 << 30
CROWD = Path(__file__).with_name("crowd.py")
QUESTION = "苏州的法律援助案件办了多少件？"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("limits") / "reports", corpus(3, 7))


@pytest.fixture(scope="module")
def index(reports: Path) -> Path:
    rebuild([reports], reports.parent / "index")
    return reports.parent / "index"


def limited(limit: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    code = "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])"
    return child("-c", code, "prlimit", limit, sys.executable, "-m", "qa", *arguments, seconds=900)


@pytest.mark.parametrize("limit", [f"--as={GIGABYTE}", pytest.param("--nofile=64", marks=pytest.mark.long)])
def test_it_works_with_a_gigabyte_and_with_64_descriptors(
    reports: Path, index: Path, tmp_path: Path, limit: str
) -> None:
    for command in (
        ("rebuild", reports, "--index", tmp_path / "new"),
        ("ask", QUESTION, "--index", index),
        ("status", "--index", index),
    ):
        done = limited(limit, *command)
        assert (done.returncode, done.stderr) == (0, ""), command


def test_a_page_with_a_gigabyte_is_refused_in_a_sentence(index: Path) -> None:
    done = limited(f"--as={GIGABYTE}", "serve", "--index", index, "--port", free_port())
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1 and "1073 MB" in done.stderr and "ulimit" in done.stderr


@pytest.mark.long
def test_a_page_answers_a_crowd_with_the_least_that_it_accepts(index: Path, tried: Tried) -> None:
    port = free_port()
    with served(index, port, "prlimit", f"--as={4 * 10**9}"):
        done = child(CROWD, port, "closed", 64, 10)
    told = Counter(outcome for *_, outcome in json.loads(done.stdout))
    assert set(told) == {"answered"}
    tried(users=64, requests=told.total(), megabytes_of_addresses=4000)


def test_a_page_answers_with_64_descriptors(index: Path, tried: Tried) -> None:
    port = free_port()
    with served(index, port, "prlimit", "--nofile=64") as serving:
        told = [asked(port, question)["answer"] for question in questions(5)]
        assert asked(port, QUESTION)["answer"]
        serving.send_signal(signal.SIGTERM)
        out, _ = serving.communicate(timeout=40)
    assert all(told) and out.rstrip().endswith("已结束。")
    tried(questions=len(told) + 1)


@pytest.mark.parametrize("megabytes", [pytest.param(900, marks=pytest.mark.long), 250])
def test_less_memory_is_refused_in_a_sentence(reports: Path, index: Path, megabytes: int) -> None:
    for command in (("rebuild", reports), ("ask", QUESTION), ("status",)):
        done = limited(f"--as={megabytes * 10**6}", *command, "--index", index)
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1 and f"{megabytes} MB" in done.stderr and "ulimit" in done.stderr


@pytest.mark.long
def test_reports_beyond_the_memory_are_refused_in_a_sentence(
    index: Path, tmp_path: Path, tried: Tried
) -> None:
    reports = write_corpus(tmp_path / "large", corpus(64, 8, 2000))
    before = {p: p.read_bytes() for p in index.rglob("*") if p.is_file() and p.name != "lock"}
    done = limited(f"--as={GIGABYTE}", "rebuild", reports, "--index", index)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "内存不够" in done.stderr
    assert {p: p.read_bytes() for p in before} == before
    tried(sentences=64 * 2000, megabytes=1074)


def test_a_page_survives_more_connections_than_descriptors(index: Path, tried: Tried) -> None:
    port = free_port()
    with served(index, port, "prlimit", "--nofile=64") as serving:
        page(port)
        idle = []
        for _ in range(100):
            connection = socket.socket()
            connection.settimeout(2)
            connection.connect(("127.0.0.1", port))
            idle.append(connection)
        time.sleep(0.3)
        for connection in idle:
            connection.close()
        assert b"status" in soon(port)
        serving.send_signal(signal.SIGTERM)
        out, _ = serving.communicate(timeout=40)
    assert "Traceback" not in out
    assert serving.returncode == 0
    tried(connections=100, descriptors=64)


def soon(port: int) -> bytes:
    """The page, within ten seconds: until the server has seen that others have gone, it may turn away."""
    until = time.monotonic() + 10
    while True:
        try:
            return page(port, seconds=10)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


@sizes(None, 5)
def test_asked_to_end_under_load(index: Path, tried: Tried, n: int) -> None:
    slowest = 0.0
    for _ in range(n):
        port, stopped, replies = free_port(), threading.Event(), list[int]()

        def ask(port: int = port, stopped: threading.Event = stopped, replies: list[int] = replies) -> None:
            while not stopped.is_set():
                try:
                    replies.append(len(page(port, "/")))
                except OSError:
                    return

        with served(index, port) as serving:
            askers = [threading.Thread(target=ask) for _ in range(8)]
            for asker in askers:
                asker.start()
            crowd = subprocess.Popen(
                [sys.executable, str(CROWD), str(port), "closed", "16", "6"],
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), os.environ["PYTHONPATH"]))},
            )
            time.sleep(4)
            began = time.monotonic()
            serving.send_signal(signal.SIGTERM)
            out, _ = serving.communicate(timeout=40)
            slowest = max(slowest, time.monotonic() - began)
            stopped.set()
            for asker in askers:
                asker.join()
            outcomes = {outcome for *_, outcome in json.loads(crowd.communicate(timeout=60)[0])}
        assert replies and "answered" in outcomes
        for outcome in outcomes:  # what those heard who were just asking
            assert not re.search(r"site-packages|Task|Traceback|\.py", outcome), outcome
        assert serving.returncode == 0
        assert out.rstrip().endswith("已结束。") and "Traceback" not in out
    tried(ends=n, slowest_seconds=round(slowest, 1))


def test_a_port_that_is_taken(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        assert main(["serve", "--index", str(index), "--port", str(port)]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and f"端口 {port} 已被占用" in said


@pytest.fixture
def read_only(index: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the index that nobody can write to."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid():
        shutil.copytree(index, disk / "index")
        for path in (disk / "index", *(disk / "index").rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        yield disk / "index"
        for path in (disk / "index", *(disk / "index").rglob("*")):
            path.chmod(0o755)
        return
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", disk], check=False).returncode:
        pytest.skip("mounting is not allowed here, and root writes anywhere")
    shutil.copytree(index, disk / "index")
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    yield disk / "index"
    subprocess.run(["umount", disk], check=True)


def test_an_index_that_cannot_be_written(
    read_only: Path, reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["ask", QUESTION], ["status"], ["search", "法律援助"], ["figures"]):
        assert main([*command, "--index", str(read_only)]) == 0
    capsys.readouterr()
    assert main(["rebuild", str(reports), "--index", str(read_only), "--force"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and str(read_only) in said and "没有改动" in said
