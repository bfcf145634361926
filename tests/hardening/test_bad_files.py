"""Broken, hostile and odd files in one folder with good ones: these are indexed, those listed, within a gigabyte."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from qa.cli import main
from qa.index import open_index
from tests.hardening.conftest import Tried
from tests.hardening.sizes import BAD_INPUT, child, needs_bad_input, sizes

pytestmark = [
    needs_bad_input,
    pytest.mark.skipif(sys.platform == "win32", reason="memory is measured by getrusage"),
]
HERE = Path(__file__).parent
EXPECTED: dict[str, str] = json.loads((HERE / "pdfs.json").read_text(encoding="utf-8"))
MEGABYTES = 1000
NEVER_INDEXED = re.compile(r"root:|[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ud800-\udfff\U000e0000-\U000e007f]")


def built(reports: Path, index: Path) -> tuple[dict[str, Any], float, int]:
    """What ``rebuild`` says, its seconds, and the megabytes of its largest process."""
    done = child(HERE / "measured.py", "rebuild", reports, "--index", index, "--json", seconds=7200)
    assert done.returncode == 0, done.stderr[-2000:]
    *said, measured = done.stderr.splitlines()
    assert all(line.startswith("跳过 ") for line in said if line.strip())
    return json.loads(done.stdout), *json.loads(measured)


def fates(summary: dict[str, Any]) -> dict[str, str]:
    """File name → why it was skipped."""
    assert all(skipped["reason"] for skipped in summary["skipped"])
    return {Path(skipped["path"]).name: skipped["reason"] for skipped in summary["skipped"]}


@sizes(8, 60)
def test_pdfs_alone(tmp_path: Path, tried: Tried, n: int, capsys: pytest.CaptureFixture[str]) -> None:
    names, outcomes = sorted(EXPECTED), Counter[str]()
    for name in (names[i * len(names) // n] for i in range(n)):
        code = main(["read", str(BAD_INPUT / "pdf" / name), "--json"])
        said = capsys.readouterr()
        if code:
            assert said.err.startswith(("错误：", "跳过 ")) and said.err.count("\n") == 1
        if EXPECTED[name] != "either":
            assert ("refuse" if code else "index") == EXPECTED[name], (name, said.err)
        outcomes["refused" if code else "read"] += 1
    tried(files=n, **outcomes)


@pytest.mark.hardening
def test_everything_in_one_folder(tmp_path: Path, tried: Tried) -> None:
    reports = tmp_path / "reports"
    made = child(BAD_INPUT / "make_badinput.py", reports / "made")
    assert made.returncode == 0, made.stderr
    shutil.copytree(BAD_INPUT / "pdf", reports / "pdf")
    files = [p for p in reports.rglob("*") if p.is_file()]
    summary, seconds, megabytes = built(reports, tmp_path / "index")
    why = fates(summary)
    indexed = {Path(name).name for name in summary["added"]}
    assert {p.name for p in files} == {p.name for p in files} & (indexed | set(why)), (
        "a file is not accounted for"
    )
    for name, fate in EXPECTED.items():
        assert fate == "either" or (fate == "refuse") == (name in why), (name, why.get(name))
    index = open_index(tmp_path / "index")
    assert index.warnings == ()
    for sentence in index.sentences:
        assert not NEVER_INDEXED.search(sentence.text), sentence.text[:80]
    assert megabytes < MEGABYTES
    assert sorted(p.name for p in tmp_path.iterdir()) == ["index", "reports"], (
        "something was written elsewhere"
    )
    tried(files=len(files), indexed=len(indexed), listed=len(why), seconds=seconds, megabytes=megabytes)
