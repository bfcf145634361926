"""How rows are laid out in Milvus: their fields, and the index that searches their vectors."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

ASKING_SECONDS = 5.0  # that one call of a question may take, its repetitions after a lost connection included
BUILDING_SECONDS = 600.0  # likewise one call of a build: indexes of large collections take minutes
EXACT = 200_000  # rows up to which all vectors are compared; beyond, a graph (HNSW)
GRAPH = {"M": 32, "efConstruction": 256}
LITE = "milvus_lite"  # how the version of a file begins
LONGEST_TEXT = 65_535  # bytes of a text, Milvus's limit


class MilvusError(Exception):
    """Milvus cannot be reached, is too slow, or refuses; the message is what it or its client said."""


class MilvusGone(MilvusError):
    """There is no such collection or alias, or there no longer is."""


def schema_of(client: Any, texts: Sequence[str], numbers: Sequence[str], dimension: int) -> Any:
    """Fields of rows with an ``id``, these texts and numbers, and a ``vector``."""
    import pymilvus

    kinds = pymilvus.DataType
    schema = client.create_schema(auto_id=False)
    schema.add_field("id", kinds.INT64, is_primary=True)
    for text in texts:
        schema.add_field(text, kinds.VARCHAR, max_length=LONGEST_TEXT)
    for number in numbers:
        schema.add_field(number, kinds.INT64)
    schema.add_field("vector", kinds.FLOAT_VECTOR, dim=dimension)
    return schema


def described(client: Any, name: str) -> Mapping[str, Any]:
    """Return the server's description of a collection."""
    description: Mapping[str, Any] = client.describe_collection(name, timeout=ASKING_SECONDS)
    return description


def build_indexes(client: Any, name: str, count: int, version: str) -> None:
    """Give the vectors their index, for so many rows, and wait until it is built."""
    indexes = client.prepare_index_params()
    kind, parameters = ("FLAT", {}) if count <= EXACT else ("HNSW", GRAPH)
    said = {"params": parameters} if version.startswith(LITE) else parameters  # where older clients put them
    indexes.add_index("vector", index_type=kind, metric_type="IP", params=said)
    client.create_index(name, indexes, timeout=BUILDING_SECONDS, sync=False)
    _wait_for_indexes(client, name)


def _wait_for_indexes(client: Any, name: str) -> None:
    deadline, pause = time.monotonic() + BUILDING_SECONDS, 0.01
    for index in client.list_indexes(name, timeout=ASKING_SECONDS):
        while True:
            state = client.describe_index(name, index, timeout=ASKING_SECONDS)["state"]
            if state == "Finished":
                break
            if state == "Failed" or time.monotonic() > deadline:
                raise MilvusError(f"{name} 的索引 {index} 没有建成")
            pause = min(2 * pause, 1.0)
            time.sleep(pause)
