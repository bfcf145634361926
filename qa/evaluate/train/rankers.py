"""Fit the weights of the rankers: ``python -m qa.evaluate.train.rankers --data DIR --readers DIR``.

The data are ``train/news_qa.*`` and ``dev/news_qa_dev.*`` (JSON Lines in xz): questions written by hand over news
paragraphs, with exact answers, some unanswerable. The readers are the folders ``without-0`` and ``without-1``
(``embeddings.reader.train --folds``): each question is read by the one that has not seen it, so that the rankers learn
how far to trust a reader. Both rankers, a softmax (figure) and a logistic regression (support), are fitted by L-BFGS
from zero, so that the same data give the same weights.
"""

from __future__ import annotations

import argparse
import json
import lzma
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

from embeddings.reader import Reader
from embeddings.reader.train.examples import half
from embeddings.train.evaluation import auc
from qa.answering.candidates import FEATURES, candidates, evidence_of
from qa.answering.ranking import WEIGHTS, Ranker
from qa.answering.reading import Readings
from qa.answering.reading import read as readings_of
from qa.answering.statement import snippet
from qa.answering.support import SUPPORT_FEATURES, SupportCase, support_features
from qa.answering.wording import Wording
from qa.evaluate.train import Floats, logistic
from qa.index.memory import memory_index
from qa.question.kinds import kind_of, parts_of
from qa.retrieval import search_scope
from qa.text.figures import figures, same_value
from qa.text.normal import without_punctuation
from qa.types import Paragraph, Part, Place, Report, Scope, Source

_Rows: TypeAlias = tuple[Floats, NDArray[np.bool_]]  # features, (n, features), and which rows are right, (n,)

RIDGE = 1e-3
ELSEWHERE = 0.2  # weight of a question asked of other paragraphs


@dataclass(frozen=True, slots=True)
class Case:
    """One question with its evidence and expected answers."""

    part: Part
    topic: str
    evidence: tuple[Any, ...]
    answers: tuple[str, ...]
    sentence: str
    answerable: bool
    readings: Readings


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file of JSON Lines in xz."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def reports_of(corpus: Iterable[dict[str, Any]]) -> list[Report]:
    """Return one report per paragraph, with its headline as the heading."""
    made = []
    for row in corpus:
        source = Source(row["id"], "txt", "utf-8", row["text"], "")
        paragraph = Paragraph(row["id"], 0, (row["title"],), row["text"], "prose", ((0, len(row["text"])),))
        made.append(Report(row["id"], source, row["title"], "", "", Place(""), None, (), (paragraph,)))
    return made


class _NoEncoder:
    """Leave retrieval to BM25: the shipped encoder has seen these questions and would rank too well."""

    dimension = 1
    identity = "none"

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.zeros((len(texts), 1), dtype=np.float32)

    def encode_query(self, _text: str) -> NDArray[np.float32]:
        return np.zeros(1, dtype=np.float32)


def cases(
    queries: Sequence[dict[str, Any]],
    index: Any,
    where: str,
    wording: Wording,
    readers: Sequence[Reader] = (),
) -> list[Case]:
    """Return every question with its evidence.

    Args:
        where: ``"given"``: its own paragraph; ``"all"``: retrieved from all paragraphs; ``"elsewhere"``: retrieved from
            all others, which cannot answer it.
        readers: one for each half of the paragraphs; empty for the shipped one.
    """
    found = []
    everything = tuple(r.id for r in index.reports)
    for row in queries:
        question, gold = row["question"], set(row["positive"])
        ids = tuple(i for i in everything if where == "all" or (i in gold) == (where == "given"))
        hits = search_scope(index, Scope("", None, None, ids, question), 20)
        kind = "figure" if row["kind"] == "figure" else kind_of(question)
        part = Part(question, parts_of(question, kind)[0].unit, kind)
        answerable = where != "elsewhere" and bool(row["answerable"])
        evidence, answers = evidence_of(hits), tuple(row["answers"])
        reader = readers[half(row["positive"][0])] if readers else None
        readings = readings_of(question, evidence, wording, reader)
        found.append(Case(part, question, evidence, answers, row["sentence"], answerable, readings))
    return found


def right_figure(text: str, answers: Sequence[str]) -> bool:
    """Return whether a text contains a figure of an answer."""
    own = figures(text)
    return any(any(same_value(f.value, g.value) for f in own) for a in answers for g in figures(a))


def _holds(case: Case, text: str) -> bool:
    """Return whether a sentence is the answering one, or, if none is marked, contains the answer."""
    own, gold = without_punctuation(text), without_punctuation(case.sentence)
    if gold:
        return own in gold or gold in own
    return any(without_punctuation(answer) in own for answer in case.answers if without_punctuation(answer))


def figure_groups(given: Sequence[Case], wording: Wording) -> list[_Rows]:
    """Return for each case the features of its figures, (n, features), and which are right, (n,)."""
    groups = []
    for case in given:
        if case.part.kind != "figure" or not case.answerable:
            continue
        found = candidates(case.part, case.topic, case.evidence, wording, case.readings)
        right = [right_figure(c.figure.text, case.answers) and _holds(case, c.evidence.text) for c in found]
        if any(right):
            groups.append((np.array([c.features for c in found]), np.array(right)))
    return groups


