"""Where the generations of an index live: a folder of this machine, or Milvus, which many machines share."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from qa.errors import StoreError
from qa.index.retrievers import DenseRetriever, WordRetriever

if TYPE_CHECKING:
    from qa.index.generation import Generation, Previous
    from qa.index.layout import Layout
    from qa.index.manifest import Manifest
    from qa.index.work import Work

MILVUS = "milvus:"


class Store(Protocol):
    """Generations, one of which serves. What cannot be done raises StoreError, and what serves goes on serving."""

    @property
    def name(self) -> str:
        """As messages name it."""
        ...

    @property
    def folder(self) -> Path:
        """Where what lies beside an index is looked for, such as ``ledger.toml``."""
        ...

    def serving(self) -> bytes:
        """What tells the generation that serves from others, a cheap thing to compare; empty where none does."""
        ...

    def exists(self) -> bool:
        """Whether anything was ever built here, whole or not."""
        ...

    def read_newest(self) -> tuple[Generation, tuple[str, ...]]:
        """The generation that serves, else the newest one that is whole, with a warning that says so."""
        ...

    def retrievers(self, generation: Generation, layout: Layout) -> tuple[DenseRetriever, WordRetriever]:
        """The searches of a generation."""
        ...

    def described(self, manifest: Manifest) -> str:
        """Its name, and what of a generation is done elsewhere than one would think."""
        ...

    def building(self, wait_seconds: float) -> AbstractContextManager[None]:
        """What is done around a rebuild, so that two do not harm each other."""
        ...

    def previous(self) -> tuple[Previous | None, bool]:
        """The newest whole generation, if any, and whether it is the one that serves."""
        ...

    def make(self, work: Work) -> tuple[Manifest, int]:
        """Make a generation, which does not serve yet; its manifest, and how many sentences were embedded."""
        ...

    def switch(self, manifest: Manifest) -> None:
        """Let a generation that was made serve, in one atomic step."""
        ...

    def clean(self, manifest: Manifest) -> None:
        """Remove the generations before the one that serves.

        The last of them is kept, unless it holds a report that was taken away since: what its owner removed must
        be gone from the store too, and never be served again.
        """
        ...


def store_at(where: Path | Store) -> Store:
    """The store at a folder; a store is itself."""
    if isinstance(where, Path):
        from qa.index.folder import FolderStore

        return FolderStore(where)
    return where


def store_named(name: str | None, folder: Path, token: str = "") -> Store:
    """The store that a user names.

    Args:
        name: ``milvus:http://host:19530`` or ``milvus:file.db``; None for the folder.
        token: what Milvus asks for before it lets anybody in; ``""`` for nothing.

    Raises:
        StoreError: it is neither.
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
