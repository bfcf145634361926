"""However many processes share the work of a build, the index is the same; one that is killed costs its job's time."""

import os
import pickle
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from qa.errors import QAError, WorkersFailed
from qa.index import rebuild
from qa.index.executors import Processes
from qa.index.folder import generation_folder, numbers
from tests.index.made import Built, HashedBigrams, write_reports

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL there")


def files_of(index: Path) -> dict[str, bytes]:
    """What the newest generation holds, its manifest with the time of its making aside."""
    folder = generation_folder(index, numbers(index)[0])
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def many(folder: Path) -> Path:
    """Reports enough for several jobs of every kind, one of them unreadable and one a repetition."""
    texts = {
        f"n{n:02d}": f"# 绍兴市第{n}工会工作报告（20{n:02d}年）\n\n"
        + "".join(f"全年走访企业{n * m + 1}家，第{m}次慰问职工{m + 3}00人。\n\n" for m in range(40))
        for n in range(10, 40)
    }
    write_reports(folder, **texts, empty="", again=texts["n10"] + "\n")
    return folder


@pytest.fixture
def two() -> Iterator[Processes]:
    with closing(Processes(2)) as workers:
        yield workers


def double(number: int) -> int:
    return 2 * number


def sleep_by_turns(number: int) -> int:
    time.sleep(0.05 * (number % 3))
    return number


def whoever(_: int) -> int:
    return os.getpid()


def refuse(number: int) -> int:
    raise ValueError(f"not {number}")


def die_once(mark: Path) -> str:
    """Dies the first time that it is asked, leaves a mark, and goes on the second time."""
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    with mark.open("a") as file:
        file.write("done\n")
    return mark.name


def die(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_results_come_in_the_order_of_the_jobs(two: Processes) -> None:
    assert list(two.map(sleep_by_turns, range(20))) == list(range(20))
    assert list(two.map(double, [])) == []
    assert list(two.map(double, [3])) == [6]
    found = set(two.map(whoever, range(40)))
    assert os.getpid() not in found
    assert len(found) <= 2


def test_an_error_of_the_work_is_raised_here(two: Processes) -> None:
    with pytest.raises(ValueError, match="not 1"):
        list(two.map(refuse, [1]))
    assert list(two.map(double, [1])) == [2]


def test_jobs_are_taken_only_a_few_ahead(two: Processes) -> None:
    taken: list[int] = []
    results = two.map(double, (taken.append(n) or n for n in range(1000)))
    next(results)
    assert len(taken) < 20


def test_a_killed_worker_is_replaced_and_its_job_done_once(two: Processes, tmp_path: Path) -> None:
    marks = [tmp_path / f"{n}" for n in range(6)]
    assert list(two.map(die_once, marks)) == [mark.name for mark in marks]
    assert [mark.read_text() for mark in marks] == ["done\n"] * 6


def test_a_job_that_kills_every_worker_ends_in_a_sentence(two: Processes) -> None:
    with pytest.raises(WorkersFailed, match="--workers"):
        list(two.map(die, [1]))


def test_workers_end_with_their_parent(two: Processes) -> None:
    (child,) = {*two.map(whoever, [1])}
    two.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_the_index_does_not_depend_on_how_many(tmp_path: Path) -> None:
    reports = many(tmp_path / "reports")
    one = rebuild([reports], tmp_path / "one")
    more = rebuild([reports], tmp_path / "more", workers=3)
    assert (more.reports, len(more.skipped), more.embedded) == (30, 2, one.embedded)
    assert more.skipped == one.skipped
    assert files_of(tmp_path / "more") == files_of(tmp_path / "one")
    write_reports(reports, n20="# 绍兴市总工会工作报告（2020年）\n\n新建驿站17座。\n")
    again = rebuild([reports], tmp_path / "more", workers=2)
    assert (again.changed, again.embedded) == (("n20.md",), 1)
    rebuild([reports], tmp_path / "one")
    assert files_of(tmp_path / "more") == files_of(tmp_path / "one")


@pytest.mark.parametrize("seconds", [pytest.param(0.0, marks=pytest.mark.hardening), 0.03])
def test_workers_killed_in_the_middle_change_nothing(tmp_path: Path, seconds: float) -> None:
    reports = many(tmp_path / "reports")
    rebuild([reports], tmp_path / "one", encoder=HashedBigrams())
    killed: dict[str, int] = {}

    def kill(step: str, done: int, total: int) -> None:
        if step in ("read", "embed", "write") and done >= total // 2 and step not in killed:
            time.sleep(seconds)
            for child in (living := children()):
                os.kill(child, signal.SIGKILL)
            killed[step] = len(living)

    rebuild([reports], tmp_path / "two", encoder=HashedBigrams(), workers=2, progress=kill)
    assert killed["read"] and killed["embed"]
    assert files_of(tmp_path / "two") == files_of(tmp_path / "one")


def children() -> list[int]:
    """The worker processes of this one that live."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        for child in read_if_there(task / "children").split():
            command = read_if_there(Path("/proc", child.decode(), "cmdline"))
            if b"qa.worker\0indexing" in command:
                found.append(int(child))
    return found


def read_if_there(file: Path) -> bytes:
    """What a file of /proc holds; nothing where its thread or process has just ended."""
    try:
        return file.read_bytes()
    except OSError:
        return b""


class Deadly(HashedBigrams):
    """An encoder that no process survives."""

    def encode_passages(self, texts: object) -> None:  # type: ignore[override]
        os.kill(os.getpid(), signal.SIGKILL)


def test_where_no_worker_survives_the_old_index_serves_on(built: Built) -> None:
    before = built.open().generation
    with pytest.raises(WorkersFailed, match="索引没有改动"):
        built.rebuild(encoder=Deadly(), force=True, workers=2)
    assert (built.open().generation, built.open().warnings) == (before, ())
    assert [path.name for path in (built.index / "generations").iterdir()] == [f"{before:08d}"]
    assert children() == []


def test_less_than_one_worker_is_refused(built: Built) -> None:
    with pytest.raises(QAError, match="--workers"):
        built.rebuild(workers=0)


def test_an_error_that_cannot_travel_is_told_by_its_words() -> None:
    from qa.worker import _failure

    class Local(Exception):
        pass

    done, error = pickle.loads(_failure(Local("here")))
    assert (done, str(error)) == (False, "Local: here")
