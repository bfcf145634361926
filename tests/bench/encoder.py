"""What an encoder costs: encoding beside jieba's cutting of the same sentences, a question, memory.

    python -m tests.bench.encoder --data DIR [--articles 2000] [--encoder NAME]

One thread, CPU time. jieba cuts as its documentation shows it (``lcut``), its dictionary loaded before.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from tests.bench.sets import AMONG_PARAGRAPHS, read_articles, read_set

ROUNDS = 3


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds dev and train")
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--encoder")
    options = parser.parse_args()
    import jieba

    from embeddings import open_encoder
    from qa.text.sentences import split_sentences

    texts = list(islice(read_articles(options.data), options.articles))
    sentences = [text[start:end] for text in texts for start, end in split_sentences(text)]
    questions = read_set(options.data, AMONG_PARAGRAPHS[0], size=0).questions
    before = resident()
    encoder = open_encoder(options.encoder)
    encoder.encode_query(questions[0])
    memory = resident() - before
    jieba.initialize()
    cuts, encodings = zip(
        *(pair(sentences, jieba.lcut, encoder.encode_passages) for _ in range(ROUNDS)), strict=True
    )
    cut, encoding = statistics.median(cuts), statistics.median(encodings)
    query = statistics.median(spent(lambda asked=asked: encoder.encode_query(asked)) for asked in questions)
    print(f"{len(sentences)} sentences, {encoder.identity}\n\n| what | figure |\n|---|---|")
    print(f"| jieba, s | {cut:.2f} |\n| encoding, s | {encoding:.2f} |\n| ratio | {encoding / cut:.2f} |")
    print(f"| vector of a question, ms | {1e3 * query:.3f} |\n| memory, MB | {memory / 1e6:.0f} |")


def pair(
    sentences: list[str], cut: Callable[[str], object], encode: Callable[[list[str]], object]
) -> tuple[float, float]:
    """CPU seconds of cutting the sentences and of encoding them."""
    return spent(lambda: [cut(sentence) for sentence in sentences]), spent(lambda: encode(sentences))


def spent(call: Callable[[], object]) -> float:
    """CPU seconds of a call."""
    started = time.process_time()
    call()
    return time.process_time() - started


def resident() -> int:
    """Bytes of memory that the process holds; Linux alone says so."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    main()
