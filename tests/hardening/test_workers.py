"""Several processes build within what a system allows: little memory, a full disk, a folder that is read-only."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from qa.index import rebuild
from tests.hardening.conftest import Tried
from tests.hardening.indexes import corpus, write_corpus
from tests.hardening.sizes import child, sizes

GIGABYTE = 1 << 30
limited = pytest.mark.skipif(shutil.which("prlimit") is None, reason="limits are set by prlimit")


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "reports", corpus(6, 7))


@pytest.fixture
def index(reports: Path) -> Path:
    rebuild([reports], reports.parent / "index")
    return reports.parent / "index"


def files(index: Path) -> dict[Path, bytes]:
    return {p: p.read_bytes() for p in index.rglob("*") if p.is_file() and p.name != "lock"}


@limited
@pytest.mark.parametrize("limit", [pytest.param(f"--as={GIGABYTE}", marks=pytest.mark.long), "--nofile=64"])
def test_two_workers_do_with_what_one_process_does_with(reports: Path, tmp_path: Path, limit: str) -> None:
    code = "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])"
    program = (sys.executable, "-m", "qa")
    command = ("rebuild", reports, "--index", tmp_path / "new", "--workers", 2)
    done = child("-c", code, "prlimit", limit, *program, *command, seconds=300)
    assert (done.returncode, done.stderr) == (0, "")


@limited
def test_workers_with_too_little_memory_end_in_one_sentence(reports: Path, index: Path) -> None:
    """The processes that are started get too little, the one that starts them enough."""
    before = files(index)
    starved = (
        "import sys, resource, qa.worker as p; from qa.cli import main; start = p.subprocess.Popen\n"
        "limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (100 << 20, 100 << 20))\n"
        "p.subprocess.Popen = lambda *a, **k: start(*a, **k, preexec_fn=limit)\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    done = child("-c", starved, "rebuild", reports, "--index", index, "--force", "--workers", 2, seconds=300)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "内存不够" in done.stderr
    assert files(index) == before


@sizes(1, 4)
def test_a_full_disk_ends_in_one_sentence(reports: Path, index: Path, tried: Tried, n: int) -> None:
    """No file may grow beyond a few kilobytes, in the process and in its workers."""
    before = files(index)
    code = (
        "import resource, signal, sys; from qa.cli import main; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "size = int(sys.argv[1]); resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))\n"
        "sys.exit(main(sys.argv[2:]))"
    )
    for size in [1000 * 4**k for k in range(n)]:
        done = child("-c", code, size, "rebuild", reports, "--index", index, "--force", "--workers", 2)
        assert done.returncode == 1, size
        assert done.stderr.count("\n") == 1
        assert "磁盘空间" in done.stderr
        assert files(index) == before
    tried(sizes=n)


@pytest.mark.skipif(shutil.which("setpriv") is None or os.geteuid() != 0, reason="needs root and setpriv")
def test_a_folder_that_is_read_only_ends_in_one_sentence(reports: Path, index: Path) -> None:
    before = files(index)
    code = "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])"
    other = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")  # root that may not write everywhere
    folders = [folder for folder in (index, *index.rglob("*")) if folder.is_dir()]
    for folder in folders:
        folder.chmod(0o555)
    command = ("rebuild", reports, "--index", index, "--workers", 2, "--force")
    done = child("-c", code, *other, sys.executable, "-m", "qa", *command)
    for folder in folders:
        folder.chmod(0o755)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert files(index) == before
