"""``Library.figures`` and ``union-qa figures`` on the bundled sample."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from qa.cli import main
from qa.errors import QAError, QuestionError
from qa.index import rebuild
from qa.library import SAMPLE_REPORTS, Library, open_library

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("figures") / "index"
    rebuild([SAMPLE_REPORTS], folder)
    return folder


@pytest.fixture
def library(index: Path) -> Library:
    return open_library(index)


@pytest.fixture
def run(index: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["figures", "--index", str(index), *map(str, arguments)])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return code, captured.out, captured.err

    return call


def test_the_library_lists_figures(library: Library) -> None:
    found = library.figures(place="温州", period=(2018, 2023), indicator="法律援助", unit="件")
    assert [(f.text, f.value, f.place) for f in found][:1] == [("1.45万件", 14500.0, "温州市")]
    earlier = library.figures(place="温州", period="2013-2018", indicator="法律援助", unit="件")
    assert earlier[0].text == "3943件"
    assert len(library.figures()) == len(library.ledger().figures) > 200
    assert library.ledger() is library.ledger()


@pytest.mark.parametrize(
    "asked", [{"place": "火星"}, {"period": "去年"}, {"report": "没有.md"}, {"indicator": " "}, {"unit": ""}]
)
def test_filters_that_cannot_be_used_are_refused(library: Library, asked: dict[str, str]) -> None:
    with pytest.raises(QuestionError):
        library.figures(**asked)


def test_notes_are_taken_up_without_a_restart(library: Library, index: Path) -> None:
    before = library.ledger()
    path = index / "ledger.toml"
    try:
        path.write_text("[wrong]\n", encoding="utf-8")
        with pytest.raises(QAError, match="wrong"):
            library.figures()
        path.write_text(
            '[[corrections]]\nreport = "wenzhou-2018-2023.md"\nprinted = "1.45万件"\nvalue = 14512\n'
            'author = "王芳"\ndate = 2024-05-06\n',
            encoding="utf-8",
        )
        assert library.figures(indicator="法律援助", unit="件", period=2020)[0].value == 14512.0
    finally:
        path.unlink(missing_ok=True)
    assert library.ledger().figures == before.figures


def test_the_table(run: Run) -> None:
    code, out, err = run("--indicator", "法律援助", "--unit", "件")
    assert code == 0
    assert "1.45万件" in out
    assert "3943件" in out
    assert "份报告" in err and "没有列入" not in err
    assert "没有列入" in run()[2]


def test_json_and_csv_hold_the_same(run: Run) -> None:
    values = json.loads(run("--place", "漳州", "--json")[1])
    rows = list(csv.DictReader(io.StringIO(run("--place", "漳州", "--csv")[1])))
    assert [v["text"] for v in values] == [r["原文"] for r in rows]
    assert [float(v["value"]) for v in values] == [float(r["数值"]) for r in rows]
    assert {v["place"] for v in values} == {"漳州市"}


def test_the_matrix_and_the_groups(run: Run) -> None:
    assert "温州 2018–2023" in run("--matrix", "--csv")[1]
    _, out, _ = run("--matrix", "--indicator", "法律援助")
    assert "3943件" in out
    value = json.loads(run("--matrix", "--json")[1])
    assert len(value["reports"]) == 5
    assert all(len(row["cells"]) == 5 for row in value["indicators"])
    assert run("--groups")[1].startswith("[groups]\n")
    assert json.loads(run("--groups", "--json")[1])[0]["wordings"]
    assert "说法" in run("--groups", "--csv")[1]


def test_groups_can_be_copied_into_the_notes(run: Run, index: Path) -> None:
    path = index / "ledger.toml"
    groups = run("--groups", "--indicator", "妈咪小屋")[1]
    try:
        path.write_text(groups, encoding="utf-8")
        assert json.loads(run("--groups", "--indicator", "妈咪小屋", "--json")[1])[0]["by_hand"]
    finally:
        path.unlink()


def test_a_workbook(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    code, _, err = run("--unit", "元", "--xlsx", path)
    assert (code, "已写入" in err) == (0, True)
    assert {
        row[3] for row in openpyxl.load_workbook(path)["数字"].iter_rows(min_row=2, values_only=True)
    } == {"元"}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--csv", "--json"], 2, "只能选一个"),
        (["--matrix", "--groups"], 2, "只能选一个"),
        (["--place", "火星"], 1, "火星"),
        (["--xlsx", "/没有/表.xlsx"], 1, "写不进"),
        (["--indicator", "航天员太空行走"], 0, "没有符合条件"),
        (["--indicator", "航天员太空行走", "--matrix"], 0, "没有符合条件"),
    ],
)
def test_what_goes_wrong_is_said(run: Run, arguments: list[str], code: int, says: str) -> None:
    found = run(*arguments)
    assert found[0] == code
    assert says in found[2]


def test_a_numeral_that_no_float_holds_leaves_the_other_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "甲市.md"
    report.write_text(
        f"# 甲市总工会工作报告\n\n建成职工书屋{'9' * 309}家，办理法律援助案件120件。\n", encoding="utf-8"
    )
    rebuild([report], index := tmp_path / "index")
    capsys.readouterr()
    assert main(["figures", "--index", str(index), "--json"]) == 0
    assert [figure["text"] for figure in json.loads(capsys.readouterr().out)] == ["120件"]
