"""Unit vectors at two bytes a number, given back as floats: half the memory, and cosines differ by some 0.00001."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
SCALE = 32767  # what 1.0 becomes


class Rows(Protocol):
    """Vectors that are taken out in parts: an array, or :class:`Rounded`."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and dimension."""

    def __len__(self) -> int: ...

    def __getitem__(self, rows: Any, /) -> Vectors: ...


class Rounded:
    """Rows of numbers from -1 to 1; ``numbers`` are (rows, dimension), 32767 for 1."""

    def __init__(self, numbers: npt.NDArray[np.int16]) -> None:
        self.numbers = numbers

    @classmethod
    def of(cls, vectors: Vectors) -> Rounded:
        """The nearest numbers; vectors must be finite."""
        return cls(np.rint(np.clip(vectors, -1, 1) * SCALE).astype(np.int16))

    @property
    def shape(self) -> tuple[int, ...]:
        return self.numbers.shape

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, rows: Any, /) -> Vectors:
        vectors: Vectors = self.numbers[rows].astype(np.float32)
        vectors /= SCALE
        return vectors
