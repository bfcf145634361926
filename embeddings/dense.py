"""Nearest vectors by FAISS; scores are cosines, because all vectors are unit vectors.

Small indexes compare all vectors. Large ones compare codes of half a byte for some dimensions together, which FAISS
looks up sixteen at a time (André, Kermarrec, Le Scouarnec 2017, "Accelerated Nearest Neighbor Search with Quick
ADC"); whether the nearest are found so is measured while an index is built, and finer codes are taken until they are.
Lists of neighbouring vectors did worse: the nearest of a question stand in half of 512 lists.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

FILE, ABOUT = "dense.faiss", "dense.json"
EXACT = 50_000  # vectors up to which all are compared
COMPARED = 256  # rows that large indexes are asked for, to be compared again by their vectors
NEAREST, ENOUGH = 10, 0.98  # of so many nearest vectors, the share that has to be among them
ASKED = 64  # questions by which that is measured
TRAINED = 20_000  # vectors that codes are made from
ADDED_AT_ONCE = 16_384  # vectors; while they are added, FAISS holds them in other forms too
DECIMALS = 6  # scores are rounded, so that equal texts tie wherever they stand

Mask = npt.NDArray[np.bool_]
Vectors = npt.NDArray[np.float32]
Rows: TypeAlias = npt.NDArray[Any]  # vectors, or their rounded numbers, (n, dimension)
Found = tuple[npt.NDArray[np.int64], Vectors]  # rows and cosines, best first, ties by row

SCALE = 32767  # what 1.0 becomes in two bytes
_reading = threading.Lock()  # FAISS keeps its limit for the whole process


def rounded(vectors: Vectors) -> npt.NDArray[np.int16]:
    """Finite numbers from -1 to 1 at two bytes each, 32767 for 1: half the memory, and cosines differ by some 0.00001."""
    return np.rint(np.clip(vectors, -1, 1) * SCALE).astype(np.int16)


def floats(rows: Rows) -> Vectors:
    """Rounded numbers as numbers from -1 to 1 again; others as they are."""
    if rows.dtype != np.int16:
        return rows
    vectors: Vectors = rows.astype(np.float32)
    vectors /= SCALE
    return vectors


def index_kinds(count: int, dimension: int) -> tuple[str, ...]:
    """FAISS factory strings for so many vectors, the quickest first; the last one finds the nearest in any case."""
    if count <= EXACT:
        return ("Flat",)
    codes = tuple(f"PQ{dimension // width}x4fs" for width in (4, 2) if dimension % width == 0)
    return (*codes, "SQfp16")


def kept_as(folder: Path) -> tuple[str, float]:
    """Kind and measured recall of the index in a folder; ``("", 1.0)`` where an earlier version wrote it; may raise OSError, ValueError."""
    path = folder / ABOUT
    about = json.loads(path.read_bytes()) if path.is_file() else {}
    return str(about.get("kind", "")), float(about.get("recall", 1.0))


def load() -> Any:
    """The library, imported at the first call: where memory runs out meanwhile, the process dies of a signal."""
    import faiss

    return faiss


class DenseIndex:
    """Vectors in row order. Read-only after it is built: safe from many threads."""

    def __init__(self, index: Any, kind: str, recall: float) -> None:
        self._index = index
        self.dimension = int(index.d)
        self._filters = "fs" not in kind  # whether FAISS can leave rows out while it searches
        self.kind = kind  # the FAISS factory string; "" where it is not known
        self.recall = recall  # when built, of the ten nearest vectors the share among the first COMPARED

    @classmethod
    def build(cls, rows: Rows) -> DenseIndex:
        """An index of these rows, n 0 and up, finite numbers all."""
        *quick, sure = index_kinds(rows.shape[0], rows.shape[1])
        questions, truth = _nearest(rows) if quick else ((), ())
        for kind in quick:
            index = cls(_filled(rows, kind), kind, 0.0)
            found = [index.search(question, COMPARED)[0] for question in questions]
            index.recall = float(np.mean([np.isin(t, f).mean() for t, f in zip(truth, found, strict=True)]))
            if index.recall >= ENOUGH:
                return index
        return cls(_filled(rows, sure), sure, 1.0)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Vectors, k: int, allowed: Mask | None = None) -> Found:
        """The k nearest rows, fewer where there are fewer.

        Large indexes give cosines of codes: ask for ``COMPARED`` or more and compare again. ``vector`` is (dimension,),
        k is clamped to the number of rows, ``allowed`` are the rows that may be found, (n,), or None for all.
        """
        faiss = load()
        query = np.ascontiguousarray(vector, dtype=np.float32)[None, :]
        candidates = len(self) if allowed is None else int(np.count_nonzero(allowed))
        k = max(0, min(k, candidates))
        if k == 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        parameters = None
        if allowed is not None and self._filters:
            bits = np.packbits(allowed, bitorder="little")
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))
        left = None if self._filters else allowed  # what is to be left out afterwards
        most = candidates if left is None else len(self)
        wanted = (2 * k + 8) * most // candidates
        while True:
            wanted = min(wanted, most)
            cosines, rows = self._index.search(query, wanted, params=parameters)
            found = rows[0] >= 0  # FAISS fills up with -1
            if left is not None:
                found &= left[rows[0]]
            rows_found, scores = rows[0][found], np.round(cosines[0][found], DECIMALS)
            if wanted == most or (len(scores) > k and scores[-1] < scores[k - 1]):
                break  # else the ties of the last place go on beyond what was fetched
            wanted = 2 * wanted + 8
        order = np.lexsort((rows_found, -scores))[:k]
        return rows_found[order], scores[order]

    def save(self, folder: Path, write: Callable[[Path, memoryview], object] = Path.write_bytes) -> None:
        """Writes its files into an existing folder, by ``write``: FAISS itself says nothing of a full disk."""
        write(folder / FILE, load().serialize_index(self._index).data)
        about = {"kind": self.kind, "recall": round(self.recall, 4)}
        write(folder / ABOUT, memoryview(json.dumps(about).encode("ascii")))

    @classmethod
    def open(cls, folder: Path) -> DenseIndex:
        """Opens what ``save`` wrote; raises OSError or ValueError if a file is missing or something else."""
        faiss = load()
        path = folder / FILE
        if not path.is_file():
            raise FileNotFoundError(path)
        kind, recall = kept_as(folder)
        with _reading, path.open("rb") as file:
            # A false header may ask for 2^40 bytes.
            if hasattr(faiss, "set_deserialization_vector_byte_limit"):
                faiss.set_deserialization_vector_byte_limit(max(1, path.stat().st_size))
            try:
                index = faiss.read_index(faiss.PyCallbackIOReader(file.read))
            except RuntimeError as error:  # how FAISS reports a damaged file
                raise ValueError(f"{path}: not a FAISS index") from error
        return cls(index, kind, recall)


def _filled(rows: Rows, kind: str) -> Any:
    """An index of this kind that holds these rows."""
    faiss = load()
    index = faiss.index_factory(rows.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
    index.train(np.ascontiguousarray(floats(rows[:: max(1, len(rows) // TRAINED)])))
    for start in range(0, len(rows), ADDED_AT_ONCE):
        index.add(floats(rows[start : start + ADDED_AT_ONCE]))
    return index


def _nearest(rows: Rows) -> tuple[Vectors, npt.NDArray[np.int64]]:
    """Questions, each between two rows as those of users are, and the rows that are nearest to each in truth."""
    some = floats(rows[:: max(1, len(rows) // ASKED)][:ASKED])
    questions = some + np.roll(some, 1, axis=0)
    best = np.full((len(questions), NEAREST), -np.inf, dtype=np.float32)
    nearest = np.zeros(best.shape, dtype=np.int64)
    for start in range(0, len(rows), ADDED_AT_ONCE):
        cosines = np.concatenate([best, questions @ floats(rows[start : start + ADDED_AT_ONCE]).T], axis=1)
        place = np.argpartition(-cosines, NEAREST - 1, axis=1)[:, :NEAREST]
        best = np.take_along_axis(cosines, place, axis=1)
        numbers = np.where(place < NEAREST, 0, start + place - NEAREST)
        nearest = np.where(place < NEAREST, np.take_along_axis(nearest, place % NEAREST, axis=1), numbers)
    return questions, nearest


class DenseParts:
    """Several indexes of one dimension as one. Read-only: safe from many threads.

    ``places`` are for each part the rows that its vectors have among all.
    """

    def __init__(self, parts: Sequence[DenseIndex], places: Sequence[npt.NDArray[np.int64]]) -> None:
        self._parts = tuple(zip(parts, places, strict=True))

    def search(self, vector: Vectors, k: int, allowed: Mask | None = None) -> Found:
        """As :meth:`DenseIndex.search`; codes of a large part are compared with what others give."""
        found = [
            (places[rows], scores)
            for part, places in self._parts
            for rows, scores in (part.search(vector, k, None if allowed is None else allowed[places]),)
        ]
        rows = np.concatenate([rows for rows, _ in found])
        scores = np.concatenate([scores for _, scores in found])
        order = np.lexsort((rows, -scores))[:k]
        return rows[order], scores[order]
