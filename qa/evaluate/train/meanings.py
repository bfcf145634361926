"""Fit how a follow-up is understood: ``python -m qa.evaluate.train.meanings --set QUESTIONS INDEX [--set …] [--write]``.

Every meaning of a follow-up to which an answer is given is an example, right if ``qa.evaluate.measures`` says so of the
answer. One logistic regression over ``qa.engines.meanings.FEATURES`` is fitted. What is printed is cross-validated by
set: how many follow-ups are answered rightly and wrongly by the likeliest meaning alone, and by the one that is chosen.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embeddings.fitted import Linear
from qa.engines import Conversation, answer_by_rules
from qa.engines.meanings import FEATURES, Tried, is_hopeless, is_sure, likeliest, weighed_meanings
from qa.evaluate.gold import Gold, read_gold
from qa.evaluate.train import linear_table, logistic, parser_of, write_weights
from qa.evaluate.train.sureness import is_right
from qa.index import Index, open_index
from qa.question import Catalogue, catalogue_of, meanings

RIDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Example:
    """A follow-up whose meanings were all answered, and which of the answers are right."""

    tried: tuple[Tried, ...]
    right: tuple[bool, ...]
    answerable: bool
    of_set: int


def main() -> None:
    """Print the cross-validated figures, and write the weights with ``--write``."""
    parser = parser_of(__doc__)
    names, about = ("QUESTIONS", "INDEX"), "a set and an index of its reports"
    parser.add_argument("--set", nargs=2, action="append", required=True, metavar=names, help=about)
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    options = parser.parse_args()
    examples = list[Example]()
    for number, (questions, folder) in enumerate(options.set):
        index = open_index(Path(folder))
        catalogue = catalogue_of(index.reports)
        gold = [one for one in read_gold(Path(questions)) if one.history]
        examples += (_example(one, index, catalogue, number) for one in gold)
        print(f"{Path(questions).name}: {len(gold)} follow-ups", flush=True)
    print(
        "the likeliest meaning alone",
        _outcome(examples, [_chosen(e.tried[:1], None) for e in examples]),
    )
    judges = [fitted([e for e in examples if e.of_set != n]) for n in range(len(options.set))]
    print(
        "the one that is chosen",
        _outcome(examples, [_chosen(e.tried, judges[e.of_set]) for e in examples]),
    )
    judge = fitted(examples)
    table = linear_table(FEATURES, judge.weights, judge.bias)
    print(json.dumps(table, indent=1))
    if options.write:
        write_weights({"meaning": table})


def _example(gold: Gold, index: Index, catalogue: Catalogue, of_set: int) -> Example:
    tried = []
    for query in meanings(gold.question, gold.history, catalogue):
        if query.shortened:
            break
        tried.append(Tried(query, answer_by_rules(index, Conversation(query, gold.history))))
    right = (one.given and is_right(gold, one.answer) for one in tried)
    return Example(tuple(tried), tuple(right), gold.answerable, of_set)


def fitted(examples: Sequence[Example]) -> Linear:
    """Return the ranker of meanings; every follow-up that may mean several things counts the same."""
    rows, right, share = list[tuple[float, ...]](), list[bool](), list[float]()
    for one in examples:
        given = [at for at, tried in enumerate(one.tried) if tried.given]
        if len(one.tried) > 1 and given:
            values = weighed_meanings(one.tried)
            rows += (values[at] for at in given)
            right += (one.right[at] for at in given)
            share += [1.0 / len(given)] * len(given)
    shares = np.array(share) / sum(share)
    bounds = [(0.0, None)] * len(FEATURES) + [(None, None)]
    *weights, bias = logistic(np.array(rows), np.array(right), shares, RIDGE, bounds)
    return Linear(FEATURES, tuple(map(float, weights)), float(bias))


def _chosen(tried: Sequence[Tried], judge: Linear | None) -> int | None:
    """Return the index of the meaning whose answer is given, None if none is; without a judge that of a single one."""
    if judge is None or len(tried) == 1:
        return 0 if tried[0].given else None
    for count in range(1, len(tried) + 1):
        if is_sure(tried[:count], judge):
            return likeliest(tried[:count], judge)[0]
        if is_hopeless(tried[:count]):
            return None
    return None


def _outcome(examples: Sequence[Example], chosen: Sequence[int | None]) -> str:
    given = [(one, at) for one, at in zip(examples, chosen, strict=True) if at is not None]
    right = sum(one.right[at] for one, at in given)
    refused = sum(not one.answerable for one, at in zip(examples, chosen, strict=True) if at is None)
    total = len(examples)
    return f"correct {(right + refused) / total:.3f} wrong {(len(given) - right) / total:.3f} of {total}"


if __name__ == "__main__":
    main()
