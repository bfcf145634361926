"""Where a report begins and ends in documents of several forms: its title, its headings, and what is none of its text."""

from pathlib import Path

import pytest

from qa.reading import read_report
from qa.types import Period, Report

BODY = "五年来，清河县总工会新建驿站86座，书屋30家。\n\n全县职工三万人，会员两万人。\n"


def read(folder: Path, text: str, name: str = "a.txt") -> Report:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_report(path)


def texts(report: Report, kind: str) -> list[str]:
    return [p.text for p in report.paragraphs if p.kind == kind]


def test_a_line_of_two_clauses_above_author_and_time_is_the_title(tmp_path: Path) -> None:
    head = "清河职工之家\n\n点击上面 关注我们\n\n{}\n\n原创 县总工会 清河职工之家 2025年1月20日 17:42 河北\n\n[图片]\n\n"
    for title in ("回看2024｜这一年，清河工会有点“忙”", "这一年，清河工会真忙！"):
        report = read(tmp_path, head.format(title) + BODY)
        assert (report.title, report.published) == (title, "2025-01-20")
        assert texts(report, "prose") == BODY.strip().split("\n\n")


def test_a_number_alone_counts_the_short_line_below_it_as_a_heading(tmp_path: Path) -> None:
    parts = [("把家安到楼上", "新建驿站8座，都有热水。"), ("驿站小，暖意大", "环卫工来歇脚，司机也来。")]
    text = "".join(f"{n:02}\n{head}\n\n{prose}\n\n" for n, (head, prose) in enumerate(parts, 1))
    report = read(tmp_path, f"清河县总工会工作回眸\n\n{BODY}\n{text}")
    assert [(p.heading, p.text) for p in report.paragraphs if p.kind == "prose"][2:] == [
        ((head,), prose) for head, prose in parts
    ]


def test_the_masthead_of_a_page_is_neither_title_nor_heading(tmp_path: Path) -> None:
    masthead = "清河早报\n2024年1月16日 星期二 十二月初六\n03 专版\n责任编辑：赵一鸣 版式：李青\n\n"
    title = "清河县总工会五年回眸\n枣林深处有娘家\n——2019年至2023年清河县总工会工作综述\n□ 本报记者 赵一鸣\n"
    report = read(tmp_path, masthead + title + BODY)
    assert (report.title, report.subtitle) == (
        "枣林深处有娘家",
        "——2019年至2023年清河县总工会工作综述",
    )
    assert len(texts(report, "furniture")) == 4
    assert not any(p.heading for p in report.paragraphs)


def test_what_stands_below_the_day_of_an_official_document_is_no_text(tmp_path: Path) -> None:
    annexes = "附件：1.经费收支情况表\n2.五年表彰名单\n清河路桥集团有限公司工会委员会\n2023年3月21日\n"
    imprint = (
        f"（联系人：林舟）\n{'─' * 30}\n抄送：集团董事会，各部门。\n集团工会办公室    2023年3月21日印发\n"
    )
    head = "清河路桥集团有限公司工会委员会文件\n清路工〔2023〕17号\n\n关于工会五年工作情况的报告\n\n"
    text = "清河路桥集团有限公司工会委员会五年来服务云南、江西的职工，建家86个。\n\n"
    report = read(tmp_path, f"{head}{text}一、建家\n建成小家30个，会员满意。\n\n{annexes}{imprint}")
    assert [(p.heading, p.text) for p in report.paragraphs if p.kind == "prose"] == [
        ((), text.strip()),
        (("一、建家",), "建成小家30个，会员满意。"),
    ]
    assert len(texts(report, "byline")) == 6
    assert (report.place.name, report.organisation) == ("", "清河路桥集团有限公司工会委员会")


def test_a_table_above_the_title_of_a_page_tells_of_the_page(tmp_path: Path) -> None:
    cells = (("索引号：", "QH-2023-01"), ("发布日期：", "2023-01-18"), ("主题分类：", "劳动就业"))
    record = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in cells)
    title = "清河县2022年技能提升工作情况"
    page = f"<h1>{title}</h1><p>来源：县总工会 发布时间：2023-01-18 10:22</p><p>全年培训果农8940人次，取证率76%。</p>"
    report = read(tmp_path, f"<title>{title}</title><body><table>{record}</table>{page}</body>", "a.html")
    assert (report.title, texts(report, "table row")) == (title, [])
    assert report.paragraphs[-1].heading == ()


def test_a_kicker_in_smaller_type_is_no_part_of_the_title(tmp_path: Path) -> None:
    head = "本期特别关注的稿件\n# 扎根一线暖人心\n——清河县总工会工作报告（摘要）\n（2022年1月12日）\n"
    report = read(tmp_path, f"{head}\n{BODY}", "a.md")
    assert (report.title, report.subtitle) == ("扎根一线暖人心", "——清河县总工会工作报告（摘要）")


