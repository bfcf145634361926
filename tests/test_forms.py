"""Answers in the form that is asked for, over the bundled reports: tables, paragraphs, the last answer again."""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from qa.answer_json import answer_json
from qa.answer_sheet import table_sheets, write_answers
from qa.answering.wording import wording_of
from qa.engines.shaping import AROUND, TONE, _cut, length, shaped
from qa.errors import QAError
from qa.index import open_index, rebuild
from qa.library import Library, open_library, table_figures, tables
from qa.types import Answer, Form
from qa.web.answers import as_docx, as_markdown, growing_html
from qa.web.chat import Turn

MARK = re.compile(r"\[(\d+)\]")


@pytest.fixture(scope="module")
def library() -> Library:
    return open_library()


@pytest.fixture(scope="module")
def table(library: Library) -> Answer:
    return library.ask("用表格对比各地的妈咪暖心小屋和法律援助件数")


def cells(answer: Answer) -> dict[tuple[str, str], str]:
    """(row, thing) → what stands there, without its mark; or why nothing does."""
    assert answer.table is not None
    return {
        (row.label, thing): MARK.sub("", cell.text) or cell.state
        for row in answer.table.rows
        for thing, cell in zip(answer.table.things, row.cells, strict=True)
    }


def quotes_hold(answer: Answer, library: Library) -> None:
    """Every citation's quote is the characters of the source that it names."""
    for citation in answer.citations:
        source = library.report(citation.report_id).source.text
        said = "".join(source[a:b] for a, b in citation.spans)
        assert "".join(citation.quote.split()) == "".join(said.replace("*", "").split())


def test_a_table_has_a_cell_for_each_report_and_thing(table: Answer, library: Library) -> None:
    found = cells(table)
    assert len(found) == 2 * len(library.reports)
    assert found["浙江（2018–2023）", "妈咪暖心小屋"] == "6100余个"
    assert found["温州（2013–2018）", "妈咪暖心小屋"].endswith("200多家")  # 建成200多家
    assert found["漳州（2018–2023）", "妈咪暖心小屋"].endswith("89个")  # “妈妈小屋”89个
    assert found["温州（2013–2018）", "法律援助件数"] == "3943件"
    assert found["温州（2018–2023）", "法律援助件数"] == "1.45万件"


def test_what_a_report_does_not_speak_of_is_told_from_what_was_not_matched(table: Answer) -> None:
    found = cells(table)
    assert found["钱塘（2023）", "法律援助件数"] == "not_mentioned"
    assert found["漳州（2018–2023）", "法律援助件数"] == "not_matched"  # spoken of, without a number
    assert "报告未提" in table.text
    assert "没有匹配上" in table.text


def test_a_row_of_which_nothing_was_found_is_in_the_text(library: Library) -> None:
    answer = library.ask("用表格对比各地的职工书屋")
    assert answer.table is not None
    assert [cell.state for row in answer.table.rows for cell in row.cells].count("found") < len(
        answer.table.rows
    )
    assert all(f"| {row.label} |" in answer.text for row in answer.table.rows)


