"""Files are found in order, read as reports, and what cannot be read says why."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa.answer_json import report_json
from qa.cli import app
from qa.errors import ReportError
from qa.reading import find_reports, read_report

CLEAN = """# 河湾区总工会2022年工作报告

全年新建驿站8座，服务职工1.2万人次。

## 一、维权服务

受理法律援助案件36件，追回欠薪580万元。

调解室的门一直开着。

## 二、技能提升

举办技能竞赛12场，参赛职工2300人。
"""


def test_folders_are_walked_in_order(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a.md",
        ".hidden.txt",
        "reports.toml",
        "c.exe",
        "~$d.txt",
        "sub/e.txt",
        ".git/f.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("正文。", encoding="utf-8")
    files, skipped = find_reports([tmp_path, tmp_path / "b.txt", tmp_path / "没有"])
    assert [file.relative_to(tmp_path).as_posix() for file in files] == ["a.md", "b.txt", "sub/e.txt"]
    assert [Path(each.path).name for each in skipped] == ["c.exe", "没有"]
    assert all("。" in each.reason for each in skipped)


def test_clean_markdown_passes_unharmed(tmp_path: Path) -> None:
    path = tmp_path / "报告.md"
    path.write_text(CLEAN, encoding="utf-8")
    report = read_report(path)
    assert report.title == "河湾区总工会2022年工作报告"
    assert [(p.heading, p.text) for p in report.paragraphs] == [
        ((), "全年新建驿站8座，服务职工1.2万人次。"),
        (("一、维权服务",), "受理法律援助案件36件，追回欠薪580万元。"),
        (("一、维权服务",), "调解室的门一直开着。"),
        (("二、技能提升",), "举办技能竞赛12场，参赛职工2300人。"),
    ]
    assert {p.kind for p in report.paragraphs} == {"prose"}
    assert [p.number for p in report.paragraphs] == [0, 1, 2, 3]


def test_the_json_form_keeps_its_promises(tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_text(CLEAN.replace("#", "").replace("580", "**580**"), encoding="gb18030")
    read = json.loads(json.dumps(report_json(read_report(path)), ensure_ascii=False))
    assert read["report"] == "报告.txt"
    assert read["encoding"] == "gb18030"
    assert read["period"] == {"from": 2022, "to": 2022}
    for paragraph in read["paragraphs"]:
        source = "".join(read["source_text"][start:end] for start, end in paragraph["spans"])
        assert "".join(source.replace("*", "").split()) == "".join(paragraph["text"].split())
        assert "*" not in paragraph["text"]


def test_the_identity_hangs_on_name_and_content(tmp_path: Path) -> None:
    first, second = tmp_path / "一.txt", tmp_path / "二.txt"
    for path in (first, second):
        path.write_text(CLEAN, encoding="utf-8")
    assert read_report(first) == read_report(first)
    assert read_report(first).id != read_report(second).id
    assert len(read_report(first).id) == 16


def test_damaged_characters_and_mixed_encodings_are_told(tmp_path: Path) -> None:
    path = tmp_path / "混.txt"
    path.write_bytes(CLEAN.encode()[:-3])
    assert "认不出来" in read_report(path).notes[0]
    path.write_bytes(CLEAN.encode() + CLEAN.encode("gb18030"))
    assert "几种编码" in read_report(path).notes[0]
    path.write_bytes(CLEAN.encode())
    assert read_report(path).notes == ()


def test_status_repeats_what_could_not_be_read(tmp_path: Path) -> None:
    report = tmp_path / "reports" / "断.txt"
    report.parent.mkdir()
    report.write_bytes(CLEAN.encode()[:-3])
    index = str(tmp_path / "index")
    built = CliRunner().invoke(app, ["rebuild", str(report.parent), "--index", index])
    assert built.exit_code == 0, built.output
    shown = CliRunner().invoke(app, ["status", "--index", index]).output
    assert "断.txt：有 1 个字符" in shown.replace("\n", "")


def test_files_without_text_are_refused(tmp_path: Path) -> None:
    for name, data in {
        "空.txt": b"",
        "图片.txt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9,
        "点.txt": "……。".encode(),
    }.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ReportError, match=name):
            read_report(tmp_path / name)
    with pytest.raises(ReportError, match="找不到文件"):
        read_report(tmp_path / "没有.txt")
    with pytest.raises(ReportError, match="不认识的文件格式"):
        read_report(tmp_path / "a.exe")


def test_hidden_files_are_passed_over_and_odd_names_are_not(tmp_path: Path) -> None:
    from qa.reading import find_reports

    for name in (".隐藏.txt", "~$锁.docx", "..报告.txt", "..％2f报告.txt", "报告.txt"):
        (tmp_path / name).write_text("全市办理案件12件。", encoding="utf-8")
    files, passed_over = find_reports([tmp_path])
    assert {path.name for path in files} == {"..报告.txt", "..％2f报告.txt", "报告.txt"}
    assert passed_over == ()
