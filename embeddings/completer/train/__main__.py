"""``python -m embeddings.completer.train --data DIR --output DIR``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from embeddings.completer.completer import GLUE, Completer
from embeddings.reader.train.alphabet import alphabet_of
from embeddings.reader.train.network import written_network

from .evaluation import measured, table
from .examples import dialogues_in, glue_of, read_examples
from .learning import Plan, learn
from .network import WEIGHTS, Completion, export


def main() -> None:
    """Trains the completer, writes its weights and its model folder, and measures that on dialogues_dev."""
    parser = argparse.ArgumentParser(
        prog="python -m embeddings.completer.train", description="Trains the completer."
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with train/ and dev/")
    parser.add_argument("--output", type=Path, required=True, help="folder for weights, model/ and figures")
    parser.add_argument(
        "--start", type=int, default=0, help="go on from the weights in the output after so many steps"
    )
    about = "output of python -m embeddings.reader.train, with which its encoder begins"
    parser.add_argument("--sentences", type=Path, required=True, help=about)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--rows", type=int, default=20, help="examples a step")
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--talk", type=float, default=0.35, help="share of everyday talk at the beginning")
    parser.add_argument("--half", type=int, choices=(0, 1), help="of the dialogues, for the judge's examples")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    options.output.mkdir(parents=True, exist_ok=True)

    talk = read_examples(options.data / "train" / "rewriter.jsonl.xz")
    dialogues = dialogues_in(options.data, options.half)
    written = options.output / GLUE
    glue = written.read_bytes().decode("utf-8").split("\n") if options.start else glue_of(dialogues)
    alphabet, encoder = alphabet_of(options.sentences), written_network(options.sentences)
    network = Completion(encoder.shape, len(glue))
    network.encoder = encoder
    weights = options.output / WEIGHTS
    if options.start:
        network.load_state_dict(load_file(weights))
    network.to("cuda" if torch.cuda.is_available() else "cpu")
    written.write_text("\n".join(glue), "utf-8")
    print(f"{len(dialogues)} dialogues, {len(talk)} of talk, {len(glue)} texts may be written", flush=True)

    plan = Plan(options.steps, options.rows, options.rate, options.talk, options.seed, options.start)
    learn(network, talk, dialogues, alphabet, glue, plan, lambda: save_file(network.state_dict(), weights))
    save_file(network.state_dict(), weights)
    export(network, alphabet, glue, options.output / "model")
    completer = Completer.open(options.output / "model")
    dev = read_examples(options.data / "dev" / "dialogues_dev.jsonl.xz")
    figures, _ = measured(dev, lambda q, h: completer.complete(q, h).text)
    (options.output / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    print(table(figures), flush=True)


if __name__ == "__main__":
    main()
