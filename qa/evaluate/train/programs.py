"""Fit what tells the formula that a question asks for: ``python -m qa.evaluate.train.programs SETS [--dry]``.

``SETS`` is the folder that ``python -m tests.evaluate.sets --output SETS`` writes, with the invented reports on which nineteen
people asked what has to be computed or compared (``programs.jsonl.xz``): {"writer", "set", "report", "question", "operation", "operands":
[[clause, figure]]}; the operation is none if the report prints the result, or lacks a figure. Questions of these sets for one figure
that is printed, but that sound like such ones, are examples of none, too. By the words of a question a multinomial regression tells
the formula; the candidates of a question and "none" then compete by a softmax over the scores of a network. Printed is, by
weights fitted without the writer, how many answers are given from each chance on, and how many of these are right.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from qa.answering.programs.candidates import FORMULAS, programs
from qa.answering.programs.choice import (
    ASKED,
    COMPARED,
    LIMIT,
    NETWORK,
    WEIGHTS,
    may_compute,
    sound_vector,
)
from qa.answering.programs.features import FEATURES, SOUNDS, Asked
from qa.answering.sureness.span_answers import read_passages
from qa.answering.wording import wording_of
from qa.evaluate.train import parser_of
from qa.evaluate.train.formulas import Example, is_right, learned
from qa.index import Index, open_index, rebuild
from qa.question import catalogue_of, understand
from qa.retrieval import PASSAGES, found_and_ranked
from qa.text.figures import figures
from qa.types import Query

SURE = 0.63  # chance from which a result is given
SURE_COMPARED = 0.45  # and from which figures are compared
COMPUTES = 0.1  # chance from which a question for a figure may ask to compute
NONE = len(FORMULAS)
FOR_ONE = ("fact_number", "fact_other", "fact", "figure", "single")  # types of questions
COMPARES = "compare"  # operation of a question which of two figures is larger; by how much is told, too


def main() -> None:
    """Print the cross-validated quality, and write the weights unless ``--dry``."""
    parser = parser_of(__doc__)
    parser.add_argument("sets", type=Path)
    parser.add_argument("--dry", action="store_true", help="write no weights")
    options = parser.parse_args()
    sounds, network = learned(list(_examples(options.sets)), NONE, FEATURES.index(SOUNDS))
    table = {LIMIT: SURE, COMPARED: SURE_COMPARED, ASKED: COMPUTES, "sounds": sounds.tolist()}
    if not options.dry:
        WEIGHTS.write_text(json.dumps(table, ensure_ascii=False) + "\n", "utf-8")
        network.write(NETWORK)


def _examples(sets: Path) -> Iterator[Example]:
    text = lzma.decompress(Path(__file__).with_name("programs.jsonl.xz").read_bytes()).decode()
    rows = sorted(map(json.loads, text.splitlines()), key=lambda row: row["set"])
    for name, own in groupby(rows, key=lambda row: row["set"]):
        with TemporaryDirectory() as folder:
            rebuild([sets / name], Path(folder) / "index")
            index = open_index(Path(folder) / "index")
            for row in (*own, *_printed(sets / f"{name}.jsonl")):
                query = understand(row["question"], (), catalogue_of(index.reports))
                if row["writer"] is not None or may_compute(query):
                    yield _example(index, query, row)


def _printed(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the questions of a set for one figure that is printed."""
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    for row in rows:
        if row["type"] in FOR_ONE and not row["history"]:
            yield {"writer": None, "question": row["question"], "operation": "none", "operands": []}


def _example(index: Index, query: Query, row: Mapping[str, Any]) -> Example:
    _, passages = found_and_ranked(index, query, PASSAGES)
    asked = Asked(query, wording_of(index), [0.0] * (NONE + 1))
    every = programs(query, read_passages(query, passages), asked.relevance)
    formula = "difference" if row["operation"] == COMPARES else row["operation"]
    values = sorted(figures(figure)[0].value for _, figure in row["operands"])
    return Example(
        writer=row["writer"],
        sound=sound_vector(query.standalone),
        formula=FORMULAS.index(formula) if formula in FORMULAS else NONE,
        formulas=tuple(FORMULAS.index(one.formula) for one in every),
        results=tuple(one.result.text for one in every),
        features=np.array([asked.features(one) for one in every]).reshape(-1, len(FEATURES)),
        right=tuple(
            is_right(one.formula, [own.figure.value for own in one.operands], formula, values)
            for one in every
        ),
    )


if __name__ == "__main__":
    main()
