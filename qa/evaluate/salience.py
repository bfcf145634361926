"""Fit which sentences belong in a summary: ``python -m qa.evaluate.salience --marks MARKS --reports DIR [--write]``.

A recipe, no part of the product. MARKS holds requests for a summary, one JSON object a line: ``set``, ``report`` (a file
of DIR/set), ``ask``, and the sentences that a good summary has (``key``) or may have (``also``). The sentences of a
request compete by a softmax for the place of a key sentence; by the same features a logistic regression tells how likely
each is about the topic. What is printed is measured on reports that the weights have not seen: of the six sentences
ranked first the share that is key, the share that is neither, and the share of the key ones among them; then, of the
sentences that are told, how the mean chance of a summary goes with the share of them that is about the topic.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

from qa.answering.ranking import WEIGHTS
from qa.answering.salience import FEATURES, features
from qa.answering.summary import SENTENCES
from qa.answering.sureness.span_answers import read_passages
from qa.answering.wording import Wording
from qa.index.memory import memory_index
from qa.question import catalogue_of, understand
from qa.reading import read_report
from qa.retrieval import interleave, search

FOLDS = 6
RIDGE = (
    0.01  # on the square of each weight of a feature with deviation 1: the best across folds of .001 to .03
)
ALSO = 0.25  # of what a key sentence counts
TOLD = 0.3  # chance under which a sentence behind the first is not told: .04 less that is neither, .05 less that is key
FOUND = 20  # passages

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Request:
    """One request: the features of its sentences, (n, features), what each is worth, (n,): 1, ``ALSO`` or 0."""

    report: str
    features: Floats
    worth: Floats
    keys: int


def main() -> None:
    """Print what the fit reaches on reports it has not seen, and write the weights where that is asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--marks", type=Path, required=True)
    parser.add_argument("--reports", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    options = parser.parse_args()
    made = requests(options.marks, options.reports)
    ranked, chances = _crossed(made, softmax), _crossed(made, logistic)
    print(
        f"{len(made)} requests: {_first(made, ranked)}; about the topic: {_calibrated(made, ranked, chances)}"
    )
    if options.write:
        path = Path(__file__).parent.parent / "answering" / WEIGHTS
        known = json.loads(path.read_text("utf-8"))
        known["salience"] = _table(fitted(made, softmax))
        known["salience: about the topic"] = {"told": TOLD, **_table(fitted(made, logistic))}
        path.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", "utf-8")


def requests(marks: Path, reports: Path) -> list[Request]:
    """The requests, each asked of the reports of its set; one whose report finds nothing is left out."""
    rows = [json.loads(line) for line in marks.read_text("utf-8").splitlines()]
    made = []
    for name in dict.fromkeys(row["set"] for row in rows):
        read = [read_report(path) for path in sorted((reports / name).iterdir())]
        index = memory_index(read)
        wording = Wording(index)
        ids = {report.source.name: report.id for report in read}
        for row in (row for row in rows if row["set"] == name):
            own = index.by_id[ids[row["report"]]]
            query = understand(row["ask"], (), catalogue_of((own,)))
            hits = interleave(search(index, query, FOUND), FOUND)
            readings = {one.passage: one.reading for one in read_passages(query, hits)}
            found = list(features(query.standalone, query.topic, hits, wording, readings))
            key, also = set(row["key"]), set(row["also"])
            if found:
                texts = [item.text for item, _ in found]
                worth = [1.0 if text in key else ALSO * (text in also) for text in texts]
                made.append(Request(own.id, np.array([v for _, v in found]), np.array(worth), len(key)))
    return made


def fitted(made: Sequence[Request], fit: Callable[[Sequence[Request], Floats], Floats]) -> Floats:
    """Weights and bias, (features + 1,)."""
    table = np.concatenate([one.features for one in made])
    middle, spread = table.mean(0), table.std(0) + 1e-6
    scaled = [Request(one.report, (one.features - middle) / spread, one.worth, one.keys) for one in made]
    found = fit(scaled, np.zeros(table.shape[1] + 1))
    weights = found[:-1] / spread
    return np.append(weights, found[-1] - weights @ middle)


def softmax(made: Sequence[Request], start: Floats) -> Floats:
    """The sentences of a request compete for the place of a key sentence."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros_like(weights)
        for one in made:
            if not one.worth.any():
                continue
            scores = one.features @ weights[:-1]
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            share = one.worth / one.worth.sum()
            total -= float(share @ np.log(chances))
            slope[:-1] += one.features.T @ (chances - share)
        held = np.append(weights[:-1], 0.0)
        return total / len(made) + RIDGE * float(held @ held) / 2, slope / len(made) + RIDGE * held

    found: Floats = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return found


def logistic(made: Sequence[Request], start: Floats) -> Floats:
    """Each sentence is about the topic, or it is not; every request counts the same."""
    table = np.concatenate([one.features for one in made])
    right = np.concatenate([one.worth > 0 for one in made]).astype(float)
    share = np.concatenate([np.full(len(one.worth), 1 / len(one.worth) / len(made)) for one in made])

    def loss(weights: Floats) -> tuple[float, Floats]:
        logits = table @ weights[:-1] + weights[-1]
        value = float(share @ (np.logaddexp(0.0, logits) - right * logits))
        pull = share * (1.0 / (1.0 + np.exp(-logits)) - right)
        held = np.append(weights[:-1], 0.0)
        ridge = RIDGE / 10
        return value + ridge * float(held @ held) / 2, np.append(table.T @ pull, pull.sum()) + ridge * held

    found: Floats = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return found


def _crossed(made: Sequence[Request], fit: Callable[[Sequence[Request], Floats], Floats]) -> list[Floats]:
    """The score of each sentence, (n,), by weights that have not seen its report."""
    names = sorted({one.report for one in made})
    fold = {name: number % FOLDS for number, name in enumerate(names)}
    weights = [fitted([one for one in made if fold[one.report] != f], fit) for f in range(FOLDS)]
    return [one.features @ (own := weights[fold[one.report]])[:-1] + own[-1] for one in made]


def _first(made: Sequence[Request], scores: Sequence[Floats]) -> str:
    shares = []
    for one, own in zip(made, scores, strict=True):
        worth = one.worth[np.argsort(-own, kind="stable")[:SENTENCES]]
        keys = float((worth == 1).sum())
        shares.append((keys / len(worth), float((worth == 0).mean()), keys / min(one.keys, SENTENCES)))
    key, neither, found = np.mean(shares, axis=0)
    return f"key {key:.3f}, neither {neither:.3f}, of the key ones {found:.3f}"


def _calibrated(made: Sequence[Request], scores: Sequence[Floats], logits: Sequence[Floats]) -> str:
    told = []
    for one, own, log in zip(made, scores, logits, strict=True):
        chances = 1.0 / (1.0 + np.exp(-log))
        first = np.argsort(-own, kind="stable")[:SENTENCES]
        kept = [at for n, at in enumerate(first) if not n or chances[at] >= TOLD]
        told.append((float(chances[kept].mean()), float((one.worth[kept] > 0).mean())))
    table = np.array(told)
    bins = np.clip((table[:, 0] * 10).astype(int), 2, 9)
    return ", ".join(
        f"{b / 10:.1f}: {table[bins == b, 1].mean():.2f} ({(bins == b).sum()})" for b in sorted(set(bins))
    )


def _table(weights: Floats) -> dict[str, object]:
    named = {name: round(float(w), 4) for name, w in zip(FEATURES, weights[:-1], strict=True)}
    return {"bias": round(float(weights[-1]), 4), "weights": named}


if __name__ == "__main__":
    main()
