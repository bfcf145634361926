"""A generation as rows of Milvus, and its files back from them."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from embeddings.milvus import Row
from embeddings.milvus_words import LONGEST_TEXT, texts_of
from qa.index.manifest import Manifest
from qa.index.retrievers import LocalWords
from qa.index.segment import PASSAGES, SPARSE
from qa.scratch import scratch_folder
from qa.types import Report, Sentence

if TYPE_CHECKING:
    from embeddings.rounded import Rows
    from embeddings.words.lists import WordLists

FIELDS = ("name", "content")
PART_BYTES = LONGEST_TEXT // 4 * 3
NO_VECTOR = (0.0, 0.0)  # every collection must have one

_Row: TypeAlias = Mapping[str, Any]


def parts_of(files: Mapping[str, bytes]) -> Iterator[Row]:
    """Files as rows of text: compressed, in Base64, cut into parts that a text of Milvus can hold."""
    ids = count()
    for name, data in files.items():
        packed = zlib.compress(data, level=6)
        for start in range(0, len(packed), PART_BYTES):
            content = base64.b64encode(packed[start : start + PART_BYTES]).decode("ascii")
            yield {"id": next(ids), "name": name, "content": content, "vector": NO_VECTOR}


def files_from(rows: Iterable[_Row]) -> dict[str, bytes]:
    """The files that rows hold, given in the order in which ``parts_of`` gave them.

    Raises:
        ValueError: a part is missing or is not what was written.
    """
    packed: dict[str, list[bytes]] = {}
    for row in rows:
        packed.setdefault(str(row["name"]), []).append(base64.b64decode(row["content"], validate=True))
    try:
        return {name: zlib.decompress(b"".join(parts)) for name, parts in packed.items()}
    except zlib.error as error:
        raise ValueError("a file is not whole") from error


def words_are_local(manifest: Manifest) -> bool:
    """Whether a generation keeps its words as files, because its server could not search them."""
    return any(entry.name.startswith(f"{SPARSE}/") for entry in manifest.files)


def word_files(rows: WordLists, passages: WordLists) -> dict[str, bytes]:
    """The words as the files in which a folder keeps them."""
    from embeddings.postings import Postings

    files: dict[str, bytes] = {}
    for folder, texts in ((SPARSE, rows), (PASSAGES, passages)):
        Postings.of(texts).save(Path(folder), lambda path, data: files.update({path.as_posix(): bytes(data)}))
    return files


def local_words(manifest: Manifest, files: Mapping[str, bytes]) -> LocalWords:
    """The words of a generation from the files that its manifest tells of.

    Raises:
        OSError, ValueError, KeyError: they are not what ``word_files`` gave.
    """
    from embeddings.postings import Postings
    from embeddings.sparse import SparseIndex

    with scratch_folder() as folder:
        for part in (SPARSE, PASSAGES):
            (folder / part).mkdir()
        for entry in manifest.files:
            if entry.name.startswith((f"{SPARSE}/", f"{PASSAGES}/")):
                (folder / entry.name).write_bytes(files[entry.name])
        opened = [SparseIndex([Postings.open(folder / part)]) for part in (SPARSE, PASSAGES)]
    return LocalWords(*opened)


def sentence_rows(
    reports: Iterable[Report],
    sentences: Sequence[Sentence],
    vectors: Rows,
    words: WordLists | None,
) -> Iterator[Row]:
    """One row a sentence; ``words`` are None where the server does not search them."""
    number_of: dict[tuple[str, int], int] = {}
    for report in reports:
        for paragraph in report.paragraphs:
            number_of[paragraph.report_id, paragraph.number] = len(number_of)
    texts = texts_of(words) if words else None
    for row, sentence in enumerate(sentences):
        yield {
            "id": row,
            "report": sentence.report_id,
            "paragraph": number_of[sentence.report_id, sentence.paragraph],
            "vector": vectors[row],
        } | ({"words": next(texts)} if texts else {})


def passage_rows(reports: Iterable[Report], words: WordLists) -> Iterator[Row]:
    """One row a paragraph."""
    owners = (paragraph.report_id for report in reports for paragraph in report.paragraphs)
    for number, (report_id, text) in enumerate(zip(owners, texts_of(words), strict=True)):
        yield {"id": number, "report": report_id, "words": text}
