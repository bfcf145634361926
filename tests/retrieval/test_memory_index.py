"""An index in memory is an index like any other, and leaves nothing on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa.index.opened import memory_index
from qa.text.units import sentences_of
from tests.index.made import HashedBigrams
from tests.reports import report_of

FIRST = report_of("# 甲市工会年报\n\n办起夜校46所。结业1.2万人。\n\n建成驿站12个。\n", "甲.md")
SECOND = report_of("# 乙市工会年报\n\n走访困难职工300户。\n", "乙.md")


def test_it_holds_every_sentence_and_counts_them() -> None:
    index = memory_index([SECOND, FIRST])
    assert index.reports == (SECOND, FIRST)
    assert index.sentences == (*sentences_of(SECOND), *sentences_of(FIRST))
    assert (index.manifest.paragraphs, index.manifest.sentences) == (3, 4)
    assert index.dense.vectors.shape == (4, index.encoder.dimension)
    assert np.allclose(np.linalg.norm(index.dense.vectors, axis=1), 1.0, atol=1e-3)


def test_reports_are_found_by_their_ids() -> None:
    index = memory_index([FIRST, SECOND])
    assert index.report(SECOND.id) is SECOND
    with pytest.raises(KeyError):
        index.report("unknown")


def test_any_encoder_will_do() -> None:
    encoder = HashedBigrams(64)
    index = memory_index([FIRST], encoder)
    assert index.manifest.encoder_identity == encoder.identity
    assert index.dense.vectors.shape == (3, 64)


def test_no_reports_make_an_empty_index() -> None:
    index = memory_index([])
    assert index.sentences == () and index.dense.vectors.shape == (0, index.encoder.dimension)


def test_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    memory_index([FIRST])
    assert list(tmp_path.iterdir()) == []