def test_a_cell_that_does_not_hold_leaves_the_others(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = tables.check

    def strict(answer: Answer, *args: Any, **options: Any) -> Answer:
        if answer.text.startswith("| 温州（2018–2023） | 1.45万件"):
            return replace(answer, text="")
        return checked(answer, *args, **options)

    whole = library.ask("用表格对比各地的法律援助件数").table
    monkeypatch.setattr(tables, "check", strict)
    answer = library.ask("用表格对比各地的法律援助件数")
    found = cells(answer)
    assert whole is not None and answer.table is not None
    assert found["温州（2018–2023）", "法律援助件数"] == "not_matched"
    assert found["温州（2013–2018）", "法律援助件数"] == "3943件"
    assert [row.label for row in answer.table.rows] == [row.label for row in whole.rows]
    assert answer.text.startswith("| 地区（时期） | 法律援助件数 |")


def test_columns_are_of_what_stands_before_the_colon(library: Library) -> None:
    answer = library.ask("把各地职工医疗互助做成表格：参加了多少人次、一共赔出去多少钱")
    found = cells(answer)
    assert answer.table is not None
    assert answer.table.things == ("参加了多少人次", "一共赔出去多少钱")
    assert found["温州（2018–2023）", "参加了多少人次"] == "超550万人次"
    assert found["浙江（2018–2023）", "一共赔出去多少钱"] == "15.7亿元"
    told = [cell for row in answer.table.rows for cell in row.cells if cell.state == "found"]
    assert len({cell.text for cell in told}) == len(told)


def test_a_table_without_any_answer_is_none(library: Library) -> None:
    answer = library.ask("用表格列出温州的潜水艇艘数")
    assert (answer.outcome, answer.table) == ("not_sure", None)
    assert answer.nearest


def test_a_column_that_is_no_thing_to_look_up_is_refused(library: Library) -> None:
    with pytest.raises(QAError, match="看不出要查什么"):
        library.ask("用表格对比" * 40)


def test_every_cell_is_cited_where_it_stands(table: Answer, library: Library) -> None:
    assert table.table is not None
    by_marker = {c.marker: c for c in table.citations}
    for row in table.table.rows:
        for cell in row.cells:
            if cell.state == "found":
                cited = [by_marker[int(m)] for m in MARK.findall(cell.text)]
                assert MARK.sub("", cell.text) in cited[0].quote
                assert {c.place[:2] for c in cited} == {row.label[:2]}
    quotes_hold(table, library)
    assert all(figure.state == "quoted" for figure in table.figures)


def test_a_city_beside_its_province_is_marked(table: Answer) -> None:
    assert table.table is not None
    inside = {row.label[:2]: row.inside for row in table.table.rows}
    assert inside == {"浙江": "", "温州": "浙江省", "漳州": "", "钱塘": "浙江省"}
    assert "不宜相加" in table.text


def test_places_that_are_named_are_the_rows(library: Library) -> None:
    found = cells(library.ask("把浙江、南京的疗休养人数做成表格"))
    assert found == {("浙江（2018–2023）", "疗休养人数"): "420万名", ("南京", "疗休养人数"): "not_held"}


def test_a_place_for_which_a_table_is_made_is_its_row(library: Library) -> None:
    found = cells(library.ask("给钱塘做个表：妈咪暖心小屋、职工书屋"))
    assert [row for row, _ in found] == ["钱塘（2023）"] * 2
    assert "90个" in found["钱塘（2023）", "妈咪暖心小屋"] and "50个" in found["钱塘（2023）", "职工书屋"]


def test_a_cell_counts_what_its_column_names(library: Library) -> None:
    answer = library.ask("用表格对比温州两届的医疗互助、劳模情况和职工书屋")
    found = cells(answer)
    assert answer.table is not None
    assert any(said in found["温州（2018–2023）", "医疗互助"] for said in ("超1亿元", "超550万人次"))
    assert "劳模" in found["温州（2018–2023）", "劳模情况"]
    (shelf,) = (row.cells[2] for row in answer.table.rows if row.label == "温州（2018–2023）")
    assert shelf.figure is not None and shelf.figure.value == 198


def test_a_filter_binds_the_rows(library: Library) -> None:
    found = cells(library.ask("用表格对比各报告的妈咪暖心小屋", place="钱塘区"))
    assert [label for label, _ in found] == ["钱塘（2023）"]


def test_a_table_becomes_a_workbook_with_numbers(table: Answer, library: Library, tmp_path: Path) -> None:
    write_answers(tmp_path / "表格.xlsx", [table])
    book = openpyxl.load_workbook(tmp_path / "表格.xlsx")
    rows = list(book["表格1"].values)
    column = rows[0].index("法律援助件数")
    values = {row[0]: row[column + 1] for row in rows[1:]}
    assert values["温州（2018–2023）"] == 14500
    assert values["钱塘（2023）"] is None
    assert book["出处1"].max_row == len(table.citations) + 1
    write_answers(tmp_path / "表格.xlsx", [table, table])
    book = openpyxl.load_workbook(tmp_path / "表格.xlsx")
    assert book.sheetnames == ["表格2", "出处2", "表格1", "出处1", "回答"]
    assert book.active.title == "表格2"  # the last answer opens
    with pytest.raises(QAError, match="不是表格"):
        table_sheets(library.ask("钱塘有多少个妈咪暖心小屋？"))


def test_the_page_and_word_show_the_table_with_its_marks(table: Answer) -> None:
    *_, shown = growing_html(table, 1)
    assert shown.count("<tr>") == len(table.table.rows) + 1 if table.table else False
    assert '<th scope="row">温州（2018–2023）</th>' in shown
    assert shown.count('class="qa-mark"') == len(table.citations)
    assert "| ---" not in shown
    turns = (Turn(table.question, "", answer=table),)
    path = io.BytesIO(as_docx(turns))
    (word,) = docx.Document(path).tables
    assert [cell.text for cell in word.rows[0].cells] == ["地区（时期）", "妈咪暖心小屋", "法律援助件数"]
    assert len(word.rows) == len(shown.split("<tr>")) - 1
    with zipfile.ZipFile(path) as archive:
        document = archive.read("word/document.xml").decode()
    assert document.count("<w:footnoteReference") == len(table.citations)
    assert as_markdown(turns).count("\n| ") == len(word.rows) + 1


def test_the_table_is_in_the_json_and_null_elsewhere(table: Answer, library: Library) -> None:
    told = answer_json(table)["table"]
    assert told["things"] == ("妈咪暖心小屋", "法律援助件数")
    assert answer_json(library.ask("钱塘有多少个妈咪暖心小屋？"))["table"] is None


def test_an_english_question_asks_for_a_table(library: Library) -> None:
    answer = library.ask("Compare legal aid cases in Wenzhou in the two terms in a table")
    assert set(cells(answer)) == {
        ("温州（2013–2018）", "法律援助案件"),
        ("温州（2018–2023）", "法律援助案件"),
    }


@pytest.mark.parametrize("characters", [100, 200, 400])
def test_a_paragraph_keeps_to_its_length_and_cites_each_sentence(library: Library, characters: int) -> None:
    answer = library.ask(f"写一段{characters}字，介绍漳州工会的帮扶工作")
    assert answer.outcome == "answered"
    assert "\n" not in answer.text
    assert "慰问" in answer.text
    assert characters / 4 < length(answer.text) <= characters + 20  # the place at its head
    sentences = answer.text.rstrip("。").split("。")
    assert all(MARK.search(sentence) for sentence in sentences)
    quotes_hold(answer, library)


def test_a_paragraph_on_what_no_sentence_speaks_of_is_not_written(library: Library) -> None:
    assert library.ask("写一段话介绍浙江的海洋渔业").outcome != "answered"


def test_in_more_detail_a_figure_stands_amid_its_neighbours(library: Library) -> None:
    asked = "温州工会办了多少场招聘会"
    bare, full = library.ask(asked), library.ask("再详细一点", history=[asked])
    assert full.standalone_question == bare.standalone_question and full.short == bare.short
    first, around = full.text.split("\n")
    assert first == bare.text and around.startswith(AROUND)
    (own, wide) = full.citations
    assert own.quote in wide.quote and len(wide.quote) > len(own.quote) and not full.missing
    quotes_hold(full, library)
    assert library.ask("缩短", history=[asked, "再详细一点"]).text == bare.text


def test_in_more_detail_a_summary_has_more_points(library: Library) -> None:
    asked = "概括一下钱塘区工会在维护职工权益方面的工作"
    bare, full = library.ask(asked), library.ask("再展开讲讲", history=[asked])
    assert {c.quote for c in bare.citations} < {c.quote for c in full.citations}


def test_shorter_and_points_are_of_the_last_answer(library: Library) -> None:
    asked = "写一段话概括漳州工会的工作"
    long = library.ask(asked)
    short = library.ask("缩短", history=[asked])
    points = library.ask("改成要点", history=[asked])
    assert 0 < length(short.text) <= length(long.text) / 2 + 20
    assert {c.quote for c in short.citations} < {c.quote for c in long.citations}
    assert [c.quote for c in points.citations] == [c.quote for c in long.citations]
    assert points.text.count("\n- ") == len(points.citations) > 2
    few = library.ask("改成要点", history=[asked, "缩短"])
    assert [c.quote for c in few.citations] == [c.quote for c in short.citations]
    assert len(library.ask("写成300字", history=[asked, "缩短"]).citations) > len(short.citations)


def test_points_of_one_sentence_are_its_clauses(library: Library) -> None:
    asked = "漳州给新业态劳动者送了什么？"
    told = library.ask(asked)
    head, *points = library.ask("改成要点", history=[asked]).text.split("\n")
    assert "\n" not in told.text and len(told.citations) == 1
    assert head == told.text[: told.text.index("：") + 1]
    assert len(points) > 1 and all(point.startswith("- ") and point.endswith("[1]。") for point in points)


def test_what_tells_no_figure_is_left_out_first(library: Library) -> None:
    asked = "写一段话概括漳州工会的工作"
    long, short = library.ask(asked), library.ask("缩短到80字", history=[asked])
    assert length(short.text) <= 80
    assert any(character.isdigit() for character in MARK.sub("", short.text).partition("：")[2])
    assert {c.quote for c in short.citations} < {c.quote for c in long.citations}


def test_another_tone_says_what_it_needs(library: Library) -> None:
    asked = "漳州有多少个妈妈小屋？"
    first, again = library.ask(asked), library.ask("换成口语", history=[asked])
    assert again.text == f"{first.text}\n{TONE}"
    assert again.citations == first.citations


def test_a_table_that_names_its_rows_and_columns_takes_nothing_over(library: Library) -> None:
    asked = "用表格对比各地的妈咪暖心小屋"
    behind = library.ask(asked, history=["钱塘区医疗互助补助了多少人？"])
    assert behind.table == library.ask(asked).table


def test_a_column_counts_what_its_surest_cell_counts(library: Library) -> None:
    told = library.ask("用表格列出各地疗休养基地数").table
    assert told is not None
    assert {figure.unit for row in told.rows for cell in row.cells if (figure := cell.figure)} == {"家"}


def test_a_question_behind_a_table_is_a_question_again(library: Library) -> None:
    history = ["用表格对比浙江和漳州的妈咪暖心小屋", "做成表格"]
    answer = library.ask("钱塘有多少个妈咪暖心小屋？", history=history)
    assert answer.table is None
    assert "90个" in answer.text or any("90个" in shown.text for shown in answer.nearest)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("收录了哪些报告？", ["5 份报告", "浙江省", "凝聚工人力量", "杭州市钱塘区总工会2023年度报告"]),
        ("最新到哪一年", ["最新写到 2023 年", "最早从 2013 年"]),
        ("你能做什么？", ["表格", "核稿", "写一段"]),
        ("你是谁", ["只根据已收录的报告", "5 份报告"]),
    ],
)
def test_the_library_speaks_of_itself(library: Library, question: str, told: list[str]) -> None:
    answer = library.ask(question)
    assert answer.outcome == "answered"
    assert all(words in answer.text for words in told)
    assert answer.citations == ()


