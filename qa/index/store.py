"""Where the generations of an index live: a folder of this machine, or Milvus, which many machines share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from qa.errors import StoreError
from qa.index.folder import FolderStore

if TYPE_CHECKING:
    from qa.index.remote import MilvusStore

MILVUS = "milvus:"
Store: TypeAlias = "FolderStore | MilvusStore"  # they have the same methods, which FolderStore describes


def store_at(where: Path | Store) -> Store:
    """Return the store at a folder; a store is returned as it is."""
    return FolderStore(where) if isinstance(where, Path) else where


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
