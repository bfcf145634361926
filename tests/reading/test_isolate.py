import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.errors import ReportError
from qa.reading import isolate
from qa.reading.formats import Block, Extract
from qa.reading.isolate import ScanError, run_isolated


def give(path: Path) -> Extract:
    return Extract(path.name, "", "pdf", (Block(0, 3, "heading", 2),))


def crash(path: Path) -> Extract:
    os.abort()


def work(path: Path) -> Extract:
    until = time.process_time() + 2
    while time.process_time() < until:
        pass
    return give(path)


def hang(path: Path) -> Extract:
    time.sleep(60)
    raise AssertionError


def grow(path: Path) -> Extract:
    return Extract("字" * (1 << 31), "", "pdf", ())


def scan(path: Path) -> Extract:
    raise ScanError("都是图片", (1, 2))


def spin(path: Path) -> Extract:
    while True:
        pass


def stumble(path: Path) -> Extract:
    return Extract(str(int("9" * 5000)), "", "pdf", ())


def who(path: Path) -> int:
    return os.getpid()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "-报告\n1.pdf"
    file.write_bytes(b"x")
    return file


def test_an_extract_comes_back_as_it_is(path: Path) -> None:
    assert run_isolated(give, path) == give(path)


@pytest.mark.parametrize("what", [crash, grow, stumble])
def test_whatever_happens_there_is_a_refusal_in_one_line(path: Path, what: Callable[[Path], Extract]) -> None:
    with pytest.raises(ReportError, match="-报告 1") as caught:
        run_isolated(what, path)
    assert "\n" not in str(caught.value)
    assert run_isolated(give, path) == give(path)


@pytest.mark.parametrize(
    ("what", "patience", "limit"), [(hang, 2, r"读了 \d+ 秒还"), (spin, 20, "用了 1 秒处理器时间")]
)
def test_a_child_that_does_not_end_is_ended_and_the_limit_it_hit_is_said(
    path: Path, monkeypatch: pytest.MonkeyPatch, what: Callable[[Path], Extract], patience: int, limit: str
) -> None:
    monkeypatch.setattr(isolate, "PARSER_SECONDS", 1)
    monkeypatch.setattr(isolate, "_STALL_FACTOR", patience)
    start = time.monotonic()
    with pytest.raises(ReportError, match=limit):
        run_isolated(what, path)
    assert time.monotonic() - start < 60


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="nothing tells how long a child has worked")
def test_a_busy_machine_refuses_no_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that works is waited for, however long that takes on the clock."""
    monkeypatch.setattr(isolate, "_STALL_FACTOR", 0.1)
    monkeypatch.setattr(isolate, "_LEAST_PROGRESS", 0.001)
    start = time.monotonic()
    assert run_isolated(work, path) == give(path)
    assert time.monotonic() - start > 0.1 * isolate.PARSER_SECONDS


def test_pages_of_a_scan_are_known(path: Path) -> None:
    with pytest.raises(ScanError, match="都是图片") as caught:
        run_isolated(scan, path)
    assert caught.value.pages == (1, 2)


def test_one_child_reads_one_file_after_the_other_and_its_own_where_files_come_at_once(path: Path) -> None:
    children = {run_isolated(who, path) for _ in range(5)}
    assert len(children) == 1
    assert os.getpid() not in children
    together = [threading.Thread(target=run_isolated, args=(give, path)) for _ in range(3)]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()


def test_a_child_without_work_ends(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolate, "_IDLE_SECONDS", 0.1)
    child = run_isolated(who, path)
    until = time.monotonic() + 20
    while Path(f"/proc/{child}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert run_isolated(who, path) != child
