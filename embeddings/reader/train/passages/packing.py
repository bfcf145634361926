"""Questions with passages as arrays: packed once, and taken as batches on the device that learns.

``python -m embeddings.reader.train.passages.packing --data DIR --found FILE … --marked FILE … --output DIR`` writes
``passages.npz``, ``found.npz`` and ``marked.npz``: the rows of all sets, of passages that a search found, and of sentences
with a marked answer.
"""

import argparse
import random
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import torch
from torch import Tensor

from embeddings.reader.base import Alphabet
from embeddings.reader.passages import INPUTS
from embeddings.reader.train.alphabet import alphabet_of
from embeddings.reader.train.packed import GROUP, Packed, Packer

from .learning import Batch, batch_of
from .network import MARKS
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


def pack(asked: Sequence[Asked], alphabet: Alphabet, seed: int) -> Packer:
    """Some questions with passages, drawn as for learning."""
    draw, packer = random.Random(seed), Packer()
    for number, one in enumerate(asked):
        batch = batch_of([one], alphabet, draw)
        each = zip((*INPUTS, *MARKS), (*batch.rows[0], *batch.marks[0]), strict=True)
        own = {"answered": batch.answered.item(), "yes": batch.yes.item(), GROUP: number}
        packer.add({name: values.numpy() for name, values in each}, own)
    return packer


def taken(packed: Packed, numbers: Tensor) -> Batch:
    """Some rows by their numbers, padded."""
    inputs, labels = packed.take(numbers)
    return Batch(
        torch.stack(inputs, 1),
        labels["answered"].float(),
        labels["yes"].float(),
        torch.stack([labels[name] for name in MARKS], 1).float(),
    )


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
        prog="python -m embeddings.reader.train.passages.packing",
        description="Packs what readers learn from.",
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
                packer = Packer.joined(pool.map(pack, shares, repeat(alphabet), range(len(shares))))
            packer.save(options.output / f"{name}.npz")
        print(f"{name}: {len(asked)} rows", flush=True)


if __name__ == "__main__":
    main()
