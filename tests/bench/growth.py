"""What ten times as many paragraphs cost: building, memory, disk, questions, recall, and adding one percent.

    python -m tests.bench.growth --data DIR [--paragraphs 1000 10000 100000] [--json FILE]

Reports of a hundred paragraphs of the news and the laws; where these are used up, clauses of two paragraphs alternate
in a new one, so that no sentence comes twice. Every size runs in a process of its own, with one thread.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, cast

from tests.bench.child import disk, peak, quantile
from tests.bench.environments import ROOT, machine, surroundings
from tests.bench.peers.ours import KNOWN
from tests.bench.sets import read_articles, read_news_questions
from tests.bench.tables import markdown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qa.index.retrievers import LocalDense

__all__ = ["Grown", "alternated", "paragraphs"]

SIZES = (1000, 10_000, 100_000)
REPORT = 100  # paragraphs of a report
SHELF = 1000  # reports of a folder
QUESTIONS = 100
DEPTH = 10  # of the recall
AT_ONCE = 65_536  # vectors that are compared together


@dataclass(frozen=True, slots=True)
class Grown:
    """One size.

    Args:
        dense: how vectors are searched.
        added_seconds: for one percent more reports, brought in by another rebuild.
        recall_10: of the vectors that are nearest in truth, the share among the first ten found.
    """

    paragraphs: int
    sentences: int
    dense: str
    build_seconds: float
    build_cpu_seconds: float
    added_seconds: float
    peak_bytes: int
    disk_bytes: int
    p50_seconds: float
    p95_seconds: float
    recall_10: float


def main() -> None:
    """Print a row a size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds dev and train")
    parser.add_argument("--paragraphs", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument(
        "--written", type=Path, help="measure the first size, whose reports are in this folder"
    )
    options = parser.parse_args()
    if options.written:
        print(json.dumps(asdict(measure(options.data, options.paragraphs[0], options.written))))
        return
    grown = []
    for size in options.paragraphs:
        with tempfile.TemporaryDirectory(prefix="union-qa-bench-") as folder:
            grown.append(measured_alone(options.data.resolve(), size, Path(folder)))
        print(grown[-1], file=sys.stderr, flush=True)
    print(f"{machine()}\n\n{table(grown)}")
    if options.json:
        content = {"machine": machine(), "sizes": [asdict(each) for each in grown]}
        options.json.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def measured_alone(data: Path, size: int, folder: Path) -> Grown:
    """Write the reports, and those to add, then measure in another process, which never held their texts."""
    texts = paragraphs(data)
    for name, first, count in (("reports", 0, size), ("more", size, max(1, size // 100))):
        (folder / name).mkdir()
        write(folder / name, islice(texts, count), first)
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.growth", "--data", str(data)]
    said = subprocess.run(
        [*command, "--paragraphs", str(size), "--written", str(folder)],
        cwd=ROOT,
        env=surroundings(),
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    return Grown(**json.loads(said.stdout.splitlines()[-1]))


def measure(data: Path, size: int, folder: Path) -> Grown:
    """Build, ask, compare with an exact search, add."""
    from qa.index import open_index, rebuild
    from qa.library import open_library

    reports, index = folder / "reports", folder / "index"
    wall, cpu = time.perf_counter(), time.process_time()
    rebuild([reports], index)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    built, kept = peak(), disk(index)
    library = open_library(index)
    questions = [question for question, _ in islice(read_news_questions(data), QUESTIONS)]
    library.retrieve(questions[0], DEPTH)
    seconds = []
    for question in questions:
        began = time.perf_counter()
        library.retrieve(question, DEPTH)
        seconds.append(time.perf_counter() - began)
    opened = open_index(index)
    sentences, dense = len(opened.sentences), cast("LocalDense", opened.dense)
    recall = statistics.mean(recalled(dense, opened.encoder.encode_query(question)) for question in questions)
    kind = dense.index.kind
    del library, opened, dense
    began = time.perf_counter()
    rebuild([reports, folder / "more"], index)
    added = time.perf_counter() - began
    return Grown(
        paragraphs=size,
        sentences=sentences,
        dense=kind,
        build_seconds=wall,
        build_cpu_seconds=cpu,
        added_seconds=added,
        peak_bytes=built,
        disk_bytes=kept,
        p50_seconds=quantile(seconds, 0.5),
        p95_seconds=quantile(seconds, 0.95),
        recall_10=recall,
    )


def recalled(dense: LocalDense, vector: NDArray[np.float32]) -> float:
    """The share of the nearest vectors that are the first to be found, as a search asks and compares again."""
    import numpy as np

    from embeddings.dense import COMPARED

    rows, _ = dense.index.search(vector, COMPARED)
    found = rows[np.argsort(-dense.cosines(vector, rows), kind="stable")[:DEPTH]]
    count = len(dense.vectors)
    parts = np.split(np.arange(count), range(AT_ONCE, count, AT_ONCE))
    cosines = np.concatenate([dense.cosines(vector, part) for part in parts])
    least = np.partition(cosines, -min(DEPTH, count))[-min(DEPTH, count)]
    return float(np.mean(cosines[found] >= least - 1e-6)) if len(found) else 0.0


def write(folder: Path, texts: Iterator[str], first: int) -> None:
    """Paragraphs as reports of the whole country and of all years, a thousand to a folder."""
    while own := list(islice(texts, REPORT * SHELF)):
        shelf = folder / f"{first:08}"
        shelf.mkdir()
        known = ""
        for at in range(0, len(own), REPORT):
            name = f"{first + at:08}"
            text = "\n\n".join((f"# 文集{name}", *own[at : at + REPORT], ""))
            (shelf / f"{name}.md").write_text(text, encoding="utf-8")
            known += KNOWN.format(name=f"{name}.md")
        (shelf / "reports.toml").write_text(known, encoding="utf-8")
        first += len(own)


def paragraphs(data: Path) -> Iterator[str]:
    """Paragraphs without an end, no two alike."""
    held = [line.strip() for text in read_articles(data) for line in text.split("\n") if line.strip()]
    yield from held
    distance = 0
    while True:
        distance += 7919
        for at, own in enumerate(held):
            yield alternated(own, held[(at + distance) % len(held)])


def alternated(one: str, other: str) -> str:
    """Every second clause of one text replaced by that of another, as far as it goes.

    >>> alternated("甲，乙，丙。", "子，丑，寅，卯。")
    '甲，丑，丙。'
    """
    own, others = one.split("，"), other.rstrip("。").split("，")
    own[1::2] = [clause if at >= len(others) else others[at] for at, clause in enumerate(own)][1::2]
    return "，".join(own) if len(own) > 1 else f"{others[0]}，{one}"


def table(grown: Sequence[Grown]) -> str:
    """A row a size."""
    head = ("paragraphs", "sentences", "dense", "build, s", "paragraphs/CPU s", "1 % more, s", "peak, MB",
            "disk, MB", "p50, ms", "p95, ms", "recall@10")  # fmt: skip
    return markdown([head, *(_row(own) for own in grown)])


def _row(own: Grown) -> tuple[str, ...]:
    return (
        f"{own.paragraphs:,}",
        f"{own.sentences:,}",
        own.dense,
        f"{own.build_seconds:.1f}",
        f"{own.paragraphs / own.build_cpu_seconds:.0f}",
        f"{own.added_seconds:.1f}",
        f"{own.peak_bytes / 1e6:.0f}",
        f"{own.disk_bytes / 1e6:.0f}",
        f"{1e3 * own.p50_seconds:.1f}",
        f"{1e3 * own.p95_seconds:.1f}",
        f"{own.recall_10:.3f}",
    )


if __name__ == "__main__":
    main()
