"""Vectors and words in Milvus, a vector database: collections of rows, nearest vectors, BM25, and aliases.

What is asked for is given whole or not at all: every call ends within its time, and whatever goes wrong is a
``MilvusError``. Rows are never changed once they are written, so that what was counted stays true.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice, pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from .errors import MilvusError, MilvusGone
from .sparse import K1, B
from .words import cut
from .words.lists import WordLists

__all__ = ["LONGEST_TEXT", "Milvus", "Row", "texts_of"]

Row: TypeAlias = dict[str, Any]
Numbers: TypeAlias = npt.NDArray[np.int64]
Scores: TypeAlias = npt.NDArray[np.float32]

ASKING_SECONDS = 5.0  # that one call of a question may take, its repetitions after a lost connection included
BUILDING_SECONDS = 600.0  # likewise one call of a build: indexes of large collections take minutes
LONGEST_TEXT = 65_535  # bytes of a text, Milvus's limit
ROWS_AT_ONCE = 512  # written by one call: some 3 MB, where Milvus takes 64
IDS_AT_ONCE = 4_096  # named in one filter or read by one call, of the 16,384 that Milvus gives at most
EXACT = 200_000  # rows up to which all vectors are compared; beyond, a graph (HNSW)
GRAPH = {"M": 32, "efConstruction": 256}
REACH = 1_024  # vectors that a search of the graph keeps in view
TENTHS = 10  # a word is asked as often as it weighs tenths, for a text cannot say how much its words weigh
ANALYSER = {
    "tokenizer": {"type": "jieba", "mode": "exact"},
    "filter": [{"type": "stop", "stop_words": [" "]}],
}
LITE = "milvus_lite"  # how the version of a file begins
_NO_SUCH_COLLECTION, _NOT_LOADED, _NO_SUCH_ALIAS = 100, 101, 1600


class Milvus:
    """A server, or a file that Milvus Lite keeps; safe to share between threads.

    Args:
        address: ``http://host:19530``, with the name of a database behind a slash where it is not the default one,
            or the path of a file that ends in ``.db``.
        token: ``user:password`` or a key; ``""`` where none is needed.

    Raises:
        MilvusError: pymilvus is not installed, or nothing that speaks Milvus's protocol answers there.
    """

    def __init__(self, address: str, token: str = "") -> None:
        try:
            from pymilvus import MilvusClient
        except ImportError as error:
            raise MilvusError('还没有安装 Milvus 的客户端。请运行 pip install -e ".[milvus]"。') from error
        for name in ("pymilvus", "pymilvus.milvus_client", "milvus_lite"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what they log, traceback and all, they raise
        logging.getLogger("jieba").disabled = True  # by which Milvus Lite tells of its dictionary

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
        """The names of all collections, whoever made them."""
        with _errors():
            return list(self._client.list_collections(timeout=ASKING_SECONDS))

    def create(self, name: str, texts: Sequence[str], numbers: Sequence[str], dimension: int) -> None:
        """Make a collection of rows with an ``id``, these texts and numbers, and a ``vector``."""
        with _errors():
            self._create(name, self._schema(texts, numbers, dimension))

    def create_with_words(
        self, name: str, texts: Sequence[str], numbers: Sequence[str], dimension: int
    ) -> bool:
        """Likewise, with ``words`` that BM25 searches; False, and nothing is made, where the server has no BM25.

        Args:
            dimension: of the ``vector``, or 0 for none.
        """
        import pymilvus

        schema = self._schema(texts, numbers, dimension)
        kinds = pymilvus.DataType
        schema.add_field(
            "words",
            kinds.VARCHAR,
            max_length=LONGEST_TEXT,
            enable_analyzer=True,
            enable_match=True,
            analyzer_params=ANALYSER,
        )
        schema.add_field("bm25", kinds.SPARSE_FLOAT_VECTOR)
        schema.add_function(pymilvus.Function("bm25", pymilvus.FunctionType.BM25, ["words"], ["bm25"]))
        try:
            with _errors():
                self._create(name, schema)
                made = self._client.describe_collection(name, timeout=ASKING_SECONDS)
        except MilvusError:
            if self._lacks_bm25():
                return False
            raise
        if not made.get(
            "functions"
        ):  # an older server makes the fields, and drops the function without a word
            self.drop(name)
            return False
        return True

    def insert(self, name: str, rows: Iterator[Row]) -> None:
        """Write rows, a batch at a time."""
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            with _errors():
                self._client.insert(name, batch, timeout=BUILDING_SECONDS)

    def finish(self, name: str, count: int) -> int:
        """Make the ``count`` rows that were written searchable and lasting; how many there are in truth."""
        with _errors():
            self._client.flush(name, timeout=BUILDING_SECONDS)
            fields = {field["name"] for field in self._described(name)["fields"]}
            indexes = self._client.prepare_index_params()
            for field, (kind, metric, parameters) in _indexes(count).items():
                if field in fields:  # Milvus Lite reads parameters where older clients put them
                    said = {"params": parameters} if self.version.startswith(LITE) else parameters
                    indexes.add_index(field, index_type=kind, metric_type=metric, params=said)
            self._client.create_index(name, indexes, timeout=BUILDING_SECONDS, sync=False)
            self._wait_for_indexes(name)
        self.load(name)
        return self.count(name)

    def load(self, name: str) -> None:
        """Make a collection ready to be read, which it stays until its server is started anew."""
        with _errors():
            self._client.load_collection(name, timeout=BUILDING_SECONDS)

    def dimension(self, name: str) -> int:
        """Width of the vectors of a collection; 0 where it has none."""
        with _errors():
            fields = self._described(name)["fields"]
        return next((int(f["params"]["dim"]) for f in fields if f["name"] == "vector"), 0)

    def count(self, name: str) -> int:
        """How many rows a collection holds, all that were ever written counted."""
        found = self._asked(
            self._client.query,
            name,
            filter="",
            output_fields=["count(*)"],
            consistency_level="Strong",
            timeout=BUILDING_SECONDS,
        )
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

    def nearest(self, name: str, vector: Scores, k: int, filtered: str = "") -> tuple[Numbers, Scores]:
        """The k rows whose vectors are nearest, fewer where there are fewer: (ids, cosines), best first."""
        return self._search(name, "vector", vector.tolist(), k, filtered, {"ef": max(REACH, k)})

    def cosines(self, name: str, vector: Scores, ids: Numbers) -> Scores:
        """The cosines of the vectors of these rows, (len(ids),)."""
        asked = np.full(len(ids), np.nan, dtype=np.float32)
        for start in range(0, len(ids), IDS_AT_ONCE):
            part = ids[start : start + IDS_AT_ONCE]
            found, scores = self.nearest(name, vector, len(part), _among("id", part))
            asked[start + _places(part, found)] = scores
        for at in np.flatnonzero(np.isnan(asked)).tolist():  # a graph may not reach all that a filter leaves
            asked[at] = np.float32(self._vector(name, int(ids[at])) @ vector)
        return asked

    def best(
        self, name: str, words: Sequence[str], weights: Sequence[float], k: int, filtered: str = ""
    ) -> tuple[Numbers, Scores]:
        """The k rows that fit words best, none that shares no word: (ids, scores as SparseIndex gives), best first."""
        query, unit = _query(words, weights)
        if not query:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        ids, scores = self._search(name, "bm25", query, k, filtered, {})
        scale = np.float32(1 / (unit * (K1 + 1)))
        return ids, (np.abs(scores) * scale).astype(np.float32)  # Milvus Lite puts a minus before them

    def scores(self, name: str, words: Sequence[str], weights: Sequence[float], ids: Numbers) -> Scores:
        """BM25 of these rows, (len(ids),), 0 where they share no word."""
        total = np.zeros(len(ids), dtype=np.float32)
        for start in range(0, len(ids), IDS_AT_ONCE):
            part = ids[start : start + IDS_AT_ONCE]
            found, scores = self.best(name, words, weights, len(part), _among("id", part))
            total[start + _places(part, found)] = scores
        return total

    def holding(self, name: str, word: str) -> int:
        """How many rows hold a word."""
        condition = f'TEXT_MATCH(words, "{_whole(word)}")'
        found = self._asked(
            self._client.query,
            name,
            filter=condition,
            output_fields=["count(*)"],
            timeout=ASKING_SECONDS,
        )
        return int(found[0]["count(*)"])

    def target(self, alias: str) -> str:
        """The collection that an alias names; ``""`` where there is no such alias."""
        try:
            with _errors():  # 2.3 knows, by describe_alias, the aliases of the default database alone
                name = self._client.describe_collection(alias, timeout=ASKING_SECONDS)["collection_name"]
                if name == alias:  # told under the name that was asked for
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

    def _schema(self, texts: Sequence[str], numbers: Sequence[str], dimension: int) -> Any:
        import pymilvus

        kinds = pymilvus.DataType
        schema = self._client.create_schema(auto_id=False)
        schema.add_field("id", kinds.INT64, is_primary=True)
        for text in texts:
            schema.add_field(text, kinds.VARCHAR, max_length=LONGEST_TEXT)
        for number in numbers:
            schema.add_field(number, kinds.INT64)
        if dimension:
            schema.add_field("vector", kinds.FLOAT_VECTOR, dim=dimension)
        return schema

    def _wait_for_indexes(self, name: str) -> None:
        deadline, pause = time.monotonic() + BUILDING_SECONDS, 0.01
        for index in self._client.list_indexes(name, timeout=ASKING_SECONDS):
            while True:
                state = self._client.describe_index(name, index, timeout=ASKING_SECONDS)["state"]
                if state == "Finished":
                    break
                if state == "Failed" or time.monotonic() > deadline:
                    raise MilvusError(f"{name} 的索引 {index} 没有建成")
                pause = min(2 * pause, 1.0)
                time.sleep(pause)

    def _create(self, name: str, schema: Any) -> None:
        self._client.create_collection(
            name, schema=schema, consistency_level="Bounded", timeout=BUILDING_SECONDS
        )

    def _lacks_bm25(self) -> bool:
        """Whether the server is of a version before the function, 2.5; Milvus Lite has it."""
        major, _, rest = self.version.removeprefix("v").partition(".")
        minor = rest.partition(".")[0]
        return major.isdigit() and minor.isdigit() and (int(major), int(minor)) < (2, 5)

    def _described(self, name: str) -> Mapping[str, Any]:
        described: Mapping[str, Any] = self._client.describe_collection(name, timeout=ASKING_SECONDS)
        return described

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

    def _search(
        self, name: str, field: str, query: object, k: int, filtered: str, reach: Mapping[str, object]
    ) -> tuple[Numbers, Scores]:
        hits = self._asked(
            self._client.search,
            name,
            data=[query],
            anns_field=field,
            limit=k,
            filter=filtered,
            output_fields=["id"],
            search_params={"params": dict(reach)},
            timeout=ASKING_SECONDS,
        )[0]
        ids = np.fromiter((hit["id"] for hit in hits), dtype=np.int64, count=len(hits))
        return ids, np.fromiter((hit["distance"] for hit in hits), dtype=np.float32, count=len(hits))

    def _vector(self, name: str, row: int) -> Scores:
        found = self._asked(
            self._client.get, name, ids=[row], output_fields=["vector"], timeout=ASKING_SECONDS
        )
        if len(found) != 1:
            raise MilvusError(f"集合 {name} 里没有第 {row} 行。")
        return np.asarray(found[0]["vector"], dtype=np.float32)


def _indexes(count: int) -> Mapping[str, tuple[str, str, Mapping[str, object]]]:
    """Kind, metric and parameters of the index of each field that is searched, for so many rows."""
    return {
        "vector": ("FLAT", "IP", {}) if count <= EXACT else ("HNSW", "IP", GRAPH),
        "bm25": ("SPARSE_INVERTED_INDEX", "BM25", {"bm25_k1": K1, "bm25_b": B}),
    }


def texts_of(lists: WordLists) -> Iterator[str]:
    """Texts of which the server's analyser makes these words again, 65,535 bytes of each at most: some 8,000 words."""
    whole = [_whole(word) for word in lists.vocabulary]
    for start, end in pairwise(lists.starts.tolist()):
        text = " ".join([whole[number] for number in lists.numbers[start:end].tolist()])
        data = text.encode("utf-8")
        long = len(data) > LONGEST_TEXT
        yield data[: data.rindex(b" ", 0, LONGEST_TEXT)].decode("utf-8") if long else text


def _whole(word: str) -> str:
    """A word as jieba leaves it whole: itself if it is one of jieba's own, else letters and digits in its place.

    >>> _whole("书屋"), _whole("9.5%")
    ('书屋', 'x392e3525')
    """
    return word if word[:1] >= "\u3400" and cut(word) == [word] else f"x{word.encode('utf-8').hex()}"


def _query(words: Sequence[str], weights: Sequence[float]) -> tuple[str, int]:
    """A text in which each word stands as often as it weighs tenths, and how often a word of weight 1 stands."""
    for unit in (TENTHS, 1):
        text = " ".join(
            _whole(word)
            for word, weight in zip(words, weights, strict=True)
            for _ in range(int(weight * unit + 1e-6))
        )
        if len(text.encode("utf-8")) <= LONGEST_TEXT:
            break  # else a question of a thousand words: what weighs less than 1 is left out
    return text, unit


def _among(field: str, values: Numbers) -> str:
    return f"{field} in {values.tolist()}"


def _places(ids: Numbers, found: Numbers) -> Numbers:
    """Where each that was found stands among ``ids``, which rise."""
    return ids.searchsorted(found).astype(np.int64)


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
