"""How rows are laid out in Milvus: fields, the indexes that search them, and words as texts that its analyser takes apart."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from .sparse import K1, B
from .words import cut
from .words.lists import WordLists

ASKING_SECONDS = 5.0  # that one call of a question may take, its repetitions after a lost connection included
BUILDING_SECONDS = 600.0  # likewise one call of a build: indexes of large collections take minutes
EXACT = 200_000  # rows up to which all vectors are compared; beyond, a graph (HNSW)
GRAPH = {"M": 32, "efConstruction": 256}
ANALYSER = {
    "tokenizer": {"type": "jieba", "mode": "exact"},
    "filter": [{"type": "stop", "stop_words": [" "]}],
}
LITE = "milvus_lite"  # how the version of a file begins
LONGEST_TEXT = 65_535  # bytes of a text, Milvus's limit
# A word is asked as often as it weighs hundredths, for a text cannot say how much its words weigh.
UNITS = (100, 10, 1)


class MilvusError(Exception):
    """Milvus cannot be reached, is too slow, or refuses; the message is what it or its client said."""


class MilvusGone(MilvusError):
    """There is no such collection or alias, or there no longer is."""


def schema_of(client: Any, texts: Sequence[str], numbers: Sequence[str], dimension: int, words: bool) -> Any:
    """Fields of rows with an ``id``, these texts and numbers, a ``vector``, where it has a dimension, and ``words``."""
    import pymilvus

    kinds = pymilvus.DataType
    schema = client.create_schema(auto_id=False)
    schema.add_field("id", kinds.INT64, is_primary=True)
    for text in texts:
        schema.add_field(text, kinds.VARCHAR, max_length=LONGEST_TEXT)
    for number in numbers:
        schema.add_field(number, kinds.INT64)
    if dimension:
        schema.add_field("vector", kinds.FLOAT_VECTOR, dim=dimension)
    if words:
        searched = {"enable_analyzer": True, "enable_match": True, "analyzer_params": ANALYSER}
        schema.add_field("words", kinds.VARCHAR, max_length=LONGEST_TEXT, **searched)
        schema.add_field("bm25", kinds.SPARSE_FLOAT_VECTOR)
        schema.add_function(pymilvus.Function("bm25", pymilvus.FunctionType.BM25, ["words"], ["bm25"]))
    return schema


def described(client: Any, name: str) -> Mapping[str, Any]:
    """Return the server's description of a collection."""
    description: Mapping[str, Any] = client.describe_collection(name, timeout=ASKING_SECONDS)
    return description


def build_indexes(client: Any, name: str, count: int, version: str) -> None:
    """Give every field that is searched its index, for so many rows, and wait until they are built."""
    fields = {field["name"] for field in described(client, name)["fields"]}
    indexes = client.prepare_index_params()
    near = ("FLAT", "IP", {}) if count <= EXACT else ("HNSW", "IP", GRAPH)
    words = ("SPARSE_INVERTED_INDEX", "BM25", {"bm25_k1": K1, "bm25_b": B})
    for field, (kind, metric, parameters) in (("vector", near), ("bm25", words)):
        if field in fields:  # Milvus Lite reads parameters where older clients put them
            said = {"params": parameters} if version.startswith(LITE) else parameters
            indexes.add_index(field, index_type=kind, metric_type=metric, params=said)
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


def lacks_bm25(version: str) -> bool:
    """Whether this version of a server is one before the function, 2.5; Milvus Lite has it."""
    major, _, rest = version.removeprefix("v").partition(".")
    minor = rest.partition(".")[0]
    return major.isdigit() and minor.isdigit() and (int(major), int(minor)) < (2, 5)


def texts_of(lists: WordLists) -> Iterator[str]:
    """Texts of which the server's analyser makes these words again, 65,535 bytes of each at most: some 8,000 words."""
    words = [whole(word) for word in lists.vocabulary]
    for start, end in pairwise(lists.starts.tolist()):
        text = " ".join([words[number] for number in lists.numbers[start:end].tolist()])
        data = text.encode("utf-8")
        long = len(data) > LONGEST_TEXT
        yield data[: data.rindex(b" ", 0, LONGEST_TEXT)].decode("utf-8") if long else text


def whole(word: str) -> str:
    """A word as jieba leaves it whole: itself if it is one of jieba's own, else letters and digits in its place.

    >>> whole("书屋"), whole("9.5%")
    ('书屋', 'x392e3525')
    """
    return word if word[:1] >= "\u3400" and cut(word) == [word] else f"x{word.encode('utf-8').hex()}"


def query_of(words: Sequence[str], weights: Sequence[float]) -> tuple[str, int]:
    """A text in which each word stands as often as it weighs hundredths, and how often a word of weight 1 stands.

    Of a long question tenths have to do; of one of a thousand words what weighs less than 1 is left out.
    """
    for unit in UNITS:
        text = " ".join(
            whole(word)
            for word, weight in zip(words, weights, strict=True)
            for _ in range(int(weight * unit + 1e-6))
        )
        if len(text.encode("utf-8")) <= LONGEST_TEXT:
            break
    return text, unit
