"""Fit how sure an answer is: ``python -m qa.evaluate.sureness --set QUESTIONS INDEX SHARE [--set …] [--write]``.

A recipe, no part of the product. Every proposal of every question is an example, right where the yardstick says so.
One logistic regression for each source of proposals is fitted by L-BFGS from zero, so that the same data give the
same weights. All that is printed
is measured on questions whose report the weights have not seen: the reports are dealt into folds (a question without
one into the fold of its number), and each fold is judged by the weights of the others. The threshold is the lowest
chance from which no more than the asked share of all questions is told wrongly.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

from qa.answer_json import answer_json
from qa.answering.ranking import WEIGHTS
from qa.answering.sureness.features import FEATURES, SOURCES, source_of
from qa.evaluate.gold import Gold, read_gold
from qa.evaluate.measures import measure
from qa.library import Library, open_library

RIDGES = (5e-5, 5e-5, 2e-4)  # of the squared weights of each source: the best across folds of 1e-5 to 1e-3
FOLDS = 5
WRONG = np.arange(0.025, 0.08, 0.0025)  # shares told wrongly over which two fits are compared
RIGHT = 0.5  # correctness from which an answer counts as right, as in the yardstick

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """One question: the features of its proposals, (n, features), which are right, (n,), and its fold.

    ``answerable`` False: no proposal can be right, and giving none is. ``weight`` is the share of its set over
    the size of that.
    """

    features: Floats
    right: Floats
    fold: int
    answerable: bool
    weight: float = 1.0


def main() -> None:
    """Print what the fit reaches on reports it has not seen, and write the weights where that is asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--set",
        nargs=3,
        action="append",
        required=True,
        metavar=("QUESTIONS", "INDEX", "SHARE"),
        help="a set, an index of its reports, and how much it counts beside the others",
    )
    parser.add_argument(
        "--wrong", type=float, default=0.05, help="share of the questions that may be told wrongly"
    )
    parser.add_argument(
        "--summary",
        type=float,
        default=0.5,
        help="chance from which key sentences are told: more of them are about the topic than not",
    )
    parser.add_argument("--kept", type=Path, help="a file in which examples are kept, to fit again sooner")
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    options = parser.parse_args()
    sets: list[list[Example]] = []
    for number, (questions, index, _) in enumerate(options.set):
        kept = options.kept and options.kept.with_suffix(f".{number}.npz")
        if kept and kept.exists():
            sets.append(_loaded(kept))
        else:
            sets.append(examples(read_gold(Path(questions)), open_library(index)))
            if kept:
                _keep(kept, sets[-1])
    everything = [
        replace(example, weight=float(share) / len(own))
        for own, (*_, share) in zip(sets, options.set, strict=True)
        for example in own
    ]
    judged = _crossed(everything)
    threshold = _threshold(everything, judged, options.wrong)
    print(_reliability(everything, judged))
    at = 0
    for (questions, *_), own in zip(options.set, sets, strict=True):
        print(Path(questions).name, _outcome(own, judged[at : at + len(own)], threshold))
        at += len(own)
    print("all", _outcome(everything, judged, threshold), f"threshold {threshold:.3f}")
    print(
        f"weighted by set, mean of wrong {WRONG[0]} to {WRONG[-1]:.2f}: correct {_over(everything, judged):.4f}"
    )
    tables = {
        f"sureness: {source}": {
            "bias": round(float(own[0]), 4),
            "weights": {n: round(float(w), 4) for n, w in zip(FEATURES, own[1:], strict=True)},
        }
        for source, own in zip(SOURCES, fitted(everything), strict=True)
    }
    print(json.dumps(tables, ensure_ascii=False, indent=1))
    if options.write:
        path = Path(__file__).parent.parent / "answering" / WEIGHTS
        known = json.loads(path.read_text("utf-8"))
        near = _nothing(everything, judged)
        limits = {"sure": ceil(100 * threshold) / 100, "summary": options.summary, "near": round(near, 4)}
        known |= {"sureness": limits, **tables}
        path.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", "utf-8")


def examples(gold: Sequence[Gold], library: Library) -> list[Example]:
    """The examples of some questions, asked of a library."""
    places = [report.place.name for report in library.reports]
    found = []
    for number, one in enumerate(gold):
        weighed = library.weigh(one.question, history=one.history)
        right = [
            float((measure(one, answer_json(answer), {}).correct or 0.0) >= RIGHT) if one.answerable else 0.0
            for answer, _ in weighed
        ]
        own = next(
            (n for n, p in enumerate(places) if p and p[:2] in " ".join((*one.history, one.question))), number
        )
        table = np.array([values for _, values in weighed], dtype=np.float64).reshape(-1, len(FEATURES))
        found.append(Example(table, np.array(right), own % FOLDS, one.answerable))
    return found


def fitted(examples: Sequence[Example]) -> Floats:
    """Bias and weights of each source, (3, 1 + features,); every question of a set counts the same."""
    known = [e for e in examples if len(e.right)]
    table = np.concatenate([e.features for e in known])
    right = np.concatenate([e.right for e in known])
    share = np.concatenate([np.full(len(e.right), e.weight / len(e.right)) for e in known])
    share /= share.sum()
    source = source_of(table)
    each = ((source == number, ridge) for number, ridge in enumerate(RIDGES))
    return np.array([_of_source(table[own], right[own], share[own], ridge) for own, ridge in each])