def test_the_library_speaks_of_what_the_filter_leaves(library: Library) -> None:
    text = library.ask("收录了哪些报告", place="温州").text
    assert "2 份报告" in text
    assert "漳州" not in text


def test_the_library_speaks_of_itself_in_the_midst_of_questions(library: Library) -> None:
    history = ["浙江有多少个妈咪暖心小屋？", "那漳州呢？"]
    told = library.ask("收录了哪些报告", history=history)
    assert "5 份报告" in told.text and told.standalone_question == "收录了哪些报告"


def test_a_follow_up_is_asked_of_the_reports(library: Library) -> None:
    answer = library.ask("那漳州呢？", history=["收录了哪些报告", "浙江有多少个妈咪暖心小屋？"])
    assert "89个" in answer.text


def test_what_is_most_on_the_topic_stays_when_an_answer_is_shortened(library: Library) -> None:
    cited = library.ask("温州提供法律援助多少件？").citations[0]
    made = Answer(
        question="写一段温州的法律援助",
        standalone_question="温州的法律援助",
        text="温州（2018–2023）：\n举办招聘会500余场，帮助外来人员就业[1]。\n为职工提供法律援助1.45万件[2]。",
        short=None,
        abstained=False,
        reason=None,
        calculation=(),
        citations=(replace(cited, marker=1), replace(cited, marker=2)),
        figures=(),
        passages=(),
    )
    short = shaped(made, Form("paragraph", shorter=1, of=Form("paragraph")), _told)
    assert short.text == "温州（2018–2023）：为职工提供法律援助1.45万件[2]。"


