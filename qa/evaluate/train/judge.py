"""Fit the models that judge proposals: logistic regressions, and a forest that knows what these say of all proposals.

One logistic regression for each source of proposals is fitted by L-BFGS from zero. What can only speak for an answer never
counts against it, nor the reverse, and the kind of a question counts little: rare cases cannot teach that a wrong unit is
good. The forest learns from the log-odds of regressions that did not see the report of the question.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit  # type: ignore[import-untyped]

from embeddings.fitted import LEAF, Forest, among_others
from qa.answering.sureness.features import EARLIER, FEATURES, KINDS, of_each_source, source_of
from qa.evaluate.train import Floats, logistic

HELPS = frozenset((  # features whose weight is never negative
    "answered", "answered, beyond doubt", "answered, rather not", "answered, lead over others", "rank",
    "answer covers topic",
    "answer covers the least of several things", "computed, as is asked", "not computed, as is asked",
    "of the years asked", "span", "span, as a chance",
    "another passage says the same", "in the clause that proves",
    "a span for each of several things",
    "marked", "marked, lead over others", "what it counts is asked", "as many as named",
    "its clause has the number named",
    "one by one: least sure", "one by one: on average", "one by one: all at once", "one by one: counted alike",
    "one by one: in one sentence", "one by one: said by the whole",
))  # fmt: skip
HARMS = frozenset((  # features whose weight is never positive
    "not what is to be computed", "figures of the same kind beside it", "figures beside those found",
    "fewer figures than are asked", "asks much",
    "a plan, and results are asked", "a result, and plans are asked", "of other years",
    "of more years than are asked", EARLIER, "of a place not asked", "of a level not asked",
    "unit not as asked", "not as many as named",
))  # fmt: skip
KIND = 0.5  # largest weight of the kind of a question
RIDGES = (2e-4, 4e-4)  # L2 for each source: the best across folds of 5e-5 to 1e-3
FOREST_SHARE = 0.7  # of a chance; the rest is of the linear model
TREES, LEAST, TRIED = 60, 4, 0.5  # how many, examples of a leaf, share of the features tried for a branch


@dataclass(frozen=True, slots=True)
class Example:
    """One question with its proposals."""

    features: Floats  # (n, features)
    right: Floats  # (n,)
    fold: int
    answerable: bool  # if not, only giving no answer is right
    weight: float = 1.0  # share of its set over the size of the set


@dataclass(frozen=True, slots=True)
class Judge:
    """The models; ``linear`` has bias and weights of each source, (sources, 1 + features)."""

    linear: Floats
    forest: Forest

    def chances(self, features: Floats) -> Floats:
        """Return the probability of each proposal of one question, (n,); as ``sureness.choice`` does."""
        log_odds = _log_odds(features, self.linear)
        chances = np.asarray(expit(log_odds))
        for own in of_each_source(features):
            chances[own] = self.forest.chances_among(features[own], log_odds[own], FOREST_SHARE)
        return chances


def write_forest(path: Path, forest: Forest) -> None:
    """Write a forest as ``Forest.read`` reads it."""
    np.savez_compressed(path, **{name: getattr(forest, name) for name in Forest.__slots__})


def fitted(examples: Sequence[Example]) -> Judge:
    """Return the models; every question of a set counts the same."""
    folds = sorted({e.fold for e in examples})
    rows, right, share = list[Floats](), list[Floats](), list[Floats]()
    for fold in folds:
        apart = _linear([e for e in examples if e.fold != fold or len(folds) == 1])
        for one in (e for e in examples if e.fold == fold):
            for own in of_each_source(one.features):
                rows.append(among_others(one.features[own], _log_odds(one.features[own], apart)))
                right.append(one.right[own])
                share.append(np.full(own.sum(), one.weight / len(one.right)))
    return Judge(_linear(examples), _grown(*map(np.concatenate, (rows, right, share))))


def _log_odds(features: Floats, linear: Floats) -> Floats:
    own = linear[source_of(features)]
    return np.asarray(own[:, 0] + (features * own[:, 1:]).sum(1))


def _linear(examples: Sequence[Example]) -> Floats:
    """Return bias and weights of each source, (sources, 1 + features); every question of a set counts the same."""
    known = [e for e in examples if len(e.right)]
    table = np.concatenate([e.features for e in known])
    right = np.concatenate([e.right for e in known])
    share = np.concatenate([np.full(len(e.right), e.weight / len(e.right)) for e in known])
    share /= share.sum()
    source = source_of(table)
    bounds = [*map(_bounds, FEATURES), (None, None)]
    each = ((source == number, ridge) for number, ridge in enumerate(RIDGES))
    found = [logistic(table[own], right[own], share[own], ridge, bounds) for own, ridge in each]
    return np.roll(np.array(found), 1, axis=1)


def _bounds(feature: str) -> tuple[float | None, float | None]:
    if feature.removeprefix("a ") in KINDS:
        return -KIND, KIND
    return 0.0 if feature in HELPS else None, 0.0 if feature in HARMS else None


def _grown(rows: Floats, right: Floats, share: Floats) -> Forest:
    from sklearn.ensemble import ExtraTreesClassifier  # type: ignore[import-untyped]

    model = ExtraTreesClassifier(TREES, min_samples_leaf=LEAST, max_features=TRIED, random_state=0)
    model.fit(rows, right > 0.5, sample_weight=share / share.mean())
    known = model.classes_.tolist()  # one alone where all are right, or none
    trees = [each.tree_ for each in model.estimators_]
    roots = np.cumsum([0, *(tree.node_count for tree in trees[:-1])])
    parts = [_nodes(tree, known) for tree in trees]
    feature, limit, other = map(np.concatenate, zip(*parts, strict=True))
    return Forest(feature, limit, other, roots.astype(np.int32))


def _nodes(tree: Any, known: Sequence[bool]) -> tuple[Any, Any, Any]:
    """Return the nodes of a tree of scikit-learn, which numbers the branch of small values right after its node."""
    leaf = tree.children_left < 0
    if not (leaf | (tree.children_left == np.arange(len(leaf)) + 1)).all():
        raise ValueError("the branches of a tree are numbered in another way than scikit-learn's are")
    share = tree.value[:, 0, known.index(True)] if True in known else np.zeros(len(leaf))
    limit = np.where(leaf, share, tree.threshold).astype(np.float16)
    feature = np.where(leaf, LEAF, tree.feature).astype(np.uint8)
    further = np.where(leaf, 0, tree.children_right - np.arange(len(leaf)))
    return feature, limit, further.astype(np.uint16)
