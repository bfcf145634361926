"""Answers with the paragraph given, on public sets: the right sentence, the right figure, answerable or not.

    python -m tests.bench.extractive --data DIR [--sample N]

``sentence``: the share of answerable questions whose answer stands in the sentence that is cited; ``figure``: the
share of figure questions whose figure is exact; ``AUC``: the chance that an answerable question has more support
than an unanswerable one. Every question is put to its own paragraph alone, however little it is supported.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.train.evaluation import auc
from qa.answering.fact import Found, find_parts
from qa.answering.wording import Wording
from qa.evaluate.rankers import Case, cases, read, reports_of, right_figure
from qa.index.memory import memory_index
from qa.question.kinds import kind_of
from qa.text.normal import squeezed
from qa.types import Scope

SETS = ("cmrc2018_dev", "antiterror_dev", "squad2_zh_dev", "news_qa_dev")


@dataclass(frozen=True)
class Told:
    """A question and what was found for it; None where nothing of its kind stands in the paragraph."""

    case: Case
    found: Found | None


def main() -> None:
    """Print one row a set."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds dev and train")
    parser.add_argument("--sets", nargs="+", default=SETS, choices=SETS)
    parser.add_argument("--sample", type=int, help="questions of a set, evenly spread; all by default")
    options = parser.parse_args()
    print("| set | questions | sentence | figure | AUC | p95, ms |\n|---|---|---|---|---|---|")
    for name in options.sets:
        print(row(name, *asked(options.data, name, options.sample)), flush=True)


def asked(data: Path, name: str, sample: int | None) -> tuple[list[Told], list[float]]:
    """What is found for the questions of a set, and the CPU seconds that each took."""
    questions = [q for q in read(data / f"dev/{name}.queries.jsonl.xz") if _counts(q)]
    if sample and sample < len(questions):
        questions = questions[:: len(questions) // sample][:sample]
    for question in questions:
        question["positive"] = question["positive"] or [question["source_paragraph"]]
        kind = "figure" if kind_of(question["question"]) == "figure" else "other"
        question |= {"kind": question.get("kind", kind), "sentence": question.get("sentence", "")}
    needed = {i for q in questions for i in q["positive"]}
    index = memory_index(
        reports_of(r for r in read(data / f"dev/{name}.corpus.jsonl.xz") if r["id"] in needed)
    )
    wording = Wording(index)
    told, seconds = [], []
    for case in cases(questions, index, "given", wording):
        start = time.process_time()
        scope = Scope("", None, None, (), case.topic)
        (found,) = find_parts((case.part,), scope, case.evidence, wording)
        seconds.append(time.process_time() - start)
        told.append(Told(case, found))
    return told, seconds


def row(name: str, told: Sequence[Told], seconds: Sequence[float]) -> str:
    """A row of the table."""
    answerable = [t for t in told if t.case.answerable]
    figures = [t for t in answerable if t.case.part.kind == "figure"]
    cells = [
        name,
        str(len(told)),
        share(
            t.found is not None and _stands_in(t.case, t.found.statement.evidence.text) for t in answerable
        ),
        share(t.found is not None and right_figure(t.found.short or "", t.case.answers) for t in figures),
        "—",
        f"{1000 * float(np.quantile(seconds, 0.95)):.0f}",
    ]
    if len(answerable) < len(told):
        support = np.array([t.found.support if t.found else 0.0 for t in told])
        cells[4] = f"{auc(support, np.array([t.case.answerable for t in told])):.3f}"
    return f"| {' | '.join(cells)} |"


def share(right: Iterable[bool]) -> str:
    """A share with the number it is of."""
    each = list(right)
    return f"{np.mean(each):.3f} ({len(each)})" if each else "—"


def _stands_in(case: Case, sentence: str) -> bool:
    return any(squeezed(answer) in squeezed(sentence) for answer in case.answers if squeezed(answer))


def _counts(question: dict[str, Any]) -> bool:
    return question.get("kind", "other") in ("figure", "other", "unanswerable", "why")


if __name__ == "__main__":
    sys.exit(main())