def test_a_row_of_a_year_has_the_figures_of_that_year(tmp_path: Path) -> None:
    """A table of the report has the years in its columns, and the row of the report's own year is no other's."""
    rows = ["| 项目 | 2024年 | 2025年 |", "| --- | --- | --- |", "| 职工疗休养 | 540人 | 620人 |"]
    text = (
        "# 远辉重工集团工会2025年工作报告\n\n## 一、职工福利\n\n各项福利又有提高，见下表。\n\n"
        + "\n".join(rows)
        + "\n"
    )
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "远辉.md").write_text(text, "utf-8")
    rebuild([tmp_path / "reports"], tmp_path / "index")
    found = cells(open_library(tmp_path / "index").ask("把远辉重工2024年和2025年的疗休养人数做成表格"))
    assert [value.rpartition("：")[2] for value in found.values()] == ["540人", "620人"]


def test_a_shortened_answer_is_no_longer_than_asked_and_keeps_what_is_on_the_topic() -> None:
    lines = [
        "苏州（2023）：",
        "通过联席会议，研究了十项工作[1]。",
        "走访困难职工120户，发放慰问金30万元，全年不断[2]。",
    ]
    assert _cut(lines, 40, _asked("困难职工的慰问金", lines)) == [lines[0], lines[2]]
    for mark in ("", "- "):  # one line needs no bullet
        cut = _cut([lines[0], mark + lines[1], mark + lines[2]], 20, _asked("困难职工的慰问金", lines))
        assert cut == ["苏州（2023）：走访困难职工120户[2]。"] and length(cut[0]) <= 20


