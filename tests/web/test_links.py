"""A link leads to the very characters it was made for; whatever else it says is dropped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.spans import locate, without_blanks
from qa.types import Paragraph, Period
from qa.web.markup import address, offsets_shown, paragraph_at, parsed
from tests.web.small_library import make_report


def test_link_comes_back_as_it_was_made() -> None:
    assert parsed(address("0a1b", ((3, 9), (20, 31)))) == ("0a1b", ((3, 9), (20, 31)))
    assert parsed(address("云岭 <b>&报告.txt")) == ("云岭 <b>&报告.txt", ())


@pytest.mark.parametrize("at", ["", "x", "9-3", "3", "-5", "3-99999999999999", "<script>"])
def test_what_is_no_place_is_dropped(at: str) -> None:
    assert parsed(f"/?report=r&at={at}") == ("r", ())
    assert parsed(f"/?at={at}") == ("", ())


@given(st.text("工会建成书屋8 6个。*\n", min_size=8, max_size=60), st.data())
def test_shown_ranges_hold_exactly_what_was_located(text: str, data: st.DataObject) -> None:
    paragraph = Paragraph("r", 0, (), text, "prose", ((2, 2 + len(text)),))
    source = f"前言{text}后记"
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    ranges = offsets_shown(paragraph, source, locate(paragraph, source, start, end))
    assert without_blanks("".join(text[a:b] for a, b in ranges)) == without_blanks(text[start:end])
    assert len(ranges) <= 1


def test_torn_paragraph_is_shown_where_each_part_stands() -> None:
    source = "建成驿站1\n图片说明\n200个。"
    paragraph = Paragraph("r", 0, (), "建成驿站1200个。", "prose", ((0, 5), (11, 16)))
    assert offsets_shown(paragraph, source, ((4, 5), (11, 15))) == ((4, 9),)
    assert offsets_shown(paragraph, source, ((0, 2), (11, 12))) == ((0, 2), (5, 6))
    assert offsets_shown(paragraph, source, ((6, 9),)) == ()


def test_paragraph_is_found_by_its_first_character() -> None:
    report = make_report("甲.txt", "甲市", Period(2020, 2024), {"文化": ("建成书屋86个。", "评选能手58名。")})
    second = report.paragraphs[1]
    assert paragraph_at(report, second.spans) == second
    assert paragraph_at(report, ((0, 1),)) is None
    assert paragraph_at(report, ()) is None
