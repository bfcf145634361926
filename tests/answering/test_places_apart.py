"""Figures of several places: none is put under another's name, none is added where nobody asked for that."""

from __future__ import annotations

import re

import pytest

from tests.reports import Desk, assert_sound, report_of

ONE = """# 山东省潍坊市工会五年工作报告（2018—2023年）

集体协商覆盖企业1.5万家。投入防疫资金2000万元，出台十条关爱措施。
"""
OTHER = """# 河北省唐山市工会五年工作报告（2018—2023年）

集体协商覆盖企业2849家、职工27.4万人。投入防疫资金3600万元，出台15条措施。
"""


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk.over(
        report_of(ONE, "潍.md", "潍坊市", (2018, 2023)), report_of(OTHER, "唐.md", "唐山市", (2018, 2023))
    )


def test_where_no_place_is_named_a_line_holds_the_figures_of_one(desk: Desk) -> None:
    answer = desk.ask("集体协商覆盖了多少企业，多少职工？")
    assert_sound(answer, desk)
    places = {citation.marker: citation.place for citation in answer.citations}
    for line in answer.text.splitlines():
        told = {places[int(mark)] for mark in re.findall(r"\[(\d+)\]", line)}
        assert len(told) <= 1, answer.text
        assert all(place.removesuffix("市") in line or len(set(places.values())) == 1 for place in told)


def test_what_each_of_two_places_spent_is_not_added_up(desk: Desk) -> None:
    answer = desk.ask("潍坊和唐山各投入了多少防疫资金？")
    assert_sound(answer, desk)
    assert "2000万元" in answer.text and "3600万元" in answer.text
    assert not answer.calculation, answer.text
