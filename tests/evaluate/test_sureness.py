"""The recipe of sureness: what can be told apart is, each fold is judged by the others, the limits hold what they say."""

import json
import random
from pathlib import Path

import numpy as np
import pytest

from embeddings.fitted import Forest
from qa.answering.sureness.features import FEATURES, SOURCES, source_of
from qa.evaluate.gold import read_gold
from qa.evaluate.train import Floats
from qa.evaluate.train.judge import HARMS, HELPS, Example, Judge, fitted, write_forest
from qa.evaluate.train.sureness import (
    FOLDS,
    _cross_validated,
    _load,
    _near_limit,
    _save,
    _threshold,
    examples,
)
from qa.index import open_index, rebuild, store_at
from tests.index.made import KUNMING, SUZHOU, write_reports

LIKELY, SPAN = FEATURES.index("answered"), FEATURES.index("span")


def proposal(**values: float) -> list[float]:
    row = [0.0] * len(FEATURES)
    for name, value in values.items():
        row[{"likely": LIKELY, "span": SPAN}[name]] = value
    return row


def question(rows: list[list[float]], right: list[float], fold: int = 0) -> Example:
    return Example(np.array(rows), np.array(right), fold, any(right))


def separable(count: int = 100) -> list[Example]:
    """Questions of two proposals: the right one is likely."""
    dice = random.Random(5)
    made = []
    for number in range(count):
        rows = [proposal(likely=1.0, span=-dice.random()), proposal(likely=0.0, span=-dice.random())]
        order = [0, 1] if dice.random() < 0.5 else [1, 0]
        made.append(question([rows[n] for n in order], [float(n == 0) for n in order], number % FOLDS))
    return made


def chances(judge: Judge, example: Example) -> Floats:
    return judge.chances(example.features)


def test_what_can_be_separated_is() -> None:
    made = separable()
    judge = fitted(made)
    assert judge.linear.shape == (len(SOURCES), 1 + len(FEATURES))
    for example in made:
        assert ((chances(judge, example) > 0.5) == (example.right == 1)).all()
    of_one, *others = judge.linear
    assert of_one[1 + LIKELY] > 3 * abs(of_one[1 + SPAN])
    assert np.abs(np.delete(of_one[1:], [LIKELY, SPAN])).max() == 0.0
    assert np.abs(others).max() == 0.0  # nothing of them was to be learned from


def test_each_source_is_judged_by_what_it_was_found_to_be_worth() -> None:
    of_one, joined = (proposal(likely=1.0) for _ in SOURCES)
    joined[FEATURES.index("one by one")] = 1.0
    assert [SOURCES[n] for n in source_of([of_one, joined])] == list(SOURCES)
    made = [question([of_one], [1.0])] * 9 + [question([of_one], [0.0])]
    made += [question([joined], [1.0]), question([joined], [0.0])] * 5
    judge = fitted(made)
    shares = [chances(judge, question([one], [1.0]))[0] for one in (of_one, joined)]
    assert shares == pytest.approx([0.9, 0.5], abs=0.02)


def test_what_speaks_for_an_answer_never_counts_against_it() -> None:
    made = [question([proposal(likely=1.0)], [0.0], n) for n in range(FOLDS)] * 4
    made += [question([proposal(likely=0.0)], [1.0], n) for n in range(FOLDS)] * 4
    assert {"answered", "marked"} <= HELPS and "unit not as asked" in HARMS
    assert set(FEATURES) >= HELPS | HARMS and not HELPS & HARMS
    assert fitted(made).linear[0][1 + LIKELY] == 0.0


def test_the_same_examples_give_the_same_weights_in_any_order() -> None:
    made = separable()
    again = list(made)
    random.Random(3).shuffle(again)
    one, two = fitted(made), fitted(made)
    assert (one.linear == two.linear).all() and (one.forest.limit == two.forest.limit).all()
    assert fitted(again).linear == pytest.approx(one.linear, abs=1e-3)


def test_the_forest_sees_what_no_sum_can() -> None:
    """Right is what is likely or has a span, but not both."""
    dice = random.Random(7)
    made = []
    for number in range(400):
        likely, span = dice.choice([0.0, 1.0]), dice.choice([0.0, 1.0])
        made.append(question([proposal(likely=likely, span=span)], [float(likely != span)], number % FOLDS))
    judge = fitted(made)
    pairs = [(likely, span) for likely in (0.0, 1.0) for span in (0.0, 1.0)]
    told = [chances(judge, question([proposal(likely=a, span=b)], [0.0]))[0] for a, b in pairs]
    assert [chance > 0.6 for chance in told] == [a != b for a, b in pairs]


