"""``python -m embeddings.reader.train.pretraining --text DIR --output DIR``: an encoder learns to put hidden characters back.

On an accelerator; ``encoder-*.safetensors`` is what it writes.
"""

import argparse
from pathlib import Path
from time import monotonic

import torch
from torch import Tensor, nn
from torch.nn import functional

from embeddings.reader.base import CLS, MASK, SENTENCE, SEP, SPECIAL

from .alphabet import alphabet_of
from .encoder import Encoder, Shape
from .muon import Muon
from .pieces import save_pieces
from .text import Shards

LENGTH = 256  # characters of a window
FIRST = 8  # least characters of its first part
STARTED = 0.12  # chance that a hidden run begins
GOES_ON = (0.8, 0.5)  # and that it has a second and a third character
SHOWN, OTHER = 0.06, 0.06  # of hidden characters that stand as they are, and that another stands for
WARM, FALLS = 0.02, 0.4  # share of the time in which the rate rises, and after which it falls


class MaskedLanguageModel(nn.Module):
    """An encoder with a head that puts hidden characters back."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.encoder = Encoder(shape)
        self.guess = nn.Sequential(nn.Linear(shape.width, shape.width), nn.GELU(), nn.LayerNorm(shape.width))
        self.often = nn.Parameter(torch.zeros(shape.characters))

    def forward(self, ids: Tensor, parts: Tensor, hidden: Tensor, told: Tensor) -> Tensor:
        """The mean negative log-probability of what is hidden; (B, T) each."""
        states = self.guess(self.encoder(ids, parts, torch.zeros_like(parts), False)[hidden])
        logits = states @ self.encoder.characters.weight.T + self.often
        return functional.cross_entropy(logits.float(), told[hidden])


def hidden_windows(text: Shards, count: int, length: int = LENGTH) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Windows of prose as rows of two parts: what is shown, the parts, which are hidden, and all characters; (count, length)."""
    told = text.windows(count, length)
    place = torch.arange(length, device=told.device)
    cut = torch.randint(FIRST, length - 30, (count, 1), device=told.device)
    fixed = (place == 0) | (place == cut) | (told < SPECIAL)
    told = told.masked_fill(place == 0, CLS).masked_fill(place == cut, SEP)
    chance = torch.rand((4, count, length), device=told.device)
    one = chance[0] < STARTED
    two = one.roll(1, 1) & (chance[1] < GOES_ON[0])
    three = two.roll(1, 1) & (chance[2] < GOES_ON[1])
    hidden = (one | two | three) & ~fixed
    ids = told.masked_fill(hidden & (chance[3] < 1 - SHOWN - OTHER), MASK)
    mixed = told[:, torch.randperm(length, device=told.device)]
    return (
        torch.where(hidden & (chance[3] > 1 - OTHER), mixed, ids),
        (place > cut).long() * SENTENCE,
        hidden,
        told,
    )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m embeddings.reader.train.pretraining", description=__doc__
    )
    parser.add_argument(
        "--text",
        type=Path,
        required=True,
        help="what `python -m embeddings.reader.train.text` wrote; more may come",
    )
    parser.add_argument("--output", type=Path, required=True, help="folder for the weights, in pieces")
    parser.add_argument("--width", type=int, default=384)
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=450)
    parser.add_argument("--batch", type=int, default=65536, help="characters a step")
    parser.add_argument("--rate", type=float, default=3e-3, help="of the matrices")
    parser.add_argument("--others", type=float, default=2e-3, help="rate of tables, norms and biases")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_float32_matmul_precision("high")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    network = MaskedLanguageModel(Shape(len(alphabet_of()), options.width, options.layers)).to(device)
    _learn(network, Shards(options.text, device), device, options)
    save_pieces(network.state_dict(), options.output, "encoder")


def _learn(network: MaskedLanguageModel, text: Shards, device: str, options: argparse.Namespace) -> None:
    matrices = [
        w for name, w in network.encoder.blocks.named_parameters() if w.dim() == 2 and "beside" not in name
    ]
    held = {id(matrix) for matrix in matrices}
    others = [w for w in network.parameters() if id(w) not in held]
    optimisers = (
        (Muon(matrices, options.rate), options.rate),
        (torch.optim.AdamW(others, betas=(0.9, 0.98), weight_decay=0.01), options.others),
    )
    if device == "cuda":
        for block in network.encoder.blocks:
            block.compile()
    network.train()
    begun, heard, step, losses = monotonic(), 0.0, 0, list[Tensor]()
    while (done := (monotonic() - begun) / options.seconds) < 1:
        share = min(1.0, done / WARM + 0.01) * max(0.01, min(1.0, (1 - done) / (1 - FALLS)))
        for optimiser, rate in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate * share
        with torch.autocast(device, torch.bfloat16):
            loss = network(*hidden_windows(text, options.batch // LENGTH))
        network.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(others, 1.0)
        for optimiser, _ in optimisers:
            optimiser.step()
        step += 1
        losses.append(loss.detach())
        if device == "cuda" and not step % 20:
            torch.cuda.synchronize()  # the clock counts what is done, not what is planned
        if monotonic() - heard > 10:
            heard = monotonic()
            text.look()
            read = f"{step * options.batch / 1e6:.0f} M characters of {len(text) / 1e6:.0f} M"
            print(f"{heard - begun:.0f} s, {read}: loss {torch.stack(losses).mean().item():.3f}", flush=True)
            losses.clear()


if __name__ == "__main__":
    main()
