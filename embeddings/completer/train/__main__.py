"""``python -m embeddings.completer.train --packed DIR --encoder DIR --output DIR``: learns to complete and to judge together.

On an accelerator or on the CPU; what is written is the running mean of the weights, in pieces, while it learns and at
the end. ``--start DIR`` goes on from such pieces, ``--layers`` with some of their layers only.
"""

import argparse
import copy
import math
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from embeddings.completer.completer import GLUE
from embeddings.reader.train.encoder import shape_of
from embeddings.reader.train.packed import Packed
from embeddings.reader.train.pieces import load_pieces, save_pieces

from . import losses
from .network import INPUTS, WEIGHTS, CompleterNetwork

ENCODER = "encoder"
LOSSES: dict[str, Callable[[CompleterNetwork, losses.Inputs, losses.Labels], Tensor]] = {
    "dialogues": losses.completed,
    "forms": losses.judged,
}
WARM, LEAST = 0.06, 0.02  # share of the time in which the rate rises, and the rate at the end
LOWER = 0.85  # of the rate of each layer, beside the one above it: what was pretrained is changed less
HEARD, SAVED = 60, 600  # seconds from one report, and from one save, to the next
_LAYER = re.compile(rf"{ENCODER}\.blocks\.(\d+)\.")


def kept(state: Mapping[str, Tensor], layers: Sequence[int]) -> dict[str, Tensor]:
    """The weights with some of the layers only, in rising order."""
    told = dict[str, Tensor]()
    for name, value in state.items():
        layer = _LAYER.match(name)
        if layer is None:
            told[name] = value
        elif int(layer[1]) in layers:
            told[f"{ENCODER}.blocks.{layers.index(int(layer[1]))}.{name[layer.end() :]}"] = value
    return told


def begun(options: argparse.Namespace) -> CompleterNetwork:
    """The network with which learning begins: an encoder with new heads, or one that learned before."""
    state = load_pieces(options.start or options.encoder, WEIGHTS if options.start else ENCODER)
    if options.layers:
        state = kept(state, options.layers)
    glue = (options.packed / GLUE).read_bytes().decode("utf-8").split("\n")
    network = CompleterNetwork(shape_of(state, f"{ENCODER}."), len(glue))
    learned = state if options.start else {n: v for n, v in state.items() if n.startswith(f"{ENCODER}.")}
    network.load_state_dict(network.state_dict() | learned)
    return network


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m embeddings.completer.train", description="Trains the completer and its judge."
    )
    parser.add_argument("--packed", type=Path, required=True, help="what `…train.packing` wrote")
    start = parser.add_mutually_exclusive_group(required=True)
    start.add_argument(
        "--encoder", type=Path, help="output of `python -m embeddings.reader.train.pretraining`"
    )
    start.add_argument("--start", type=Path, help="output of this command to go on from")
    parser.add_argument("--layers", type=int, nargs="+", help="of the layers begun with, those that are kept")
    parser.add_argument("--output", type=Path, required=True, help="folder for the weights")
    parser.add_argument("--forms", type=float, default=0.4, help="share of the steps for forms")
    parser.add_argument("--seconds", type=float, default=2700)
    parser.add_argument("--batch", type=int, default=1400, help="characters a step")
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--taken", type=float, default=0.003, help="of the weights into their mean each step")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_float32_matmul_precision("high")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    network = begun(options).to(device)
    shares = {"dialogues": 1 - options.forms, "forms": options.forms}
    sets = {n: Packed(options.packed / f"{n}.npz", device, INPUTS) for n, share in shares.items() if share}
    print({name: len(packed) for name, packed in sets.items()}, flush=True)
    _learn(network, sets, [shares[name] for name in sets], device, options)


def _learn(
    network: CompleterNetwork,
    sets: Mapping[str, Packed],
    shares: Sequence[float],
    device: str,
    options: argparse.Namespace,
) -> None:
    draw = torch.Generator().manual_seed(options.seed)
    batches = {name: packed.batches(options.batch, draw) for name, packed in sets.items()}
    optimiser = torch.optim.AdamW(_groups(network), lr=options.rate, betas=(0.9, 0.98), weight_decay=0.01)
    mean = copy.deepcopy(network).eval()
    own: list[Tensor] = list(network.parameters())
    held: list[Tensor] = list(mean.parameters())
    names, told = list(sets), {name: list[Tensor]() for name in sets}
    network.train()
    began = heard = saved = monotonic()
    step = 0
    while (done := (monotonic() - began) / options.seconds) < 1:
        share = min(1.0, done / WARM + 0.01) * (LEAST + (1 - LEAST) * 0.5 * (1 + math.cos(math.pi * done)))
        for group in optimiser.param_groups:
            group["lr"] = options.rate * group["share"] * share
        name = names[int(torch.multinomial(torch.tensor(shares), 1, generator=draw))]
        rows, labels = sets[name].take(next(batches[name]))
        optimiser.zero_grad(set_to_none=True)
        # Attention as plain products: faster where a processor multiplies in bfloat16.
        with sdpa_kernel(SDPBackend.MATH), torch.autocast(device, torch.bfloat16):
            loss = LOSSES[name](network, rows, labels)
            loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        step += 1
        with torch.no_grad():
            torch._foreach_lerp_(held, own, max(options.taken, 1 / step))
        told[name].append(loss.detach())
        if monotonic() - heard > HEARD:
            heard = monotonic()
            means = "; ".join(f"{n} {torch.stack(v).mean().item():.3f}" for n, v in told.items() if v)
            print(f"{heard - began:.0f} s, step {step}: {means}", flush=True)
            told = {n: list[Tensor]() for n in sets}
        if monotonic() - saved > SAVED:
            saved = monotonic()
            save_pieces(mean.state_dict(), options.output, WEIGHTS)
    save_pieces(mean.state_dict(), options.output, WEIGHTS)


def _groups(network: CompleterNetwork) -> list[dict[str, object]]:
    """The parameters of each depth with their share of the rate."""
    layers = network.encoder.shape.layers
    groups: dict[int, list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        layer = _LAYER.match(name)
        depth = int(layer[1]) + 1 if layer else layers + 1
        if not layer and name.startswith(f"{ENCODER}."):
            depth = layers if ".norm." in name else 0
        groups.setdefault(depth, []).append(parameter)
    return [{"params": group, "share": LOWER ** (layers + 1 - depth)} for depth, group in groups.items()]


if __name__ == "__main__":
    main()