def test_a_forest_is_read_as_it_was_written(tmp_path: Path) -> None:
    forest = fitted(separable()).forest
    write_forest(tmp_path / "forest.npz", forest)
    again = Forest.read(tmp_path / "forest.npz")
    rows = np.random.default_rng(1).normal(size=(40, len(FEATURES) + 3))
    assert (again.chances(rows) == forest.chances(rows)).all()


def test_a_question_with_many_proposals_counts_no_more_than_one_with_few() -> None:
    one = question([proposal(likely=1.0)], [1.0])
    many = question([proposal(likely=1.0)] * 9, [0.0] * 9)
    assert chances(fitted([one, many]), one)[0] == pytest.approx(0.5, abs=1e-3)


def test_a_set_counts_by_its_weight() -> None:
    good = Example(np.array([proposal(likely=1.0)]), np.array([1.0]), 0, True, weight=3.0)
    bad = Example(np.array([proposal(likely=1.0)]), np.array([0.0]), 0, True, weight=1.0)
    assert chances(fitted([good, bad]), good)[0] == pytest.approx(0.75, abs=0.01)


def test_a_fold_is_judged_by_weights_that_have_not_seen_it() -> None:
    """In one fold all is the other way round: seen, it would pull its own chances up."""
    others = [question([proposal(likely=1.0)], [0.0], fold) for fold in (1, 2, 3, 4)] * 3
    own = [question([proposal(likely=1.0)], [1.0], 0)] * 30
    judged = _cross_validated([*others, *own])
    assert all(chance[0] < 0.2 for chance in judged[len(others) :])
    of_one = fitted([*others, *own]).linear[0]
    assert of_one[0] + of_one[1 + LIKELY] > 0.4


def test_a_question_without_proposals_is_judged_as_none() -> None:
    nothing = Example(np.zeros((0, len(FEATURES))), np.zeros(0), 0, False)
    judged = _cross_validated([*separable(), nothing])
    assert len(judged[-1]) == 0


def told(chance: float, right: bool) -> tuple[Example, Floats]:
    return question([proposal()], [float(right)]), np.array([chance])


@pytest.mark.parametrize("wrong", [0.0, 0.1, 0.3])
def test_from_the_limit_on_no_more_is_wrong_than_was_allowed_and_no_limit_is_lower(wrong: float) -> None:
    dice = random.Random(8)
    pairs = [told(chance, dice.random() < chance) for chance in (dice.random() for _ in range(200))]
    made, judged = [e for e, _ in pairs], [c for _, c in pairs]
    limit = _threshold(made, judged, wrong)

    def spoilt(least: float) -> int:
        return sum(c[0] >= least and not e.right[0] for e, c in pairs)

    assert spoilt(limit) <= wrong * 200
    lower = max((c[0] for c in judged if c[0] < limit), default=0.0)
    assert spoilt(lower) > wrong * 200


def test_below_the_lower_limit_hardly_anything_is_right() -> None:
    low = [told(0.01 * n, n == 7) for n in range(30)]
    high = [told(0.5 + 0.01 * n, True) for n in range(30)]
    made, judged = [e for e, _ in low + high], [c for _, c in low + high]
    limit = _near_limit(made, judged)
    below = [e.right[0] for e, c in zip(made, judged, strict=True) if c[0] <= limit]
    assert len(below) >= 30
    assert np.mean(below) <= 0.05


def test_examples_that_are_kept_come_back(tmp_path: Path) -> None:
    made = [*separable(7), Example(np.zeros((0, len(FEATURES))), np.zeros(0), 3, False)]
    _save(tmp_path / "kept.npz", made)
    for one, back in zip(made, _load(tmp_path / "kept.npz"), strict=True):
        assert (one.features == back.features).all() and (one.right == back.right).all()
        assert (one.fold, one.answerable) == (back.fold, back.answerable)


def test_examples_of_a_library_say_which_proposal_is_right(tmp_path: Path) -> None:
    reports = write_reports(tmp_path / "reports", suzhou=SUZHOU, kunming=KUNMING)
    rebuild([reports], tmp_path / "index")
    asked = [
        {"question": "苏州建成爱心驿站多少家？", "answer_groups": [["1026家"]]},
        {"question": "苏州养了多少只熊猫？", "type": "unanswerable"},
        {"question": "昆明发展了多少会员？", "answer_groups": [["没有这样的答案"]]},
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in asked), encoding="utf-8")
    first, second, third = examples(read_gold(path), open_index(store_at(tmp_path / "index")))
    assert first.answerable and first.right.any()
    assert not second.answerable and not second.right.any()
    assert third.answerable and not third.right.any()
    assert first.fold == second.fold != third.fold  # the reports of a place are in one fold
    for one in (first, second, third):
        assert one.features.shape == (len(one.right), len(FEATURES))
