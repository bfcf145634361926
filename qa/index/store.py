"""Where the generations of an index live: a folder of this machine, or Milvus, which many machines share."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from qa.errors import StoreError
from qa.index.generation import Generation, Previous
from qa.index.manifest import Manifest
from qa.index.retrievers import DenseRetriever, Layout, WordRetriever
from qa.index.work import Work

MILVUS = "milvus:"


class Store(Protocol):
    """Generations, one of which serves. A method that fails raises StoreError, and it goes on serving."""

    @property
    def name(self) -> str:
        """Return the name that messages use."""

    @property
    def folder(self) -> Path:
        """Return the folder of files next to an index, such as ``ledger.toml``."""

    def serving(self) -> bytes:
        """Return bytes that identify the generation that serves, cheap to compare; empty if none does."""

    def read_newest(self) -> tuple[Generation, tuple[str, ...]]:
        """Return the generation that serves, else the newest whole one with a warning."""

    def retrievers(self, generation: Generation, layout: Layout) -> tuple[DenseRetriever, WordRetriever]:
        """Return the searches of a generation."""

    def described(self, manifest: Manifest) -> str:
        """Return its name, with whatever is unusual about how a generation is searched."""

    def building(self, wait_seconds: float) -> AbstractContextManager[None]:
        """Guard a rebuild, so that two do not harm each other."""

    def previous(self) -> tuple[Previous | None, bool]:
        """Return the newest whole generation, if any, and whether it is the one that serves."""

    def make(self, work: Work) -> tuple[Manifest, int]:
        """Make a generation, not serving yet; return its manifest and the number of sentences embedded."""

    def switch(self, manifest: Manifest) -> None:
        """Make a generation serve, in one atomic step."""

    def clean(self, manifest: Manifest) -> None:
        """Remove all but the generation that serves and the last before it.

        That one goes too if it has a report removed since, which must disappear and never be served again.
        """


def store_at(where: Path | Store) -> Store:
    """Return the store at a folder; a store is returned as it is."""
    if isinstance(where, Path):
        from qa.index.folder import FolderStore

        return FolderStore(where)
    return where


def store_named(name: str | None, folder: Path, token: str = "") -> Store:
    """Return the store ``milvus:http://host:19530`` or ``milvus:file.db``; None names the one at the folder.

    Raises StoreError for any other name.
    """
    if name is None:
        return store_at(folder)
    address = name.removeprefix(MILVUS)
    if address == name or not _is_address(address):
        raise StoreError(
            f"看不懂存储“{name}”。请写成 milvus:http://主机:19530（可在后面加 /数据库名），或 milvus:文件.db（Milvus Lite）；"
            "存在文件夹里就去掉 --store 和 UNION_QA_STORE。"
        )
    from qa.index.remote import MilvusStore

    return MilvusStore(address, folder, token)


def _is_address(address: str) -> bool:
    if address.endswith(".db") and "://" not in address:
        return True
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
