"""How well a reader reads the development sets, each question with its own passage.

``python -m embeddings.reader.train.passages.evaluation --data DIR``.
"""

import argparse
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from embeddings.reader.base import Array
from embeddings.reader.passages import PassageReader, PassageReading, Scored, default_passage_reader
from embeddings.train.evaluation import auc

from .rows import REPORTS, Asked, context_line, labelled, set_at, written

Read: TypeAlias = Callable[[str, str, str], PassageReading]  # question, context line, passage
SETS = ("reports_qa_dev", "written", "news_qa_dev", "cmrc2018_dev", "cjrc_dev", "squad2_zh_dev")
OVERLAPS = 0.5  # F1 over characters from which a span counts as the right one
BELOW = 3.0  # log-odds below the likeliest character of a proof, down to which others may belong to it


def evaluate(read: Read, data: Path, most: int = 600, sets: Sequence[str] = SETS) -> dict[str, float]:
    """Figures of each set: ``answered`` told right, exact and overlapping spans, lists, clauses, yes and no.

    Args:
        read: what reads.
        data: folder with dev/.
        most: questions of each set, spread evenly over it.
        sets: names of the sets.
    """
    figures: dict[str, float] = {}
    for name in sets:
        paragraphs, rows = written(development=True) if name == "written" else set_at(data / "dev" / name)
        rows = [row for row in rows if row.get("kind") not in ("summary", "why")]
        rows = rows[:: -(-len(rows) // most)]
        own = [paragraphs[(row["positive"] or [row.get("source_paragraph")])[0]] for row in rows]
        read_each = [read(r["question"], context_line(p), p["text"]) for r, p in zip(rows, own, strict=True)]
        found = _figures(name, rows, own, read_each)
        figures |= {f"{name} {key}": value for key, value in found.items()}
    return figures


def _figures(
    name: str, rows: Sequence[dict[str, Any]], own: Sequence[dict[str, Any]], told: Sequence[PassageReading]
) -> dict[str, float]:
    answerable = np.array([bool(row["answerable"]) for row in rows])
    said = np.array([reading.answered for reading in told])
    exact, overlap, lists, clauses, checked = [], [], [], [], []
    right = list((said <= 0) & ~answerable)
    listed = name.removesuffix("_dev") in REPORTS
    for at, (row, paragraph, reading) in enumerate(zip(rows, own, told, strict=True)):
        one = labelled(row, paragraph, listed)
        text = paragraph["text"]
        if listed and one and one.clause and (here := clause_span(reading.clause)):
            clauses.append(_shared(here, one.clause) >= OVERLAPS)
        elif listed:
            clauses.append(False)
        if one and one.yes is not None:
            checked.append((reading.yes > 0) == one.yes)
        if not row["answerable"] or not row["answers"]:
            continue
        best = reading.spans[0] if reading.spans else None
        words = _bare(text[best.start : best.end]) if best else ""
        exact.append(any(words == _bare(answer) for answer in row["answers"]))
        near = best is not None and _near(best, words, row["answers"], one)
        overlap.append(near)
        right[at] = near and said[at] > 0
        if listed and one and len(one.spans) > 1:
            lists.append(_items(reading.spans, one.spans))
    known = [at for at, row in enumerate(rows) if row["answers"] or not row["answerable"]]
    figures = {
        "questions": float(len(rows)),
        "exact": float(np.mean(exact)),
        "overlap": float(np.mean(overlap)),
    }
    if not answerable.all():
        figures |= {
            "AUC": auc(said, answerable),
            "answered or not": float(np.mean((said > 0) == answerable)),
            "right": float(np.mean([right[at] for at in known])),
        }
    if lists:
        figures["items of lists, F1"] = float(np.mean(lists))
    if listed:
        figures["clause"] = float(np.mean(clauses))
    if checked:
        figures["yes or no"] = float(np.mean(checked))
    return figures


def clause_span(clause: Array) -> tuple[int, int] | None:
    """Offsets of the stretch that proves most, by log-odds above a floor; None for an empty passage.

    The stretch whose weights sum to most, by Kadane's algorithm.
    """
    if not len(clause):
        return None
    best, start, running, span = -np.inf, 0, 0.0, (0, 0)
    for at, weight in enumerate((clause - min(0.0, float(clause.max()) - BELOW)).tolist()):
        if running <= 0:
            start, running = at, 0.0
        running += weight
        if running > best:
            best, span = running, (start, at + 1)
    return span


def _near(best: Scored, words: str, answers: Sequence[str], one: Asked | None) -> bool:
    """Whether a span shares most of its characters with an answer, in place or in words, or with a whole list."""
    if any(_bare(answer) == words for answer in answers):
        return True
    if one is None or not one.spans:
        return False
    whole = (one.spans[0][0], one.spans[-1][1])
    return any(_shared((best.start, best.end), span) >= OVERLAPS for span in (*one.spans, whole))


def _items(spans: Sequence[Scored], gold: Sequence[tuple[int, int]]) -> float:
    """F1 of the items of a list: a span and an item that share most of their characters are a pair."""
    hit = sum(any(_shared((s.start, s.end), item) >= OVERLAPS for s in spans) for item in gold)
    used = sum(any(_shared((s.start, s.end), item) >= OVERLAPS for item in gold) for s in spans)
    return 2 * hit * used / max(1, hit * len(spans) + used * len(gold)) if hit else 0.0


def _shared(one: tuple[int, int], other: tuple[int, int]) -> float:
    """F1 over characters of two spans."""
    common = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    return 2 * common / max(1, one[1] - one[0] + other[1] - other[0])


def _bare(text: str) -> str:
    return re.sub(r"[\s，。、“”《》]", "", text)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m embeddings.reader.train.passages.evaluation", description=__doc__
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with dev/")
    parser.add_argument("--model", type=Path, help="a model folder; the shipped one without it")
    parser.add_argument("--most", type=int, default=600, help="questions of each set")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS)
    options = parser.parse_args()
    reader = PassageReader.open(options.model) if options.model else default_passage_reader()
    figures = evaluate(reader.read_one, options.data, options.most, options.sets)
    print(json.dumps({key: round(value, 4) for key, value in figures.items()}, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
