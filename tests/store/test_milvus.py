"""Collections of rows in Milvus: the nearest vectors, as our own indexes give them."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from embeddings.milvus import Milvus, MilvusError, Row
from tests.store.conftest import needs_lite, new_database
from tests.store.servers import Server

pytestmark = needs_lite


@pytest.fixture(scope="module")
def milvus(lite: Server) -> Milvus:
    return Milvus(new_database(lite.address))


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:  # type: ignore[type-arg]
    made = np.random.default_rng(7).normal(size=(3000, 24)).astype(np.float32)
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True))


def rows(vectors: np.ndarray) -> list[Row]:  # type: ignore[type-arg]
    return [{"id": at, "report": f"r{at % 5}", "vector": vector} for at, vector in enumerate(vectors)]


@pytest.mark.parametrize("exact", [200_000, 100], ids=["all compared", "graph"])
def test_nearest_vectors_are_those_of_brute_force(
    milvus: Milvus,
    vectors: np.ndarray,  # type: ignore[type-arg]
    exact: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("embeddings.milvus.EXACT", exact)
    name = f"vectors_{exact}"
    milvus.create(name, ["report"], [], vectors.shape[1])
    milvus.insert(name, iter(rows(vectors)))
    assert milvus.finish(name, len(vectors)) == len(vectors) and milvus.dimension(name) == 24
    hits = []
    for query in vectors[:20] + np.float32(0.01):
        ids, scores = milvus.nearest(name, query, 10)
        best = np.argsort(-(vectors @ query), kind="stable")[:10]
        hits.append(len({*ids.tolist()} & {*best.tolist()}) / 10)
        assert scores == pytest.approx((vectors @ query)[ids], abs=1e-5)
        inside, _ = milvus.nearest(name, query, 10, 'report in ["r3"]')
        assert (inside % 5 == 3).all() and len(inside) == 10
    assert np.mean(hits) >= (1.0 if exact > len(vectors) else 0.98)
    some = np.flatnonzero(np.arange(len(vectors)) % 7 == 0)
    assert milvus.cosines(name, vectors[3], some) == pytest.approx(vectors[some] @ vectors[3], abs=1e-5)
    assert [row["report"] for row in milvus.rows(name, ["report"])] == [f"r{i % 5}" for i in range(3000)]


def test_rows_that_are_not_all_there_are_an_error(milvus: Milvus, vectors: np.ndarray) -> None:  # type: ignore[type-arg]
    milvus.create("holes", ["report"], [], vectors.shape[1])
    milvus.insert("holes", (row for row in rows(vectors[:30]) if row["id"] != 7))
    assert milvus.finish("holes", 30) == 29
    with pytest.raises(MilvusError, match="不全"):
        list(milvus.rows("holes", ["report"]))


def test_a_file_that_another_process_has_open(tmp_path: Path) -> None:
    address = str(tmp_path / "one.db")
    Milvus(address).create("mine", [], [], 2)
    code = f"from embeddings.milvus import Milvus; Milvus({address!r})"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=Path.cwd())
    assert "正由另一个进程使用" in done.stderr.splitlines()[-1]


def test_without_the_client_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(MilvusError, match=r"pip install -e"):
        Milvus("nowhere.db")
