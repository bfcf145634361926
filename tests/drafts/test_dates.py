"""Dates whose year is said by a word: 去年, 今年, 当年. The wrong year never counts as agreeing."""

from dataclasses import replace
from pathlib import Path

import pytest

from qa.drafts import check_report
from qa.drafts.comparing import likeness
from qa.drafts.draft import draft_of, read_draft
from qa.drafts.ranking import Register, register_of
from qa.drafts.statements import statements_of
from qa.ledger import Ledger
from qa.ledger.build import figures_of
from qa.text.units import sentences_of
from qa.types import Report
from tests.reports import report_of

HEAD = "浙江省总工会2018—2023年工作汇报\n\n"
OPENS = "“守好红色根脉·班前十分钟”活动从{}开始。"  # 2022年4月 in the sample report


def dates(text: str, **known: object) -> list[tuple[str, object]]:
    draft = replace(draft_of(text), **known)  # type: ignore[arg-type]
    return [(s.text, s.date and s.date[1:3]) for s in statements_of(draft, ()) if s.kind == "date"]


def verdict(register: Register, draft: Report, text: str) -> str:
    return next(item.verdict for item in check_report(draft, register).items if item.text == text)


@pytest.mark.parametrize(
    ("said", "year"),
    [("去年5月", 2023), ("上年5月", 2023), ("今年5月", 2024), ("本年5月", 2024), ("明年5月", 2025)],
)
def test_a_word_for_a_year_counts_from_the_year_of_the_text_and_not_from_the_one_named_last(
    said: str, year: int
) -> None:
    text = f"2021年建成一座会馆，{said}又开了一座，8月验收。"
    given = dates(text, delivered="2024-01-20")
    assert given == [("2021年", (2021, None)), (said, (year, 5)), ("8月", (year, 8))]


@pytest.mark.parametrize("said", ["去年5月", "今年5月", "前年5月", "次年5月", "每年5月"])
def test_a_year_that_nothing_tells_is_not_the_one_named_last(said: str) -> None:
    (_, first), (words, date) = dates(f"2021年建成一座会馆，{said}又开了一座。")
    assert (first, words) == ((2021, None), said)
    assert date not in ((2021, 5), (None, 5))


def test_a_word_for_a_year_holds_for_the_months_behind_it() -> None:
    text = "2021年建成一座会馆，去年新开两座，5月启用。"
    assert dates(text, delivered="2024-01-20")[1] == ("5月", (2023, 5))
    assert dates(text)[1] == ("5月", (0, 5))
    assert dates("2021年建成一座会馆，每年办展，5月启用。")[1] == ("5月", (2021, 5))
    assert dates("今年再开两座。5月启用。") == [("5月", (None, 5))]


def test_a_day_in_characters_is_a_date_and_a_month_in_characters_may_be_none() -> None:
    assert dates("三月七日开馆，十二月二十一日闭馆。") == [
        ("三月七日", (None, 3)),
        ("十二月二十一日", (None, 12)),
    ]
    assert dates("活动一月一次，孩子刚满三月。") == []


def test_a_day_in_figures_with_its_time_is_one_date() -> None:
    text = "会馆于2021-05-06 09:30:00建成。"
    draft = draft_of(text)
    told = statements_of(draft, figures_of(draft, sentences_of(draft)))
    assert [(one.text, one.date) for one in told] == [("2021-05-06 09:30:00", (None, 2021, 5, 6))]


@pytest.mark.parametrize("unit", ["万元", "亿元", "万美元"])
def test_a_figure_that_looks_like_a_year_and_a_month_is_a_figure(unit: str) -> None:
    text = f"{HEAD}经费收入2021.8{unit}。"
    printed = f"# 浙江省总工会2018—2023年工作汇报\n\n经费收入2021.5{unit}。\n"
    report = report_of(printed, "浙江.md", "浙江省", (2018, 2023))
    register = register_of((report,), Ledger((report,), figures_of(report, sentences_of(report))))
    found = check_report(draft_of(text), register).items
    assert [(one.verdict, one.right) for one in found if one.text == f"2021.8{unit}"] == [
        ("differs", f"2021.5{unit}")
    ]


@pytest.mark.parametrize("said", ["２０２１年５月", "二〇二一年5月"])
def test_a_year_in_wide_digits_or_in_characters_is_a_date(said: str) -> None:
    assert dates(f"{said}建成一座会馆。") == [(said, (2021, 5))]


def test_the_same_year_is_the_one_named_last() -> None:
    for said in ("同年5月", "当年5月"):
        assert dates(f"2021年建成一座会馆，{said}启用。")[1] == (said, (2021, 5))


def test_a_word_for_a_year_agrees_where_the_head_of_the_draft_tells_which(
    register: Register, tmp_path: Path
) -> None:
    file = tmp_path / "draft.md"
    for given, expected in ((2023, "agrees"), (2024, "wrong_name")):
        title = "浙江省总工会工作汇报\n\n"
        file.write_text(
            f"# {title}（{given}年2月8日）\n\n2019年已有准备，{OPENS.format('去年4月')}\n", encoding="utf-8"
        )
        draft = read_draft(file)
        assert draft.delivered == f"{given}-02-08"
        assert verdict(register, draft, "去年4月") == expected


def test_a_year_that_cannot_be_resolved_leaves_the_month_to_judge(register: Register) -> None:
    for before in ("", "2022年作了准备，"):
        draft = draft_of(HEAD + before + OPENS.format("去年4月"))
        assert verdict(register, draft, "去年4月") == "agrees_otherwise"
    # the month alone tells that this is wrong
    assert verdict(register, draft_of(HEAD + OPENS.format("去年6月")), "去年6月") == "wrong_name"
    assert verdict(register, draft_of(HEAD + OPENS.format("2022年4月")), "2022年4月") == "agrees"


def test_the_same_year_holds_until_the_sentence_ends() -> None:
    assert dates("同年3月启用，5月开放。6月再开。") == [
        ("同年3月", (0, 3)),
        ("5月", (0, 5)),
        ("6月", (None, 6)),
    ]


def test_what_only_counts_the_points_of_a_text_is_no_rank() -> None:
    text = "第一，抓学习；第二：抓落实。车队获全省第三。"
    ranks = [s.text for s in statements_of(draft_of(text), ()) if s.kind == "rank"]
    assert ranks == ["第三"]


def test_a_month_that_the_report_does_not_tell_is_not_agreed_to() -> None:
    draft = draft_of("2021年建成会馆，2021年5月启用。")
    year, month = statements_of(draft, ())
    assert likeness(month, year) == "other"
    assert likeness(year, month) == likeness(month, month) == "same"
