"""Markdown: tables read as rows, marks of lists stay outside of the text, spans stay right."""

import time
from pathlib import Path

import pytest

from qa.errors import ReportError
from qa.reading import read_report
from qa.reading.formats.text import extract
from qa.types import Report
from tests.reading.formats import made

TABLE = "|县市|会员（人）|驿站|\n|:--|--:|---|\n|河东县|720|8座|\n|河西市|**1 530**|12座|\n"


def read(folder: Path, text: str, name: str = "a.md") -> Report:
    path = folder / name
    path.write_bytes(text.encode())
    return read_report(path)


def rows(report: Report) -> list[str]:
    return [p.text for p in report.paragraphs if p.kind == "table row"]


def assert_spans(report: Report) -> None:
    for paragraph in report.paragraphs:
        source = "".join(report.source.text[a:b] for a, b in paragraph.spans)
        assert "".join(source.replace("*", "").split()) == "".join(paragraph.text.split())


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_reads_row_by_row(tmp_path: Path, name: str, end: str) -> None:
    text = f"# 河湾市总工会2021年工作报告\n\n全年新建驿站二十座。\n\n{TABLE}\n全市会员合计2250人。\n"
    report = read(tmp_path, text.replace("\n", end), name)
    assert rows(report) == [
        "县市：河东县；会员：720人；驿站：8座",
        "县市：河西市；会员（人）：1 530；驿站：12座",
    ]
    assert [p.text for p in report.paragraphs if p.kind == "prose"] == [
        "全年新建驿站二十座。",
        "全市会员合计2250人。",
    ]
    assert {p.kind for p in report.paragraphs} == {"prose", "table row"}
    assert_spans(report)


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_what_is_printed_keeps_its_offsets_and_rows_stand_behind_it(tmp_path: Path, name: str) -> None:
    text = f"全年新建驿站二十座，每座都配了饮水机、微波炉和急救药箱。\n\n（单位：万元）\n\n|项目|金额|\n|--|--|\n|慰问|12|\n\n全市会员合计2250人。\n\n{TABLE}\n完。"
    report = read(tmp_path, text, name)
    assert report.source.text.startswith(text)
    assert rows(report)[0] == "项目：慰问；金额：12万元"
    for paragraph in report.paragraphs:
        behind = paragraph.spans[0][0] >= len(text)
        assert behind is (paragraph.kind == "table row")
    assert [p.text for p in report.paragraphs if p.kind == "prose"] == [
        "全年新建驿站二十座，每座都配了饮水机、微波炉和急救药箱。",
        "全市会员合计2250人。",
        "完。",
    ]
    assert_spans(report)


def test_a_table_without_outer_bars_and_one_without_a_head(tmp_path: Path) -> None:
    text = "各县市情况如下。\n\n县市 | 备注\n--- | ---\n河东县 | 甲\\|乙两组\n\n||||\n|---|---|---|\n|河东县|8座|720人|\n"
    assert rows(read(tmp_path, text)) == ["县市：河东县；备注：甲|乙两组", "河东县；8座；720人"]


def test_tables_in_html_are_tables_of_markdown(tmp_path: Path) -> None:
    rows = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in made.TABLE)
    path = tmp_path / "a.md"
    path.write_text(
        f"# 会员\n\n见下表。\n\n<html><body><table>\n{rows}\n</table></body></html>\n\n表后的话。\n", "utf-8"
    )
    report = read_report(path)
    assert [p.text for p in report.paragraphs] == ["见下表。", *made.ROWS, "表后的话。"]


def test_what_stands_around_tables_in_html_is_kept(tmp_path: Path) -> None:
    rows = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in made.TABLE)
    table = f"<table><caption>表一</caption>{rows}</table>"
    found = read(tmp_path, f"见下表。\n\n<div>{table} {table}</div> 会员共有88人。\n\n完。\n")
    assert [p.text for p in found.paragraphs] == [
        "见下表。",
        *["表一", *made.ROWS] * 2,
        "会员共有88人。",
        "完。",
    ]
    assert_spans(found)


@pytest.mark.parametrize("line", ["<table>", "<div>", "<table\n<div", "<div><div><div>", "</div>"])
@pytest.mark.parametrize("end", ["", "</table>"])
def test_open_tags_take_bounded_time(tmp_path: Path, line: str, end: str) -> None:
    path = tmp_path / "a.md"
    path.write_text("完。\n" + f"{line}\n" * 20_000 + end, encoding="utf-8")
    start = time.process_time()
    extract(path)
    assert time.process_time() - start < 8


