"""Every sentence of a report can be matched, with the context that it leans on, and quoted without it."""

from __future__ import annotations

from dataclasses import replace

from qa.ledger import Ledger
from qa.text.units import sentences_of
from tests.reports import memory_index, report_of

REPORT = report_of(
    """# 无锡市总工会工作报告

## 一、帮扶

### （一）慰问

走访困难职工820户。发放慰问金36.5万元！

## 二、书屋

新建职工书屋19家。
""",
    place="无锡市",
    years=(2019, 2023),
)


def test_sentences_come_in_document_order_and_stand_in_their_paragraphs() -> None:
    units = sentences_of(REPORT)
    assert [u.text for u in units] == ["走访困难职工820户。", "发放慰问金36.5万元！", "新建职工书屋19家。"]
    for unit in units:
        assert REPORT.paragraphs[unit.paragraph].text[unit.start : unit.end] == unit.text
        assert unit.report_id == REPORT.id


def test_search_text_gives_back_place_years_and_headings_and_the_text_does_not() -> None:
    first, *_, last = sentences_of(REPORT)
    for word in ("无锡市", "2019–2023", "一、帮扶", "（一）慰问", "走访困难职工820户。"):
        assert word in first.search_text
    assert "（一）慰问" not in last.search_text
    assert "无锡" not in first.text


def test_a_report_without_place_and_years_is_searched_by_its_words_alone() -> None:
    plain = replace(REPORT, place=replace(REPORT.place, name=""), period=None)
    assert sentences_of(plain)[-1].search_text == "二、书屋\n新建职工书屋19家。"


def test_captions_and_bylines_are_sentences_that_their_kind_finds() -> None:
    first = replace(REPORT.paragraphs[0], kind="byline", text="本报记者 王小禾", spans=((0, 8),))
    units = sentences_of(replace(REPORT, paragraphs=(first, *REPORT.paragraphs[1:])))
    assert units[0].text == "本报记者 王小禾"
    assert "记者" in units[0].search_text and units[0].search_text != sentences_of(REPORT)[0].search_text


def test_a_report_without_paragraphs_has_no_sentences() -> None:
    assert sentences_of(replace(REPORT, paragraphs=())) == ()


def test_what_follows_the_past_year_under_a_heading_of_five_years_is_of_that_year() -> None:
    review = report_of(
        """# 政府工作报告

## 一、“十四五”时期工作回顾

“十四五”时期，全省新增就业210万人。

刚刚过去的2025年，全省上下团结奋斗。

为民排忧解难。新增就业43万人。

过去五年的成绩来之不易。五年中新建学校600所。

## 二、2026年重点工作

新增就业45万人。
""",
        place="无锡市",
        years=(2025, 2025),
    )
    years = {unit.text: str(unit.period) for unit in sentences_of(review)}
    assert years["“十四五”时期，全省新增就业210万人。"] == "2021–2025"
    assert years["新增就业43万人。"] == "2025"
    assert years["五年中新建学校600所。"] == "2021–2025"
    assert years["新增就业45万人。"] == "2026"


def test_a_time_behind_the_first_figure_is_not_that_of_the_sentence() -> None:
    text = "# 清丰县总工会2024年报告\n\n职工书屋达到62家，2023年为48家。\n\n2023年建成驿站12座。\n"
    report = report_of(text, "清丰.md", "清丰县", (2024, 2024))
    assert [str(unit.period) for unit in sentences_of(report)] == ["2024", "2023"]
    shown = {f.text: str(f.period) for f in Ledger.of(memory_index((report,))).find()}
    assert shown == {"62家": "2024", "48家": "2023", "12座": "2023"}


def test_what_goes_on_behind_a_semicolon_is_a_plan_as_well() -> None:
    told = "未来五年，全市工会将实施聚力工程；打造十大成果；建好阵地。走访职工820户；新建书屋19家。"
    units = sentences_of(report_of(f"# 无锡市总工会工作报告\n\n{told}\n", place="无锡市", years=(2019, 2023)))
    assert [unit.state for unit in units] == ["plan"] * 3 + ["result"] * 2


def test_a_sentence_with_a_figure_is_no_title_of_the_next_one() -> None:
    told = "全市会员2.94万人。2024年计划新增会员2500人。"
    units = sentences_of(report_of(f"# 无锡市总工会工作总结\n\n{told}\n", place="无锡市", years=(2023, 2023)))
    assert [unit.state for unit in units] == ["result", "plan"]
