"""How an index in Milvus compares with one in a folder: the same passages found, and what a question takes.

    python -m tests.bench.stores REPORTS QUESTIONS milvus:http://127.0.0.1:19530 milvus:file.db

Builds the reports in a folder and in each store (whose present index is replaced), asks every question of each, and
prints a table: the share of the first ten passages that are the folder's, how often the first is, and milliseconds.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np

from qa.index import Store, rebuild, store_named
from qa.library import Library

FIRST = 10


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("reports", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("stores", nargs="+")
    options = parser.parse_args()
    lines = options.questions.read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines if line.strip()]
    with tempfile.TemporaryDirectory() as folder:
        beside = asked(store_named(None, Path(folder) / "index"), options.reports, questions)
        print("| 存储 | 前十相同 | 第一相同 | 建索引 | 一次检索 p50 | p95 |\n|---|---|---|---|---|---|")
        print(row("文件夹", beside, beside))
        for name in options.stores:
            store = store_named(name, Path(folder) / "none")
            found = asked(store, options.reports, questions)
            print(row(store.described(store.read_newest()[0].manifest).split("，")[1], found, beside))


Asked = tuple[list[list[str]], list[float], float]


def asked(store: Store, reports: Path, questions: list[str]) -> Asked:
    """What is found for each question, the milliseconds it takes, and the seconds of the build."""
    seconds = rebuild([reports], store, force=True).seconds
    library = Library(store)
    library.retrieve("工会", FIRST)
    found, took = [], []
    for question in questions:
        started = time.perf_counter()
        hits = library.retrieve(question, FIRST)
        took.append((time.perf_counter() - started) * 1e3)
        found.append([f"{hit.report.id} {hit.paragraph.number}" for hit in hits])
    return found, took, seconds


def row(name: str, own: Asked, beside: Asked) -> str:
    """One line of the table."""
    pairs = list(zip(own[0], beside[0], strict=True))
    same = np.mean([len({*a} & {*b}) / len(b) if b else float(not a) for a, b in pairs])
    first = np.mean([a[:1] == b[:1] for a, b in pairs])
    p50, p95 = np.quantile(own[1], [0.5, 0.95])
    return f"| {name} | {same:.3f} | {first:.3f} | {own[2]:.1f} 秒 | {p50:.1f} 毫秒 | {p95:.1f} 毫秒 |"


if __name__ == "__main__":
    main()
