from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from qa.errors import ReportError
from qa.reading.extract import Block, Extract
from qa.reading import isolate
from qa.reading.isolate import ScanError, isolated

HERE = "tests.reading.test_isolate"


def give(path: Path) -> Extract:
    return Extract(path.name, "", "pdf", (Block(0, 3, "heading", 2),))


def crash(path: Path) -> Extract:
    os.abort()


def hang(path: Path) -> Extract:
    time.sleep(60)
    raise AssertionError


def grow(path: Path) -> Extract:
    return Extract("字" * (1 << 31), "", "pdf", ())


def scan(path: Path) -> Extract:
    raise ScanError("都是图片", (1, 2))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "-报告 1.pdf"
    file.write_bytes(b"x")
    return file


def test_an_extract_comes_back_as_it_is(path: Path) -> None:
    assert isolated(f"{HERE}:give", path) == give(path)


@pytest.mark.parametrize("what", ["crash", "grow", "missing"])
def test_a_child_that_dies_is_a_refusal(path: Path, what: str) -> None:
    with pytest.raises(ReportError, match="-报告 1"):
        isolated(f"{HERE}:{what}", path)


def test_a_child_that_hangs_is_ended(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolate, "PARSER_SECONDS", 2)
    start = time.monotonic()
    with pytest.raises(ReportError, match="2 秒"):
        isolated(f"{HERE}:hang", path)
    assert time.monotonic() - start < 20


def test_pages_of_a_scan_are_known(path: Path) -> None:
    with pytest.raises(ScanError, match="都是图片") as caught:
        isolated(f"{HERE}:scan", path)
    assert caught.value.pages == (1, 2)
