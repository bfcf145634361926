"""Build the n-gram table of :mod:`qa.reading.layout.ngrams` from prose::

    python -m qa.reading.train.ngrams --data DIR [--output FILE]

DIR contains ``prose_news.jsonl.xz`` and ``prose_laws.jsonl.xz``, one ``{"title", "text"}`` a line. Every
paragraph and title is its own line, so that the model learns where lines begin and end. The most frequent
n-grams are kept, as many as fit. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import lzma
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from qa.reading.layout.ngrams import BREAK, ORDER, SLOTS, STEPS, TABLE, encode, fingerprint, hashes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

BUCKETS = 249_000  # times 12 bytes: just under 3 MB
FILES = ("prose_news.jsonl.xz", "prose_laws.jsonl.xz")
LEAST = (1, 1, 2, 3, 4)  # least count of an n-gram of each order


def lines(folder: Path) -> Iterator[str]:
    """Yield titles and paragraphs without white space, in order."""
    for name in FILES:
        with lzma.open(folder / name, "rt", encoding="utf-8") as file:
            for row in file:
                item = json.loads(row)
                for line in (item.get("title", ""), *item["text"].split("\n")):
                    if bare := "".join(line.split()):
                        yield bare


def count(text: str) -> Iterator[tuple[int, npt.NDArray[np.uint64], npt.NDArray[np.int64]]]:
    """Yield each order with the hashes and counts of its n-grams."""
    import numpy as np

    codes = encode(text)
    for order in range(1, ORDER + 1):
        rows = np.lib.stride_tricks.sliding_window_view(codes, order)
        keys, counts = np.unique(hashes(rows, order), return_counts=True)
        keep = counts >= LEAST[order - 1]
        yield order, keys[keep], counts[keep]


def table(text: str) -> npt.NDArray[np.uint8]:
    """Return the bytes of the file: total, fingerprints, logarithms of counts."""
    import numpy as np

    parts = list(count(text))
    keys = np.concatenate([k for _, k, _ in parts])
    counts = np.concatenate([c for _, _, c in parts])
    worth = np.concatenate([c * 2.0 ** (1 - order) if order > 1 else c * 1e9 for order, _, c in parts])
    by_worth = np.lexsort((keys, -worth))[: BUCKETS * SLOTS * 2]
    keys, counts = keys[by_worth], counts[by_worth]
    buckets = (keys >> np.uint64(20)).astype(np.int64) % BUCKETS
    order = np.argsort(buckets, kind="stable")
    first = np.searchsorted(buckets[order], buckets[order], side="left")
    slot = np.arange(len(order)) - first
    chosen = order[slot < SLOTS]
    at = (buckets[chosen], slot[slot < SLOTS])
    prints = np.zeros((BUCKETS, SLOTS), dtype=np.uint16)
    logarithms = np.zeros((BUCKETS, SLOTS), dtype=np.uint8)
    prints[at] = fingerprint(keys[chosen])
    logarithms[at] = np.round(np.log2(counts[chosen]) * STEPS).astype(np.uint8)
    total = np.array([len(text)], dtype=np.float64).view(np.uint8)
    return np.concatenate([total, prints.reshape(-1).view(np.uint8), logarithms.reshape(-1)])


def main(arguments: list[str] | None = None) -> int:
    """Build and write the table, and print its size."""
    import numpy as np

    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with the two prose files")
    parser.add_argument("--output", type=Path, default=TABLE)
    options = parser.parse_args(arguments)
    text = BREAK + BREAK.join(lines(options.data)) + BREAK
    result = table(text)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    np.save(options.output, result)
    print(f"{options.output}: {len(text):,} characters, {len(result):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
