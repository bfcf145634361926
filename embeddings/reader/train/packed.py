"""Rows of all lengths in flat arrays: packed once, and taken as padded batches on the device that learns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

NOTHING = -1  # a label that is not learned
MULTIPLE = 8  # of which the length of a batch is one, as fast attention wants it
POOL = 1024  # groups that are sorted by length together
LENGTHS, GROUP = "lengths", "group"


class Packer:
    """Collects rows; each has values of its positions, and values of its own. Those of one group stand together."""

    def __init__(self) -> None:
        self._each: dict[str, list[npt.NDArray[np.generic]]] = {}
        self._one: dict[str, list[float]] = {}
        self._lengths: list[int] = []

    def __len__(self) -> int:
        return len(self._lengths)

    @classmethod
    def joined(cls, packers: Iterable[Packer]) -> Packer:
        """All rows of several; groups are numbered on."""
        made = cls()
        for one in packers:
            first = int(made._one[GROUP][-1]) + 1 if made._lengths else 0
            one._one[GROUP] = [number + first for number in one._one[GROUP]]
            made._lengths += one._lengths
            for name, values in one._each.items():
                made._each.setdefault(name, []).extend(values)
            for name, numbers in one._one.items():
                made._one.setdefault(name, []).extend(numbers)
        return made

    def add(self, each: Mapping[str, npt.NDArray[np.generic]], one: Mapping[str, float]) -> None:
        """One row: arrays of its length, and numbers, ``group`` among them."""
        self._lengths.append(len(next(iter(each.values()))))
        for name, values in each.items():
            self._each.setdefault(name, []).append(values)
        for name, value in one.items():
            self._one.setdefault(name, []).append(value)

    def save(self, path: Path) -> None:
        """Writes all rows."""
        arrays: dict[str, Any] = {LENGTHS: np.array(self._lengths, dtype=np.int32)}
        arrays |= {f"each {name}": _small(np.concatenate(values)) for name, values in self._each.items()}
        arrays |= {f"one {name}": _small(np.array(values)) for name, values in self._one.items()}
        np.savez(path, **arrays)


def _small(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same in as few bytes as hold it; what is no whole number in four."""
    if values.dtype.kind == "f" and (values % 1).any():
        return values.astype(np.float32)
    return values.astype(np.min_scalar_type(int(-max(abs(int(values.min())), int(values.max())) - 1)))


class Packed:
    """Packed rows on a device; ``inputs`` are what the network reads, everything else is labels."""

    def __init__(self, path: Path, device: str, inputs: Sequence[str]) -> None:
        with np.load(path) as held:
            arrays = {name: torch.from_numpy(held[name]) for name in held.files}
        self._lengths = arrays.pop(LENGTHS).long()
        self._starts = self._lengths.cumsum(0) - self._lengths
        self._each = {
            n.removeprefix("each "): v.to(device) for n, v in arrays.items() if n.startswith("each ")
        }
        self._one = {n.removeprefix("one "): v.to(device) for n, v in arrays.items() if n.startswith("one ")}
        self._device, self._inputs = device, tuple(inputs)
        groups = self._one[GROUP].long().cpu()
        self._sizes = torch.bincount(groups)
        self._firsts = self._sizes.cumsum(0) - self._sizes
        self._longest = torch.zeros(len(self._sizes), dtype=torch.long).scatter_reduce(
            0, groups, self._lengths, "amax"
        )

    def __len__(self) -> int:
        return len(self._lengths)

    def take(self, numbers: Tensor) -> tuple[tuple[Tensor, ...], dict[str, Tensor]]:
        """The inputs of some rows, padded with zeros, and their labels, those of positions padded with ``NOTHING``."""
        lengths = self._lengths[numbers]
        places = torch.arange(-(-int(lengths.max()) // MULTIPLE) * MULTIPLE)
        real = places < lengths.unsqueeze(1)
        at = (self._starts[numbers].unsqueeze(1) + places).masked_fill(~real, 0).to(self._device)
        real, numbers = real.to(self._device), numbers.to(self._device)
        each = {name: values[at].long() for name, values in self._each.items()}
        inputs = tuple(each.pop(name).masked_fill(~real, 0) for name in self._inputs)
        labels = {name: values.masked_fill(~real, NOTHING) for name, values in each.items()}
        return inputs, labels | {name: values[numbers] for name, values in self._one.items()}

    def batches(self, characters: int, draw: torch.Generator) -> Iterator[Tensor]:
        """Numbers of rows of like length without end, each batch of about so many characters, each row once a round.

        Rows of one group stay in one batch.
        """
        while True:
            for pool in torch.split(torch.randperm(len(self._sizes), generator=draw), POOL):
                order = pool[self._longest[pool].argsort(descending=True)].tolist()
                made: list[list[int]] = [[]]
                held = widest = 0
                for group in order:
                    size, length = int(self._sizes[group]), int(self._longest[group])
                    if held and (held + size) * max(widest, length) > characters:
                        made.append([])
                        held = widest = 0
                    held, widest = held + size, max(widest, length)
                    made[-1].append(group)
                for i in torch.randperm(len(made), generator=draw).tolist():
                    yield torch.cat([self._rows_of(group) for group in made[i]])

    def _rows_of(self, group: int) -> Tensor:
        first = int(self._firsts[group])
        return torch.arange(first, first + int(self._sizes[group]))
