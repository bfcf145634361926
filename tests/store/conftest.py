"""Stores of every kind, each empty: a folder, a file of Milvus Lite, and a server where one is installed."""

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from qa.index import RebuildSummary, Store, rebuild, store_named
from tests.index.made import SUZHOU, WUXI, write_reports
from tests.store.servers import Server, installed_server, lite_server, milvus_server

no_client = importlib.util.find_spec("pymilvus") is None
no_lite = no_client or importlib.util.find_spec("milvus_lite") is None
no_server = no_client or installed_server() is None
needs_lite = pytest.mark.skipif(no_lite, reason="pymilvus or milvus-lite is not installed")
needs_server = pytest.mark.skipif(
    no_server, reason="no Milvus server here (pip install milvus==2.3.5, beside pymilvus)"
)


@dataclass(frozen=True)
class Kept:
    """A folder of reports, and the store that they are indexed in."""

    reports: Path
    store: Store

    def rebuild(self, **options: object) -> RebuildSummary:
        return rebuild([self.reports], self.store, **options)  # type: ignore[arg-type]

    def again(self) -> Store:
        """The same store, as another process would open it."""
        return store_named(
            self.store.name if self.store.name.startswith("milvus:") else None, self.store.folder
        )


@pytest.fixture(scope="session")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with lite_server(tmp_path_factory.mktemp("lite")) as server:
        yield server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with milvus_server(tmp_path_factory.mktemp("milvus")) as server:
        yield server


_databases = count()


def new_database(address: str, name: str = "") -> str:
    """The address of a database that holds nothing."""
    from embeddings.milvus import Milvus

    name = name or f"tests_{next(_databases)}"
    Milvus(address)._client.create_database(name)
    return f"{address}/{name}"


def kept_in(kind: str, request: pytest.FixtureRequest, folder: Path) -> Kept:
    """Two reports in an empty store of this kind."""
    name = None
    if kind != "folder":
        server: Server = request.getfixturevalue(kind)
        name = f"milvus:{new_database(server.address)}"
    made = Kept(
        write_reports(folder / "reports", suzhou=SUZHOU, wuxi=WUXI), store_named(name, folder / "index")
    )
    made.rebuild()
    return made


KINDS = [
    "folder",
    pytest.param("lite", marks=needs_lite),
    pytest.param("server", marks=[needs_server, pytest.mark.server]),
]


@pytest.fixture(params=KINDS)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    """Two reports in a store of each kind, for the test alone."""
    return kept_in(request.param, request, tmp_path)


@pytest.fixture(params=KINDS, scope="session")
def read(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The same, for tests that write nothing."""
    return kept_in(request.param, request, tmp_path_factory.mktemp("read"))


@pytest.fixture(scope="session")
def beside(read: Kept, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same reports in a folder."""
    folder = tmp_path_factory.mktemp("beside")
    rebuild([read.reports], folder)
    return folder
