"""Title, place, organisation and period are inferred with their basis, and reports.toml has the last word."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import ReportError
from qa.reading import load_overrides, read_report
from qa.reading.period import infer_period
from qa.types import Period, Place

BODY = (
    "五年来，宁德市总工会坚持服务大局，新建职工驿站86座。全市各级工会学习贯彻党的二十大精神，2022年举办技能竞赛120场。\n\n"
    "福安市工会探索的做法在全省推广。宁德工会将继续努力，不断提升职工的获得感。\n"
)


def report(folder: Path, text: str, name: str = "报告.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_infers_place_with_its_province(tmp_path: Path) -> None:
    read = read_report(report(tmp_path, "奋楫扬帆谱写新篇\n\n——宁德市总工会五年工作回眸\n\n" + BODY))
    assert read.place == Place("宁德市", ("福建省",), "city")
    assert read.organisation == "宁德市总工会"
    assert read.title == "奋楫扬帆谱写新篇"
    assert read.subtitle == "——宁德市总工会五年工作回眸"
    assert read.period == Period(2018, 2023)
    assert {i.field for i in read.inferences} == {"title", "place", "organisation", "period", "as_of"}
    assert all(i.basis and 0 <= i.confidence <= 1 for i in read.inferences)


def test_dates_of_publication_and_of_its_figures_are_read_and_can_be_set(tmp_path: Path) -> None:
    text = (
        "宁德市总工会五年工作回眸\n\n《宁德晚报》2023年11月18日 星期六\n\n"
        + BODY
        + "\n截至2023年9月底，会员达到61.5万人。\n"
    )
    read = read_report(report(tmp_path, text))
    assert read.published == "2023-11-18"
    assert read.as_of == "2023-09"
    plain = read_report(report(tmp_path, "宁德市总工会五年工作回眸\n\n" + BODY, "无日期.txt"))
    assert plain.published == ""
    assert plain.as_of == "2023"
    (tmp_path / "reports.toml").write_text(
        '["无日期.txt"]\npublished = "2023-12-01"\nas_of = "2023-10"\n', "utf-8"
    )
    told = read_report(tmp_path / "无日期.txt")
    assert (told.published, told.as_of) == ("2023-12-01", "2023-10")
    (tmp_path / "reports.toml").write_text('["无日期.txt"]\npublished = "去年"\n', "utf-8")
    with pytest.raises(ReportError, match="published"):
        load_overrides(tmp_path)


def test_a_report_without_a_title_takes_the_name_of_its_file(tmp_path: Path) -> None:
    read = read_report(report(tmp_path, BODY, "003_宁德总结.txt"))
    assert read.title == "宁德总结"
    assert next(i for i in read.inferences if i.field == "title").confidence < 0.5


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("2023年度工会工作报告", "全年新建驿站八座。", Period(2023, 2023)),
        ("2018—2022年工作总结", "五年来成绩显著。", Period(2018, 2022)),
        ("工作回眸", "过去五年成效明显，2021年建成中心。五年来不断进步。", Period(2016, 2021)),
        ("工作回眸", "三年来不断进步，到2030年力争实现目标，2020年建成中心。", Period(2017, 2020)),
        ("工作回眸", "2019年至2023年，全市工会五年来新建驿站。2024年将召开大会。", Period(2019, 2023)),
        ("工作总结", "2022年，全市工会新建驿站。全年发放补助金。", Period(2022, 2022)),
        ("工作总结", "工会新建了驿站。", None),
    ],
)
def test_periods(title: str, text: str, expected: Period | None) -> None:
    period, why = infer_period([title], text)
    assert period == expected
    assert why.basis
    assert (why.confidence > 0) == (expected is not None)


def test_overrides_have_the_last_word(tmp_path: Path) -> None:
    path = report(tmp_path, BODY)
    (tmp_path / "reports.toml").write_text(
        '["报告.txt"]\ntitle = "新标题"\nplace = "福建省福州市鼓楼区"\nperiod = [2013, 2018]\nsupersedes = "旧.txt"\n', encoding="utf-8"
    )  # fmt: skip
    read = read_report(path)
    assert read.title == "新标题"
    assert read.place == Place("鼓楼区", ("福建省", "福州市"), "district")
    assert read.period == Period(2013, 2018)
    assert {i.field: i.confidence for i in read.inferences}["period"] == 1.0
    assert load_overrides(tmp_path)["报告.txt"].supersedes == ("旧.txt",)
    assert read_report(path, {}).title != "新标题"


@pytest.mark.parametrize(
    ("toml", "advice"),
    [
        ('["a.txt"]\nplaces = "温州"\n', "不认识的键 places"),
        ('["a.txt"]\nperiod = "2018"\n', r"period = \[2018, 2023\]"),
        ('["a.txt"]\nperiod = [2023, 2018]\n', "写得不对"),
        ('["a.txt"]\ntitle = 3\n', 'title = "……"'),
        ('title = "温州"\n', "不在任何一节里"),
        ('["a.txt"\n', "不是合法的 TOML"),
        ('["a.txt"]\nsupersedes = [1]\n', "supersedes"),
    ],
)
def test_a_wrong_override_says_what_to_write(tmp_path: Path, toml: str, advice: str) -> None:
    (tmp_path / "reports.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(ReportError, match=advice):
        load_overrides(tmp_path)


def test_a_place_that_is_no_division_is_kept_as_written(tmp_path: Path) -> None:
    (tmp_path / "reports.toml").write_text('["a.txt"]\nplace = "滨海新工业园"\n', encoding="utf-8")
    assert load_overrides(tmp_path)["a.txt"].place == Place("滨海新工业园")