def test_a_shortened_answer_keeps_each_line_under_its_place_and_the_conclusion_last() -> None:
    spoken = ["- 三是抓培训：评选劳模，表彰先进[1]。", "- 劳模工作室12家[2]。"]  # no label of a place
    assert _cut(spoken, 12, _asked("劳模工作室", spoken)) == [spoken[1]]
    lines = ["- 苏州（2023）：评选劳模，表彰先进，组织宣讲一百场[1]。", "- 劳模工作室12家[2]。", "- 泉州（2023）：举办运动会，组织健步走[3]。",
             "- 劳模工作室9家[4]。", "相比之下，苏州更多。"]  # fmt: skip
    asked = _asked("劳模工作室", lines)
    assert _cut(lines, 40, asked) == [
        "- 苏州（2023）：劳模工作室12家[2]。",
        "- 泉州（2023）：劳模工作室9家[4]。",
    ]
    assert _cut(lines, 200, asked) == lines


def _told(thing: str, line: str) -> float:
    return float(thing in line)


def _asked(topic: str, lines: list[str]) -> Answer:
    return Answer(
        question=topic, standalone_question=topic, text="\n".join(lines), short=None, abstained=False, reason=None,
        calculation=(), citations=(), figures=(), passages=(),
    )  # fmt: skip


def test_figures_printed_alike_in_one_sentence_are_told_apart(tmp_path: Path) -> None:
    counted = "全市生产总值增长5.6%，一般公共预算收入增长2%，工业增加值增长7.9%，社会消费品零售总额增长5.6%，增速领先。"
    (tmp_path / "温州.md").write_text(f"# 2025年温州市政府工作报告\n\n## 一年回顾\n\n{counted}\n", "utf-8")
    rebuild([tmp_path / "温州.md"], tmp_path / "index")
    index = open_index(tmp_path / "index")
    answer = open_library(tmp_path / "index").ask("用表格列出温州市生产总值增长、社会消费品零售总额增长")
    assert all(cell.endswith("5.6%") for cell in cells(answer).values())
    (report,) = index.reports
    alike = [figure for figure in table_figures.figures_in(report) if figure.text == "5.6%"]
    stated = [
        table_figures._statement(report, each, each.indicator, wording_of(index)).text for each in alike
    ]
    assert stated == ["全市生产总值增长5.6%", "社会消费品零售总额增长5.6%"]


def test_a_column_with_a_bar_stays_one_column(library: Library) -> None:
    answer = library.ask("用表格列出温州的妈咪暖心|小屋、法律援助")
    assert answer.table and len(answer.table.things) == 2
    assert {line.count("|") for line in answer.text.splitlines() if line.startswith("|")} == {4}