def fit_softmax(groups: Sequence[_Rows], width: int) -> Floats:
    """Return weights that make the right candidate the most probable of its group."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = RIDGE * float(weights @ weights) * len(groups), 2 * RIDGE * weights * len(groups)
        for rows, right in groups:
            scores = rows @ weights
            scores = scores - scores.max()
            chance = np.exp(scores) / np.exp(scores).sum()
            good = chance[right].sum()
            total -= float(np.log(max(good, 1e-12)))
            share = np.where(right, chance / max(good, 1e-12), 0.0)
            slope = slope - (share - chance) @ rows
        return total, slope

    return np.asarray(minimize(loss, np.zeros(width), jac=True, method="L-BFGS-B").x)


def first_right(groups: Sequence[_Rows], weights: Floats) -> float:
    """Return the share of groups whose best row is right."""
    return float(np.mean([bool(right[int(np.argmax(rows @ weights))]) for rows, right in groups]))


def _fitted(name: str, groups: Any, given: Any, everywhere: Any, width: int) -> Floats:
    """Fit on both settings and print how often the first choice is right in each."""
    near = {s: groups(*v) for s, v in given.items()}
    far = {s: groups(*v) for s, v in everywhere.items()}
    weights = fit_softmax(near["train"] + far["train"], width)
    for where, sets in (("given", near), ("found among all", far)):
        right = {s: round(first_right(g, weights), 4) for s, g in sets.items()}
        print(f"{name} right, paragraph {where}: {right}, n = {len(sets['dev'])}")
    return weights


def support_rows(given: Sequence[Case], wording: Wording, figure: Ranker) -> _Rows:
    """Return the support features of the best figure of each question, and whether it is answerable."""
    rows, right = [], []
    for case in given:
        counts = case.part.kind == "figure"
        found = candidates(case.part, case.topic, case.evidence, wording, case.readings) if counts else ()
        if not found:
            continue
        best = max(found, key=lambda c: figure.score(c.features))
        said = snippet(best.evidence, (best.figure.start, best.figure.end), case.topic, wording)
        reading = case.readings.get(said.evidence.rank)
        judged = SupportCase(
            figure.score(best.features), case.part, case.topic, said, wording, reading, best.features
        )
        rows.append(support_features(judged))
        right.append(case.answerable)
    return np.array(rows), np.array(right)


def fit_support(near: _Rows, far: _Rows) -> tuple[Floats, float]:
    """Return weights and bias of the support, from questions asked of their own and of other paragraphs."""
    rows, right = np.vstack([near[0], far[0]]), np.concatenate([near[1], far[1]])
    counts = np.concatenate([np.ones(len(near[1])), np.full(len(far[1]), ELSEWHERE)])
    fitted = logistic(rows, right, counts, RIDGE * len(rows))
    return fitted[:-1], float(fitted[-1])


def report_support(near: _Rows, far: _Rows, weights: Floats, bias: float) -> None:
    """Print how well answerable questions are separated, and how many are refused at each limit."""
    own, other = near[0] @ weights + bias, far[0] @ weights + bias
    print("support, dev: AUC, paragraph given:", round(auc(own, near[1]), 4), "n =", len(own))
    mixed = np.concatenate([own[near[1]], other])
    answerable = np.concatenate([np.ones(int(near[1].sum()), bool), np.zeros(len(other), bool)])
    print("support, dev: AUC, against other paragraphs:", round(auc(mixed, answerable), 4), "n =", len(mixed))
    for limit in (0.4, 0.5, 0.55, 0.6, 0.65):
        cut = float(np.log(limit / (1 - limit)))
        refused = [float(np.mean(s < cut)) for s in (own[near[1]], own[~near[1]], other)]
        print(
            f"  limit {limit}: answerable refused {refused[0]:.3f}, unanswerable {refused[1]:.3f}, elsewhere {refused[2]:.3f}"
        )


def table(names: Sequence[str], weights: Iterable[float], bias: float = 0.0) -> dict[str, Any]:
    """Return weights by name, as in ``weights.json``."""
    named = {n: round(float(w), 4) for n, w in zip(names, weights, strict=True)}
    return {"bias": round(bias, 4), "weights": named}


def main() -> None:
    """Print how good each ranker is and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--readers", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=Path(__file__).parents[2] / "answering" / WEIGHTS)
    options = parser.parse_args()
    given, everywhere, elsewhere = {}, {}, {}
    halves = [Reader.open(options.readers / f"without-{n}") for n in (0, 1)]
    for split, name in (("train", "train/news_qa"), ("dev", "dev/news_qa_dev")):
        index = memory_index(reports_of(read(options.data / f"{name}.corpus.jsonl.xz")), _NoEncoder())
        asked = read(options.data / f"{name}.queries.jsonl.xz")
        queries = [q for q in asked if q["kind"] in ("figure", "other", "unanswerable", "why")]
        alone = [q for q in queries if q["standalone"]]
        wording = Wording(index)
        readers = halves if split == "train" else ()
        given[split] = cases(queries, index, "given", wording, readers), wording
        everywhere[split] = cases(alone, index, "all", wording, readers), wording
        elsewhere[split] = cases(alone, index, "elsewhere", wording, readers), wording
    figure = _fitted("figure", figure_groups, given, everywhere, len(FEATURES))
    rank = Ranker(FEATURES, tuple(figure), 0.0)
    near = {s: support_rows(*v, rank) for s, v in given.items()}
    far = {s: support_rows(*v, rank) for s, v in elsewhere.items()}
    weights, bias = fit_support(near["train"], far["train"])
    report_support(near["dev"], far["dev"], weights, bias)
    out = json.loads(options.output.read_text("utf-8")) if options.output.exists() else {}
    out |= {"figure": table(FEATURES, figure), "support": table(SUPPORT_FEATURES, weights, bias)}
    options.output.write_text(json.dumps(out, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
