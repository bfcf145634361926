"""A disk that refuses: a sentence with the file, an exit code, and the old bytes as they were."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.cli import main
from qa.errors import StoreError
from qa.index import open_index
from tests.hardening.conftest import Tried
from tests.hardening.indexes import corpus, fingerprint, two_generations, write_corpus
from tests.hardening.power import Call, recorded
from tests.hardening.sizes import sizes
from tests.index.made import Built

needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="reads /proc")


def bytes_of(index: Path) -> dict[Path, bytes]:
    return {p: p.read_bytes() for p in index.rglob("*") if p.is_file() and p.name != "lock"}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 16 MB in memory."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux can mount one")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk], check=False).returncode:
        pytest.skip("mounting is not allowed here")
    yield disk
    subprocess.run(["umount", disk], check=True)


@sizes(3, 20)
def test_a_full_disk(small_disk: Path, tried: Tried, n: int, capsys: pytest.CaptureFixture[str]) -> None:
    reports = write_corpus(small_disk.parent / "reports", corpus(2, 1))
    index, filler = small_disk / "index", small_disk / "filler"
    assert main(["rebuild", str(reports), "--index", str(index)]) == 0
    free = os.statvfs(small_disk)
    before = free.f_bavail * free.f_bsize
    write_corpus(reports, corpus(6, 2))
    assert main(["rebuild", str(reports), "--index", str(small_disk / "measured")]) == 0
    free = os.statvfs(small_disk)
    needed = before - free.f_bavail * free.f_bsize
    subprocess.run(["rm", "-r", small_disk / "measured"], check=True)
    kept, outcomes = bytes_of(index), Counter[str]()
    for number in range(n):
        room = needed * number // n // 4096 * 4096
        with filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, before - room)
        capsys.readouterr()
        code = main(["rebuild", str(reports), "--index", str(index)])
        said = capsys.readouterr().err
        filler.unlink()
        assert code == 1
        assert said.count("\n") == 1 and "No space left" in said and str(index) in said and "没有改动" in said
        assert bytes_of(index) == kept
        assert open_index(index).warnings == ()
        outcomes[said.partition("写不进去：")[2].partition("（")[0].rpartition("/")[2]] += 1
    assert main(["rebuild", str(reports), "--index", str(index)]) == 0
    assert len(open_index(index).reports) == 6
    tried(sizes=n, refused=sum(outcomes.values()), files=len(outcomes))


@needs_proc
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO], ids=["ENOSPC", "EIO"])
@sizes(7, 400)
def test_each_call_fails_once(tmp_path: Path, tried: Tried, number: int, n: int) -> None:
    """``n`` calls at most, evenly over the build; in the long run all of them."""
    built = two_generations(tmp_path)
    texts = corpus(4, 3)
    del texts[min(texts)]
    write_corpus(built.reports, texts)
    apart = Built(built.reports, tmp_path / "apart", built.encoder)
    with recorded(apart.index) as calls:
        apart.rebuild()
    new, old = fingerprint(apart.open()), fingerprint(built.open())
    kept, outcomes = bytes_of(built.index), Counter[str]()
    total = len(calls) + 20  # removing the old generations takes some more
    moments = sorted({round(i * (total - 1) / (min(n, total) - 1)) for i in range(min(n, total))})
    for moment in moments:
        left = moment

        def refuse(call: Call) -> None:
            nonlocal left
            left -= 1
            if left == -1:
                named = call.what not in (
                    "write",
                    "sync",
                )  # the system does not say which file these were about
                path = str(built.index / call.path) if named else None
                raise OSError(number, os.strerror(number), path)

        said = ""
        try:
            with recorded(built.index, refuse):
                built.rebuild()
        except StoreError as error:
            said = str(error)
        if said:
            assert os.strerror(number) in said and str(built.index) in said
            switched = {old: False, new: True}[fingerprint(built.open())]
            assert ("新的索引已经启用" if switched else "原有的索引没有改动") in said
            outcomes["failed after the switch" if switched else "failed before it"] += 1
            if not switched:
                after = bytes_of(built.index)
                assert {p: after[p] for p in kept} == kept
        else:
            outcomes["not needed" if left >= 0 else "went on"] += 1
        assert built.open().warnings == ()
        built.rebuild()
        assert fingerprint(built.open()) == new
        assert sorted(p.name for p in built.index.iterdir()) == ["CURRENT", "generations", "lock"]
        assert all(p.name.isdigit() for p in (built.index / "generations").iterdir())
        restore(built.index, kept)
    assert outcomes["went on"] == 0
    tried(calls=len(moments), **outcomes)


def restore(index: Path, files: dict[Path, bytes]) -> None:
    subprocess.run(["rm", "-r", index], check=True)
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
