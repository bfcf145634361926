"""Make the two models of the layout from prose::

    python -m qa.reading.train ngrams --data DIR [--output FILE]
    python -m qa.reading.train seams --data DIR [--steps 8000] [--output FILE]

DIR contains ``prose_news.jsonl.xz`` and ``prose_laws.jsonl.xz``, one ``{"title", "text"}`` a line.

``ngrams`` counts for :mod:`qa.reading.layout.ngrams`. Every paragraph and title is its own line, so that the model learns
where lines begin and end. The most frequent n-grams are kept, as many as fit. The same input gives the same bytes.

``seams`` trains the networks of :mod:`qa.reading.layout.evidence`. Each step cuts a thousand lines at random characters,
eight neighbouring lines from each place so that wrong candidates are about the same topic, and predicts which head belongs
to which tail. About twenty minutes on one core. The seed is fixed; results differ in the last digits between builds of
PyTorch.
"""

import argparse
import json
import lzma
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qa.reading.layout.evidence import FAR, NEAR, SEAMS, UNKNOWN
from qa.reading.layout.ngrams import BREAK, ORDER, SLOTS, STEPS, TABLE, encode, fingerprint, hashes

BUCKETS = 249_000  # times 12 bytes: just under 3 MB
FILES = ("prose_news.jsonl.xz", "prose_laws.jsonl.xz")
LEAST = (1, 1, 2, 3, 4)  # least count of an n-gram of each order
CHARACTERS, WIDTH, HIDDEN, SIZE = 4000, 48, 192, 96
BATCH, TOGETHER = 1024, 8  # seams of a step, and how many come from neighbouring lines
RATE = 2e-3
SHORTEST = 40  # characters of a line that is cut
MARGIN = 8  # characters that stay on either side
SEED = 1


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
    codes = encode(text)
    for order in range(1, ORDER + 1):
        rows = np.lib.stride_tricks.sliding_window_view(codes, order)
        keys, counts = np.unique(hashes(rows, order), return_counts=True)
        keep = counts >= LEAST[order - 1]
        yield order, keys[keep], counts[keep]


def table(text: str) -> npt.NDArray[np.uint8]:
    """Return the bytes of the file: total, fingerprints, logarithms of counts."""
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


def prepare(
    folder: Path,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64], list[int]]:
    """Return rows of all characters with gaps between lines, line starts and lengths, and the codes."""
    coded = [encode(line).astype(np.int64) for line in lines(folder) if len(line) >= SHORTEST]
    counts = Counter(code for line in coded for code in line.tolist())
    codes = [code for code, _ in counts.most_common(CHARACTERS - UNKNOWN - 1)]
    rows = np.full(0x10000, UNKNOWN, dtype=np.int64)
    rows[codes] = np.arange(len(codes)) + UNKNOWN + 1
    gap = np.zeros(FAR, dtype=np.int64)
    flat = np.concatenate([gap, *(part for line in coded for part in (rows[line], gap))])
    lengths = np.array([len(line) for line in coded])
    starts = FAR + np.concatenate([[0], np.cumsum(lengths + FAR)[:-1]])
    return flat, starts, lengths, codes


def network() -> Any:
    """Return the network of one side: characters in order and their mean → hidden → vector."""
    from torch import nn

    return nn.Sequential(
        nn.Linear(NEAR * WIDTH + WIDTH, HIDDEN), nn.GELU(approximate="none"), nn.Linear(HIDDEN, SIZE)
    )


def train(folder: Path, steps: int, output: Path) -> None:
    """Train; print the loss and write the weights every 500 steps."""
    import torch
    from torch import nn
    from torch.nn import functional

    torch.manual_seed(SEED)
    chance = np.random.default_rng(SEED)
    flat, starts, lengths, codes = prepare(folder)
    ends = np.cumsum(lengths)
    table = nn.Embedding(CHARACTERS, WIDTH, padding_idx=0)
    nn.init.normal_(table.weight, std=0.1)
    tail, head = network(), network()
    parameters = [*table.parameters(), *tail.parameters(), *head.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=RATE)
    order = {"tail": (np.arange(-NEAR, 0), np.arange(-FAR, 0)), "head": (np.arange(NEAR), np.arange(FAR))}

    def vectors(side: Any, cuts: npt.NDArray[np.int64], name: str) -> Any:
        near, far = (torch.from_numpy(flat[cuts[:, None] + offsets]) for offsets in order[name])
        seen = (far > 0).float().unsqueeze(-1)
        mean = (table(far) * seen).sum(1) / seen.sum(1).clamp(min=1)
        return side(torch.cat([table(near).flatten(1), mean], 1))

    smooth = 0.0
    for step in range(1, steps + 1):
        for group in optimizer.param_groups:
            group["lr"] = RATE * max(0.02, 1 - step / steps)
        places = np.searchsorted(ends, chance.integers(0, ends[-1], BATCH // TOGETHER), side="right")
        chosen = np.minimum(places[:, None] + np.arange(TOGETHER), len(lengths) - 1).ravel()
        room = lengths[chosen] - 2 * MARGIN
        cuts = starts[chosen] + MARGIN + (chance.random(BATCH) * room).astype(np.int64)
        scores = vectors(tail, cuts, "tail") @ vectors(head, cuts, "head").T / SIZE**0.5
        target = torch.arange(BATCH)
        loss = (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        smooth = loss.item() if step == 1 else 0.99 * smooth + 0.01 * loss.item()
        if step % 500 == 0 or step == steps:
            print(f"step {step}: loss {smooth:.3f}", flush=True)
            write(output, codes, table, tail, head)


def write(output: Path, codes: list[int], table: Any, tail: Any, head: Any) -> None:
    """Write each weight as a byte, with a scale for each row."""
    arrays: dict[str, npt.NDArray[Any]] = {"codes": np.array(codes, dtype=np.uint16)}
    tensors = {"table": table.weight, "tail_1": tail[0].weight, "tail_2": tail[2].weight / SIZE**0.25,
               "head_1": head[0].weight, "head_2": head[2].weight}  # fmt: skip
    for name, tensor in tensors.items():
        values = tensor.detach().numpy()
        scale = np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-9) / 127
        arrays[name] = np.round(values / scale).astype(np.int8)
        arrays[name + "_scale"] = scale.astype(np.float32)
    biases = {"tail_1_bias": tail[0].bias, "tail_2_bias": tail[2].bias / SIZE**0.25,
              "head_1_bias": head[0].bias, "head_2_bias": head[2].bias}  # fmt: skip
    arrays |= {name: bias.detach().numpy().astype(np.float32) for name, bias in biases.items()}
    np.savez_compressed(output, allow_pickle=False, **arrays)


def main(arguments: list[str] | None = None) -> int:
    """Make one of the models, write it, and print its size or loss."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("model", choices=("ngrams", "seams"))
    parser.add_argument("--data", type=Path, required=True, help="folder with the two prose files")
    parser.add_argument("--steps", type=int, default=8000, help="of the training of seams")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args(arguments)
    output = options.output or (TABLE if options.model == "ngrams" else SEAMS)
    output.parent.mkdir(parents=True, exist_ok=True)
    if options.model == "seams":
        train(options.data, options.steps, output)
        return 0
    text = BREAK + BREAK.join(lines(options.data)) + BREAK
    result = table(text)
    np.save(output, result)
    print(f"{output}: {len(text):,} characters, {len(result):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
