"""The panel shows exactly what was quoted, where it was quoted, and as text only."""

import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from qa.errors import ReportError
from qa.text.spans import locate, without_blanks
from qa.types import Paragraph, Period, Report
from qa.web.chat import Turn, evidence_panel
from qa.web.evidence import evidence_section, plain_copy, quote_range
from tests.web.small_library import HOSTILE, SmallLibrary, make_report


def gone(report_id: str) -> Report:
    raise ReportError(f"没有 {report_id}")


def marked(html: str) -> list[str]:
    return [unescape(text) for text in re.findall(r"<mark>(.*?)</mark>", html)]


def test_quote_is_highlighted_in_its_whole_paragraph() -> None:
    library = SmallLibrary()
    answer = library.ask("云岭市走访慰问困难职工多少人次？")
    html = evidence_section(answer, library.report, 1)
    assert marked(html) == [answer.citations[0].quote] == ["五年间云岭市走访慰问困难职工3.2万人次。"]
    paragraph = library.reports[0].paragraphs[1].text
    assert paragraph in unescape(re.sub(r"</?mark>", "", html))
    assert 'id="cite-1-1"' in html
    assert 'href="#mark-1-1"' in html
    for shown in ("云岭市", "2019–2023", "云岭市工会工作报告", "帮扶维权：办实事"):
        assert shown in html


def test_of_a_sentence_that_stands_twice_the_quoted_one_is_highlighted() -> None:
    report = make_report("甲.txt", "甲市", None, {"文化": ("建成书屋86个。评选能手58名。建成书屋86个。",)})
    paragraph = report.paragraphs[0]
    for start in (0, 16):
        spans = locate(paragraph, report.source.text, start, start + 8)
        assert paragraph.text[start : start + 8] == "建成书屋86个。"
        assert quote_range(paragraph, report.source.text, "建成书屋86个。", spans) == (start, start + 8)


@given(st.text("工会建成书屋8 6个。*\n", min_size=12, max_size=60), st.data())
def test_any_piece_is_found_again_by_its_spans(text: str, data: st.DataObject) -> None:
    source = "标题\n" + "\n*".join(text[i : i + 7] for i in range(0, len(text), 7))
    paragraph = Paragraph("r", 0, (), text, "prose", ((3, len(source)),))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = text[start:end]
    found = quote_range(paragraph, source, quote, locate(paragraph, source, start, end))
    if without_blanks(quote):
        assert found is not None
        assert text[slice(*found)] == quote.strip(" \n*")
    else:
        assert found is None


def test_spans_that_do_not_hold_the_quote_highlight_nothing_wrong() -> None:
    library = SmallLibrary()
    answer = library.ask("云岭市走访慰问困难职工多少人次？")
    wrong = replace(answer.citations[0], spans=((0, 8),))
    html = evidence_section(replace(answer, citations=(wrong,)), library.report, 1)
    assert marked(html) == [wrong.quote]
    assert "无法显示" in html
    assert "1 处引文未能定位" in html
    assert "逐字见于原文" not in html


def test_report_that_is_gone_still_shows_the_quote() -> None:
    answer = replace(SmallLibrary().ask("云岭市走访慰问困难职工多少人次？"), passages=())
    assert marked(evidence_section(answer, gone, 1)) == [answer.citations[0].quote]


def test_nothing_of_a_report_becomes_markup() -> None:
    library = SmallLibrary()
    answer = library.ask("云岭市总工会建成“暖心驿站”多少个？")
    html = evidence_section(answer, library.report, 1)
    for raw in ("<img", "<script", "<b>", "onerror=alert(1)>"):
        assert raw not in html
    assert HOSTILE in unescape(re.sub(r"</?mark>", "", html))
    assert "云岭 &lt;b&gt;报告&lt;/b&gt;.txt" in html
    attributes = re.findall(r'data-copy="([^"]*)"', html)
    assert [unescape(value) for value in attributes] == [
        plain_copy(answer),
        "云岭市总工会. 云岭市工会工作报告[R]. 云岭: 云岭市总工会, 2023.",
    ]


def test_refusal_shows_the_nearest_passages_and_its_reason() -> None:
    library = SmallLibrary()
    html = evidence_section(library.ask("有几艘潜水艇？"), library.report, 1)
    assert "资料中没有足够的依据" in html
    assert html.count("qa-near") == 3
    assert "<mark>" not in html
    assert "qa-near" not in evidence_section(
        library.ask("云岭市走访慰问困难职工多少人次？"), library.report, 1
    )


@pytest.mark.parametrize(
    ("state", "words", "tone"),
    [("quoted", "1 个数字见于引文", "qa-good"), ("derived", "1 个数字由引文算出", "qa-good"),
     ("unsupported", "1 个数字未能核对", "qa-doubt")],
)  # fmt: skip
def test_badge_says_what_was_checked(state: str, words: str, tone: str) -> None:
    library = SmallLibrary()
    answer = library.ask("云岭市走访慰问困难职工多少人次？")
    answer = replace(
        answer, figures=(replace(answer.figures[0], state=state),), calculation=("6 / 2 = 3<人>",)
    )
    html = evidence_section(answer, library.report, 1)
    assert words in html
    assert f'<li class="{tone}">' in html
    assert "6 / 2 = 3&lt;人&gt;" in html


def test_inferred_period_is_shown_with_a_warning() -> None:
    library = SmallLibrary()
    doubtful = evidence_section(library.ask("芦川县送文化进车间多少场？"), library.report, 1)
    assert "由系统推断" in doubtful
    sure = evidence_section(library.ask("云岭市走访慰问困难职工多少人次？"), library.report, 1)
    assert "由系统推断" not in sure


def test_copy_is_plain_text_with_sources() -> None:
    answer = SmallLibrary().ask("云岭市走访慰问困难职工多少人次？")
    answer_line, blank, head, source = plain_copy(answer).split("\n")
    assert (answer_line, blank, head) == (answer.text, "", "出处：")
    assert source.startswith("[1] 《云岭市工会工作报告》，云岭市，2019–2023，")
    assert answer.citations[0].quote in source
    assert plain_copy(SmallLibrary().ask("有几艘潜水艇？")).count("\n") == 0


def test_empty_panel_teaches() -> None:
    assert "标亮" in evidence_panel(())
    assert "rebuild" in evidence_panel((), has_reports=False)
    assert "标亮" not in evidence_panel((Turn("问", Markup(), Markup("<section></section>")),))


def test_period_of_one_year_reads_as_one_year() -> None:
    report = make_report(
        "乙.txt", "乙市", Period(2023, 2023), {"一": ("乙市建成驿站一百零八个以上，送去清凉和饮水。",)}
    )
    library = SmallLibrary(reports=(report,))
    html = evidence_section(library.ask("乙市建成驿站多少个，送去清凉和饮水了吗？"), library.report, 1)
    assert "<span>2023</span>" in html
