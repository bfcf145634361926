"""Confidence intervals of figures and of differences between two runs.

Bootstrap over questions (Efron 1979; paired as in Koehn 2004, W04-3250), 95 %, seeded: the same parts give the same
interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DRAWS = 2000
SEED = 0
BATCH_CELLS = 4_000_000  # draws × questions in memory at once

Part: TypeAlias = tuple[float, float]  # (sum, count) of one question; a figure is Σ sums / Σ counts
Parts: TypeAlias = Mapping[str, Mapping[str, Part]]  # question → figure → part
Interval: TypeAlias = tuple[float, float]  # lower and upper bound


@dataclass(frozen=True, slots=True)
class Change:
    """A figure in two runs."""

    figure: str
    before: float | None
    now: float | None
    interval: Interval | None  # of the difference over the questions of both runs; None without any

    @property
    def beyond_chance(self) -> bool:
        """Whether the interval excludes zero."""
        return self.interval is not None and not self.interval[0] <= 0 <= self.interval[1]


def mean(parts: Iterable[Part]) -> float | None:
    """Return the figure, rounded; None if there is nothing to measure."""
    known = list(parts)
    count = sum(count for _, count in known)
    return round(sum(total for total, _ in known) / count, 4) if count else None


def interval(parts: Sequence[Part]) -> Interval | None:
    """Return the 95 % interval of a figure; None if there is nothing to measure."""
    return _bounds(_drawn([parts])[0]) if any(count for _, count in parts) else None


def difference(figure: str, now: Parts, before: Parts) -> Interval | None:
    """Return the 95 % interval of now − before, paired by question."""
    both = [question for question in now if question in before]
    sides = [[run[question].get(figure, (0.0, 0.0)) for question in both] for run in (now, before)]
    if not all(any(count for _, count in side) for side in sides):
        return None
    after, earlier = _drawn(sides)
    return _bounds(after - earlier)


def _bounds(values: NDArray[np.float64]) -> Interval:
    import numpy as np

    low, high = np.nanpercentile(values, [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)


def _drawn(sides: Sequence[Sequence[Part]]) -> NDArray[np.float64]:
    """Return the figure of each side in every draw, (sides, draws); NaN if a draw has nothing to measure."""
    import numpy as np

    parts = np.array(sides, dtype=np.float64)  # (sides, questions, 2)
    questions = parts.shape[1]
    generator = np.random.default_rng(SEED)
    batches = []
    for first in range(0, DRAWS, step := max(1, BATCH_CELLS // questions)):
        size = min(step, DRAWS - first)
        times = generator.multinomial(questions, np.full(questions, 1 / questions), size=size)
        sums, counts = np.moveaxis(times @ parts, 2, 0)
        batches.append(np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0))
    return np.concatenate(batches, axis=1)
