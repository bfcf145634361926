"""How long a search takes over 100,000 paragraphs, beside a bare FAISS search and bm25s over the same sentences.

    python -m tests.bench.speed --data DIR [--paragraphs 100000] [--index FOLDER]

One thread. The floor is given vector and words for nothing and knows no filter, paragraph, place or period.
An index in FOLDER is used again.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from tests.bench.sets import AMONG_PARAGRAPHS, read_articles, read_set

REPORT_PARAGRAPHS = 200
QUESTIONS = 100
HITS = 5


def main() -> None:
    """Build what is not there, then measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds dev and train")
    parser.add_argument("--paragraphs", type=int, default=100_000)
    parser.add_argument(
        "--index", type=Path, help="built where it is not there; by default a folder that is dropped"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        index = options.index or Path(folder) / "index"
        build(options.data, options.paragraphs, index, Path(folder) / "reports")
        measure(index, read_set(options.data, AMONG_PARAGRAPHS[0], size=0).questions[:QUESTIONS])


def build(data: Path, paragraphs: int, index: Path, reports: Path) -> None:
    """Index the first paragraphs of the news as reports of two hundred each."""
    from qa.index import index_exists, rebuild

    if index_exists(index):
        return
    reports.mkdir()
    lines = (line.strip() for article in read_articles(data) for line in article.split("\n") if line.strip())
    left = islice(lines, paragraphs)
    number = 0
    while own := list(islice(left, REPORT_PARAGRAPHS)):
        number += 1
        text = f"# 第{number}号汇编\n\n" + "\n\n".join(own) + "\n"
        (reports / f"{number:04}.md").write_text(text, encoding="utf-8")
    rebuild([reports], index)


def measure(folder: Path, questions: Sequence[str]) -> None:
    """Print medians and their ratio; every question is asked of both in turn."""
    import bm25s
    import faiss

    from embeddings.dense import index_kind
    from embeddings.words import words
    from qa.index import open_index
    from qa.library import open_library

    faiss.omp_set_num_threads(1)
    library, index = open_library(folder), open_index(folder)
    kind = index_kind(len(index.vectors))
    nearest = faiss.index_factory(index.encoder.dimension, kind, faiss.METRIC_INNER_PRODUCT)
    nearest.train(index.vectors)
    nearest.add(index.vectors)
    rarest = bm25s.BM25()
    rarest.index([words(s.search_text) for s in index.sentences], show_progress=False)
    ours, floor = [], []
    for question in questions:
        vector, tokens = index.encoder.encode_query(question)[None, :], words(question)
        ours.append(times(library.retrieve, question, HITS))
        dense = times(nearest.search, vector, HITS)
        sparse = times(rarest.retrieve, [tokens], k=HITS, show_progress=False)
        floor.append((dense[0] + sparse[0], dense[1] + sparse[1]))
    status = library.status()
    print(f"{status.paragraphs} paragraphs, {status.sentences} sentences, FAISS index {kind}")
    print(f"{'p50, milliseconds':24}{'wall':>8}{'CPU':>8}")
    medians = [
        [1e3 * statistics.median(column) for column in zip(*rows, strict=True)] for rows in (ours, floor)
    ]
    for name, (wall, cpu) in zip(("library.retrieve", "bare FAISS and bm25s"), medians, strict=True):
        print(f"{name:24}{wall:8.2f}{cpu:8.2f}")
    wall, cpu = (a / b for a, b in zip(*medians, strict=True))
    print(f"{'ratio':24}{wall:8.2f}{cpu:8.2f}")


def times(call: Callable[..., object], *given: object, **named: object) -> tuple[float, float]:
    """Wall and CPU seconds of a call that is made for the second time."""
    call(*given, **named)
    wall, cpu = time.perf_counter(), time.process_time()
    call(*given, **named)
    return time.perf_counter() - wall, time.process_time() - cpu


if __name__ == "__main__":
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    main()
