"""``python -m embeddings.reader.train --data DIR --output DIR``."""

import argparse
import copy
import json
import os
from collections import Counter
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from embeddings.reader.base import Alphabet, fold
from embeddings.train.data import Corpus, load_corpus, read_lines

from .evaluation import evaluate
from .examples import Asked, asked_of_pairs, asked_of_prose, asked_of_set
from .learning import Stage, learn_characters, learn_questions, pack, stream
from .network import Network, Shape

SETS = {"news_qa": 3.0, "cmrc2018_train": 4.0, "antiterror_train": 1.5, "squad1_zh_train": 1.5}
RARE = 4  # occurrences under which a character is unknown


def main() -> None:
    """Trains, measures, and writes the weights of the reader and of those that have seen one half of news_qa."""
    parser = argparse.ArgumentParser(
        prog="python -m embeddings.reader.train", description="Trains the reader."
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with train/ and dev/")
    parser.add_argument("--output", type=Path, required=True, help="folder for weights and figures")
    parser.add_argument("--start", type=Path, help="weights to go on from, characters and prose learned")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--characters", type=float, default=240, help="seconds for hidden characters")
    parser.add_argument("--prose", type=float, default=90, help="seconds for made questions and pairs")
    parser.add_argument(
        "--sets", type=float, default=60, help="seconds for each learning of the extractive sets"
    )
    parser.add_argument("--rows", type=int, default=1024, help="windows a step")
    parser.add_argument("--questions", type=int, default=128, help="questions a step")
    parser.add_argument("--share", type=float, default=1.0, help="share of the prose that is used")
    parser.add_argument("--folds", action="store_true", help="also learn without either half of news_qa")
    options = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    workers = os.cpu_count() or 1
    torch.manual_seed(options.seed)
    torch.set_float32_matmul_precision("high")
    options.output.mkdir(parents=True, exist_ok=True)

    corpus = load_corpus(options.data)
    texts = _texts(corpus, options.data)
    alphabet = Alphabet(_characters(texts))
    (options.output / "characters.txt").write_text(alphabet.characters, "utf-8")
    print(f"{sum(map(len, texts))} characters, {len(alphabet)} of them different", flush=True)
    network = Network(Shape(len(alphabet), options.width, options.width // 64, options.layers)).to(device)
    print(sum(p.numel() for p in network.parameters()), "parameters", flush=True)

    def say(line: str) -> None:
        print(line, flush=True)

    if options.start:
        network.load_state_dict({k: v.float() for k, v in load_file(options.start).items()})
    else:
        ids = torch.from_numpy(stream(texts, alphabet)).to(device)
        learn_characters(
            network, ids, Stage(options.characters, 10**6, options.rows, 1e-3), options.seed, say
        )
        made = list(asked_of_prose(corpus.news, options.seed, options.share))
        pairs = asked_of_pairs(corpus, options.seed, int(12000 * options.share))
        print(len(made), "questions made of prose,", len(pairs), "pairs", flush=True)
        mixed = [(pack(made, alphabet, device, workers), 2.0), (pack(pairs, alphabet, device, workers), 1.0)]
        mixed += [(pack(_set(options.data, "cmrc2018_train", 7, None), alphabet, device, workers), 0.5)]
        learn_questions(
            network, mixed, Stage(options.prose, 10**6, options.questions, 5e-4), options.seed, say
        )
        _save(network, options.output / "prose.safetensors")
    begun = copy.deepcopy(network.state_dict())
    for left_out in (None, 0, 1) if options.folds else (None,):
        network.load_state_dict(begun)
        sets = [
            (pack(_set(options.data, name, options.seed, left_out), alphabet, device, workers), share)
            for name, share in SETS.items()
        ]
        learn_questions(network, sets, Stage(options.sets, 10**6, options.questions, 3e-4), options.seed, say)
        name = "reader" if left_out is None else f"without-{left_out}"
        _save(network, options.output / f"{name}.safetensors")
        figures = evaluate(network, alphabet, options.data, device, workers)
        (options.output / f"{name}.json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
        for key, value in figures.items():
            say(f"{name}: {key:32} {value:.4f}")


def _set(data: Path, name: str, seed: int, left_out: int | None) -> list[Asked]:
    """The questions of a set; one half of news_qa may be left out, of no other."""
    return asked_of_set(data, name, seed, left_out if name == "news_qa" else None)


def _texts(corpus: Corpus, data: Path) -> list[str]:
    """Every distinct text: articles whole, pairs, and the paragraphs of the extractive sets."""
    articles = (title + "\n" + "".join(told) for title, told in (*corpus.news, *corpus.laws))
    pairs = (text for group in corpus.groups for pair in group.pairs for text in pair)
    sets = (row["text"] for name in SETS for row in read_lines(data / f"train/{name}.corpus.jsonl.xz"))
    return list(dict.fromkeys((*articles, *pairs, *sets)))


def _characters(texts: list[str]) -> str:
    counts = Counter[str]()
    for text in texts:
        counts.update(fold(text))
    return "".join([*sorted(c for c, n in counts.items() if n >= RARE and not c.isspace()), " ", "\n"])


def _save(network: Network, path: Path) -> None:
    save_file({k: v.half().contiguous() for k, v in network.state_dict().items()}, path)


if __name__ == "__main__":
    main()
