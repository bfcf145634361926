"""Every decision of the reader can be looked at, in the terminal and as a page of its own."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from qa.cli.main import app

TORN = """# 江北市总工会五年工作回顾

2018年至2023年，江北市各级工会把服务送到车间。全市建成职工夜校42所，请来老师讲课，下班以后来听课的职工越来越

多，五年里结业的学员超过3.6万人次，其中有1200人拿到了技能等级证书。

<b>工会干部在车间</b>

法律援助的门也开得更大。五年来全市工会为职工打赢官司310起，追回工资1860万元。
"""


def test_explain_lists_each_decision_and_writes_a_page_that_escapes(tmp_path: Path) -> None:
    report = tmp_path / "江北.txt"
    report.write_text(TORN, encoding="utf-8")
    page = tmp_path / "还原.html"
    result = CliRunner().invoke(app, ["read", str(report), "--explain", "--html", str(page)])
    assert result.exit_code == 0, result.output
    assert "拼接" in result.output
    assert "越来越＋多，五年里" in result.output
    html = page.read_text("utf-8")
    assert "<b>工会干部" not in html
    assert "&lt;b&gt;工会干部" in html
    assert "http" not in html.replace("http-equiv", "")
    assert '<mark id="d' in html


def test_a_zip_of_reports_is_read_and_a_bad_one_named(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "报告.zip", "w") as archive:
        archive.writestr("五年/江北.txt", TORN)
    (tmp_path / "坏.zip").write_bytes(b"PK not a zip")
    result = CliRunner().invoke(app, ["read", str(tmp_path), "--text"])
    assert "职工夜校42所" in result.output
    assert "坏.zip" in result.output
