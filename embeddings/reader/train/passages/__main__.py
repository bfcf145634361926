"""``python -m embeddings.reader.train.passages --data DIR --output DIR``."""

import argparse
import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import save_file

from embeddings.reader.train.alphabet import alphabet_of
from embeddings.reader.train.network import written_network

from .learning import Plan, batches, learn
from .network import begun_from
from .rows import FOUND, SHARES, Asked, asked_of_set, found_rows, windowed
from .weights import loaded

SHORT, LONG, LONG_SHARE = 256, 384, 0.3  # characters of a passage, and how many are long


def main() -> None:
    """Trains from a reader of sentences or from given weights, and writes ``reader.safetensors``."""
    parser = argparse.ArgumentParser(
        prog="python -m embeddings.reader.train.passages", description="Trains the passage reader."
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with train/ and dev/")
    parser.add_argument(
        "--output", type=Path, required=True, help="folder for the checkpoint and the weights"
    )
    begun = parser.add_mutually_exclusive_group(required=True)
    begun.add_argument(
        "--sentences", type=Path, help="output of python -m embeddings.reader.train to begin with"
    )
    begun.add_argument(
        "--start", type=Path, help="weights or the shipped reader.onnx of a passage reader to go on from"
    )
    about = "rows that python -m qa.evaluate.train.passages wrote, to be a share of what is learned"
    parser.add_argument("--found", type=Path, help=about)
    parser.add_argument(
        "--share", type=float, default=FOUND, help="of the found rows; 1 for the answer reader"
    )
    parser.add_argument("--whole", action="store_true", help="learn the lower half of the layers as well")
    parser.add_argument("--rows", type=int, default=10000)
    parser.add_argument("--seconds", type=float, default=3300, help="learning ends then at the latest")
    parser.add_argument("--batch", type=int, default=1600, help="characters a step")
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    options.output.mkdir(parents=True, exist_ok=True)
    if options.start:
        alphabet, network = alphabet_of(), loaded(options.start)
    else:
        alphabet, network = alphabet_of(options.sentences), begun_from(written_network(options.sentences))
    if not options.whole:
        network.keep_lower()
    network.to(device)
    draw = random.Random(options.seed)
    shares = dict(SHARES)
    if options.found:
        rest = {name: share * (1 - options.share) for name, share in SHARES.items() if options.share < 1}
        shares = rest | {"found": options.share}
    sets = {
        name: found_rows(options.found, draw)
        if name == "found"
        else asked_of_set(options.data, name, draw, int(options.rows * share) + 1)
        for name, share in shares.items()
    }
    for name, asked in sets.items():
        print(f"{name}: {len(asked)} rows, {sum(a.answered for a in asked)} answered", flush=True)
    source = batches(partial(_mixed, sets, shares), options.batch, draw)
    plan = Plan(options.rows, options.batch, options.rate, options.seconds)
    learn(
        network,
        source,
        alphabet,
        plan,
        options.output / "checkpoint.pt",
        draw,
        partial(print, flush=True),
        device,
    )
    save_file(
        {name: value.half().contiguous() for name, value in network.state_dict().items()},
        options.output / "reader.safetensors",
    )


def _mixed(sets: dict[str, list[Asked]], shares: dict[str, float], draw: random.Random) -> Iterator[Asked]:
    """Rows of all sets by their shares, each set gone through in a new order each time."""
    each = {name: _cycled(asked, draw) for name, asked in sets.items()}
    while True:
        name = draw.choices(list(shares), list(shares.values()))[0]
        yield next(each[name])


def _cycled(asked: list[Asked], draw: random.Random) -> Iterator[Asked]:
    while True:
        for one in draw.sample(asked, len(asked)):
            yield from windowed([one], LONG if draw.random() < LONG_SHARE else SHORT, draw)


if __name__ == "__main__":
    main()