def test_bars_without_a_rule_are_no_table(tmp_path: Path) -> None:
    text = "工会热线|12351|全年开通，职工随时可以咨询。\n------\n全年接听三千次。\n"
    assert read(tmp_path, text).source.text == text


@pytest.mark.parametrize("between", ["\t", " | ", "    ", "……… ", " ...... "])
def test_rows_set_apart_by_tabs_bars_gaps_or_leaders_are_a_table(tmp_path: Path, between: str) -> None:
    grid = (("县市", "会员", "驿站"), ("河东县", "720人", "8座"), ("河西市", "1530人", "12座"))
    table = "\n".join(between.join(row) for row in grid)
    text = f"各县市情况如下：\n\n{table}\n\n全市会员合计2250人。\n"
    report = read(tmp_path, text, "a.txt")
    assert rows(report) == ["县市：河东县；会员：720人；驿站：8座", "县市：河西市；会员：1530人；驿站：12座"]
    assert [p.text for p in report.paragraphs if p.kind == "prose"] == [
        "各县市情况如下：",
        "全市会员合计2250人。",
    ]
    assert_spans(report)


def test_the_line_above_a_table_without_heads_may_list_them(tmp_path: Path) -> None:
    table = "会员（人）……… 720 …… 1530\n驿站（座）……… 8 …… 12\n"
    report = read(tmp_path, f"两年对照（项目 / 2030年 / 2031年）\n{table}\n全年接听三千次。\n", "a.txt")
    assert rows(report) == [
        "项目：会员；2030年：720人；2031年：1530人",
        "项目：驿站；2030年：8座；2031年：12座",
    ]
    assert rows(read(tmp_path, table, "b.txt")) == ["会员；720人；1530人", "驿站；8座；12座"]
    contents = "目录\n一、建功立业………………… 1\n二、维护权益………………… 5\n\n全年接听三千次。\n"
    assert rows(read(tmp_path, contents, "c.txt")) == []


def test_gaps_without_figures_are_no_table(tmp_path: Path) -> None:
    text = "奋进新征程  建功新时代  争当排头兵\n凝聚职工心  激发创造力  共筑强市梦\n全年接听三千次。\n"
    assert read(tmp_path, text, "a.txt").source.text == text


def test_many_lines_with_bars_take_bounded_time(tmp_path: Path) -> None:
    started = time.process_time()
    read(tmp_path, "甲|乙\n" * 20_000 + "全年接听三千次。\n")
    assert time.process_time() - started < 20


def test_a_table_cannot_grow_without_bounds(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"|{'长' * 300}|乙|\n|-|-|\n" + "|甲|丙|\n" * 80_000, encoding="utf-8")
    with pytest.raises(ReportError, match="万字"):
        extract(path)


def test_marks_of_items_and_quotations_stand_before_the_text(tmp_path: Path) -> None:
    text = (
        "# 河湾市总工会2021年工作报告\n\n全年主要做了以下几件事。\n\n- 新建驿站**8**座；\n- 培训职工五百人\n* 走访家庭三十户。\n\n"
        "> 职工的事无小事。\n\n-5.2%是降幅，不是列表。\n"
    )
    report = read(tmp_path, text)
    assert [(p.kind, p.text) for p in report.paragraphs[1:]] == [
        ("prose", "新建驿站8座；"),
        ("prose", "培训职工五百人"),
        ("prose", "走访家庭三十户。"),
        ("prose", "职工的事无小事。"),
        ("prose", "-5.2%是降幅，不是列表。"),
    ]
    assert_spans(report)


def test_of_pictures_and_links_only_their_words_are_read(tmp_path: Path) -> None:
    report = read(
        tmp_path,
        "# 青禾市总工会工作报告\n\n![图片](https://example.org/a.png)\n\n&nbsp;\n\n"
        "五年来出台[《工匠评选办法》](https://example.org/s?a=1)，评选工匠50名。&nbsp;发放津贴300万元。\n\n"
        "![志愿者在小区为居民分装蔬菜](https://example.org/b.png)\n\n* * *\n\n建成驿站48座，服务职工六千人次。\n",
    )
    assert [(p.kind, p.text) for p in report.paragraphs] == [
        ("prose", "五年来出台《工匠评选办法》，评选工匠50名。发放津贴300万元。"),
        ("caption", "志愿者在小区为居民分装蔬菜"),
        ("prose", "建成驿站48座，服务职工六千人次。"),
    ]
    for paragraph in report.paragraphs:
        assert "".join(report.source.text[a:b] for a, b in paragraph.spans) == paragraph.text


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_what_stands_in_brackets_behind_a_note_is_no_link(tmp_path: Path, name: str) -> None:
    text = "全年新建工会3200家[1](含联合工会)，发展会员12.5万人[2](其中农民工3万人)。"
    assert text in [p.text for p in read(tmp_path, f"青禾市总工会工作报告\n\n{text}\n", name).paragraphs]


