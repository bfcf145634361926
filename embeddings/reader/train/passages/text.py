"""All prose as shards of numbers, of which characters are hidden and learned again beside the questions.

``python -m embeddings.reader.train.passages.text --data DIR --output DIR``. A shard ``NN.xz`` holds characters by how
frequent they are, 16 bits each, the first byte first; ``order.npy`` says which is the most frequent, the next, and so
on. So a shard of six million characters takes four megabytes.
"""

from __future__ import annotations

import argparse
import lzma
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from embeddings.reader.encoding import CLS, MASK, SENTENCE, SEP, SPECIAL
from embeddings.reader.passages import MOST_PIECES, POSITIONS
from embeddings.reader.train import passages
from embeddings.reader.train.alphabet import alphabet_of
from embeddings.train.data import load_corpus, read_lines

ORDER, SHARDS = "order.npy", 24
FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9, "lc": 0, "lp": 1, "pb": 1}]
SETS = (
    "news_qa",
    "cmrc2018_train",
    "antiterror_train",
    "squad1_zh_train",
    "cjrc_train",
    "reports_qa",
    "union_qa",
)
OWN = ("written/questions.corpus.jsonl.xz", "taught/reports.jsonl.xz")
HALVED = ("journals", "law")  # of old journals and of court files every other document is taken
TOGETHER = 20  # short texts that make a document
ENDS = "。！？；\n"
LENGTH = 256  # characters of a window
FIRST = (10, 60)  # positions of its first part, where question and context line stand in other rows
STARTED = 0.075  # chance that a hidden run begins
GOES_ON = (0.8, 0.5)  # and that it has a second and a third character


class Shards:
    """The shards of a folder on a device."""

    def __init__(self, folder: Path, device: str) -> None:
        order = np.load(folder / ORDER)
        with ThreadPoolExecutor() as pool:
            read = [order[ranks].astype(np.int16) for ranks in pool.map(_ranks, sorted(folder.glob("*.xz")))]
        self.text = torch.from_numpy(np.concatenate(read)).to(device)
        self._ends = torch.zeros(int(order.max()) + 1, dtype=torch.bool, device=device)
        self._ends[torch.from_numpy(alphabet_of().ids(ENDS).astype(np.int64)).to(device)] = True

    def hidden(self, count: int) -> tuple[Tensor, Tensor, Tensor]:
        """Windows from anywhere as rows, (count, 5, LENGTH), some characters hidden; which, and all characters."""
        device = self.text.device
        first = torch.randint(0, len(self.text) - LENGTH, (count, 1), device=device)
        place = torch.arange(LENGTH, device=device)
        ids = self.text[first + place].long()
        cut = torch.randint(*FIRST, (count, 1), device=device)
        fixed = (place == 0) | (place == cut) | (place == LENGTH - 1) | (ids < SPECIAL)
        ended = self._ends[ids].roll(1, 1) & (place > cut + 1)  # a sentence begins behind the end of another
        ids = ids.masked_fill(place == 0, CLS).masked_fill((place == cut) | (place == LENGTH - 1), SEP)
        told = place > cut
        pieces = (ended.long().cumsum(1) + 1).clamp(max=MOST_PIECES - 1) * told
        begun = torch.where(ended, place, cut + 1).masked_fill(~told, 0).cummax(1).values
        places = torch.where(told, cut + 1 + place - begun, place).clamp(max=POSITIONS - 1)
        chance = torch.rand((3, *ids.shape), device=device)
        one = chance[0] < STARTED
        two = one.roll(1, 1) & (chance[1] < GOES_ON[0])
        three = two.roll(1, 1) & (chance[2] < GOES_ON[1])
        hide = (one | two | three) & ~fixed
        rows = torch.stack((ids.masked_fill(hide, MASK), told * SENTENCE, ids * 0, places, pieces), 1)
        return rows, hide, ids


def _ranks(path: Path) -> npt.NDArray[np.uint16]:
    return np.frombuffer(lzma.decompress(path.read_bytes()), dtype=">u2").astype(np.uint16)


def documents(data: Path) -> list[str]:
    """Every distinct text of ``data/train`` and of this project's own, in a random order."""
    corpus, draw = load_corpus(data), random.Random(0)
    found = [f"{title}\n{''.join(told)}" for title, told in (*corpus.news, *corpus.laws)]
    short = list(dict.fromkeys(text for group in corpus.groups for pair in group.pairs for text in pair))
    draw.shuffle(short)
    found += ["\n".join(short[at : at + TOGETHER]) for at in range(0, len(short), TOGETHER)]
    folder = Path(passages.__file__).parent
    files = [*(data / f"train/{name}.corpus.jsonl.xz" for name in SETS), *(folder / name for name in OWN)]
    found += [row["text"] for path in files for row in read_lines(path)]
    for path in sorted((data / "train").glob("prose_[01]*.jsonl.xz")):
        rows = read_lines(path)
        rows = rows[::2] if any(name in path.name for name in HALVED) else rows
        found += [f"{row['title'] or ''}\n{row['text']}" for row in rows]
    found = list(dict.fromkeys(found))
    draw.shuffle(found)
    return found


def _written(numbered: tuple[Path, npt.NDArray[np.uint16]]) -> None:
    path, ranks = numbered
    path.write_bytes(lzma.compress(ranks.astype(">u2").tobytes(), format=lzma.FORMAT_XZ, filters=FILTERS))


def _shards(folder: Path, ids: npt.NDArray[np.uint16]) -> Iterator[tuple[Path, npt.NDArray[np.uint16]]]:
    order = np.argsort(-np.bincount(ids), kind="stable").astype(np.uint16)
    np.save(folder / ORDER, order)
    rank = np.argsort(order).astype(np.uint16)
    for number, part in enumerate(np.array_split(ids, SHARDS)):
        yield folder / f"{number:02}.xz", rank[part]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m embeddings.reader.train.passages.text",
        description="Writes all prose as shards of numbers.",
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with train/ and dev/")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    alphabet = alphabet_of()
    ids = np.concatenate([alphabet.ids(f"{text}\n").astype(np.uint16) for text in documents(options.data)])
    with ProcessPoolExecutor() as pool:
        list(pool.map(_written, _shards(options.output, ids)))
    print(f"{len(ids)} characters", flush=True)


if __name__ == "__main__":
    main()
