"""Nearest vectors by FAISS; scores are cosines, because all vectors are unit vectors."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["DenseIndex", "index_kind", "load"]

FILE = "dense.faiss"
HALVED = 50_000  # vectors from which half the bytes are scanned; the first ten stayed the same on 100 of 100 questions
SCANNED = 256  # main dimensions scanned then; of 512, the first 256 of the scan held 98.8 % of the first ten
ADDED_AT_ONCE = 16_384  # vectors; while they are added, FAISS holds them in other forms too
DECIMALS = 6  # scores are rounded, so that equal texts tie wherever they stand

Mask = npt.NDArray[np.bool_]
Vectors = npt.NDArray[np.float32]

_reading = threading.Lock()  # FAISS keeps its limit for the whole process


def index_kind(count: int, dimension: int) -> str:
    """The FAISS factory string for so many vectors: all are compared, in large indexes by their main dimensions."""
    if count < HALVED:
        return "Flat"
    return "SQfp16" if dimension <= SCANNED else f"PCA{SCANNED},SQfp16"


def load() -> None:
    """Import the library now: where memory runs out while its native part is loaded, the process dies of a signal."""
    _faiss()


def _faiss() -> Any:
    """The library, imported when the first index is built or opened."""
    import faiss

    return faiss


class DenseIndex:
    """Vectors in row order. Read-only after it is built: safe from many threads."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> DenseIndex:
        """An index of these rows, (n, dimension); n may be 0.

        Raises:
            ValueError: not a matrix, or a value is not a finite number.
        """
        faiss = _faiss()
        if vectors.ndim != 2 or vectors.shape[1] == 0:
            raise ValueError(f"vectors must be a matrix, not of shape {vectors.shape}")
        if vectors.size and not np.isfinite([vectors.min(), vectors.max()]).all():  # NaN is both
            raise ValueError("vectors hold NaN or infinite values")
        count, dimension = vectors.shape
        index = faiss.index_factory(dimension, index_kind(count, dimension), faiss.METRIC_INNER_PRODUCT)
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        index.train(rows[:: max(1, count // HALVED)])
        for start in range(0, count, ADDED_AT_ONCE):
            index.add(rows[start : start + ADDED_AT_ONCE])
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Width of the vectors."""
        return int(self._index.d)

    def search(
        self, vector: Vectors, k: int, allowed: Mask | None = None
    ) -> tuple[npt.NDArray[np.int64], Vectors]:
        """The k nearest rows, fewer where there are fewer: (rows, cosines), best first, ties by row.

        Large indexes of wide vectors give cosines of the main dimensions: ask for more and compare again.

        Args:
            vector: (dimension,).
            k: 0 and up; clamped to the number of rows.
            allowed: rows that may be found, (n,), or None for all. The filter is part of the search.
        """
        faiss = _faiss()
        query = self._checked(vector)[None, :]
        if allowed is not None and allowed.shape != (len(self),):
            raise ValueError(f"the mask has shape {allowed.shape}, the index {len(self)} rows")
        candidates = len(self) if allowed is None else int(np.count_nonzero(allowed))
        k = max(0, min(k, candidates))
        if k == 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        parameters = None
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))
        wanted = k
        while True:
            wanted = min(2 * wanted + 8, candidates)
            cosines, rows = self._index.search(query, wanted, params=parameters)
            found = rows[0] >= 0  # FAISS fills up with -1
            rows_found, scores = rows[0][found], np.round(cosines[0][found], DECIMALS)
            if wanted == candidates or len(scores) <= k or scores[-1] < scores[k - 1]:
                break  # else the ties of the last place go on beyond what was fetched
        order = np.lexsort((rows_found, -scores))[:k]
        return rows_found[order], scores[order]

    def scores(self, vector: Vectors) -> Vectors:
        """The cosine of every row, (n,)."""
        if len(self) == 0:
            return np.zeros(0, dtype=np.float32)
        return np.round(self._vectors() @ self._checked(vector), DECIMALS)

    def save(self, folder: Path, write: Callable[[Path, memoryview], object] = Path.write_bytes) -> None:
        """Writes its file into an existing folder, by ``write``: FAISS itself says nothing of a full disk."""
        write(folder / FILE, _faiss().serialize_index(self._index).data)

    @classmethod
    def open(cls, folder: Path) -> DenseIndex:
        """Opens what ``save`` wrote.

        Raises:
            OSError, ValueError: the file is missing or not what ``save`` wrote.
        """
        faiss = _faiss()
        path = folder / FILE
        if not path.is_file():
            raise FileNotFoundError(path)
        with _reading, path.open("rb") as file:
            if hasattr(
                faiss, "set_deserialization_vector_byte_limit"
            ):  # a false header may ask for 2^40 bytes
                faiss.set_deserialization_vector_byte_limit(max(1, path.stat().st_size))
            try:
                return cls(faiss.read_index(faiss.PyCallbackIOReader(file.read)))
            except RuntimeError as error:  # how FAISS reports a damaged file
                raise ValueError(f"{path}: not a FAISS index") from error

    def _vectors(self) -> Vectors:
        """All rows, a view of FAISS's own memory where it keeps them plain."""
        faiss = _faiss()
        flat = faiss.downcast_index(self._index)
        if isinstance(flat, faiss.IndexFlat):
            view: Vectors = faiss.rev_swig_ptr(flat.get_xb(), len(self) * self.dimension)
            return view.reshape(len(self), self.dimension)
        rows: Vectors = self._index.reconstruct_n(0, len(self))
        return rows

    def _checked(self, vector: Vectors) -> Vectors:
        if vector.shape != (self.dimension,):
            raise ValueError(
                f"the question's vector has shape {vector.shape}, the index {self.dimension} columns"
            )
        if not np.isfinite(vector).all():
            raise ValueError("the question's vector holds NaN or infinite values")
        return np.ascontiguousarray(vector, dtype=np.float32)
