"""False figures do not pass the verifier, true ones do: thousands of answers, one thing changed in each."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from qa.checking import UNVERIFIED, check
from qa.checking.verify import verify_figures
from qa.types import Report
from tests.checking.attacks import answer_of, attacks, made, untouched
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
    "approximator added",
    "approximator dropped",
    "approximator changed",
    "percent for points",
    "points for percent",
    "people for visits",
    "visits for people",
    "end of a range",
    "another place",
    "another place inside",
    "another period",
    "another year",
    "another pace",
}
FEWEST = 20  # attacks of a way


@lru_cache(maxsize=1)
def library() -> tuple[tuple[Report, ...], dict[str, Report]]:
    """The bundled sample, and reports made for what it hardly holds."""
    reports = (*sample().index.reports, *made())
    return reports, {r.id: r for r in reports}


def test_true_answers_pass() -> None:
    reports, by_id = library()
    cases = list(untouched(reports))
    assert len(cases) >= 100
    lost = []
    for _, text, citation in cases:
        answer = check(answer_of(text, citation), by_id)
        if answer.text != text or any(f.state == "unsupported" for f in answer.figures):
            lost.append(text)
    print(f"\n{len(cases) - len(lost)} of {len(cases)} true answers pass")
    assert len(lost) <= 0.01 * len(cases), lost


def test_a_changed_figure_is_unsupported_and_not_shown() -> None:
    reports, by_id = library()
    tried, passed = Counter[str](), Counter[str]()
    missed: list[str] = []
    for attack in attacks(reports):
        tried[attack.way] += 1
        states = verify_figures(attack.answer.text, attack.answer.citations, ())
        marked = [f.state for f in states if f.text == attack.figure]
        shown = check(attack.answer, by_id)
        if marked != ["unsupported"] * len(marked) or not marked or shown.text != UNVERIFIED:
            missed.append(f"{attack.way}: {attack.figure} in {attack.answer.text}")
            passed[attack.way] += shown.text != UNVERIFIED
    print(f"\n{tried.total() - len(missed)} of {tried.total()} changed answers are caught: {dict(tried)}")
    assert set(tried) == WAYS and min(tried.values()) >= FEWEST
    assert len(missed) <= 0.01 * tried.total(), missed[:5]
    weak = {way for way in WAYS if passed[way] > 0.01 * tried[way]}
    assert not weak, [line for line in missed if line.partition(":")[0] in weak]
