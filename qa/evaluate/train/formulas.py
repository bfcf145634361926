"""Learn which formula over some figures, or none, is asked for: by how a question sounds, and what speaks for each candidate.

By the words of a question a multinomial regression tells the formula; the candidates of a question and "none" then compete by a
softmax over the scores of a network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from embeddings.fitted import Network
from embeddings.train.choice import fitted
from qa.answering.programs.features import heard
from qa.evaluate.train import Floats, multinomial
from qa.text.figures import same_value

RIDGE = 0.001  # on half the squares of the weights of how questions sound
FOLDS = 6  # of writers
ALIKE = ("difference", "rest", "compare")  # of two figures they have the same result
SHOWN = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)  # chances of the table that is printed


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its candidates; without one it teaches only how questions sound."""

    writer: int | None  # None: such questions are spread over all folds
    sound: Floats  # what tells how the question sounds
    formula: int  # index of the formula; of none, which stands last
    formulas: tuple[int, ...]  # of the candidates
    results: tuple[str, ...]  # of the candidates
    features: (
        Floats  # (candidates, features); the last ones are how the question sounds, for each formula and none
    )
    right: tuple[bool, ...]

    def heard(self, sounds: Floats, column: int) -> Example:
        """Return it with how the question sounds, by weights of (formulas + 1, n); ``column`` is that of the own formula."""
        scores = sounds @ self.sound
        each = np.array(heard(scores - np.logaddexp.reduce(scores)))
        features = self.features.copy()
        features[:, column] = each[list(self.formulas)]
        features[:, -len(each) :] = each
        return replace(self, features=features)

    def best(self, network: Network) -> tuple[float, bool]:
        """Return the chance of the result of the likeliest candidate, and whether that is right."""
        scores = network.scores(self.features)
        chances = np.exp(scores - np.logaddexp.reduce([0.0, *scores]))
        first = int(np.argmax(chances))
        alike = [result == self.results[first] for result in self.results]
        return float(chances[alike].sum()), self.right[first]


def is_right(formula: str, values: Sequence[float], wanted: str, over: Sequence[float]) -> bool:
    """Whether a formula over some values computes what is wanted, over just the values that are right."""
    alike = formula == wanted or (formula in ALIKE and wanted in ALIKE)
    return alike and len(values) == len(over) and all(map(same_value, sorted(values), sorted(over)))


def learned(examples: Sequence[Example], formulas: int, column: int) -> tuple[Floats, Network]:
    """Return the weights of how questions sound, (formulas + 1, n), and the network.

    Printed is, by what was learned without the writer of a question, how many are answered from each chance on, and how many of
    these rightly. ``column`` is the feature of how the question sounds for a candidate's own formula.
    """
    folds = [(number if one.writer is None else one.writer) % FOLDS for number, one in enumerate(examples)]
    known = [list[Example]() for _ in range(FOLDS)]
    for fold, own in enumerate(
        known
    ):  # how a question sounds is learned from others, as it is where it is used
        others = [one for one, its in zip(examples, folds, strict=True) if its != fold]
        sounds = _sounds(others, formulas + 1)
        own += [
            one.heard(sounds, column)
            for one, its in zip(examples, folds, strict=True)
            if its == fold and one.right
        ]
    judged = list[tuple[float, bool]]()
    for fold, own in enumerate(known):
        network = _network([one for number, others in enumerate(known) if number != fold for one in others])
        judged += [one.best(network) for one in own]
    print(
        f"questions {len(judged)}, with a right candidate {sum(any(one.right) for own in known for one in own)}"
    )
    for least in SHOWN:
        given = [right for chance, right in judged if chance >= least]
        print(f"from {least:.2f}: given {len(given)}, right {sum(given)}")
    return np.round(_sounds(examples, formulas + 1), 3), _network([one for own in known for one in own])


def _sounds(examples: Sequence[Example], count: int) -> Floats:
    """Return the weights of each formula, one of ``count``, on the sound vector, (count, n)."""
    rows = np.array([one.sound for one in examples])
    return multinomial(rows, [one.formula for one in examples], count, RIDGE / 2)


def _network(examples: Sequence[Example]) -> Network:
    """Return the network that gives the right candidates, or none, the most."""
    return fitted([one.features for one in examples], [one.right for one in examples])
