"""The reading view marks the same characters in the text and in its source, and stays small for large reports."""

import re
from dataclasses import replace
from html import unescape

from qa.text.spans import locate, without_blanks
from qa.types import Inference, Paragraph, Period, Report
from qa.web.reports_view import doubts, reading_view, report_table
from tests.web.small_library import HOSTILE, SmallLibrary, make_report


def marked(html: str) -> list[str]:
    return [unescape(text) for text in re.findall(r"<mark>(.*?)</mark>", html, re.S)]


def test_place_is_marked_in_text_and_source() -> None:
    report = SmallLibrary().reports[0]
    paragraph = report.paragraphs[1]
    spans = locate(paragraph, report.source.text, 0, 24)
    text, source = marked(reading_view(report, spans))
    assert text == paragraph.text[:24]
    assert without_blanks(source) == without_blanks(text)
    assert "\n" in source


def test_report_reads_as_text_with_its_headings_as_contents() -> None:
    html = reading_view(SmallLibrary().reports[0])
    assert HOSTILE in unescape(html)
    assert "<script" not in html
    assert "<img" not in html
    assert html.count("qa-jump") == 2
    assert html.count("<h3>") == 2
    assert marked(html) == []


def test_link_to_nowhere_says_so() -> None:
    assert "不在这份报告里" in reading_view(SmallLibrary().reports[0], ((999_999, 1_000_000),))


def test_long_report_shows_the_paragraphs_around_the_place() -> None:
    texts = [f"第{n}段：建成书屋{n}个。" for n in range(2000)]
    report = make_report("长.txt", "甲市", Period(2020, 2024), {"上篇": texts[:1000], "下篇": texts[1000:]})
    paragraph = report.paragraphs[1500]
    html = reading_view(report, paragraph.spans)
    assert marked(html)[0] == texts[1500]
    assert html.count('id="p-') == 300
    assert "qa-open" in html[: html.index("qa-body")]
    assert len(reading_view(report)) < 200_000


def test_huge_source_is_shown_around_the_place_alone() -> None:
    text = "建" * 500_000
    paragraphs = tuple(Paragraph("r", n, (), "建" * 10, "prose", ((n * 10, n * 10 + 10),)) for n in range(9))
    report = replace(make_report("r", "甲市", None, {}), paragraphs=paragraphs)
    report = replace(report, source=replace(report.source, text=text))
    html = reading_view(report, ((400_000, 400_008),))
    assert len(html) < 100_000
    assert marked(html) == ["建" * 8]


def test_list_warns_of_doubts_with_the_lines_that_settle_them() -> None:
    cloud, reed = SmallLibrary().reports
    html = report_table((cloud, reed))
    assert "<b>报告" not in html
    assert doubts(cloud) == ""
    assert "只有 40%" in doubts(reed)
    assert "period = [2018, 2023]" in doubts(reed)
    assert '["芦川.txt"]' in unescape(doubts(reed))


def test_basis_of_an_inference_stays_text() -> None:
    report: Report = make_report("甲.txt", "甲市", None, {})
    report = replace(report, inferences=(Inference("place", "<img src=x>", 0.1),))
    assert "<img" not in doubts(report)


def test_no_reports_teaches() -> None:
    assert "union-qa rebuild" in report_table(())


def test_what_was_not_read_is_told_in_the_list_and_over_the_text() -> None:
    report = replace(SmallLibrary().reports[0], notes=("第 2 页是<b>图片</b>，没有文字。",))
    for html in (report_table((report,)), reading_view(report)):
        assert "第 2 页是&lt;b&gt;图片&lt;/b&gt;，没有文字。" in html
        assert "阅读时的提醒" in html
    assert "阅读时的提醒" not in report_table(SmallLibrary().reports)
