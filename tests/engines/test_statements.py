"""Statements that are wrong on purpose, some two thousand, and right ones in other words: what falls and what stands."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from qa.answering.wording import wording_of
from qa.checking.statements import Fault, judge
from qa.engines.composing import citations_of
from tests.engines.wrongs import Case, desk, evidence_at, rights, wrongs

CAUGHT, LET_THROUGH = 0.99, 0.97


def judged(case: Case) -> Fault | None:
    held = desk()
    _, citations = citations_of([(case.text, [evidence_at(number) for number in case.cites])])
    return judge(case.text, citations, held.index.by_id, wording_of(held.index))


def test_right_ones_in_other_words_stand() -> None:
    fallen = [(case.text, fault) for case in rights() if (fault := judged(case))]
    assert len(rights()) >= 280
    assert len(fallen) <= (1 - LET_THROUGH) * len(rights()), fallen


def test_wrong_ones_fall() -> None:
    every: Counter[str] = Counter()
    missed: list[tuple[str, str]] = []
    for case in islice(wrongs(), 0, None, 3):  # a third of them: the rest is more of the same
        every[case.kind] += 1
        if judged(case) is None:
            missed.append((case.kind, case.text))
    assert every.total() >= 600
    assert len(every) == 12
    assert len(missed) <= (1 - CAUGHT) * every.total(), missed


@pytest.mark.parametrize(
    ("text", "sentence", "kind"),
    [
        ("温州新建市级以上职工书屋1980家", "职工书屋新建198家", "figure"),
        ("温州参保职工近550万人次", "参保职工超550万人次", "figure"),
        ("漳州新建市级以上职工书屋198家", "职工书屋新建198家", "place"),
        ("2013—2018年，温州新建市级以上职工书屋198家", "职工书屋新建198家", "period"),
        ("温州选树的“银龄工匠”为213名", "“温州工匠”有213名", "name"),
        ("温州培育“浙江工匠”213名", "“温州工匠”有213名", "other thing"),
        ("温州计划新建市级以上职工书屋198家", "职工书屋新建198家", "plan"),
        ("温州新建市级以上职工书屋198家，并通过了国家级验收", "职工书屋新建198家", "gist"),
    ],
)
def test_a_fault_is_named(text: str, sentence: str, kind: str) -> None:
    number = next(i for i, s in enumerate(desk().index.sentences) if sentence in s.text)
    fault = judged(Case("", text, (number,)))
    assert fault is not None
    assert fault.kind == kind


def test_what_cites_nothing_falls() -> None:
    held = desk()
    fault = judge("温州有职工书屋198家", (), held.index.by_id, wording_of(held.index))
    assert fault == Fault("mark", "温州有职工书屋198家")
