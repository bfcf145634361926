"""How much of a figure, or of a difference, is the luck of which questions were asked.

Bootstrap over questions (Efron 1979; paired as in Koehn 2004, W04-3250): they are drawn again and again with
replacement, and 95 of 100 draws give a figure inside the interval. Seeded: the same parts give the same interval.
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
BATCH_CELLS = 4_000_000  # draws × questions that are held in memory at once

Part: TypeAlias = tuple[
    float, float
]  # (sum, count) of one question; a figure is the sum of sums by that of counts
Parts: TypeAlias = Mapping[str, Mapping[str, Part]]  # question → figure → its part
Interval: TypeAlias = tuple[float, float]  # the lowest and the highest plausible value


@dataclass(frozen=True, slots=True)
class Change:
    """A figure in two runs.

    Args:
        interval: of the difference over the questions that both runs were asked; None where there are none.
    """

    figure: str
    before: float | None
    now: float | None
    interval: Interval | None

    @property
    def beyond_chance(self) -> bool:
        """Whether the difference has a sign."""
        return self.interval is not None and not self.interval[0] <= 0 <= self.interval[1]


def mean(parts: Iterable[Part]) -> float | None:
    """The figure itself, rounded; None where there is nothing to measure."""
    known = list(parts)
    count = sum(count for _, count in known)
    return round(sum(total for total, _ in known) / count, 4) if count else None


def interval(parts: Sequence[Part]) -> Interval | None:
    """The 95 % interval of a figure; None where there is nothing to measure."""
    return _bounds(_drawn([parts])[0]) if any(count for _, count in parts) else None


def difference(figure: str, now: Parts, before: Parts) -> Interval | None:
    """The 95 % interval of now − before, both drawn with the same questions."""
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
    """The figure of each side in every draw, (sides, draws); NaN where a draw has nothing to measure."""
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
