"""What an administrator corrects in the ledger is what answers, tables and drafts say, with what is printed and by whom."""

from dataclasses import replace
from pathlib import Path

import pytest

from qa import open_library
from qa.answer_json import answer_json
from qa.drafts.exports import verdict_text
from qa.index import rebuild
from qa.library import Library
from qa.library.answering import with_corrections
from qa.text.figures import amounts_in
from qa.types import CheckedFigure, Table, TableCell, TableRow

SAMPLE = Path(__file__).parents[1] / "qa" / "sample"
NOTES = """
[[corrections]]
report = "wenzhou-2018-2023.md"
printed = "1.45万件"
value = 14600
author = "王芳"
date = 2024-05-06
reason = "与年报不符"

[[corrections]]
report = "wenzhou-2018-2023.md"
printed = "1500多场"
value = 1600
author = "王芳"
date = 2024-05-06
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("corrected")
    rebuild(sorted(SAMPLE.glob("*.md")), folder)
    (folder / "ledger.toml").write_text(NOTES, "utf-8")
    return open_library(folder)


def test_an_answer_says_what_was_corrected_and_what_is_printed(library: Library) -> None:
    answer = library.ask("温州2018—2023年提供了多少件法律援助？")
    assert answer.outcome == "answered" and answer.short == "1.46万件"
    first, *_, note = answer.text.splitlines()
    assert "1.46万件" in first and "1.45万件" not in first
    assert note == "已更正：[1] 印作“1.45万件”，应为1.46万件（与年报不符；王芳，2024-05-06）。"
    assert ("1.46万件", 14600.0, "corrected") in {(f.text, f.value, f.state) for f in answer.figures}
    assert "1.45万件" in answer.citations[0].quote
    assert {f["state"] for f in answer_json(answer)["figures"]} >= {"corrected"}


def test_a_formula_is_computed_from_what_was_corrected(library: Library) -> None:
    answer = library.ask("温州的法律援助这一届比上一届多多少件？")
    assert "1.46万件[2]" in answer.text
    assert answer.calculation == ("1.46万件 - 3943件 = 10657件，约1.07万件",) and answer.short == "约1.07万件"
    assert answer.calculation[0] in answer.text and "更正前" not in answer.text
    assert "算式" not in library.ask("温州2018—2023年提供了多少件法律援助？").text


def test_a_table_holds_what_was_corrected(library: Library) -> None:
    answer = library.ask("用表格对比各地的法律援助件数")
    assert answer.table is not None
    cells = [cell for row in answer.table.rows for cell in row.cells if cell.figure]
    assert 14600.0 in {cell.figure.value for cell in cells if cell.figure}
    assert any("1.46万件" in cell.text for cell in cells)
    assert "已更正：" in answer.text


def test_a_cell_keeps_its_figure_where_another_one_of_its_words_is_corrected(library: Library) -> None:
    (figure,) = (f for f in library.ledger().figures if f.correction and f.text == "1.45万件")
    assert figure.correction
    answer = library.ask("用表格对比各地的法律援助件数")
    printed = CheckedFigure(figure.text, figure.correction.printed_value, "件", "quoted", 2)
    own = TableCell("found", "3943件，后来1.45万件[2]", amounts_in("3943件")[0])
    table = Table(("法律援助",), (TableRow("温州", "", (own, TableCell("not_mentioned"))),))
    told = with_corrections(replace(answer, figures=(printed,), table=table), lambda: [figure])
    assert told.table and told.table.rows[0].cells == (
        replace(own, text="3943件，后来1.46万件[2]"),
        TableCell("not_mentioned"),
    )


def test_the_end_of_a_longer_figure_is_not_corrected(library: Library) -> None:
    (figure,) = (f for f in library.ledger().figures if f.correction and f.text == "1.45万件")
    assert figure.correction
    answer = library.ask("温州2018—2023年提供了多少件法律援助？")
    printed = CheckedFigure(figure.text, figure.correction.printed_value, "件", "quoted", 1)
    told = replace(answer, text="信访21.45万件，援助1.45万件[1]。", short="1.45万件", figures=(printed,))
    righted = with_corrections(told, lambda: [figure])
    assert righted.text.startswith("信访21.45万件，援助1.46万件[1]。") and righted.short == "1.46万件"


@pytest.mark.parametrize(("said", "verdict"), [("1.46万件", "agrees"), ("1.45万件", "differs")])
def test_a_draft_is_held_to_what_was_corrected(library: Library, said: str, verdict: str) -> None:
    checked = library.check_draft(f"温州市总工会2018—2023年工作汇报\n\n提供法律援助{said}。")
    item = next(item for item in checked.items if item.text == said)
    assert item.verdict == verdict and item.corrected
    assert "已经更正" in verdict_text(item)
    assert item.right == (None if verdict == "agrees" else "1.46万件")


def test_what_was_not_corrected_stays(library: Library) -> None:
    answer = library.ask("漳州有多少工会会员？")
    assert "更正" not in answer.text


def test_corrections_that_cannot_be_read_stop_no_answer(library: Library) -> None:
    notes = Path(library.status().folder) / "ledger.toml"
    kept = notes.read_text("utf-8")
    notes.write_text("[[corrections", "utf-8")
    try:
        answer = library.ask("温州2018—2023年提供了多少件法律援助？")
    finally:
        notes.write_text(kept, "utf-8")
    assert answer.short == "1.45万件"
    assert "ledger.toml 用不了" in answer.text


def test_of_two_like_figures_in_a_sentence_none_is_exchanged_for_the_other(tmp_path: Path) -> None:
    text = "云岭市总工会工作报告（2023年）\n\n2023年，云岭市新建职工书屋37家，走访困难企业37家。\n"
    (tmp_path / "云岭.txt").write_text(text, "utf-8")
    rebuild([tmp_path / "云岭.txt"], tmp_path / "index")
    (tmp_path / "index" / "ledger.toml").write_text(
        '[[corrections]]\nreport = "云岭.txt"\nprinted = "37家"\nnumber = 2\nvalue = 39\n'
        'author = "王芳"\ndate = 2024-05-06\n',
        "utf-8",
    )
    found = open_library(tmp_path / "index")
    assert [f.value for f in found.ledger().figures] == [37.0, 39.0]
    answer = found.ask("云岭市新建职工书屋多少家？")
    first, *_, note = answer.text.splitlines()
    assert "37家" in first and "39家" not in first and answer.short == "37家"
    assert "走访困难企业”的数印作“37家”，应为39家" in note
