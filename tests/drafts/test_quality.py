"""Drafts over the sample reports, written in other words and with errors planted: what is found, what is left alone."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from qa.drafts import check_report
from qa.drafts.draft import draft_of
from qa.drafts.judging import GOOD, DraftItem
from qa.drafts.ranking import Register
from tests.drafts.marked import MarkedDraft, MarkedItem, errors_planted, marked_drafts

DATA = Path(__file__).parent / "data"
SEEDS = range(20, 23)  # others than the training has


def drafts(name: str, register: Register) -> list[MarkedDraft]:
    text = (DATA / name).read_text(encoding="utf-8")
    found = [*marked_drafts(text, tuple(register.reports.values()))]
    return found + [errors_planted(draft, seed) for draft in found for seed in SEEDS]


def judged(each: MarkedItem, items: Iterable[DraftItem]) -> list[DraftItem]:
    return [item for item in items if item.start < each.end and each.start < item.end]


@pytest.mark.parametrize(("name", "least"), [("sample_training.txt", 0.94), ("sample_development.txt", 0.95)])
def test_errors_are_found_and_true_figures_left_alone(name: str, least: float, register: Register) -> None:
    planted = found = true = alarms = traced = missed = 0
    for draft in drafts(name, register):
        items = check_report(draft_of(draft.text), register).items
        for each in draft.items:
            own = judged(each, items)
            bad = any(item.verdict not in GOOD for item in own)
            missed += not own
            if each.verdict in GOOD:
                true += 1
                alarms += bad
                traced += any(item.report == each.report and _holds(item, each) for item in own)
            else:
                planted += 1
                found += bad
    assert planted > 80
    assert true > 200
    assert found / planted >= least
    assert alarms / true <= 0.04
    assert traced / true >= 0.92
    assert missed <= 0.02 * (planted + true)


def _holds(item: DraftItem, each: MarkedItem) -> bool:
    return any(each.at is not None and a <= each.at < b for a, b in item.spans)


def test_every_quote_stands_at_its_spans_and_every_item_at_its_place(register: Register) -> None:
    for draft in drafts("sample_development.txt", register):
        checked = check_report(draft_of(draft.text), register)
        ends = 0
        for item in checked.items:
            assert draft.text[item.start : item.end] == item.text
            assert item.start >= ends
            ends = item.end
            if item.quote:
                source = register.reports[item.report_id or ""].source.text
                held = "".join(source[a:b] for a, b in item.spans)
                assert "".join(held.split()) == "".join(item.quote.split())
                assert 8 <= len(item.quote) <= 300


def test_the_same_draft_gets_the_same_items(register: Register) -> None:
    text = drafts("sample_development.txt", register)[0].text
    assert check_report(draft_of(text), register) == check_report(draft_of(text), register)
