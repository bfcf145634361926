"""Intervals hold what they should, and only what is beyond chance is called so."""

import random

import pytest

from qa.evaluate.summary import Change, Part, Parts, difference, interval, mean


def coins(count: int, share: float, seed: int = 1) -> list[Part]:
    generator = random.Random(seed)
    return [(float(generator.random() < share), 1.0) for _ in range(count)]


def run(parts: list[Part]) -> Parts:
    return {str(n): {"recall@1": part} for n, part in enumerate(parts)}


def test_an_interval_holds_the_figure_and_narrows_with_more_questions() -> None:
    widths = []
    for count in (20, 200, 2000):
        parts = coins(count, 0.7)
        low, high = interval(parts) or (1.0, 0.0)
        assert 0 <= low <= (mean(parts) or 0.0) <= high <= 1
        widths.append(high - low)
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] == pytest.approx(2 * 1.96 * (0.21 / 2000) ** 0.5, rel=0.15)


def test_the_same_parts_give_the_same_interval() -> None:
    parts = coins(300, 0.4)
    assert interval(parts) == interval(parts)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_figure_without_spread_has_no_width(value: float) -> None:
    assert interval([(value, 1.0)] * 9) == (value, value)


def test_questions_without_a_part_count_for_nothing() -> None:
    assert mean([]) is interval([]) is interval([(0.0, 0.0)]) is None
    assert mean([(1.0, 1.0), (0.0, 0.0), (0.0, 1.0)]) == 0.5
    assert mean([(3.0, 4.0), (1.0, 1.0)]) == 0.8


def test_a_difference_that_every_question_shows_is_beyond_chance() -> None:
    before, now = run([(0.2, 1.0), (0.5, 1.0)] * 20), run([(0.3, 1.0), (0.6, 1.0)] * 20)
    found = difference("recall@1", now, before)
    assert found == (0.1, 0.1)
    assert Change("recall@1", 0.35, 0.45, found).beyond_chance
    assert difference("recall@1", before, now) == (-0.1, -0.1)


def test_one_question_more_is_not() -> None:
    parts = coins(100, 0.5)
    better = list(parts)
    better[parts.index((0.0, 1.0))] = (1.0, 1.0)
    found = difference("recall@1", run(better), run(parts))
    assert found is not None and found[0] == 0.0 < found[1]
    assert not Change("recall@1", 0.5, 0.51, found).beyond_chance


def test_pairing_sees_what_two_intervals_do_not() -> None:
    """Ten of 300 questions gained and none lost: the intervals overlap, the difference is sure."""
    parts = coins(300, 0.6)
    wrong = [n for n, part in enumerate(parts) if part == (0.0, 1.0)][:10]
    better = [(1.0, 1.0) if n in wrong else part for n, part in enumerate(parts)]
    old, new = interval(parts), interval(better)
    assert old and new and new[0] < old[1]
    found = difference("recall@1", run(better), run(parts))
    assert found and found[0] > 0


def test_only_questions_of_both_runs_are_compared() -> None:
    now: Parts = {"a": {"mrr": (1.0, 1.0)}, "b": {"mrr": (0.0, 1.0)}, "new": {"mrr": (0.0, 1.0)}}
    before: Parts = {"a": {"mrr": (1.0, 1.0)}, "b": {"mrr": (0.0, 1.0)}, "old": {}}
    assert difference("mrr", now, before) == (0.0, 0.0)
    assert difference("mrr", now, {"old": {"mrr": (1.0, 1.0)}}) is None
    assert difference("ndcg@10", now, before) is None
    assert not Change("mrr", 0.5, 0.4, None).beyond_chance
