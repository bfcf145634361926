"""The best pairing is found, and nothing is taken that costs."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from qa.reading.layout.joins import assign

WEIGHTS = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.floats(-3, 6, allow_nan=False), max_size=25
)


@settings(max_examples=200)
@given(WEIGHTS)
def test_no_pairing_is_better(weights: dict[tuple[int, int], float]) -> None:
    chosen = assign(weights)
    assert len(set(chosen.values())) == len(chosen)
    assert all(weights[edge] > 0 for edge in chosen.items())
    best = max(
        sum(max(weights.get((t, h), 0.0), 0.0) for t, h in zip(range(5), order, strict=True))
        for order in permutations(range(5))
    )
    assert abs(sum(weights[edge] for edge in chosen.items()) - best) < 1e-6


def test_two_tails_do_not_take_the_same_head() -> None:
    assert assign({(0, 5): 4.0, (1, 5): 5.0, (0, 6): 3.0}) == {0: 6, 1: 5}


def test_a_large_tangle_is_solved() -> None:
    size = 1020
    weights = {(t, h): 1.0 + (t == h) for t in range(size) for h in (t, (t + 1) % size)}
    assert assign(weights) == {t: t for t in range(size)}
