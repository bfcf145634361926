"""All prose as shards of numbers, of which characters are hidden and put back.

``python -m embeddings.reader.train.text --data DIR --output DIR``. A shard ``NN.xz`` holds characters by how
frequent they are, 16 bits each, the first byte first; ``order.npy`` says which is the most frequent, the next, and so
on. So a shard of six million characters takes four megabytes.
"""

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


class Shards:
    """The shards of a folder on a device; those that come later are taken when it is looked for them."""

    def __init__(self, folder: Path, device: str) -> None:
        self._folder, self._device = folder, device
        self._order = np.load(folder / ORDER)
        self._known: set[Path] = set()
        self._text = torch.zeros(0, dtype=torch.int16, device=device)
        self.look()

    def __len__(self) -> int:
        return len(self._text)

    def look(self) -> None:
        """Takes the shards that are new."""
        new = sorted(set(self._folder.glob("*.xz")) - self._known)
        if not new:
            return
        self._known.update(new)
        with ThreadPoolExecutor() as pool:  # decompression lets other threads run
            read = np.concatenate([self._order[ranks] for ranks in pool.map(_ranks, new)])
        self._text = torch.cat([self._text, torch.from_numpy(read.astype(np.int16)).to(self._device)])

    def windows(self, count: int, length: int) -> Tensor:
        """Stretches from anywhere, (count, length)."""
        first = torch.randint(0, len(self) - length, (count, 1), device=self._device)
        return self._text[first + torch.arange(length, device=self._device)].long()


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
        prog="python -m embeddings.reader.train.text",
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