def test_author_account_and_time_below_a_title_are_no_title(tmp_path: Path) -> None:
    title = "这份年度成绩单，请查收！"
    linked = (
        f"# {title}\n\n原创 清河工会 [清河县总工会](javascript:void(0);) *2024年01月18日 18:30* *河北*\n\n"
    )
    below = f"{title}\n\n清河县总工会\n\n 清河工会\n\n _2024年01月18日 18:30_ _河北_\n\n"
    for head in (linked, below):
        report = read(tmp_path, head + BODY, "a.md")
        assert (report.title, report.subtitle, report.published) == (title, "", "2024-01-18")
        assert texts(report, "prose") == BODY.strip().split("\n\n")
        assert not any(p.heading for p in report.paragraphs)


def test_a_title_in_two_lines_of_a_page_is_one(tmp_path: Path) -> None:
    title = "<title>把娘家建在家门口 清河县工会这五年-清河新闻</title>"
    body = "<h1>把娘家建在家门口<br>清河县工会这五年</h1><p>2023-06-20 来源：清河新闻</p><p>五年来，建成驿站86座，书屋30家。</p>"
    report = read(tmp_path, f"{title}<body>{body}</body>", "a.html")
    assert report.title == "把娘家建在家门口 清河县工会这五年"
    assert report.paragraphs[-1].heading == ()


def test_the_year_of_a_meeting_is_not_that_of_the_results_told_there(tmp_path: Path) -> None:
    head = "在2024年清河县工会工作推进会上的讲话\n（2024年3月11日）\n同志们：\n"
    text = "今天这个会，盘一盘去年的账。\n一、去年的账\n2023年，清河县总工会新建驿站86座，书屋30家。\n"
    report = read(tmp_path, head + text)
    assert report.period == Period(2023, 2023)


def test_a_list_of_contents_above_the_title_is_no_part_of_it(tmp_path: Path) -> None:
    head = "清河工会简报\n第8期\n清河县总工会办公室    2022年7月15日\n\n【要目】\n● 清河镇街驿站见闻录\n\n"
    report = read(tmp_path, f"{head}清河县总工会2021年工作情况\n\n{BODY}")
    assert (report.title, report.subtitle) == ("清河县总工会2021年工作情况", "")


def test_a_shop_and_what_a_county_became_are_no_divisions(tmp_path: Path) -> None:
    shop = read(tmp_path, "惠邻超市工会2023年工作总结\n\n惠邻超市工会全年新建书屋8家。\n")
    poor = read(tmp_path, "工会工作总结\n\n我县成为摘帽县，摘帽县的职工都高兴，书屋八家。\n")
    assert (shop.place.name, poor.place.name) == ("", "")
    told = "走进砚坪区的快递小站\n\n改造花了185万元，其中区总工会出120万元。\n砚坪区总工会的小站开到半夜。\n"
    assert read(tmp_path, told).place.name == "砚坪区"


def test_a_numbered_sentence_at_the_end_of_a_page_is_text(tmp_path: Path) -> None:
    head = "首页 > 工会动态 > 正文\n清河县总工会2022年工作总结\n2023-01-10 09:15 来源：本网\n"
    text = "2022年，县总工会新建驿站9个，书屋三家。\n1.新建工会41家。\n2.帮扶职工218户。\n"
    report = read(tmp_path, f"{head}{text}上一篇\n下一篇\n")
    assert texts(report, "prose")[-1] == "2.帮扶职工218户。"


def test_a_heading_in_two_lines_may_part_at_a_comma(tmp_path: Path) -> None:
    sections = [("一、坚持党的领导，", "加强思想引领"), ("二、维护职工权益，", "办好民生实事")]
    told = "".join(
        "{}\n{}\n全县新建驿站86座，书屋30家，都已向职工开放。\n".format(*heads) for heads in sections
    )
    report = read(tmp_path, f"清河县总工会2022年工作总结\n\n{told}")
    assert [p.heading for p in report.paragraphs] == sections


@pytest.mark.parametrize("mark", ["{}.", "（{}）"])
@pytest.mark.parametrize("stops", ["，，。", "、、。", "，，"])
def test_the_last_item_of_a_list_with_commas_heads_no_text(tmp_path: Path, mark: str, stops: str) -> None:
    things = ("新建书屋120家", "办理援助案件3000件", "慰问困难职工1.2万人次")
    items = [f"{mark.format(n)}{thing}{stops[n - 1 : n]}" for n, thing in enumerate(things, 1)]
    report = read(tmp_path, "清河县总工会2022年工作总结\n\n{}\n\n{}".format("\n".join(items), BODY))
    assert [(p.heading, p.text) for p in report.paragraphs] == [
        ((), text) for text in (*items, *BODY.strip().split("\n\n"))
    ]


@pytest.mark.parametrize("head", ["", "五年来，清河县总工会服务职工，办了实事。\n\n"])
def test_what_counts_something_below_a_day_is_text(tmp_path: Path, head: str) -> None:
    rows = "职工书屋：57家\n\n工会驿站：20个\n"
    report = read(tmp_path, f"清河县总工会工作报告\n\n{head}2023年3月21日\n\n{rows}")
    assert {"职工书屋：57家", "工会驿站：20个"} <= {p.text for p in report.paragraphs if p.kind != "byline"}
