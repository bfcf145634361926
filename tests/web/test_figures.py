"""The pages of figures show each figure in its sentence, as text, and nothing that cannot be compared."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

from qa.ledger.build import Correction
from qa.types import Period
from qa.web.figures_page import charts_of, figure_card, figure_table, group_chart, matrix_table
from qa.web.markup import Bar, chart
from tests.web.small_library import SmallLibrary, make_report
from tests.web.test_evidence import gone


def library() -> SmallLibrary:
    return SmallLibrary(
        tuple(
            make_report(
                f"{place}{years[0]}.txt",
                place,
                Period(*years),
                {"维权": (f"全市提供法律援助{number}件。{more}",)},
            )
            for place, years, number, more in (
                ("云岭市", (2019, 2023), "1.45万", "建成驿站86个，<b>建成书屋86个</b>。"),
                ("芦川市", (2019, 2023), "3943", ""),
                ("芦川市", (2014, 2018), "2000", "举办培训班12场。"),
            )
        )
    )


def test_row_names_figure_place_and_time_and_unfolds_to_its_sentence() -> None:
    small = library()
    html = figure_table(small.figures(indicator="法律援助"), small.report)
    assert html.count("qa-unfold") == 3
    assert '<td class="qa-value">1.45万件</td><td>云岭市</td><td>2019–2023</td>' in html
    assert '<td class="qa-file">云岭市工会工作报告</td>' in html
    assert "<mark>全市提供法律援助<b>1.45万件</b>。</mark>" in html
    assert "<b>建成书屋" not in html
    assert "/?report=" in html


def test_under_an_indicator_stands_its_own_sentence_from_shortly_before_the_figure() -> None:
    before = "开展技能竞赛12场、" + "面向一线职工、新就业形态劳动者和农民工的" * 2
    small = SmallLibrary((make_report("甲", "云岭市", None, {"维权": (f"{before}，培训职工58人。",)}),))
    lines = re.findall("<small>(.*?)</small></th>", figure_table(small.figures(), small.report))
    assert lines[0] == f"{before}，培训职工58人。"
    assert lines[1].startswith("…")
    assert lines[1].endswith("农民工的，培训职工58人。")
    assert len(lines[1]) < 36


def test_of_two_equal_figures_the_right_one_is_marked() -> None:
    small = library()
    cards = [figure_card(f, small.report) for f in small.figures(unit="个")]
    assert [unescape(re.findall("<mark>(.*?)</mark>", card)[0]).index("<b>86个</b>") for card in cards] == [
        4,
        15,
    ]


def test_figure_of_a_report_that_is_gone_still_shows_its_sentence() -> None:
    (figure, *_) = library().figures()
    assert figure.sentence in unescape(figure_card(figure, gone))


def test_correction_stands_beside_what_was_printed() -> None:
    small = library()
    (figure, *_) = small.figures()
    put = replace(figure, value=1234567.0, correction=Correction(14500.0, "<i>甲", date(2024, 5, 1), "笔误"))
    html = figure_table([put], small.report)
    assert "<s>1.45万件</s> 123.4567万件" in html
    assert "<s>1.45万件</s> 123.4567万件" in group_chart("", [put])
    assert "&lt;i&gt;甲，2024-05-01，笔误" in html


def test_chart_is_of_what_two_places_or_terms_give() -> None:
    small = library()
    ((name, figures),) = charts_of(small.ledger().groups())
    html = group_chart(name, figures)
    shares = [float(share) for share in re.findall(r"width:([\d.]+)%", html)]
    assert shares == [100.0, 13.8, 27.2]
    assert [unescape(x) for x in re.findall('<th scope="row">([^<]*)', html)] == [
        "云岭市 2019–2023", "芦川市 2014–2018", "芦川市 2019–2023",
    ]  # fmt: skip


def test_a_chart_sets_institutions_counted_in_different_units_against_each_other() -> None:
    texts = {"云岭市": "建成职工书屋86家。", "芦川市": "建成职工书屋58个。", "苇塘市": "建成职工书屋300户。"}
    reports = [make_report(p, p, Period(2019, 2023), {"维权": (text,)}) for p, text in texts.items()]
    ((_, figures),) = charts_of(SmallLibrary(tuple(reports)).ledger().groups())
    assert [f.text for f in figures] == ["86家", "58个", "300户"]


def test_matrix_has_a_column_a_report_and_pages_of_rows() -> None:
    matrix = library().ledger().matrix()
    html = matrix_table(matrix, 0, 1)
    assert html.count("<tr>") == 2
    assert "云岭 2019–2023" in html
    assert [html.count(f">{n}件<") for n in ("1.45万", "3943", "2000")] == [1, 1, 1]
    assert "法律援助" in html
    assert "法律援助" not in matrix_table(matrix, 1, 50)


def test_nothing_found_says_what_to_do() -> None:
    assert "换一种说法" in figure_table([], gone)


def test_a_bar_of_what_held_at_the_end_of_a_year_says_so() -> None:
    figures = [replace(figure, as_of=2023) for figure in library().ledger().figures[:1]]
    assert "截至 2023 年" in group_chart("", figures)


def test_a_chart_of_one_year_beside_several_says_so() -> None:
    of_term, *_ = library().ledger().figures
    of_year = replace(of_term, period=Period(2023, 2023))
    assert "不宜直接相比" in group_chart("", [of_term, of_year])
    assert "不宜直接相比" not in group_chart("", [of_term, of_term])
    assert "不宜直接相比" not in group_chart("", [of_term, replace(of_year, as_of=2023)])


def test_chart_of_nothing_and_of_zero() -> None:
    assert chart([], "") == ""
    assert "width:0.0%" in chart([Bar("<甲>", 0.0, "0个")], "")
    assert "<甲>" not in chart([Bar("<甲>", 0.0, "0个")], "")
