"""``python -m embeddings.train --data DIR --output DIR [--seed 0] [--steps 900]``."""

import argparse
from pathlib import Path

import numpy as np
import torch

from embeddings import StaticEncoder

from .batches import draw_batches
from .card import write_model
from .data import Corpus, load_corpus
from .evaluation import evaluate
from .model import TEMPERATURE, Schedule, WordRows, train_rows
from .vocabulary import build_tokenizer, choose_words, count_words


def main() -> None:
    """Trains, measures, and writes the model folder."""
    parser = argparse.ArgumentParser(
        prog="python -m embeddings.train", description="Trains the shipped encoder."
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with train/ and dev/")
    parser.add_argument("--output", type=Path, required=True, help="model folder to write")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=900, help="batches to train on")
    parser.add_argument("--words", type=int, default=22_000, help="entries of the vocabulary")
    parser.add_argument("--dimension", type=int, default=512)
    parser.add_argument("--batch", type=int, default=1024, help="pairs a step")
    parser.add_argument("--rate", type=float, default=2e-3, help="learning rate")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    corpus = load_corpus(options.data)
    print("counting words", flush=True)
    words = choose_words(count_words(_texts(corpus)), options.words)
    tokenizer = build_tokenizer(words)
    scores = np.array([score for _, score in words])
    rows = WordRows([word for word, _ in words], scores, options.dimension)
    schedule = Schedule(options.steps, options.rate)
    batches = draw_batches(corpus, tokenizer, options.batch, options.seed)
    train_rows(rows, batches, schedule, lambda line: print(line, flush=True))

    exported, scales = rows.export()
    trained = StaticEncoder(tokenizer, exported * scales[:, None], "trained")
    figures = evaluate(trained.encode_passages, options.data)
    facts = {
        "command": f"python -m embeddings.train --data DIR --output DIR --seed {options.seed} "
        f"--steps {options.steps} --words {options.words} --dimension {options.dimension} "
        f"--batch {options.batch} --rate {options.rate:g}",
        "seed": options.seed,
        "threads": options.threads,
        "steps": options.steps,
        "batch": options.batch,
        "temperature": TEMPERATURE,
    }
    write_model(options.output, tokenizer, exported, scales, figures, facts)
    for name, value in figures.items():
        print(f"{name:40} {value:.4f}")


def _texts(corpus: Corpus) -> list[str]:
    """Every distinct text of the pairs, every title and sentence of the articles."""
    texts = dict.fromkeys(text for group in corpus.groups for pair in group.pairs for text in pair)
    articles = (*corpus.news, *corpus.laws)
    return [*texts, *(text for title, sentences in articles for text in (title, *sentences))]


if __name__ == "__main__":
    main()
