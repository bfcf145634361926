"""Fit which sentences belong in a summary: ``python -m qa.evaluate.train.salience --marks MARKS --reports DIR [--write]``.

MARKS has requests for a summary, one JSON object per line: ``set``,
``report`` (a file of DIR/set), ``ask``, and the sentences that a good summary has (``key``) or may have (``also``). A
softmax over the sentences of a request ranks key sentences; a logistic regression over the same features estimates how
likely each is about the topic. Printed, cross-validated by report: of the six sentences ranked first, and of those of
them that are shown, the shares that are key and neither, and their share of all key ones; then the calibration of a
summary's mean probability.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped]

from qa.answering.salience import FEATURES, features
from qa.answering.summary import SENTENCES, subject_of
from qa.answering.sureness.span_answers import read_passages
from qa.answering.wording import Wording
from qa.evaluate.train import Floats, linear_table, logistic, parser_of, write_weights
from qa.index import open_index, rebuild
from qa.question import catalogue_of, understand
from qa.retrieval import interleave, search

FOLDS = 6
RIDGE = 0.01  # L2 on weights of standardised features: the best across folds of .001 to .03
ALSO = 0.25  # worth of a sentence that a summary may have; a key sentence is worth 1
SHOWN = 0.35  # least probability of a shown sentence after the first
FOUND = 20  # passages


@dataclass(frozen=True, slots=True)
class Request:
    """One request: the features of its sentences, (n, features), and their worth, (n,): 1, ``ALSO`` or 0."""

    report: str
    features: Floats
    worth: Floats
    keys: int


def main() -> None:
    """Print the cross-validated quality of the fit, and write the weights with ``--write``."""
    parser = parser_of(__doc__)
    parser.add_argument("--marks", type=Path, required=True)
    parser.add_argument("--reports", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    options = parser.parse_args()
    made = requests(options.marks, options.reports)
    ranks, chances = _cross_validated(made, softmax), _cross_validated(made, about)
    print(
        f"{len(made)} requests: {_precision(made, _first(ranks))}; shown: {_precision(made, _shown(ranks, chances))}; "
        f"about the topic: {_calibration(made, _shown(ranks, chances), chances)}"
    )
    if options.write:
        *ranking, bias = fitted(made, softmax)
        *topic, odds = fitted(made, about)
        on_topic = {"shown": SHOWN, **linear_table(FEATURES, topic, odds)}
        ranked = linear_table(FEATURES, ranking, bias)
        write_weights({"salience": ranked, "salience: about the topic": on_topic})


def requests(marks: Path, reports: Path) -> list[Request]:
    """Return the requests, each asked of its report; one without any passage is left out."""
    rows = [json.loads(line) for line in marks.read_text("utf-8").splitlines()]
    made = []
    for name in dict.fromkeys(row["set"] for row in rows):
        with TemporaryDirectory() as folder:
            rebuild([reports / name], Path(folder))
            index = open_index(Path(folder))
        wording = Wording(index)
        ids = {report.source.name: report.id for report in index.reports}
        for row in (row for row in rows if row["set"] == name):
            own = index.by_id[ids[row["report"]]]
            query = understand(row["ask"], (), catalogue_of((own,)))
            hits = interleave(search(index, query, FOUND), FOUND)
            readings = {one.hit.position: one.reading for one in read_passages(query, hits)}
            found = features(query.standalone, subject_of(query.topic), hits, wording, readings)
            key, also = set(row["key"]), set(row["also"])
            if found:
                texts = [item.text for item, _ in found]
                worth = [1.0 if text in key else ALSO * (text in also) for text in texts]
                made.append(Request(own.id, np.array([v for _, v in found]), np.array(worth), len(key)))
    return made


def fitted(made: Sequence[Request], fit: Callable[[Sequence[Request]], Floats]) -> Floats:
    """Return weights and bias, (features + 1,), fitted on standardised features."""
    table = np.concatenate([one.features for one in made])
    middle, spread = table.mean(0), table.std(0) + 1e-6
    scaled = [Request(one.report, (one.features - middle) / spread, one.worth, one.keys) for one in made]
    found = fit(scaled)
    weights = found[:-1] / spread
    return np.append(weights, found[-1] - weights @ middle)


def softmax(made: Sequence[Request]) -> Floats:
    """Return weights by which the key sentences of a request rank first."""

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
        penalised = np.append(weights[:-1], 0.0)
        value = total / len(made) + RIDGE * float(penalised @ penalised) / 2
        return value, slope / len(made) + RIDGE * penalised

    start = np.zeros(made[0].features.shape[1] + 1)
    found: Floats = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return found


def about(made: Sequence[Request]) -> Floats:
    """Return weights of the probability that a sentence is about the topic; all requests count the same."""
    table = np.concatenate([one.features for one in made])
    right = np.concatenate([one.worth > 0 for one in made])
    share = np.concatenate([np.full(len(one.worth), 1 / len(one.worth) / len(made)) for one in made])
    return logistic(table, right, share, RIDGE / 20)


def _cross_validated(made: Sequence[Request], fit: Callable[[Sequence[Request]], Floats]) -> list[Floats]:
    """Return the score of each sentence, (n,), by weights fitted without its report."""
    names = sorted({one.report for one in made})
    fold = {name: number % FOLDS for number, name in enumerate(names)}
    weights = [fitted([one for one in made if fold[one.report] != f], fit) for f in range(FOLDS)]
    return [one.features @ (own := weights[fold[one.report]])[:-1] + own[-1] for one in made]


def _first(scores: Sequence[Floats]) -> list[list[int]]:
    return [np.argsort(-own, kind="stable")[:SENTENCES].tolist() for own in scores]


def _shown(scores: Sequence[Floats], logits: Sequence[Floats]) -> list[list[int]]:
    """Return which of these are shown: the very first, and those likely enough about the topic."""
    least = np.log(SHOWN / (1 - SHOWN))
    return [
        [at for n, at in enumerate(first) if not n or log[at] >= least]
        for first, log in zip(_first(scores), logits, strict=True)
    ]


def _precision(made: Sequence[Request], chosen: Sequence[list[int]]) -> str:
    shares = []
    for one, kept in zip(made, chosen, strict=True):
        keys = float((one.worth[kept] == 1).sum())
        off = float((one.worth[kept] == 0).mean())
        shares.append((keys / len(kept), off, keys / min(one.keys, SENTENCES)))
    key, neither, found = np.mean(shares, axis=0)
    return f"key {key:.3f}, neither {neither:.3f}, of the key ones {found:.3f}"


def _calibration(made: Sequence[Request], chosen: Sequence[list[int]], logits: Sequence[Floats]) -> str:
    pairs = []
    for one, kept, log in zip(made, chosen, logits, strict=True):
        chances = 1.0 / (1.0 + np.exp(-log[kept]))
        pairs.append((float(chances.mean()), float((one.worth[kept] > 0).mean())))
    table = np.array(pairs)
    bins = np.clip((table[:, 0] * 10).astype(int), 2, 9)
    each = ((b, table[bins == b, 1]) for b in sorted(set(bins)))
    return ", ".join(f"{b / 10:.1f}: {right.mean():.2f} ({len(right)})" for b, right in each)


if __name__ == "__main__":
    main()
