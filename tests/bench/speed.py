"""How long a search takes over 100,000 paragraphs, beside a bare FAISS search and bm25s over the same units.

    python -m tests.bench.speed --data DIR [--reports 1000] [--index FOLDER]

The units are those of the search: sentences for FAISS, paragraphs for bm25s. The reports are news under the titles of unions of nearly three hundred cities, one in a hundred of an earlier
term, so that a filter by years keeps 1 % or 99 % of them. One thread. The floor is given vector and words for
nothing and knows no filter, paragraph, place or period. An index in FOLDER is used again.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from tests.bench.sets import AMONG_PARAGRAPHS, read_articles, read_set

REPORT_PARAGRAPHS = 100
EARLIER = 100  # one report in so many is of the earlier term
TERMS = {False: (2018, 2023), True: (1998, 2003)}
QUESTIONS = 100
HITS = 5


def main() -> None:
    """Build what is not there, then measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds dev and train")
    parser.add_argument("--reports", type=int, default=1000, help="of a hundred paragraphs each")
    parser.add_argument(
        "--index", type=Path, help="built where it is not there; by default a folder that is dropped"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        index = options.index or Path(folder) / "index"
        build(options.data, options.reports, index, Path(folder) / "reports")
        measure(index, read_set(options.data, AMONG_PARAGRAPHS[0], size=0).questions[:QUESTIONS])


def build(data: Path, count: int, index: Path, reports: Path) -> None:
    """Index the first paragraphs of the news as reports of a hundred each."""
    from qa.index import index_exists, rebuild
    from qa.text.divisions import all_divisions

    if index_exists(index):
        return
    reports.mkdir()
    cities = [place.name for place in all_divisions() if place.level == "city" and place.name.endswith("市")]
    left = (line.strip() for article in read_articles(data) for line in article.split("\n") if line.strip())
    for number in range(count):
        city, (first, last) = cities[number % len(cities)], TERMS[number % EARLIER == 0]
        heading = f"# {city}总工会{first}—{last}年工作报告"
        text = "\n\n".join((heading, *islice(left, REPORT_PARAGRAPHS)))
        (reports / f"{number:04}.md").write_text(f"{text}\n", encoding="utf-8")
    rebuild([reports], index)


def measure(folder: Path, questions: Sequence[str]) -> None:
    """Print medians and their ratios to the floor; every question is asked of all in turn."""
    import bm25s
    import faiss

    from embeddings.dense import floats
    from embeddings.words import words
    from qa.index import open_index
    from qa.library import open_library

    faiss.omp_set_num_threads(1)
    library, index = open_library(folder), open_index(folder)
    kind = index.dense.index.kind
    nearest = faiss.IndexFlatIP(index.encoder.dimension)
    nearest.add(floats(index.dense.vectors))
    rarest = bm25s.BM25()
    rarest.index(
        [words("\n".join((*p.heading, p.text))) for p in index.layout.paragraphs], show_progress=False
    )
    ways: dict[str, list[tuple[float, float]]] = {}
    for question in questions:
        vector, tokens = index.encoder.encode_query(question)[None, :], words(question)
        dense = times(nearest.search, vector, HITS)
        sparse = times(rarest.retrieve, [tokens], k=HITS, show_progress=False)
        ways.setdefault("bare FAISS and bm25s", []).append((dense[0] + sparse[0], dense[1] + sparse[1]))
        ways.setdefault("library.retrieve", []).append(times(library.retrieve, question, HITS))
        for earlier, share in ((True, 1), (False, 99)):
            name = f"of {share} % of the reports"
            ways.setdefault(name, []).append(times(library.retrieve, question, HITS, period=TERMS[earlier]))
    status = library.status()
    print(f"{status.reports} reports, {status.paragraphs} paragraphs, {status.sentences} sentences, {kind}")
    print(f"\n| p50 | wall, ms | CPU, ms | × floor, CPU |\n{'|---' * 4}|")
    floor = 0.0
    for name, spent in ways.items():
        wall, cpu = (1e3 * statistics.median(column) for column in zip(*spent, strict=True))
        floor = floor or cpu
        print(f"| {name} | {wall:.2f} | {cpu:.2f} | {cpu / floor:.2f} |")


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
