"""Tables of a draft: the labels of a row and the head of a column count like the words before a figure."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import docx
import pytest

from qa.drafts import check_report
from qa.drafts.draft import contexts, draft_of, read_draft
from qa.drafts.judging import DraftItem
from qa.drafts.ranking import Register, register_of
from qa.ledger import Ledger
from qa.ledger.build import figures_of
from qa.text.units import sentences_of
from qa.types import Place, Report
from tests.reports import report_of

HEAD = "宁波市工会2018—2023年简报"
STATED = "五年来，培育“湾区工匠”86名、选树“海港工匠”124名。新建阅览角57个、托管班32个。海港工会送医3次。海港工会办夜校4所。"
ONE_ROW = (("指标", "数量"), ("海港工匠", "86名"), ("阅览角", "57个"))
NUMBERED = (("序号", "指标", "数量"), ("1", "海港工匠", "86名"), ("2", "阅览角", "57个"))
IN_COLUMNS = (("海港工匠", "托管班", "阅览角"), ("86名", "32个", "57个"))
WITH_UNITS = (("指标", "单位", "数量"), ("海港工匠", "名", "86"), ("阅览角", "个", "57"))


@pytest.fixture(scope="module")
def own() -> Register:
    report = report_of(STATED, "甲.md", "浙江省宁波市", (2018, 2023))
    return register_of((report,), Ledger((report,), figures_of(report, sentences_of(report))))


@pytest.fixture(scope="module")
def two() -> Register:
    reports = (
        report_of(STATED, "甲.md", "浙江省宁波市", (2018, 2023)),
        report_of("五年来，新建阅览角41个、练功房9个。", "乙.md", "浙江省绍兴市", (2018, 2023)),
    )
    figures = (figure for each in reports for figure in figures_of(each, sentences_of(each)))
    return register_of(reports, Ledger(reports, tuple(figures)))


def judged(register: Register, draft: Report) -> Mapping[str, DraftItem]:
    return {item.text: item for item in check_report(draft, register).items}


def as_text(rows: Sequence[Sequence[str]], mark: str) -> str:
    return "\n".join([HEAD, "", *(mark.join(row) for row in rows)])


@pytest.mark.parametrize("rows", [ONE_ROW, NUMBERED, IN_COLUMNS])
@pytest.mark.parametrize("mark", ["\t", " | "])
def test_a_figure_beside_another_label_is_not_right(
    own: Register, rows: Sequence[Sequence[str]], mark: str
) -> None:
    told = judged(own, draft_of(as_text(rows, mark)))
    (wrong,) = (each for text, each in told.items() if text.startswith("86"))
    assert (wrong.verdict, wrong.right) == ("differs", "124名")
    (right,) = (each for text, each in told.items() if text.startswith("57"))
    assert right.verdict in ("agrees", "agrees_otherwise")
    assert not told.keys() & {"1", "2"}


@pytest.mark.parametrize("rows", [ONE_ROW, NUMBERED, WITH_UNITS])
def test_a_table_of_a_word_file_is_held_to_its_labels(
    own: Register, rows: Sequence[Sequence[str]], tmp_path: Path
) -> None:
    document = docx.Document()
    document.add_heading(HEAD, 1)
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.save(str(tmp_path / "稿件.docx"))
    told = judged(own, read_draft(tmp_path / "稿件.docx"))
    assert (told["86名"].verdict, told["86名"].right) == ("differs", "124名")
    assert told["57个"].verdict == "agrees"


@pytest.mark.parametrize("name", ["稿件.md", "稿件.txt"])
def test_a_table_of_a_text_file_is_judged_once(own: Register, name: str, tmp_path: Path) -> None:
    rule = "|---|---|\n" if name.endswith("md") else ""
    rows = as_text(ONE_ROW, " | ").replace("数量\n", f"数量\n{rule}")
    (tmp_path / name).write_text(rows, encoding="utf-8")
    items = check_report(read_draft(tmp_path / name), own).items
    assert sorted(item.text for item in items) == ["2018—2023年", "57个", "86名"]


@pytest.mark.parametrize(
    ("rows", "read"),
    [
        # labels with figures
        (
            (("规模", "会员", "驿站"), ("90人以上工厂", "5人", "2家"), ("20人以下工厂", "8人", "3家")),
            [
                "会员 90人以上工厂 5人",
                "驿站 90人以上工厂 2家",
                "会员 20人以下工厂 8人",
                "驿站 20人以下工厂 3家",
            ],
        ),
        # nothing that is counted
        (
            (("序号", "县区", "称号"), ("1", "甲县", "先进集体"), ("2", "乙县", "红旗单位")),
            ["称号 甲县 先进集体", "称号 乙县 红旗单位"],
        ),
        # a title, merged cells and cells that are blank
        (
            (
                ("序号", "类别", "指标", "数量", "说明"),
                ("1", "人才", "工匠", "86名", ""),
                ("2", "", "名师", "9名", "新"),
                ("以上人才", "", "", "", ""),
            ),
            ["数量 人才 工匠 86名", "数量 名师 9名", "说明 名师 新", "以上人才"],
        ),
    ],
)
def test_a_cell_is_read_after_the_label_of_its_row(
    rows: Sequence[Sequence[str]], read: Sequence[str]
) -> None:
    title = ("2030年情况", *("" for _ in rows[0][1:]))
    draft = draft_of("\n".join("\t".join(row) for row in (title, *rows)))
    assert [paragraph.text for paragraph in draft.paragraphs[2:]] == read


@pytest.mark.parametrize("name", ["稿件.md", "稿件.txt"])
@pytest.mark.parametrize("heads", [("指标", "数量"), ("指标", "数量", "说明")])
def test_a_row_of_a_text_file_stands_where_it_is_printed(
    two: Register, name: str, heads: Sequence[str], tmp_path: Path
) -> None:
    rule = f"{'|---' * len(heads)}|\n" if name.endswith("md") else ""
    rows = {
        "宁波市": (("阅览角", "57个"), ("托管班", "32个")),
        "绍兴市": (("阅览角", "41个"), ("练功房", "9个")),
    }
    parts = []
    for place, own in rows.items():
        lines = [" | ".join((*row, "五年累计")[: len(heads)]) for row in own]
        parts.append(f"## {place}\n\n{' | '.join(heads)}\n{rule}{chr(10).join(lines)}\n")
    text = "\n".join(parts)
    (tmp_path / name).write_text(text, encoding="utf-8")
    items = check_report(read_draft(tmp_path / name), two).items
    told = [(item.text, item.verdict, item.start) for item in items]
    assert told == [(n, "agrees", text.index(n)) for n in ("57个", "32个", "41个", "9个")]


def test_a_row_whose_unit_is_in_its_head_is_of_the_place_above_it(two: Register, tmp_path: Path) -> None:
    table = "| 指标 | 数量（个） |\n|---|---|\n"
    text = f"## 宁波市\n\n{table}| 阅览角  （新建） | 57 |\n\n## 绍兴市\n\n{table}| 阅览角 | 41 |\n"
    (tmp_path / "稿件.md").write_text(text, encoding="utf-8")
    checked = check_report(read_draft(tmp_path / "稿件.md"), two)
    assert checked.text == text  # without rows of ours
    told = [(item.text, item.verdict, item.start) for item in checked.items]
    assert told == [(n, "agrees_otherwise", text.index(f"{n} |")) for n in ("57", "41")]


def test_a_label_that_begins_with_another_place_does_not_turn_the_rows_below_to_it(own: Register) -> None:
    (report,) = own.reports.values()
    draft = draft_of(f"{HEAD}\n\n浙江工匠\t9名\n阅览角\t57个")
    places = {report.place: None, Place("浙江省", (), "province"): None}
    assert {context.place for _, context in contexts(draft, places)} == {report.place}


@pytest.mark.parametrize(
    "rows",
    [
        (("指标", "经费（万元）"), ("送医", "3.5")),
        (("序号", "指标", "经费（万元）", "说明"), ("1", "送医", "3.5", "")),
        (("指标", "单位", "数量"), ("送医", "万元", "3.5")),
    ],
)
def test_a_pasted_number_is_in_the_unit_of_its_head_or_label(rows: Sequence[Sequence[str]]) -> None:
    report = report_of("海港工会送医花费3.5万元。", "甲.md", "浙江省宁波市", (2018, 2023))
    register = register_of((report,), Ledger((report,), figures_of(report, sentences_of(report))))
    told = judged(register, draft_of(as_text(rows, "\t")))
    assert told["3.5"].verdict == "agrees_otherwise"
