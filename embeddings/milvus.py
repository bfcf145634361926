"""Vectors in Milvus, a vector database: collections of rows, nearest vectors, and aliases.

What is asked for is given whole or not at all: every call ends within its time, and whatever goes wrong is a
``MilvusError``. Rows are never changed once they are written, so that what was counted stays true.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Row: TypeAlias = dict[str, Any]
Numbers: TypeAlias = npt.NDArray[np.int64]
Scores: TypeAlias = npt.NDArray[np.float32]
Found: TypeAlias = tuple[Numbers, Scores]

ASKING_SECONDS = 5.0  # that one call of a question may take, its repetitions after a lost connection included
BUILDING_SECONDS = 600.0  # likewise one call of a build: indexes of large collections take minutes
EXACT = 200_000  # rows up to which all vectors are compared; beyond, a graph (HNSW)
GRAPH = {"M": 32, "efConstruction": 256}
LITE = "milvus_lite"  # how the version of a file begins
LONGEST_TEXT = 65_535  # bytes of a text, Milvus's limit
ROWS_AT_ONCE = 512  # written by one call: some 3 MB, where Milvus takes 64
IDS_AT_ONCE = 4_096  # named in one filter or read by one call, of the 16,384 that Milvus gives at most
REACH = 1_024  # vectors that a search of the graph keeps in view
_NO_SUCH_COLLECTION, _NOT_LOADED, _NO_SUCH_ALIAS = 100, 101, 1600


class MilvusError(Exception):
    """Milvus cannot be reached, is too slow, or refuses; the message is what it or its client said."""


class MilvusGone(MilvusError):
    """There is no such collection or alias, or there no longer is."""


class Milvus:
    """A server, or a file that Milvus Lite keeps; safe to share between threads.

    Args:
        address: ``http://host:19530``, with the name of a database behind a slash where it is not the default one,
            or the path of a file that ends in ``.db``.
        token: ``user:password`` or a key; ``""`` where none is needed.

    Raises MilvusError if pymilvus is not installed, or nothing that speaks Milvus's protocol answers there.
    """

    def __init__(self, address: str, token: str = "") -> None:
        try:
            from pymilvus import MilvusClient
        except ImportError as error:
            raise MilvusError('还没有安装 Milvus 的客户端。请运行 pip install -e ".[milvus]"。') from error
        for name in ("pymilvus", "pymilvus.milvus_client", "milvus_lite"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what they log, traceback and all, they raise

        def connect() -> Any:
            with _errors():
                return MilvusClient(address, token=token, timeout=ASKING_SECONDS / 2)

        try:
            try:
                self._client = connect()
            except MilvusError:  # connections are shared, and that a server ended one is found in using it
                self._client = connect()
        except MilvusError as error:
            if "://" in address:
                raise
            raise MilvusError(
                f"文件打不开：可能没有安装 milvus-lite，文件夹不能写，或者它正由另一个进程使用；{error}"
            ) from error
        with _errors():
            self.version = str(self._client.get_server_version(timeout=ASKING_SECONDS))

    def collections(self) -> list[str]:
        with _errors():
            return list(self._client.list_collections(timeout=ASKING_SECONDS))

    def create(self, name: str, texts: Sequence[str], numbers: Sequence[str], dimension: int) -> None:
        """Make a collection of rows with an ``id``, these texts and numbers, and a ``vector``."""
        from pymilvus import DataType

        schema = self._client.create_schema(auto_id=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        for text in texts:
            schema.add_field(text, DataType.VARCHAR, max_length=LONGEST_TEXT)
        for number in numbers:
            schema.add_field(number, DataType.INT64)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
        with _errors():
            options = {"consistency_level": "Bounded", "timeout": BUILDING_SECONDS}
            self._client.create_collection(name, schema=schema, **options)

    def insert(self, name: str, rows: Iterator[Row]) -> None:
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            with _errors():
                self._client.insert(name, batch, timeout=BUILDING_SECONDS)

    def finish(self, name: str, count: int) -> int:
        """Make the ``count`` rows that were written searchable and lasting; how many there are in truth."""
        with _errors():
            self._client.flush(name, timeout=BUILDING_SECONDS)
            self._build_index(name, count)
        self.load(name)
        return self.count(name)

    def load(self, name: str) -> None:
        """Make a collection ready to be read, which it stays until its server is started anew."""
        with _errors():
            self._client.load_collection(name, timeout=BUILDING_SECONDS)

    def dimension(self, name: str) -> int:
        """Width of the vectors of a collection."""
        with _errors():
            fields = self._client.describe_collection(name, timeout=ASKING_SECONDS)["fields"]
        return next(int(field["params"]["dim"]) for field in fields if field["name"] == "vector")

    def count(self, name: str) -> int:
        """How many rows a collection holds, all that were ever written counted."""
        options = {"consistency_level": "Strong", "timeout": BUILDING_SECONDS}
        found = self._asked(self._client.query, name, filter="", output_fields=["count(*)"], **options)
        return int(found[0]["count(*)"])

    def rows(self, name: str, fields: Sequence[str]) -> Iterator[Row]:
        """All rows of a collection, by their ids, which count from 0."""
        count = self.count(name)
        for start in range(0, count, ROWS_AT_ONCE):
            batch = self._asked(
                self._client.query,
                name,
                filter=f"id >= {start} and id < {start + ROWS_AT_ONCE}",
                output_fields=["id", *fields],
                timeout=BUILDING_SECONDS,
            )
            found = sorted(batch, key=lambda row: int(row["id"]))
            if [row["id"] for row in found] != list(range(start, min(start + ROWS_AT_ONCE, count))):
                raise MilvusError(f"集合 {name} 里的行不全。")
            yield from found

    def nearest(self, name: str, vector: Scores, k: int, filtered: str = "") -> Found:
        """The k rows whose vectors are nearest, fewer where there are fewer: (ids, cosines), best first."""
        hits = self._asked(
            self._client.search,
            name,
            data=[vector.tolist()],
            anns_field="vector",
            limit=k,
            filter=filtered,
            output_fields=["id"],
            search_params={"params": {"ef": max(REACH, k)}},
            timeout=ASKING_SECONDS,
        )[0]
        ids = np.fromiter((hit["id"] for hit in hits), dtype=np.int64, count=len(hits))
        return ids, np.fromiter((hit["distance"] for hit in hits), dtype=np.float32, count=len(hits))

    def cosines(self, name: str, vector: Scores, ids: Numbers) -> Scores:
        """The cosines of the vectors of these rows, (len(ids),)."""
        asked = np.full(len(ids), np.nan, dtype=np.float32)
        for start in range(0, len(ids), IDS_AT_ONCE):
            part = ids[start : start + IDS_AT_ONCE]
            found, cosines = self.nearest(name, vector, len(part), f"id in {part.tolist()}")
            order = part.argsort()
            asked[start + order[part.searchsorted(found, sorter=order)]] = cosines
        for one in np.flatnonzero(np.isnan(asked)).tolist():  # a graph may not reach all that a filter leaves
            asked[one] = np.float32(self._vector(name, int(ids[one])) @ vector)
        return asked

    def target(self, alias: str) -> str:
        """The collection that an alias names; ``""`` where there is no such alias."""
        try:
            with _errors():  # 2.3 knows, by describe_alias, the aliases of the default database alone
                name = self._client.describe_collection(alias, timeout=ASKING_SECONDS)["collection_name"]
                if name == alias:  # the answer only repeats the name that was asked for
                    name = self._client.describe_alias(alias, timeout=ASKING_SECONDS)["collection_name"]
                return str(name)
        except MilvusGone:
            return ""

    def point(self, alias: str, name: str) -> None:
        """Let an alias name this collection, in one atomic step."""
        change = self._client.alter_alias if self.target(alias) else self._client.create_alias
        with _errors():
            change(name, alias, timeout=ASKING_SECONDS)

    def drop(self, name: str) -> None:
        """Remove a collection; nothing happens where there is none."""
        with _errors():
            self._client.drop_collection(name, timeout=BUILDING_SECONDS)

    def _build_index(self, name: str, count: int) -> None:
        """Give the vectors their index, for so many rows, and wait until it is built."""
        indexes = self._client.prepare_index_params()
        kind, parameters = ("FLAT", {}) if count <= EXACT else ("HNSW", GRAPH)
        # Milvus Lite reads parameters where older clients put them.
        said = {"params": parameters} if self.version.startswith(LITE) else parameters
        indexes.add_index("vector", index_type=kind, metric_type="IP", params=said)
        self._client.create_index(name, indexes, timeout=BUILDING_SECONDS, sync=False)
        deadline, pause = time.monotonic() + BUILDING_SECONDS, 0.01
        (index,) = self._client.list_indexes(name, timeout=ASKING_SECONDS)
        while (
            state := self._client.describe_index(name, index, timeout=ASKING_SECONDS)["state"]
        ) != "Finished":
            if state == "Failed" or time.monotonic() > deadline:
                raise MilvusError(f"{name} 的索引 {index} 没有建成")
            pause = min(2 * pause, 1.0)
            time.sleep(pause)

    def _asked(self, ask: Callable[..., Any], name: str, **options: object) -> Any:
        """What a collection answers; where its server was started anew, the collection is loaded and asked again."""
        from pymilvus.exceptions import MilvusException

        with _errors():
            try:
                return ask(name, **options)
            except MilvusException as error:
                if error.code != _NOT_LOADED:
                    raise
            self._client.load_collection(name, timeout=ASKING_SECONDS)
            return ask(name, **options)

    def _vector(self, name: str, row: int) -> Scores:
        options = {"output_fields": ["vector"], "timeout": ASKING_SECONDS}
        found = self._asked(self._client.get, name, ids=[row], **options)
        if len(found) != 1:
            raise MilvusError(f"集合 {name} 里没有第 {row} 行。")
        return np.asarray(found[0]["vector"], dtype=np.float32)


@contextmanager
def _errors() -> Iterator[None]:
    """Whatever goes wrong beyond the wire as one kind of error."""
    import grpc
    from pymilvus.exceptions import MilvusException

    try:
        yield
    except MilvusException as error:
        message = str(error.message).splitlines()[0] if error.message else type(error).__name__
        gone = error.code in (_NO_SUCH_COLLECTION, _NO_SUCH_ALIAS)
        raise (MilvusGone if gone else MilvusError)(message[:200]) from error
    except grpc.RpcError as error:
        code = getattr(error, "code", None)
        raise MilvusError(code().name if callable(code) else type(error).__name__) from error
    except (ValueError, OSError) as error:  # how pymilvus reports a channel that was closed, and files
        raise MilvusError(str(error)[:200]) from error