def test_items_with_numbers_are_no_headings(tmp_path: Path) -> None:
    text = (
        "# 河湾市总工会2021年工作报告\n\n## 一、驿站\n\n- 新建驿站86座\n  1. 环卫驿站40座\n  2. 司机之家26座\n- [x] 改造十二座，配备饮水机、\n"
        "  微波炉和急救箱\n\n## 二、走访\n\n1. 走访家庭三十户\n2. 慰问职工五百人\n\n```\n# 写在代码里\n```\n\n1. 法律援助\n\n全年受理案件三十件。\n"
    )
    report = read(tmp_path, text)
    assert [p.text for p in report.paragraphs if p.heading[-1:] == ("一、驿站",)] == [
        "新建驿站86座", "1.环卫驿站40座", "2.司机之家26座", "改造十二座，配备饮水机、微波炉和急救箱",
    ]  # fmt: skip
    assert [p.text for p in report.paragraphs if p.heading[-1:] == ("二、走访",) and p.kind == "prose"] == [
        "1.走访家庭三十户", "2.慰问职工五百人", "#写在代码里",
    ]  # fmt: skip
    assert report.paragraphs[-1].heading[-1] == "1.法律援助"
    assert_spans(report)


def test_a_wrapped_item_is_one_paragraph(tmp_path: Path) -> None:
    item = "为了提升职工技能，市总工会联合职业学校开设电工、焊工、护理等培训班，累计培训职工2.3万人次，其中1.2万人取得职业资格证书。"
    text = f"今年做了两件事。\n\n- {item[:19]}\n  {item[19:]}\n- 走访困难职工家庭三十户。\n"
    assert [p.text for p in read(tmp_path, text).paragraphs[1:]] == [item, "走访困难职工家庭三十户。"]


def test_notes_and_the_place_for_contents_in_markdown_are_no_prose(tmp_path: Path) -> None:
    text = "# 清河县总工会工作总结\n\n[TOC]\n\n## 一、帮扶\n\n全年救助291人，支出702万元[^1]，\n比上年多8%。[^1]\n\n1. 新建工会41家，\n   发展会员3100人。\n\n[^1]: 不含镇街。\n"
    report = read(tmp_path, text)
    assert [(p.kind, p.heading, p.text) for p in report.paragraphs] == [
        ("prose", ("一、帮扶",), "全年救助291人，支出702万元，比上年多8%。"),
        ("prose", ("一、帮扶",), "1.新建工会41家，发展会员3100人。"),
        ("note", ("一、帮扶",), "不含镇街。"),
    ]


@pytest.mark.parametrize("mark", ["", '"'])
def test_fields_above_a_text_in_markdown_name_its_title(tmp_path: Path, mark: str) -> None:
    fields = f"title: {mark}清河学院工会工作总结{mark}\r\ndate: 2021-03-09\r\ntags:\r\n  - 工会"
    path = tmp_path / "a.md"
    path.write_text(
        f"---\r\n{fields}\r\n---\r\n\r\n## 概况\r\n\r\n新建驿站86座，职工很满意。\r\n", "utf-8", newline=""
    )
    report = read_report(path)
    assert (report.title, report.subtitle, report.published) == ("清河学院工会工作总结", "", "2021-03-09")
    assert [(p.kind, p.text) for p in report.paragraphs[-2:]] == [
        ("caption", "工会"),
        ("prose", "新建驿站86座，职工很满意。"),
    ]
    path.write_text(f"---\n{fields}\n---\n\n# 另一个题目\n\n新建驿站86座，职工很满意。\n", "utf-8")
    assert read_report(path).title == "另一个题目"


def test_rows_in_a_drawn_frame_are_a_table(tmp_path: Path) -> None:
    box = "┌────┐\n│　　数说2021　　　│\n│新建工会　　87家　│\n│托管班收托子女　283名　│\n└────┘\n"
    path = tmp_path / "a.txt"
    path.write_text(f"清河市总工会新建驿站86座，职工很满意。\n\n{box}", "utf-8")
    rows = [p.text for p in read_report(path).paragraphs if p.kind == "table row"]
    assert rows == ["新建工会：87家", "托管班收托子女：283名"]
