"""The ledger over whole reports: queries, groups, the matrix, corrections by hand, exports."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from qa.errors import QAError
from qa.ledger import Ledger
from qa.ledger.matching import comparable
from qa.ledger.notes import Notes, read_notes
from qa.ledger.tables import as_json, matrix_table, table
from qa.text.sheets import as_csv, write_xlsx
from qa.types import Report
from tests.reports import memory_index, report_of, sample

NINGBO = """# 宁波市总工会报告

## 维权

五年来，全市工会提供法律援助1.2万件，挽回损失3.5亿元。建成妈咪暖心小屋260家。命名省级疗养基地7家、市级疗养基地30家。

## 减负

返还小微企业工会经费2亿元，缓减企业工会经费6亿元。目前全市有工会会员210万人，余姚市新建工会85家。
"""
SHAOXING = """# 绍兴市总工会报告

## 维权

为职工提供法律援助4300件。新建妈妈小屋96个。发展会员5万人。命名市级疗养基地11家。
"""


@pytest.fixture(scope="module")
def reports() -> tuple[Report, ...]:
    return (
        report_of(NINGBO, "宁波.md", "浙江省宁波市", (2018, 2023)),
        report_of(SHAOXING, "绍兴.md", "浙江省绍兴市", (2013, 2018)),
    )


@pytest.fixture(scope="module")
def ledger(reports: tuple[Report, ...]) -> Ledger:
    return Ledger.of(memory_index(reports))


def texts(ledger: Ledger, **asked: object) -> list[str]:
    return [f.text for f in ledger.find(**asked)]  # type: ignore[arg-type]


def test_a_minus_is_of_the_figure_and_not_of_what_it_counts() -> None:
    report = report_of("全市工会经费收入−560万元。", "甲.md", "浙江省宁波市", (2018, 2023))
    found = Ledger.of(memory_index((report,))).find(indicator="经费收入")
    assert [(f.value, f.text, f.indicator) for f in found] == [(-5_600_000, "−560万元", "工会经费收入")]


def test_a_figure_is_found_by_its_value() -> None:
    report = report_of(
        "退还工会经费超1.4亿元，发放慰问金140万元，走访140户。", "甲.md", "浙江省宁波市", (2018, 2023)
    )
    ledger = Ledger.of(memory_index((report,)))
    assert texts(ledger, indicator="1.4亿元") == texts(ledger, indicator="14000万元") == ["超1.4亿元"]
    assert texts(ledger, indicator="140万") == ["140万元"] and texts(ledger, indicator="140户") == ["140户"]


@pytest.mark.parametrize("unit", ["百分点", "个百分点", "％"])
def test_percentage_points_are_no_hundreds(unit: str) -> None:
    report = report_of("入会率提高3个百分点，建成驿站3百个。", "甲.md", "浙江省宁波市", (2018, 2023))
    assert texts(Ledger.of(memory_index((report,))), unit=unit) == ["3个百分点"]


def test_the_same_index_gives_the_same_ledger(reports: tuple[Report, ...], ledger: Ledger) -> None:
    again = Ledger.of(memory_index(reports))
    assert again.figures == ledger.figures
    assert again.groups() == ledger.groups()
    assert again.matrix() == ledger.matrix()


def test_an_empty_library_has_an_empty_ledger() -> None:
    empty = Ledger((), ())
    assert (empty.figures, empty.find(indicator="法律援助"), empty.groups()) == ((), (), ())
    assert empty.matrix().rows == ()


def test_queries(ledger: Ledger) -> None:
    assert texts(ledger, indicator="法律援助")[:2] == ["1.2万件", "4300件"]
    assert texts(ledger, indicator="法律援助", unit="件", place="绍兴市") == ["4300件"]
    assert texts(ledger, unit="元") == texts(ledger, unit="万元") == ["3.5亿元", "2亿元", "6亿元"]
    assert texts(ledger, place="余姚市") == ["85家"]
    assert len(texts(ledger, place="浙江省")) == len(ledger.figures)
    assert set(texts(ledger, period=(2013, 2018))) == {
        f.text for f in ledger.figures if f.report == "绍兴.md"
    }
    assert texts(ledger, report="绍兴.md", indicator="会员") == ["5万人"]
    assert texts(ledger, indicator="航天员太空行走") == []


def test_a_query_is_met_by_synonyms(ledger: Ledger) -> None:
    assert set(texts(ledger, indicator="妈咪小屋")) == {"260家", "96个"}


def test_indicators_that_mean_the_same_are_grouped_and_others_are_not(ledger: Ledger) -> None:
    together = [{f.text for f in group.figures} for group in ledger.groups()]
    assert {"1.2万件", "4300件"} in together
    assert {"260家", "96个"} in together
    assert {"30家", "11家"} in together  # 市级, not the 省级 one
    assert {"2亿元"} in together  # paid back is not put off
    assert {"6亿元"} in together


def test_only_figures_of_one_measure_and_thing_are_set_against_each_other() -> None:
    said = ("建设工会驿站120个。", "建设工会驿站3万户。", "建设工会驿站90个。", "建设村级养老服务站点80个。")
    years = ((2018 + n, 2023) for n in range(len(said)))
    texts_of = zip(said, years, strict=True)
    reports = [report_of(text, f"{n}.md", "浙江省宁波市", y) for n, (text, y) in enumerate(texts_of)]
    (group,) = Ledger.of(memory_index(reports)).groups()
    assert [f.text for f in group.figures] == ["120个", "3万户", "90个", "80个"]
    assert [f.text for f in comparable(group)] == ["120个", "90个"]
    assert [f.text for f in comparable(replace(group, by_hand=True))] == ["120个", "90个", "80个"]
    assert comparable(replace(group, figures=())) == ()


def test_the_matrix_says_which_report_gives_what(ledger: Ledger) -> None:
    matrix = ledger.matrix()
    assert [label for _, label in matrix.reports] == ["宁波 2018–2023", "绍兴 2013–2018"]
    filled = [sum(map(bool, row.cells)) for row in matrix.rows]
    assert filled == sorted(filled, reverse=True)
    row = next(row for row in matrix.rows if "法律援助" in row.group.name)
    assert [[f.text for f in cell] for cell in row.cells] == [["1.2万件"], ["4300件"]]


def test_every_figure_of_the_sample_is_an_amount_of_its_report() -> None:
    ledger = Ledger.of(sample().index)
    assert len(ledger.figures) > 200
    for figure in ledger.figures:
        report = sample().index.report(figure.report_id)
        assert figure.sentence in report.paragraphs[figure.paragraph].text
        assert figure.indicator
        assert not (figure.unit == "年" and figure.value > 1900)


def notes(tmp_path: Path, text: str) -> Notes:
    (tmp_path / "ledger.toml").write_text(text, encoding="utf-8")
    return read_notes(tmp_path)


FIX = '[[corrections]]\nreport = "绍兴.md"\nprinted = "4300件"\nvalue = 3400\nauthor = "王芳"\ndate = 2024-05-06\n'


def test_a_correction_keeps_the_print_the_author_and_the_date(
    tmp_path: Path, reports: tuple[Report, ...]
) -> None:
    ledger = Ledger.of(memory_index(reports), notes(tmp_path, FIX + 'reason = "与年报不符"\n'))
    (figure,) = ledger.find(report="绍兴.md", indicator="法律援助", unit="件")
    assert (figure.value, figure.text) == (3400.0, "4300件")
    assert figure.correction is not None
    assert (figure.correction.printed_value, figure.correction.author) == (4300.0, "王芳")
    assert (figure.correction.date, figure.correction.reason) == (date(2024, 5, 6), "与年报不符")
    assert as_json(figure)["correction"]["printed_value"] == 4300
    assert "王芳" in as_csv(table([figure], ledger.groups()))


def test_people_are_grouped_by_what_they_got_and_not_for_being_people() -> None:
    groups = Ledger.of(sample().index).groups()
    (own,) = (group for group in groups if "领到补助的职工" in group.wordings)
    assert "得到赔付的职工" not in own.wordings


def test_groups_by_hand_take_indicators_out_of_the_others(
    tmp_path: Path, reports: tuple[Report, ...]
) -> None:
    by_hand = notes(tmp_path, '[groups]\n"会员" = ["工会会员", "发展会员"]\n')
    groups = {g.name: g for g in Ledger.of(memory_index(reports), by_hand).groups()}
    assert {f.text for f in groups["会员"].figures} == {"210万人", "5万人"}
    assert groups["会员"].by_hand


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[groups", "TOML"),
        ("[gruops]\n", "gruops"),
        ("groups = 3\n", "写得不对"),
        ('[groups]\n"会员" = "工会会员"\n', "写得不对"),
        ('[groups]\na = ["工会会员"]\nb = ["工会会员"]\n', "只留一处"),
        ("[corrections]\n", r"\[\[corrections\]\]"),
        (FIX + "who = 1\n", "who"),
        (FIX.replace("value = 3400\n", ""), "缺少 value"),
        (FIX.replace("3400", '"3400"'), "value 写得不对"),
        (FIX.replace("3400", "nan"), "value 写得不对"),
        (FIX.replace("2024-05-06", '"昨天"'), "date 写得不对"),
        (FIX.replace('"王芳"', '" "'), "author 写得不对"),
    ],
)
def test_wrong_notes_are_refused_with_what_to_do(
    tmp_path: Path, reports: tuple[Report, ...], text: str, says: str
) -> None:
    with pytest.raises(QAError, match=says):
        Ledger.of(memory_index(reports), notes(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[groups]\na = ["没有的指标"]\n', "没有的指标"),
        (FIX.replace("绍兴.md", "漳州.md"), "漳州.md"),
        (FIX.replace("4300件", "430件"), "430件"),
        (FIX + 'sentence = "别的话"\n', "别的话"),
    ],
)
def test_notes_that_fit_nothing_any_more_are_not_used_and_said(
    tmp_path: Path, reports: tuple[Report, ...], text: str, says: str
) -> None:
    made, plain = (Ledger.of(memory_index(reports), each) for each in (notes(tmp_path, text), None))
    assert made.figures == plain.figures
    (why,) = made.unused
    assert says in why


def test_a_figure_that_is_printed_twice_needs_its_sentence(tmp_path: Path) -> None:
    report = report_of("# 报告\n\n建成书屋8家。建成驿站8家。\n", "甲.md")
    fix = FIX.replace("绍兴.md", "甲.md").replace("4300件", "8家")
    (why,) = Ledger.of(memory_index([report]), notes(tmp_path, fix)).unused
    assert "2 处" in why
    ledger = Ledger.of(memory_index([report]), notes(tmp_path, fix + 'sentence = "驿站"\n'))
    assert [f.value for f in ledger.figures] == [8.0, 3400.0]


def test_notes_that_cannot_be_read(tmp_path: Path) -> None:
    assert read_notes(tmp_path).groups == {}
    (tmp_path / "ledger.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(QAError, match="UTF-8"):
        read_notes(tmp_path)
    (tmp_path / "ledger.toml").write_bytes(b"#" * (2 << 20))
    with pytest.raises(QAError, match="KB"):
        read_notes(tmp_path)


def test_no_cell_is_a_formula_and_numbers_stay_numbers(tmp_path: Path) -> None:
    hostile = report_of("# =cmd()\n\n## +1+1\n\n@SUM(A1)建成书屋8家\x07。\n", "-危险.md")
    ledger = Ledger.of(memory_index([hostile]))
    rows = table(ledger.figures, ledger.groups())
    for cell in (c for row in csv.reader(io.StringIO(as_csv(rows))) for c in row):
        assert not cell.startswith(("=", "+", "-", "@"))
    path = tmp_path / "表.xlsx"
    write_xlsx(path, [("数字", rows), ("对照", matrix_table(ledger.matrix()))])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["数字", "对照"]
    for row in book["数字"].iter_rows(min_row=2):
        assert row[2].value == 8
        for cell in row:
            assert cell.data_type != "f"
            assert not str(cell.value or "").startswith(("=", "+", "-", "@"))


def test_a_cell_has_no_breaks_but_ends_of_lines(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    write_xlsx(path, [("数字", [("a",), ("x\ry\u2028z\u2029\nw",)])])
    assert openpyxl.load_workbook(path)["数字"]["A2"].value == "xyz\nw"


def test_a_column_is_as_wide_as_its_longest_line(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    write_xlsx(path, [("数字", [("指标", "句子"), ("提供法律援助\n甲", "全市" * 90, "多"), (12,)])])
    columns = openpyxl.load_workbook(path)["数字"].column_dimensions
    assert [columns[name].width for name in "ABC"] == [14, 60, 4]


def test_a_workbook_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(QAError, match="写不进"):
        write_xlsx(tmp_path / "没有" / "表.xlsx", [("数字", [("a",)])])


def test_json_is_plain(ledger: Ledger) -> None:
    value = json.loads(json.dumps([as_json(f) for f in ledger.figures], ensure_ascii=False))
    first = value[0]
    assert (first["value"], first["unit"], first["text"]) == (12000, "件", "1.2万件")
    assert (first["place"], first["period"], first["heading"]) == ("宁波市", "2018–2023", "维权")
