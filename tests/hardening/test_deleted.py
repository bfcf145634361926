"""A report that its owner takes away leaves nothing behind: not on the disk, not in a search, not in the ledger."""

import random
from pathlib import Path

import pytest

from qa.errors import QuestionError
from qa.index import open_index, rebuild
from qa.library import Library
from tests.hardening.conftest import Tried
from tests.hardening.indexes import corpus, write_corpus
from tests.hardening.sizes import sizes


@sizes(4, 20)
def test_nothing_is_left(tmp_path: Path, tried: Tried, n: int) -> None:
    texts = {
        name: f"{text}\n{name[:-3]}另有独有活动{7_001_000 + k}场。\n"
        for k, (name, text) in enumerate(corpus(n + 1, 5, 12).items())
    }
    reports, index = write_corpus(tmp_path / "reports", texts), tmp_path / "index"
    rebuild([reports], index)
    library = Library(index)  # open all the time, as a page's is
    assert len(library.reports) == n + 1
    order = sorted(texts)
    random.Random(8).shuffle(order)
    for name in order[:n]:
        gone = next(r for r in library.reports if r.source.name == name)
        opened = open_index(index)
        rows = [row for row, s in enumerate(opened.sentences) if s.report_id == gone.id]
        vectors = [opened.dense.vectors[row].tobytes() for row in rows]
        unique = texts[name].rpartition("独有活动")[2].partition("场")[0]
        question = f"{name[:2]}另有独有活动多少场？"
        assert unique in library.ask(question, report=name).text
        assert any(f.report_id == gone.id for f in library.figures(indicator="独有活动"))
        (reports / name).unlink()
        assert rebuild([reports], index).removed == (name,)
        for marker in (
            unique.encode(),
            name.encode(),
            gone.id.encode(),
            gone.source.sha256.encode(),
            *vectors,
        ):
            left = [p for p in index.rglob("*") if p.is_file() and marker in p.read_bytes()]
            assert left == [], marker
        told = library.ask(question)
        assert unique not in told.text
        assert all(c.report_id != gone.id for c in told.citations)
        assert all(hit.report.id != gone.id for hit in (*told.passages, *library.retrieve(question, 50)))
        assert all(f.report_id != gone.id for f in library.figures())
        assert gone.id not in {report.id for report in library.reports}
        with pytest.raises(QuestionError, match="不在库中"):
            library.report(gone.id)
        with pytest.raises(QuestionError, match="没有报告"):
            library.retrieve("法律援助", report=name)
    tried(deleted=n, left_behind=0)
