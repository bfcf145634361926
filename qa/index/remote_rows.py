"""A generation as rows of Milvus, and its files back from them."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, count
from pathlib import Path
from typing import Any

from embeddings.milvus import Row
from embeddings.milvus_words import LONGEST_TEXT, texts_of
from embeddings.postings import Postings
from embeddings.rounded import Rows
from embeddings.sparse import SparseIndex
from embeddings.words.lists import WordLists
from qa.index.manifest import Manifest
from qa.index.retrievers import LocalWords
from qa.index.segment import PASSAGES, SPARSE
from qa.scratch import scratch_folder
from qa.types import Report, Sentence

FIELDS = ("name", "content")
PART_BYTES = LONGEST_TEXT // 4 * 3
NO_VECTOR = (0.0, 0.0)  # every collection must have a vector


def parts_of(files: Mapping[str, bytes]) -> Iterator[Row]:
    """Yield files as rows of text: compressed, in Base64, cut into parts that fit a text field of Milvus."""
    ids = count()
    for name, data in files.items():
        packed = zlib.compress(data, level=6)
        for start in range(0, len(packed), PART_BYTES):
            content = base64.b64encode(packed[start : start + PART_BYTES]).decode("ascii")
            yield {"id": next(ids), "name": name, "content": content, "vector": NO_VECTOR}


def files_from(rows: Iterable[Mapping[str, Any]]) -> dict[str, bytes]:
    """Return the files in rows that ``parts_of`` made; raise ValueError if a part is missing or wrong."""
    packed: dict[str, list[bytes]] = {}
    for row in rows:
        packed.setdefault(str(row["name"]), []).append(base64.b64decode(row["content"], validate=True))
    try:
        return {name: zlib.decompress(b"".join(parts)) for name, parts in packed.items()}
    except zlib.error as error:
        raise ValueError("a file is not whole") from error


def words_are_local(manifest: Manifest) -> bool:
    """Return whether a generation stores its words as files, because its server cannot search them."""
    return any(entry.name.startswith(f"{SPARSE}/") for entry in manifest.files)


def word_files(rows: WordLists, passages: WordLists) -> dict[str, bytes]:
    """Return the words as the files that a folder would contain."""
    files: dict[str, bytes] = {}
    for folder, texts in ((SPARSE, rows), (PASSAGES, passages)):
        Postings.of(texts).save(Path(folder), lambda path, data: files.update({path.as_posix(): bytes(data)}))
    return files


def local_words(manifest: Manifest, files: Mapping[str, bytes]) -> LocalWords:
    """Open the words in the files that the manifest lists.

    Raises OSError, ValueError or KeyError if they are not what ``word_files`` returned.
    """
    with scratch_folder() as folder:
        for part in (SPARSE, PASSAGES):
            (folder / part).mkdir()
        for entry in manifest.files:
            if entry.name.startswith((f"{SPARSE}/", f"{PASSAGES}/")):
                (folder / entry.name).write_bytes(files[entry.name])
        opened = [SparseIndex([Postings.open(folder / part)]) for part in (SPARSE, PASSAGES)]
    return LocalWords(*opened)


def sentence_rows(
    reports: Iterable[Report], sentences: Sequence[Sentence], vectors: Rows, words: WordLists | None
) -> Iterator[Row]:
    """Yield one row per sentence; ``words`` is None if the server does not search them."""
    paragraphs = chain.from_iterable(report.paragraphs for report in reports)
    number_of = {(p.report_id, p.number): number for number, p in enumerate(paragraphs)}
    texts = texts_of(words) if words else None
    for row, sentence in enumerate(sentences):
        yield {
            "id": row,
            "report": sentence.report_id,
            "paragraph": number_of[sentence.report_id, sentence.paragraph],
            "vector": vectors[row],
        } | ({"words": next(texts)} if texts else {})


def passage_rows(reports: Iterable[Report], words: WordLists) -> Iterator[Row]:
    """Yield one row per paragraph."""
    owners = (paragraph.report_id for report in reports for paragraph in report.paragraphs)
    for number, (report_id, text) in enumerate(zip(owners, texts_of(words), strict=True)):
        yield {"id": number, "report": report_id, "words": text}
