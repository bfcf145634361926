"""Fit how sure an answer is: ``python -m qa.evaluate.train.sureness --set QUESTIONS INDEX SHARE [--set …] [--write]``.

Every proposal of every question is an example, right if
``qa.evaluate.measures`` says so. ``judge`` fits the models; the same data give the same ones. All printed figures are
cross-validated by report (a question without one goes into the fold of its number). The threshold is the lowest
probability at which no more than the given share of all questions is answered wrongly. What is looked up one by one has
the chances of its parts as features, which are those of the shipped models: after a change fit twice.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from math import ceil
from pathlib import Path

import numpy as np

from qa.answer_json import answer_json
from qa.answering.answer import likeliest, of_whole, written_without
from qa.answering.beside import without_stated_figures
from qa.answering.found import without_unlikely
from qa.answering.lookups import Alone, look_up_each
from qa.answering.ranking import FOREST, limit
from qa.answering.several import asks_several, made_of
from qa.answering.sureness import weighed
from qa.answering.sureness.features import FEATURES, SOURCES
from qa.answering.table_rows import without_other_parts
from qa.answering.wording import wording_of
from qa.evaluate.gold import Gold, read_gold
from qa.evaluate.measures import measure
from qa.evaluate.train import Floats, linear_table, parser_of, write_weights
from qa.evaluate.train.judge import FOREST_SHARE, Example, fitted, write_forest
from qa.index import Index, open_index
from qa.question import catalogue_of, understand
from qa.retrieval import PASSAGES, found_and_ranked
from qa.types import Answer, Hit, Query

FOLDS = 5
WRONG = np.arange(0.025, 0.08, 0.0025)  # shares of wrong answers over which fits are compared
RIGHT = 0.5  # correctness from which an answer counts as right

Weighed = tuple[Answer, tuple[float, ...]]


def main() -> None:
    """Print the cross-validated quality of the fit, and write the weights with ``--write``."""
    parser = parser_of(__doc__)
    names, about = ("QUESTIONS", "INDEX", "SHARE"), "a set, an index of its reports, and its weight"
    parser.add_argument("--set", nargs=3, action="append", required=True, metavar=names, help=about)
    about = "share of questions that may be answered wrongly"
    parser.add_argument("--wrong", type=float, default=0.04, help=about)
    about = "probability from which key sentences are given: more of them are about the topic than not"
    parser.add_argument("--summary", type=float, default=0.5, help=about)
    parser.add_argument("--kept", type=Path, help="file that caches the examples")
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    options = parser.parse_args()
    sets: list[list[Example]] = []
    for number, (questions, index, _) in enumerate(options.set):
        kept = options.kept and options.kept.with_suffix(f".{number}.npz")
        if kept and kept.exists():
            sets.append(_load(kept))
        else:
            sets.append(examples(read_gold(Path(questions)), open_index(Path(index))))
            if kept:
                _save(kept, sets[-1])
    everything = [
        replace(example, weight=float(share) / len(own))
        for own, (*_, share) in zip(sets, options.set, strict=True)
        for example in own
    ]
    judged = _cross_validated(everything)
    threshold = _threshold(everything, judged, options.wrong)
    print(_reliability(everything, judged))
    at = 0
    for (questions, *_), own in zip(options.set, sets, strict=True):
        print(Path(questions).name, _outcome(own, judged[at : at + len(own)], threshold))
        at += len(own)
    print("all", _outcome(everything, judged, threshold), f"threshold {threshold:.3f}")
    print(
        f"weighted by set, mean of wrong {WRONG[0]} to {WRONG[-1]:.2f}: correct {_mean_correct(everything, judged):.4f}"
    )
    judge = fitted(everything)
    tables = {
        f"sureness: {source}": linear_table(FEATURES, own[1:], own[0])
        for source, own in zip(SOURCES, judge.linear, strict=True)
    }
    print(json.dumps(tables, ensure_ascii=False, indent=1))
    if options.write:
        near = _near_limit(everything, judged)
        limits = {name: limit("sureness", name) for name in ("checked", "shortened", "continued", "listed")}
        limits |= {
            "sure": ceil(100 * threshold) / 100,
            "summary": options.summary,
            "near": round(near, 4),
            "forest": FOREST_SHARE,
        }
        write_weights({"sureness": limits, **tables})
        write_forest(FOREST, judge.forest)


def examples(gold: Sequence[Gold], index: Index) -> list[Example]:
    """Return the examples of some questions, asked of an index."""
    catalogue, places = catalogue_of(index.reports), [report.place.name for report in index.reports]
    found = []
    for number, one in enumerate(gold):
        query = understand(one.question, one.history, catalogue)
        answers = weigh(index, query, *found_and_ranked(index, query, PASSAGES))
        # of what has no whole answer, one that says what is missing is neither right nor wrong
        answers = tuple(each for each in answers if one.answerable or not each[0].missing)
        right = [float(is_right(one, answer)) for answer, _ in answers]
        asked = " ".join((*one.history, one.question))
        own = next((n for n, place in enumerate(places) if place and place[:2] in asked), number)
        table = np.array([values for _, values in answers], dtype=np.float64).reshape(-1, len(FEATURES))
        found.append(Example(table, np.array(right), own % FOLDS, one.answerable))
    return found


def weigh(
    index: Index, query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit]
) -> tuple[Weighed, ...]:
    """Return every possible answer with its features, in the order of ``sureness.features.FEATURES``.

    The answer whose things are looked up one by one comes last.
    """
    together = tuple[Weighed, ...]()
    if asks_several(query):
        whole = of_whole(index, query, found, passages)
        together = weighed_together(index, query, passages, partial(likeliest, index), whole)
        if len(query.scopes) > 1:
            return together
    found = [without_other_parts(query, hits) for hits in found]
    plain = without_stated_figures(query)
    written = written_without(index, plain, found, passages)
    return *weighed(plain, written, passages, wording_of(index)), *together


def weighed_together(
    index: Index, query: Query, passages: Sequence[Hit], alone: Alone, whole: Answer | None
) -> tuple[Weighed, ...]:
    """Return the answer of :func:`several` with its features, nothing if it has none; arguments as there."""
    possible = look_up_each(index, query, alone)
    made, values = made_of(index, query, passages, without_unlikely(possible), whole)
    if made is None:
        made, values = made_of(index, query, passages, possible, whole)
    return ((made, values),) if made else ()


def is_right(gold: Gold, answer: Answer) -> bool:
    """Whether an answer counts as right; none is to a question without one."""
    return gold.answerable and (measure(gold, answer_json(answer), {}).correct or 0.0) >= RIGHT


def _cross_validated(examples: Sequence[Example]) -> list[Floats]:
    """Return the probabilities of the proposals of each question, by weights fitted without its fold."""
    by_fold = {f: fitted([e for e in examples if e.fold != f]) for f in {e.fold for e in examples}}
    return [by_fold[e.fold].chances(e.features) for e in examples]


def _best(example: Example, chances: Floats) -> tuple[float, bool]:
    if not len(chances):
        return 0.0, False
    at = int(np.argmax(chances))
    return float(chances[at]), bool(example.right[at])


def _threshold(examples: Sequence[Example], judged: Sequence[Floats], wrong: float) -> float:
    """Return the lowest probability at which at most this share of questions is answered wrongly."""
    ordered = sorted((*_best(e, c), e.weight) for e, c in zip(examples, judged, strict=True))[::-1]
    errors = np.cumsum([0.0 if right else weight for _, right, weight in ordered])
    most = wrong * sum(e.weight for e in examples)
    allowed = [chance for (chance, *_), error in zip(ordered, errors, strict=True) if error <= most]
    return allowed[-1] if allowed else 1.0


def _mean_correct(examples: Sequence[Example], judged: Sequence[Floats]) -> float:
    """Return the share answered or refused rightly, averaged over several shares of wrong answers."""
    best = [(*_best(e, c), e) for e, c in zip(examples, judged, strict=True)]
    shares = []
    for wrong in WRONG:
        least = _threshold(examples, judged, float(wrong))
        shares.append(sum(e.weight * (right if p >= least else not e.answerable) for p, right, e in best))
    return float(np.mean(shares)) / sum(e.weight for e in examples)


def _near_limit(examples: Sequence[Example], judged: Sequence[Floats]) -> float:
    """Return the probability below which only one proposal in twenty is right."""
    ordered = sorted(_best(e, c) for e, c in zip(examples, judged, strict=True) if len(c))
    rights = np.cumsum([right for _, right in ordered])
    enough = [n for n in range(len(ordered)) if rights[n] <= 0.05 * (n + 1)]
    return ordered[enough[-1]][0] if enough else 0.0


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
    pairs = np.array([_best(e, c) for e, c in zip(examples, judged, strict=True) if len(c)])
    lines = ["chance      told  right  questions"]
    for low in np.arange(0.0, 1.0, 0.1):
        own = pairs[(pairs[:, 0] >= low) & (pairs[:, 0] < low + 0.1)]
        if len(own):
            chance, right = own.mean(0)
            lines.append(f"{low:.1f}–{low + 0.1:.1f}  {chance:7.2f} {right:6.2f} {len(own):6}")
    return "\n".join(lines)


def _save(path: Path, examples: Sequence[Example]) -> None:
    sizes = np.array([len(e.right) for e in examples])
    features = np.concatenate([e.features for e in examples])
    right = np.concatenate([e.right for e in examples])
    rest = np.array([[e.fold, e.answerable] for e in examples])
    np.savez(path, sizes=sizes, features=features, right=right, rest=rest)


def _load(path: Path) -> list[Example]:
    with np.load(path) as stored:
        ends = np.cumsum(stored["sizes"])[:-1]
        features, right = np.split(stored["features"], ends), np.split(stored["right"], ends)
        rows = zip(features, right, stored["rest"], strict=True)
        return [Example(f, r, int(fold), bool(answerable)) for f, r, (fold, answerable) in rows]


if __name__ == "__main__":
    main()
