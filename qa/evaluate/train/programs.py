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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped]

from embeddings.fitted import Network
from embeddings.train.choice import fitted
from qa.answering.programs.candidates import FORMULAS, Program, programs
from qa.answering.programs.choice import (
    ASKED,
    COMPARED,
    LIMIT,
    NETWORK,
    WEIGHTS,
    may_compute,
    sound_vector,
)
from qa.answering.programs.features import FEATURES, SOUNDS, SOUNDS_LIKE, Asked, heard
from qa.answering.sureness.span_answers import read_passages
from qa.answering.wording import wording_of
from qa.evaluate.train import Floats, parser_of
from qa.index import Index, open_index, rebuild
from qa.question import catalogue_of, understand
from qa.retrieval import PASSAGES, found_and_ranked
from qa.text.figures import figures, same_value
from qa.types import Query

RIDGE_OF_SOUNDS = 0.001  # on half the squares of the weights
FOLDS = 6  # of writers
SURE = 0.63  # chance from which a result is given
SURE_COMPARED = 0.45  # and from which figures are compared
COMPUTES = 0.1  # chance from which a question for a figure may ask to compute
SHOWN = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)  # chances of the table that is printed
NONE = len(FORMULAS)
PRINTED = -1  # instead of a writer
FOR_ONE = ("fact_number", "fact_other", "fact", "figure", "single")  # types of questions
COMPARES = "compare"  # operation of a question which of two figures is larger; by how much is told, too
ALIKE = ("difference", "rest")  # of two figures they have the same result


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its candidates."""

    writer: int
    sound: Floats  # :func:`sound_vector` of the question
    formula: int  # index in ``FORMULAS``, or ``NONE``
    formulas: tuple[int, ...]  # of the candidates
    results: tuple[str, ...]  # of the candidates
    features: Floats  # (candidates, features)
    right: tuple[bool, ...]

    def heard(self, sounds: Floats) -> Example:
        """Return it with how the question sounds, by weights of sounds, (formulas + 1, n)."""
        scores = sounds @ self.sound
        each = np.array(heard(scores - np.logaddexp.reduce(scores)))
        features = self.features.copy()
        features[:, FEATURES.index(SOUNDS)] = each[list(self.formulas)]
        features[:, -len(SOUNDS_LIKE) :] = each
        return replace(self, features=features)

    def best(self, network: Network) -> tuple[float, bool]:
        """Return the chance of the result of the likeliest candidate, and whether that is right."""
        if not self.right:
            return 0.0, False
        scores = network.scores(self.features)
        chances = np.exp(scores - np.logaddexp.reduce([0.0, *scores]))
        first = int(np.argmax(chances))
        alike = [result == self.results[first] for result in self.results]
        return float(chances[alike].sum()), self.right[first]


def main() -> None:
    """Print the cross-validated quality, and write the weights unless ``--dry``."""
    parser = parser_of(__doc__)
    parser.add_argument("sets", type=Path)
    parser.add_argument("--dry", action="store_true", help="write no weights")
    options = parser.parse_args()
    every = list(_examples(options.sets))
    folds = {one.writer: one.writer % FOLDS for one in every if one.writer != PRINTED}
    fold = [folds.get(one.writer, number % FOLDS) for number, one in enumerate(every)]
    judged, known = list[tuple[float, bool]](), list[Example]()
    for own in range(FOLDS):  # what a question sounds like is learned from others, as it is where it is used
        others = [one for one, its in zip(every, fold, strict=True) if its != own]
        sounds = _sounds(others)
        known += [one.heard(sounds) for one, its in zip(every, fold, strict=True) if its == own]
    ends = np.cumsum([fold.count(own) for own in range(FOLDS)])
    for start, end in zip([0, *ends], ends, strict=False):
        network = _fitted([*known[:start], *known[end:]])
        judged += [one.best(network) for one in known[start:end]]
    print(f"questions {len(every)}, with a right candidate {sum(any(one.right) for one in every)}")
    for least in SHOWN:
        given = [right for chance, right in judged if chance >= least]
        print(f"from {least:.2f}: given {len(given)}, right {sum(given)}")
    limits = {LIMIT: SURE, COMPARED: SURE_COMPARED, ASKED: COMPUTES}
    table = limits | {"sounds": np.round(_sounds(every), 3).tolist()}
    if not options.dry:
        WEIGHTS.write_text(json.dumps(table, ensure_ascii=False) + "\n", "utf-8")
        _fitted(known).write(NETWORK)


def _examples(sets: Path) -> Iterator[Example]:
    text = lzma.decompress(Path(__file__).with_name("programs.jsonl.xz").read_bytes()).decode()
    rows = sorted(map(json.loads, text.splitlines()), key=lambda row: row["set"])
    for name, own in groupby(rows, key=lambda row: row["set"]):
        with TemporaryDirectory() as folder:
            rebuild([sets / name], Path(folder) / "index")
            index = open_index(Path(folder) / "index")
            for row in (*own, *_printed(sets / f"{name}.jsonl")):
                query = understand(row["question"], (), catalogue_of(index.reports))
                if row["writer"] != PRINTED or may_compute(query):
                    yield _example(index, query, row)


def _printed(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the questions of a set for one figure that is printed."""
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    for row in rows:
        if row["type"] in FOR_ONE and not row["history"]:
            yield {"writer": PRINTED, "question": row["question"], "operation": "none", "operands": []}


def _example(index: Index, query: Query, row: Mapping[str, Any]) -> Example:
    _, passages = found_and_ranked(index, query, PASSAGES)
    asked = Asked(query, wording_of(index), [0.0] * NONE)
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
        right=tuple(_is_same(one.formula, formula) and _is_over(one, values) for one in every),
    )


def _is_same(one: str, other: str) -> bool:
    """Whether two formulas compute the same."""
    return one == other or (one in ALIKE and other in ALIKE)


def _is_over(program: Program, values: Sequence[float]) -> bool:
    """Whether a program computes with figures of just these values, in order of size."""
    own = sorted(one.figure.value for one in program.operands)
    return len(own) == len(values) and all(map(same_value, own, values))


def _sounds(examples: Sequence[Example]) -> Floats:
    """Return the weights of a multinomial regression of the formula on the sound vector, (formulas + 1, n)."""
    rows = np.array([one.sound for one in examples])
    wanted = np.eye(NONE + 1)[[one.formula for one in examples]]

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(NONE + 1, -1)
        scores = rows @ weights.T
        scores -= np.logaddexp.reduce(scores, axis=1, keepdims=True)
        value = -float((scores * wanted).sum()) / len(rows) + RIDGE_OF_SOUNDS * float((flat**2).sum()) / 2
        slope = (np.exp(scores) - wanted).T @ rows / len(rows) + RIDGE_OF_SOUNDS * weights
        return value, slope.ravel()

    start = np.zeros((NONE + 1) * rows.shape[1])
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x).reshape(NONE + 1, -1)


def _fitted(examples: Sequence[Example]) -> Network:
    """Return the network that gives the right candidates, or none, the most."""
    known = [one for one in examples if one.right]
    return fitted([one.features for one in known], [one.right for one in known])


if __name__ == "__main__":
    main()
