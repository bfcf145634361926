"""``python -m embeddings.reader.train.passages.deep --start MODEL --layers 0 1 … --packed DIR --text DIR --output DIR``.

A reader goes on with more layers, on an accelerator: some layers stand twice, the second copy adding nothing yet, so that it
begins with what it could. Beside the questions it puts hidden characters of prose back.
"""

import argparse
import copy
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic

import torch
from torch import Tensor, nn
from torch.nn import functional

from embeddings.reader.base import CLS, MASK, SENTENCE, SEP, SPECIAL
from embeddings.reader.passages import INPUTS, MOST_PIECES, POSITIONS
from embeddings.reader.train.alphabet import alphabet_of
from embeddings.reader.train.packed import Packed
from embeddings.reader.train.pieces import save_pieces
from embeddings.reader.train.text import Shards

from .learning import loss_of
from .network import PassageNetwork
from .packing import taken
from .weights import PIECES, loaded

TEXT = "text"
ENDS = "。！？；\n"
LENGTH = 256  # characters of a window
FIRST = (10, 60)  # positions of its first part, where question and context line stand in other rows
STARTED = 0.075  # chance that a hidden run begins
GOES_ON = (0.8, 0.5)  # and that it has a second and a third character
WARM, LEAST = 0.05, 0.02  # share of the time in which the rate rises, and the rate at the end
TAKEN = 0.004  # of the weights into their running mean at each step
SAVED = 60  # seconds from one save to the next


def deepened(network: PassageNetwork, layers: Sequence[int]) -> PassageNetwork:
    """The network with ``layers`` of its layers, in rising order; one that stands again adds nothing to what it gets."""
    shape = replace(network.shape, layers=len(layers))
    deeper = PassageNetwork(shape)
    state = {n: v for n, v in network.state_dict().items() if not n.startswith("blocks.")}
    for number, layer in enumerate(layers):
        again = number > 0 and layers[number - 1] == layer
        for name, value in network.blocks[layer].state_dict().items():
            added = name.startswith(("out.", "down."))
            state[f"blocks.{number}.{name}"] = torch.zeros_like(value) if again and added else value.clone()
    deeper.load_state_dict(state)
    return deeper


def hidden_rows(text: Shards, ends: Tensor, count: int) -> tuple[Tensor, Tensor, Tensor]:
    """Windows from anywhere as rows, (count, 5, LENGTH), some characters hidden; which, and all characters.

    ``ends`` are the characters that end a sentence.
    """
    ids = text.windows(count, LENGTH)
    device = ids.device
    place = torch.arange(LENGTH, device=device)
    cut = torch.randint(*FIRST, (count, 1), device=device)
    fixed = (place == 0) | (place == cut) | (place == LENGTH - 1) | (ids < SPECIAL)
    ended = torch.isin(ids, ends).roll(1, 1) & (
        place > cut + 1
    )  # a sentence begins behind the end of another
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


class Guessing(nn.Module):
    """A reader with a head that puts hidden characters back."""

    def __init__(self, reader: PassageNetwork) -> None:
        super().__init__()
        width = reader.shape.width
        self.reader = reader
        self.guess = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))
        self.often = nn.Parameter(torch.zeros(reader.shape.characters))

    def hidden_loss(self, rows: Tensor, hide: Tensor, ids: Tensor) -> Tensor:
        """The mean negative log-probability of the characters that are hidden."""
        states = self.guess(self.reader.states(rows, False)[hide])
        return functional.cross_entropy(
            (states @ self.reader.characters.weight.T + self.often).float(), ids[hide]
        )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m embeddings.reader.train.passages.deep", description=__doc__
    )
    parser.add_argument("--start", type=Path, required=True, help="reader.onnx or weights to begin with")
    parser.add_argument(
        "--layers", type=int, nargs="+", required=True, help="which layers, some of them twice"
    )
    parser.add_argument("--packed", type=Path, required=True, help="what `…passages.packing` wrote")
    parser.add_argument(
        "--text", type=Path, required=True, help="what `python -m embeddings.reader.train.text` wrote"
    )
    about = "of the steps: passages, found, marked and text"
    parser.add_argument("--shares", type=float, nargs=4, default=(0.3, 0.42, 0.04, 0.24), help=about)
    parser.add_argument("--output", type=Path, required=True, help="folder for the weights, in pieces")
    parser.add_argument("--seconds", type=float, default=220)
    parser.add_argument("--batch", type=int, default=32768, help="characters a step")
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_float32_matmul_precision("high")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    network = Guessing(deepened(loaded(options.start), options.layers)).to(device)
    text = Shards(options.text, device)
    shares = dict(zip(("passages", "found", "marked", TEXT), options.shares, strict=True))
    sets = {
        name: Packed(options.packed / f"{name}.npz", device, INPUTS)
        for name, share in shares.items()
        if share and name != TEXT
    }
    print({name: len(packed) for name, packed in sets.items()}, len(text), flush=True)
    _learn(network, sets, text, shares, options)


def _learn(
    network: Guessing,
    sets: dict[str, Packed],
    text: Shards,
    shares: dict[str, float],
    options: argparse.Namespace,
) -> None:
    """Learns for the time that is given; what is written is the running mean of the weights."""
    device = next(network.parameters()).device.type
    draw = torch.Generator().manual_seed(options.seed)
    ends = torch.from_numpy(alphabet_of().ids(ENDS)).long().to(device)
    batches = {name: packed.batches(options.batch, draw) for name, packed in sets.items()}
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=options.rate, betas=(0.9, 0.98), weight_decay=0.01, fused=device == "cuda"
    )
    mean = copy.deepcopy(network.reader).eval()
    own: list[Tensor] = list(network.reader.parameters())
    kept: list[Tensor] = list(mean.parameters())
    names, chances = list(shares), torch.tensor(list(shares.values()))
    told: dict[str, list[Tensor]] = {name: [] for name in names}
    seen = dict.fromkeys(names, 0)
    network.train()
    begun = heard = saved = monotonic()
    step = 0
    while (done := (monotonic() - begun) / options.seconds) < 1:
        now = min(1.0, done / WARM + 0.01) * (LEAST + (1 - LEAST) * 0.5 * (1 + math.cos(math.pi * done)))
        for group in optimiser.param_groups:
            group["lr"] = options.rate * now
        name = names[int(torch.multinomial(chances, 1, generator=draw))]
        with torch.autocast(device, torch.bfloat16):
            if name == TEXT:
                rows, hide, ids = hidden_rows(text, ends, options.batch // LENGTH)
                loss, count = network.hidden_loss(rows, hide, ids), len(rows)
            else:
                batch = taken(sets[name], next(batches[name]))
                loss, count = loss_of(network.reader(batch.rows), batch), len(batch.rows)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        step += 1
        with torch.no_grad():
            torch._foreach_lerp_(kept, own, max(TAKEN, 1 / step))
        told[name].append(loss.detach())
        seen[name] += count
        if device == "cuda" and not step % 20:
            torch.cuda.synchronize()  # the clock counts what is done, not what is planned
        if monotonic() - heard > 10:
            heard = monotonic()
            means = "; ".join(
                f"{n} {seen[n]}, {torch.stack(v).mean().item():.4f}" for n, v in told.items() if v
            )
            print(f"{heard - begun:.0f} s, step {step}: {means}", flush=True)
            told = {n: [] for n in told}
        if monotonic() - saved > SAVED:
            saved = monotonic()
            save_pieces(mean.state_dict(), options.output, PIECES)
    save_pieces(mean.state_dict(), options.output, PIECES)


if __name__ == "__main__":
    main()
