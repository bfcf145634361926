"""Marks that repeat in a report: what stands above its text, what is an item, and what is the paper's own."""

from pathlib import Path

import pytest

from qa.reading import read_report
from qa.types import Report

TITLE = "苏州市总工会2023年工作总结"
TEXT = "这一年工会新建职工书屋三十家，会员在家门口就能借书，全年借出图书两万多册，受到欢迎。"


def read(folder: Path, *lines: str) -> Report:
    path = folder / "报告.txt"
    path.write_text("\n".join(lines), "utf-8")
    return read_report(path)


def headings(report: Report) -> list[str]:
    return list(dict.fromkeys(p.heading[-1] for p in report.paragraphs if p.heading))


def test_a_heading_before_its_text_on_one_line_is_a_heading(tmp_path: Path) -> None:
    report = read(tmp_path, TITLE, f"【概况】　{TEXT}", f"【组织建设】{TEXT}", f"【劳模工作】　{TEXT}")
    assert headings(report) == ["【概况】", "【组织建设】", "【劳模工作】"]
    assert [p.text for p in report.paragraphs if p.heading] == [TEXT] * 3


def test_a_mark_without_text_behind_it_stays_a_line(tmp_path: Path) -> None:
    lines = [line for head in ("【概况。】*", "【组织。】*", "【劳模。】*") for line in (head, TEXT)]
    assert read(tmp_path, TITLE, *lines).paragraphs


def test_one_such_mark_alone_is_part_of_its_text(tmp_path: Path) -> None:
    report = read(tmp_path, TITLE, f"【编者按】{TEXT}", TEXT, TEXT)
    assert report.paragraphs[0].text.startswith("【编者按】")
    assert not headings(report)


@pytest.mark.parametrize("bullet", ["·", "●", "◆"])
def test_lines_that_follow_each_other_with_one_bullet_are_items(tmp_path: Path, bullet: str) -> None:
    items = [
        f"{bullet} {item}" for item in ("交通事故：286起", "头盔发放：5000顶", "心理咨询：接听热线826通")
    ]
    report = read(tmp_path, TITLE, TEXT, *items, TEXT)
    told = {p.text: p.kind for p in report.paragraphs}
    assert [told[item.replace(" ", "")] for item in items] == ["prose"] * 3
    assert not headings(report)


def test_lines_with_one_bullet_that_stand_above_text_are_headings(tmp_path: Path) -> None:
    lines = [line for head in ("建家强基", "三十九天", "一线声音") for line in (f"■ {head}", TEXT)]
    assert headings(read(tmp_path, TITLE, TEXT, *lines)) == ["■建家强基", "■三十九天", "■一线声音"]


def test_a_single_question_in_the_text_is_none(tmp_path: Path) -> None:
    assert not headings(read(tmp_path, TITLE, TEXT, "书屋建了多少？", TEXT))


def test_the_name_of_a_paper_above_its_day_is_no_title(tmp_path: Path) -> None:
    paper = ("江城工人报", "2024年1月17日 星期三 第4版 专版", "责任编辑 王小满")
    report = read(tmp_path, *paper, TITLE, TEXT, TEXT)
    assert (report.title, report.place.name) == (TITLE, "苏州市")
