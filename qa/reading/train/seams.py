"""Train the networks of :mod:`qa.reading.layout.seam_model` on prose::

    python -m qa.reading.train.seams --data DIR [--steps 8000] [--output FILE]

DIR as for ``qa.reading.train.ngrams``. Each step cuts a thousand lines at random characters, eight
neighbouring lines from each place so that wrong candidates are about the same topic, and predicts which head
belongs to which tail. About twenty minutes on one core. The seed is fixed; results differ in the last digits
between builds of PyTorch.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.reading.layout.ngrams import encode
from qa.reading.layout.seam_model import FAR, NEAR, UNKNOWN, WEIGHTS
from qa.reading.train.ngrams import lines

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

CHARACTERS, WIDTH, HIDDEN, SIZE = 4000, 48, 192, 96
BATCH, TOGETHER = 1024, 8  # seams of a step, and how many come from neighbouring lines
RATE = 2e-3
SHORTEST = 40  # characters of a line that is cut
MARGIN = 8  # characters that stay on either side
SEED = 1


def prepare(
    folder: Path,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64], list[int]]:
    """Return rows of all characters with gaps between lines, line starts and lengths, and the codes."""
    import numpy as np

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
    import numpy as np
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
    import numpy as np

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
    output.parent.mkdir(parents=True, exist_ok=True)
    np.savez(output, allow_pickle=False, **arrays)


def main(arguments: list[str] | None = None) -> int:
    """Train and write the weights."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with the prose files")
    parser.add_argument("--steps", type=int, default=8000)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    options = parser.parse_args(arguments)
    train(options.data, options.steps, options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
