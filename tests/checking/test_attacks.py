"""False figures do not pass the verifier, true ones do: thousands of answers, one figure changed in each."""

from __future__ import annotations

from collections import Counter

import pytest

from qa.checking import check, verify_figures
from qa.checking.check import UNVERIFIED
from tests.checking.attacks import answer_of, attacks, untouched
from tests.reports import sample

WAYS = {
    "digit changed",
    "50 for 150",
    "150 for 50",
    "scale dropped",
    "scale added",
    "unit swapped",
    "another place's figure",
    "another term's figure",
}


def test_true_answers_pass() -> None:
    index = sample().index
    cases = list(untouched(index.reports))
    assert len(cases) >= 100
    lost = []
    for _, text, citation in cases:
        answer = check(answer_of(text, citation), index.by_id)
        if answer.text != text or any(f.state == "unsupported" for f in answer.figures):
            lost.append(text)
    print(f"\n{len(cases) - len(lost)} of {len(cases)} true answers pass")
    assert len(lost) <= 0.01 * len(cases), lost


def test_a_changed_figure_is_unsupported_and_not_shown() -> None:
    index = sample().index
    tried: Counter[str] = Counter()
    missed: list[str] = []
    for attack in attacks(index.reports):
        tried[attack.way] += 1
        states = verify_figures(attack.answer.text, attack.answer.citations, ())
        marked = [f.state for f in states if f.text == attack.figure]
        shown = check(attack.answer, index.by_id)
        if marked != ["unsupported"] * len(marked) or not marked or shown.text != UNVERIFIED:
            missed.append(f"{attack.way}: {attack.figure} in {attack.answer.text}")
    print(f"\n{tried.total() - len(missed)} of {tried.total()} changed figures are caught")
    assert set(tried) == WAYS and min(tried.values()) >= 50
    assert len(missed) <= 0.01 * tried.total(), missed[:5]


@pytest.mark.parametrize("way", sorted(WAYS))
def test_no_way_of_falsifying_is_a_weak_spot(way: str) -> None:
    index = sample().index
    cases = [a for a in attacks(index.reports) if a.way == way]
    passed = [a.answer.text for a in cases if check(a.answer, index.by_id).text != UNVERIFIED]
    assert len(passed) <= 0.01 * len(cases), passed[:3]
