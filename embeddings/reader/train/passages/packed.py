"""Questions with passages as arrays: packed once, and taken as batches on the device that learns.

``python -m embeddings.reader.train.passages.packed --data DIR --found FILE … --marked FILE … --output DIR`` writes
``passages.npz``, ``found.npz`` and ``marked.npz``: the rows of all sets, of passages that a search found, and of sentences
with a marked answer.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from embeddings.reader.encoding import Alphabet
from embeddings.reader.train.alphabet import alphabet_of

from .learning import UNKNOWN, Batch, batch_of
from .rows import Asked, asked_of_set, found_rows, windowed

ROWS = {  # of each set that are taken, some more than once
    "reports_qa": 8000,
    "union_qa": 2000,
    "written": 30000,
    "news_qa": 4000,
    "cjrc_train": 8000,
    "cmrc2018_train": 12000,
    "antiterror_train": 3000,
    "squad1_zh_train": 3000,
}
SHORT, LONG, LONG_SHARE = 256, 384, 0.4  # characters of a passage, and how many are long
SHARE = 1500  # rows that one process packs at a time
POOL = 16  # batches whose rows are sorted by length together
MULTIPLE = 8  # of which the length of a batch is one, as fast attention wants it


class Arrays(NamedTuple):
    """Rows one behind the other: N rows, S positions of all of them.

    Args:
        lengths: positions of each row, (N,).
        rows: (5, S).
        marks: (4, S), -1 where not known.
        answered: (N,) 0 or 1.
        yes: (N,) 0, 1 or -1.
    """

    lengths: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int16]
    marks: npt.NDArray[np.int8]
    answered: npt.NDArray[np.int8]
    yes: npt.NDArray[np.int8]


def pack(asked: Sequence[Asked], alphabet: Alphabet, seed: int) -> Arrays:
    """The arrays of some questions with passages, drawn as for learning."""
    draw = random.Random(seed)
    each = [batch_of([one], alphabet, draw) for one in asked]
    return Arrays(
        np.array([one.rows.shape[2] for one in each], dtype=np.int32),
        np.concatenate([one.rows[0].numpy().astype(np.int16) for one in each], 1),
        np.concatenate([one.marks[0].numpy().astype(np.int8) for one in each], 1),
        np.array([one.answered.item() for one in each], dtype=np.int8),
        np.array([one.yes.item() for one in each], dtype=np.int8),
    )


def joined(each: Iterable[Arrays]) -> Arrays:
    """All rows of several."""
    return Arrays(*(np.concatenate(parts, -1) for parts in zip(*each, strict=True)))


class Packed:
    """Packed rows on a device."""

    def __init__(self, arrays: Arrays, device: str) -> None:
        self._lengths = torch.from_numpy(arrays.lengths).long()
        self._starts = self._lengths.cumsum(0) - self._lengths
        told = (torch.from_numpy(array).to(device) for array in arrays[1:])
        self._rows, self._marks, self._answered, self._yes = told

    @classmethod
    def open(cls, path: Path, device: str) -> Packed:
        """Open a file that this recipe wrote.

        Raises:
            FileNotFoundError: there is none.
        """
        with np.load(path) as held:
            return cls(Arrays(*(held[name] for name in Arrays._fields)), device)

    def __len__(self) -> int:
        return len(self._lengths)

    def take(self, numbers: Tensor) -> Batch:
        """Some rows by their numbers, padded."""
        device = self._rows.device
        lengths = self._lengths[numbers]
        places = torch.arange(-(-int(lengths.max()) // MULTIPLE) * MULTIPLE)
        real = places < lengths.unsqueeze(1)
        at = (self._starts[numbers].unsqueeze(1) + places).masked_fill(~real, 0).to(device)
        own, numbers = real.unsqueeze(1).to(device), numbers.to(device)
        return Batch(
            self._rows[:, at].transpose(0, 1).long().masked_fill(~own, 0),
            self._answered[numbers].float(),
            self._yes[numbers].float(),
            self._marks[:, at].transpose(0, 1).float().masked_fill(~own, UNKNOWN),
        )

    def batches(self, characters: int, draw: torch.Generator) -> Iterator[Tensor]:
        """Numbers of rows of like length without end, at most so many characters a batch, each row once in a round."""
        size = max(1, int(POOL * characters / float(self._lengths.float().mean())))
        while True:
            for pool in torch.split(torch.randperm(len(self), generator=draw), size):
                made = self._cut(pool, characters)
                yield from (made[at] for at in torch.randperm(len(made), generator=draw).tolist())

    def _cut(self, pool: Tensor, characters: int) -> list[Tensor]:
        order = pool[self._lengths[pool].argsort(descending=True)]
        made, first = list[Tensor](), 0
        while first < len(order):
            end = first + max(1, characters // int(self._lengths[order[first]]))
            made.append(order[first:end])
            first = end
        return made


def _of_sets(data: Path, draw: random.Random) -> list[Asked]:
    made = list[Asked]()
    for name, count in ROWS.items():
        asked = asked_of_set(data, name, draw, count)
        rounds = (draw.sample(asked, len(asked)) for _ in range(-(-count // len(asked))))
        for one in [one for each in rounds for one in each][:count]:
            made += windowed([one], LONG if draw.random() < LONG_SHARE else SHORT, draw)
    return made


def _of_files(paths: Iterable[Path], draw: random.Random) -> list[Asked]:
    return list(windowed((one for path in paths for one in found_rows(path, draw, 1.0)), LONG, draw))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m embeddings.reader.train.passages.packed", description="Packs what readers learn from."
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with train/")
    about = "rows that python -m qa.evaluate.train.passages wrote"
    parser.add_argument("--found", type=Path, nargs="*", default=[], help=about)
    parser.add_argument("--marked", type=Path, nargs="*", default=[], help=f"{about} with --proposed")
    parser.add_argument("--output", type=Path, required=True, help="folder for the arrays")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    alphabet, draw = alphabet_of(), random.Random(0)
    sets = {
        "passages": _of_sets(options.data, draw),
        "found": _of_files(options.found, draw),
        "marked": _of_files(options.marked, draw),
    }
    for name, asked in sets.items():
        shares = [asked[at : at + SHARE] for at in range(0, len(asked), SHARE)]
        if shares:
            with ProcessPoolExecutor() as pool:
                arrays = joined(pool.map(pack, shares, repeat(alphabet), range(len(shares))))
            np.savez(options.output / f"{name}.npz", **arrays._asdict())
        print(f"{name}: {len(asked)} rows", flush=True)


if __name__ == "__main__":
    main()
