"""The digest of the reader: the same from run to run, another for another reader, quick."""

import shutil
import time
from pathlib import Path

import pytest

from qa import reading


def test_the_digest_changes_with_the_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = Path(reading.__file__).parents[1]
    for stage in ("reading", "text"):
        shutil.copytree(package / stage, tmp_path / stage, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(reading, "__file__", str(tmp_path / "reading" / "__init__.py"))
    reading.reader_version.cache_clear()
    before = reading.reader_version()
    (tmp_path / "reading" / "period.py").write_text("another", encoding="utf-8")
    reading.reader_version.cache_clear()
    after = reading.reader_version()
    monkeypatch.undo()
    reading.reader_version.cache_clear()
    assert before == reading.reader_version() != after


def test_the_digest_is_quick() -> None:
    reading.reader_version.cache_clear()
    started = time.process_time()
    reading.reader_version()
    assert time.process_time() - started < 1
