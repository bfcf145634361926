"""A hundred hostile files: each ends within its limits, none stops a rebuild, nothing of them is left behind."""

import json
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from tests.hardening.conftest import Tried
from tests.hardening.sizes import child, sizes

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="some of the files cannot be made there")
HERE = Path(__file__).parent
SECONDS, MEGABYTES = 15, 1000  # of processor time and of memory
FEW, ALL = 6, 104  # files: in every run, and those that there are


def hostile_files() -> ModuleType:
    """The texts, nearly half a gigabyte: no process holds them that does not need them."""
    return import_module("tests.hardening.hostile_files")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return hostile_files().make(tmp_path_factory.mktemp("hostile") / "reports")


def test_there_are_enough() -> None:
    assert len(hostile_files().FILES) == ALL


@sizes(FEW, ALL)
def test_each_alone(made: dict[str, Path], tmp_path: Path, tried: Tried, n: int) -> None:
    some = [name for name in list(hostile_files().FILES)[:: ALL // n] if not made[name].is_dir()]
    names, temporary = tmp_path / "names.json", tmp_path / "tmp"
    temporary.mkdir()
    names.write_text(json.dumps([str(made[name]) for name in some]), encoding="utf-8")
    done = child(HERE / "alone.py", names, seconds=3600, environment={"TMPDIR": str(temporary)})
    assert done.returncode == 0, done.stderr[-2000:]
    outcomes, slowest, largest = Counter[str](), 0.0, 0
    for name, line in zip(some, done.stdout.splitlines(), strict=True):
        code, _, said, processor, megabytes = json.loads(line)
        assert code in (0, 1) and "意料之外" not in said, (name, said)
        assert all(told.startswith("跳过 ") and told.endswith("。") for told in said.splitlines()), (
            name,
            said,
        )
        assert processor < SECONDS and megabytes < MEGABYTES, (name, processor, megabytes)
        outcomes["refused" if code else "read"] += 1
        slowest, largest = max(slowest, processor), max(largest, megabytes)
    assert list(temporary.iterdir()) == []
    tried(files=len(some), **outcomes, slowest=slowest, megabytes=largest)


@pytest.mark.long
def test_none_stops_a_rebuild(made: dict[str, Path], tmp_path: Path, tried: Tried) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    reports, index = made["好一.txt"].parent, tmp_path / "index"
    done = child(
        HERE / "measured.py", "rebuild", reports, "--index", index, "--json",
        environment={"TMPDIR": str(temporary)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    summary = json.loads(done.stdout)
    seconds, megabytes = json.loads(done.stderr.splitlines()[-1])
    assert set(hostile_files().GOOD) <= set(summary["added"])
    told = "".join(skipped["path"] for skipped in summary["skipped"])
    indexed = "".join(summary["added"])
    for name, path in made.items():
        if not path.is_dir():
            assert (
                name in told
                or " ".join(name.split()) in indexed
                or name.endswith(".zip")
                or not name.isprintable()
            ), name
    assert megabytes < MEGABYTES
    assert list(temporary.iterdir()) == []
    tried(
        files=len(made),
        indexed=len(summary["added"]),
        listed=len(summary["skipped"]),
        seconds=seconds,
        megabytes=megabytes,
    )
