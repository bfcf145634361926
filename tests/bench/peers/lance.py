"""LanceDB: a table with a vector column and a full-text index, searched as ``hybrid``; it adds up ranks itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.peers import DEPTH, Ask
from tests.bench.peers.shared import AT_ONCE, spaced

if TYPE_CHECKING:
    from embeddings import Encoder

__all__ = ["build"]


def build(texts: Sequence[str], folder: Path, encoder: Encoder) -> Ask:
    """Index texts."""
    import lancedb
    import pyarrow as pa

    schema = pa.schema(
        [
            ("number", pa.int32()),
            ("text", pa.string()),
            ("words", pa.string()),
            ("vector", pa.list_(pa.float32(), encoder.dimension)),
        ]
    )

    def batches() -> Iterator[Any]:
        for start in range(0, len(texts), AT_ONCE):
            part = texts[start : start + AT_ONCE]
            flat = pa.array(encoder.encode_passages(part).ravel())
            columns = [
                pa.array(range(start, start + len(part)), pa.int32()),
                pa.array(part),
                pa.array([spaced(text) for text in part]),
                pa.FixedSizeListArray.from_arrays(flat, encoder.dimension),
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)

    table = lancedb.connect(folder).create_table(
        "texts", pa.RecordBatchReader.from_batches(schema, batches())
    )
    table.create_fts_index(
        "words",
        base_tokenizer="whitespace",
        stem=False,
        remove_stop_words=False,
        ascii_folding=False,
        with_position=False,
    )

    def ask(question: str) -> list[int]:
        search = table.search(query_type="hybrid", vector_column_name="vector", fts_columns="words")
        asked = search.vector(encoder.encode_query(question)).text(spaced(question))
        rows = asked.limit(DEPTH).select(["number"]).to_arrow()
        return list(rows["number"].to_pylist())[:DEPTH]

    return ask