def _of_source(table: Floats, right: Floats, share: Floats, weight: float) -> Floats:
    """Bias and weights, (1 + features,); the squares of these count by ``weight``."""
    table = np.concatenate([np.ones((len(table), 1)), table], axis=1)

    def loss(weights: Floats) -> tuple[float, Floats]:
        logits = table @ weights
        chance = 1.0 / (1.0 + np.exp(-logits))
        value = float((share * (np.logaddexp(0.0, logits) - right * logits)).sum())
        slope = table.T @ (share * (chance - right))
        ridge = np.concatenate([[0.0], weights[1:]])
        return value + weight * float(ridge @ ridge), slope + 2 * weight * ridge

    found: Floats = minimize(loss, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B").x
    return found


def _chances(features: Floats, weights: Floats) -> Floats:
    """The chance of each proposal, (n,), by the weights of its source."""
    own = weights[source_of(features)]
    logits: Floats = own[:, 0] + (features * own[:, 1:]).sum(1)
    return 1.0 / (1.0 + np.exp(-logits))


def _crossed(examples: Sequence[Example]) -> list[Floats]:
    """The chances of the proposals of each question, by weights that have not seen its fold."""
    by_fold = {f: fitted([e for e in examples if e.fold != f]) for f in {e.fold for e in examples}}
    return [_chances(e.features, by_fold[e.fold]) for e in examples]


def _best(example: Example, chances: Floats) -> tuple[float, bool]:
    """The chance of the proposal that would be given, and whether it is right."""
    if not len(chances):
        return 0.0, False
    at = int(np.argmax(chances))
    return float(chances[at]), bool(example.right[at])


def _threshold(examples: Sequence[Example], judged: Sequence[Floats], wrong: float) -> float:
    """The lowest chance from which at most so large a share of all questions is told wrongly."""
    told = sorted((*_best(e, c), e.weight) for e, c in zip(examples, judged, strict=True))[::-1]
    spoilt = np.cumsum([0.0 if right else weight for _, right, weight in told])
    room = wrong * sum(e.weight for e in examples)
    few = [chance for (chance, *_), sum_ in zip(told, spoilt, strict=True) if sum_ <= room]
    return few[-1] if few else 1.0


def _over(examples: Sequence[Example], judged: Sequence[Floats]) -> float:
    """The share answered rightly, or rightly not at all, on average over several shares told wrongly."""
    best = [(*_best(e, c), e) for e, c in zip(examples, judged, strict=True)]
    shares = []
    for wrong in WRONG:
        least = _threshold(examples, judged, float(wrong))
        shares.append(sum(e.weight * (right if p >= least else not e.answerable) for p, right, e in best))
    return float(np.mean(shares)) / sum(e.weight for e in examples)


def _nothing(examples: Sequence[Example], judged: Sequence[Floats]) -> float:
    """The chance under which hardly any proposal is right: one in twenty of those that are lower."""
    told = sorted(_best(e, c) for e, c in zip(examples, judged, strict=True) if len(c))
    rights = np.cumsum([right for _, right in told])
    enough = [n for n in range(len(told)) if rights[n] <= 0.05 * (n + 1)]
    return told[enough[-1]][0] if enough else 0.0


def _outcome(examples: Sequence[Example], judged: Sequence[Floats], threshold: float) -> str:
    given = right = wrong = refused = 0
    for example, chances in zip(examples, judged, strict=True):
        chance, good = _best(example, chances)
        if chance >= threshold and len(chances):
            given, right, wrong = given + 1, right + good, wrong + (not good)
        else:
            refused += not example.answerable
    total = len(examples)
    return (
        f"questions {total} correct {(right + refused) / total:.3f} wrong {wrong / total:.3f} "
        f"precision {right / max(1, given):.3f} answered {given}"
    )


def _reliability(examples: Sequence[Example], judged: Sequence[Floats]) -> str:
    """Chance told and share that was right, in ten bins."""
    told = np.array([_best(e, c) for e, c in zip(examples, judged, strict=True) if len(c)])
    lines = ["chance      told  right  questions"]
    for low in np.arange(0.0, 1.0, 0.1):
        own = told[(told[:, 0] >= low) & (told[:, 0] < low + 0.1)]
        if len(own):
            lines.append(
                f"{low:.1f}–{low + 0.1:.1f}  {own[:, 0].mean():7.2f} {own[:, 1].mean():6.2f} {len(own):6}"
            )
    return "\n".join(lines)


def _keep(path: Path, examples: Sequence[Example]) -> None:
    sizes = np.array([len(e.right) for e in examples])
    features = np.concatenate([e.features for e in examples])
    right = np.concatenate([e.right for e in examples])
    rest = np.array([[e.fold, e.answerable] for e in examples])
    np.savez(path, sizes=sizes, features=features, right=right, rest=rest)


def _loaded(path: Path) -> list[Example]:
    with np.load(path) as held:
        ends = np.cumsum(held["sizes"])[:-1]
        return [
            Example(f, r, int(fold), bool(answerable))
            for f, r, (fold, answerable) in zip(
                np.split(held["features"], ends), np.split(held["right"], ends), held["rest"], strict=True
            )
        ]


if __name__ == "__main__":
    main()
