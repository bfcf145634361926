"""``python -m embeddings.completer.train.export WEIGHTS --packed DIR --output DIR``: weights → a model folder for inference.

Needs ``onnx`` beside what the package needs.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from embeddings.completer.completer import GLUE
from embeddings.reader.base import SPECIAL, Alphabet
from embeddings.reader.train.alphabet import alphabet_of
from embeddings.reader.train.encoder import shape_of
from embeddings.reader.train.pieces import load_pieces

from .network import WEIGHTS, CompleterNetwork, export

TABLE = "encoder.characters.weight"


def frequent(packed: Path, alphabet: Alphabet, least: int) -> list[int]:
    """Ids of the characters that stand so often in what is learned, behind the special ones."""
    count = np.zeros(len(alphabet), dtype=np.int64)
    for path in packed.glob("*.npz"):
        with np.load(path) as held:
            count += np.bincount(held["each ids"], minlength=len(alphabet))
    return [*range(SPECIAL), *(SPECIAL + np.flatnonzero(count[SPECIAL:] >= least)).tolist()]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m embeddings.completer.train.export", description=__doc__)
    parser.add_argument("weights", type=Path, help="output of `python -m embeddings.completer.train`")
    parser.add_argument("--packed", type=Path, required=True, help="what `…train.packing` wrote")
    about = "times that a character must stand in that; others are copied unknown"
    parser.add_argument("--least", type=int, default=0, help=about)
    parser.add_argument("--output", type=Path, required=True, help="the model folder")
    options = parser.parse_args()
    state, alphabet = load_pieces(options.weights, WEIGHTS), alphabet_of()
    known = frequent(options.packed, alphabet, options.least)
    state[TABLE] = state[TABLE][torch.tensor(known)]
    glue = (options.packed / GLUE).read_bytes().decode("utf-8").split("\n")
    network = CompleterNetwork(shape_of(state, "encoder."), len(glue))
    network.load_state_dict(state)
    characters = "".join(alphabet.characters[number - SPECIAL] for number in known[SPECIAL:])
    export(network, characters, glue, options.output)


if __name__ == "__main__":
    main()
