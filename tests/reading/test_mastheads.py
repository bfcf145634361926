"""What stands around a report in a newspaper, a journal or on a website is neither its title nor its text."""

from dataclasses import replace
from pathlib import Path

import pytest

from qa.reading import read_report
from qa.reading.formats import Block, Extract
from qa.reading.formats.text import text_blocks
from qa.reading.layout import restore
from qa.reading.layout.lines import form
from qa.reading.period import infer_period
from qa.types import Period, Report

BODY = (
    "五年来，清河市总工会把驿站建到职工身边，累计新建86座，配备饮水机和急救箱，每年投入维护资金350万元。截至2020年，"
    "全市工会会员达到12.6万人。\n\n受理劳动争议案件1460件，为职工追回工资2380万元。\n"
)


def read(folder: Path, text: str, name: str = "page-7.txt") -> Report:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_report(path)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("B02  要闻      江城晚报    2021年3月9日  星期二", "furniture"),
        ("江城日报 2021年3月9日", "furniture"),
        ("江城工运  2020年第3期    领导讲话", "furniture"),
        ("工会简报（总第128期）", "furniture"),
        ("清河工会简报 第12期", "furniture"),
        ("举办技能培训班第12期", "bare"),
        ("A07 专题", "furniture"),
        ("来源：市总工会宣传部　发布日期：2021-03-09 08:30　点击量：72 次　字体：[大 中 小]", "byline"),
        ("责任编辑：王小雨  版式：李青", "byline"),
        ("本报记者 赵一鸣 通讯员 钱多多 孙 立", "byline"),
        ("《清河工友报》2021年3月9日 第3版 要闻", "furniture"),
        ("2021年3月1日印发第一版", "bare"),
        ("《清河工友报》记者 赵一鸣 通讯员 孙立", "byline"),
        ("清河市总工会　2021年3月", "byline"),
        ("清河市总工会办公室 二〇二一年三月九日", "byline"),
        ("（2021年3月9日）", "byline"),
        ("2020年第3期技能培训班", "bare"),
        ("2021年3月工会工作要点", "bare"),
        ("（2016—2020年）", "bare"),
        ("2021-03-09 08:30来源：江城工运网 记者 赵一鸣 字号：大中小", "byline"),
        ("（2021年3月9日在清河市工会第三次代表大会上）", "byline"),
        ("编制单位：清河市总工会财务部　编制日期：2021年3月9日", "byline"),
        ("选手正在焊接管道 (资料图片)", "caption"),
        ("江城日报2021年3月9日刊发了工会的经验。", "prose"),
        ("2021年3月9日，清河市总工会启动驿站建设。", "prose"),
    ],
)
def test_forms(line: str, kind: str) -> None:
    assert form(line, "".join(line.split()))[0] == kind


def test_a_masthead_is_no_title_and_its_date_no_period(tmp_path: Path) -> None:
    report = read(
        tmp_path,
        "B02  要闻      江城晚报    2021年3月9日  星期二\n责任编辑：王小雨   版式：李青\n\n扎根一线暖人心  携手同行谱新篇\n"
        "——清河市工会五年来工作回顾（2015—2020）\n本报记者  赵一鸣  通讯员  钱多多\n\n" + BODY,
    )
    assert report.title == "扎根一线暖人心 携手同行谱新篇"
    assert report.subtitle == "——清河市工会五年来工作回顾（2015—2020）"
    assert report.period == Period(2015, 2020)
    kinds = [p.kind for p in report.paragraphs]
    assert kinds == ["furniture", "byline", "byline", "prose", "prose"]
    assert not any(p.heading for p in report.paragraphs)


def test_names_do_not_join_the_subtitle_of_wrapped_text(tmp_path: Path) -> None:
    whole = BODY.replace("\n", "")
    wrapped = "\n".join(whole[k : k + 22] for k in range(0, len(whole), 22))
    report = read(
        tmp_path,
        f"扎根一线暖人心\n——清河市工会五年来工作回顾与展望（2015—2020）\n本报记者  赵一鸣  通讯员  钱多多\n\n{wrapped}\n",
    )
    assert report.subtitle == "——清河市工会五年来工作回顾与展望（2015—2020）"
    assert [p.text for p in report.paragraphs if p.kind == "byline"] == ["本报记者 赵一鸣 通讯员 钱多多"]
    assert [p.text for p in report.paragraphs if p.kind == "prose"] == [whole]


def test_the_largest_type_is_the_title_and_what_stands_above_it_no_heading(tmp_path: Path) -> None:
    report = read(
        tmp_path,
        "## 江城晚报\n### 聚焦清河市工会第五次代表大会\n# 扎根一线暖人心\n——清河市总工会工作报告摘登\n\n"
        + BODY
        + "\n### 今后任务\n新建驿站三十座，培训职工一万人次。\n",
        "a.md",
    )
    assert (report.title, report.subtitle) == ("扎根一线暖人心", "——清河市总工会工作报告摘登")
    assert [p.heading for p in report.paragraphs if p.kind == "prose"] == [(), (), ("今后任务",)]


def test_the_only_heading_of_its_level_is_no_title_below_one_that_names_the_report(tmp_path: Path) -> None:
    report = read(
        tmp_path,
        "清河市总工会2020年工作报告\n\n——在市总工会十届六次全委会上\n\n# 过去一年工作回顾\n\n"
        + BODY
        + "\n## 存在的问题\n\n驿站还不够多。\n",
        "a.md",
    )
    assert report.title == "清河市总工会2020年工作报告"


def test_the_title_is_the_line_above_the_congress_and_not_the_one_that_names_the_kind(tmp_path: Path) -> None:
    report = read(
        tmp_path,
        "清河市教育工会第七次代表大会报告摘登\n汇聚师者力量 书写教育华章\n——在清河市教育工会第七次代表大会上的报告\n\n"
        + BODY,
    )
    assert report.title == "汇聚师者力量 书写教育华章"


def test_years_stand_under_the_title_and_a_signature_behind_them(tmp_path: Path) -> None:
    report = read(
        tmp_path,
        "# 清河市总工会工作报告\n\n（2015—2020年）\n\n清河市总工会 2021年3月\n\n# 一、工作回顾\n\n" + BODY
        + "\n# 二、今后任务\n\n新建驿站三十座，培训职工一万人次。\n",
        "a.md",
    )  # fmt: skip
    assert (report.title, report.subtitle) == ("清河市总工会工作报告", "（2015—2020年）")
    assert report.period == Period(2015, 2020)
    assert [p.heading for p in report.paragraphs if p.kind == "prose"] == [
        ("一、工作回顾",),
        ("一、工作回顾",),
        ("二、今后任务",),
    ]
    assert [p.text for p in report.paragraphs if p.kind == "byline"] == ["清河市总工会2021年3月"]


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (["清河工运2021年第2期", "工会工作回顾"], Period(2015, 2020)),
        (["清河晚报2021年3月9日", "工会工作回顾"], Period(2015, 2020)),
        (["2021年工作部署", "工会工作回顾（2016—2019年）"], Period(2016, 2019)),
        (["工会工作回顾（2014年7月—2019年6月）"], Period(2014, 2019)),
        (["2021年工会工作报告"], Period(2021, 2021)),
    ],
)
def test_the_day_of_print_is_no_period(titles: list[str], expected: Period) -> None:
    assert infer_period(titles, BODY)[0] == expected


def test_who_gave_the_report_is_no_heading(tmp_path: Path) -> None:
    top = "扎根一线暖人心\n\n——在清河市工会第三次代表大会上的报告\n\n（2021年3月9日）\n\n"
    for name, said in (("林 一 舟", "林一舟"), ("市总工会主席 赵小满", "市总工会主席 赵小满")):
        report = read(tmp_path, f"{top}{name}\n\n各位代表：\n\n{BODY}\n暖心服务\n\n{BODY}")
        assert [p.text for p in report.paragraphs if p.kind == "byline"] == [
            "（2021年3月9日）",
            said,
        ]
        assert {p.heading for p in report.paragraphs} == {(), ("暖心服务",)}
    heading = read(tmp_path, f"{top}工作回顾\n\n{BODY}\n暖心服务\n\n{BODY}")
    assert {p.heading for p in heading.paragraphs if p.kind == "prose"} == {("工作回顾",), ("暖心服务",)}


def test_who_signs_above_the_date_is_no_caption(tmp_path: Path) -> None:
    report = read(tmp_path, f"扎根一线暖人心\n\n{BODY}\n清河市总工会办公室\n\n2021年3月9日\n")
    assert [p.text for p in report.paragraphs if p.kind == "byline"] == ["清河市总工会办公室", "2021年3月9日"]
    assert report.published == "2021-03-09"


def test_a_line_that_fills_its_column_is_no_heading() -> None:
    tail = "三年来累计筹集帮扶资金2680万元，走访慰问困难职工家庭并资助职工子女"
    head = "1320名，发放助学金396万元。"
    other = "受理劳动争议案件1460件，为职工追回工资2380万元。"
    text = f"{other}\n{tail}\n{head}\n{other}\n"
    starts = [text.index(tail), text.index(head)]
    blocks = tuple(
        replace(block, role="cut line") if block.start == starts[0] else block for block in text_blocks(text)
    )
    result = restore(Extract(text, "", "pdf", blocks))
    assert not result.headings
    assert tail + head in [p.text for p in result.paragraphs]


def test_a_heading_with_nothing_under_it_is_the_title(tmp_path: Path) -> None:
    report = read(
        tmp_path,
        f"# 清河市总工会工作报告\n\n（2015—2020年）\n\n# 工作回顾\n\n{BODY}\n# 今后任务\n\n新建驿站三十座。\n",
        "a.md",
    )
    assert (report.title, report.subtitle) == ("清河市总工会工作报告", "（2015—2020年）")
    assert {p.heading for p in report.paragraphs} == {("工作回顾",), ("今后任务",)}


SPEECH = (
    "各位代表：\n\n现在，我受清河市总工会第三届委员会委托，向大会报告工作，请予审议。\n\n"
    "一、五年来的工作\n\n新建职工书屋48家，配备图书1.2万册，每年投入维护资金36万元。\n"
)


def test_a_letter_around_the_report_is_not_its_head(tmp_path: Path) -> None:
    letter = (
        "> **日期：** 2021年3月9日 16:48\n> **主题：** 回复：请报送工作报告\n\n李主任，您好！\n\n"
        "报告已经按照您上次提的意见改好，正文贴在下面，附件是同样内容的文件，请查收。\n\n---\n\n"
        "**清河市总工会2020年度工作报告**\n\n——在三届二次职工代表大会上\n\n（2021年3月5日）\n\n市总工会主席 赵小满\n\n"
    )
    found = read(tmp_path, letter + SPEECH, "信.md")
    assert (found.title, found.subtitle) == ("清河市总工会2020年度工作报告", "——在三届二次职工代表大会上")
    assert (found.speaker, found.delivered) == ("赵小满", "2021-03-05")
    assert [p.heading for p in found.paragraphs if p.text.startswith("现在")] == [()]


def test_a_line_apart_from_the_title_is_not_part_of_it(tmp_path: Path) -> None:
    head = "点击上方蓝字关注我们吧\n\n\n\n汇聚磅礴力量 建功清河两岸\n——在清河市工会第三次代表大会上的报告\n\n（2021年3月5日）\n\n"
    assert read(tmp_path, head + SPEECH).title == "汇聚磅礴力量 建功清河两岸"


def printed(*lines: tuple[int, str]) -> list[str]:
    """Restore a printed page, headings with the level of their type, and return the lines of its title."""
    text, blocks = "", []
    for level, line in lines:
        blocks.append(Block(len(text), len(text) + len(line), "heading" if level else "line", level))
        text += f"{line}\n"
    return [title.text for title in restore(Extract(text, "utf-8", "pdf", tuple(blocks))).titles]


def test_a_title_in_two_headings_is_one_below_a_letterhead() -> None:
    head = (
        (1, "清河市总工会文件"),
        (0, "清工发〔2021〕3号"),
        (2, "清河市总工会关于2020年工作情况"),
        (2, "和2021年工作安排的报告"),
    )
    found = printed(*head, *((0, line) for line in SPEECH.split("\n") if line))
    assert found == ["清河市总工会关于2020年工作情况和2021年工作安排的报告"]


def test_an_advertisement_in_larger_type_below_the_report_leaves_the_title_alone() -> None:
    head = (
        (3, "要闻"),
        (0, "责任编辑：王小雨  版式：李青"),
        (2, "团结动员全市职工加快建设现代化"),
        (2, "滨江工业新城而不懈奋斗"),
    )
    found = printed(*head, *((0, line) for line in SPEECH.split("\n") if line), (1, "节约用水人人有责"))
    assert found == ["团结动员全市职工加快建设现代化滨江工业新城而不懈奋斗"]


def test_a_bulletins_issuer_and_day_are_no_part_of_its_title(tmp_path: Path) -> None:
    head = "工  会  简  报\n\n第 17 期（总第 233 期）\n清河市总工会办公室编          2021年3月9日\n\n"
    found = read(tmp_path, f"{head}小网格兜起大民生\n——清河市总工会三年服务职工纪实\n\n{BODY}")
    assert (found.title, found.published) == ("小网格兜起大民生", "2021-03-09")


@pytest.mark.parametrize("body", ["清河市快递物流行业工会联合会", "清河市总工会"])
def test_a_union_and_the_report_named_below_it_are_one_title(tmp_path: Path, body: str) -> None:
    found = read(tmp_path, f"{body}\n2020年上半年工作总结\n\n{BODY}")
    assert found.title == f"{body}2020年上半年工作总结"


def test_what_stands_above_the_number_of_a_document_is_no_title(tmp_path: Path) -> None:
    head = "内部资料 注意保存\n\n清河市总工会\n\n清工发〔2021〕3号　签发人：赵小满\n\n清河市总工会2020年工作总结和2021年打算\n\n"
    found = read(tmp_path, head + BODY)
    assert found.title == "清河市总工会2020年工作总结和2021年打算"


@pytest.mark.parametrize("title", ["关于印发职工服务工作要点的通知", "凝心聚力谱新篇"])
def test_a_title_below_a_letterhead_need_name_no_report(tmp_path: Path, title: str) -> None:
    head = f"清河市总工会文件\n\n清工发〔2021〕3号\n\n签发人：赵小满\n\n{title}\n\n"
    found = read(tmp_path, head + BODY)
    assert (found.title, found.subtitle, found.organisation) == (title, "", "清河市总工会")


@pytest.mark.parametrize(
    "head",
    [
        "清河市总工会2020年工作总结\n清工发〔2021〕3号\n\n",
        "清河市总工会2020年工作总结\n发布日期：2021-01-05  文号：清工发〔2021〕3号  来源：清河市总工会\n\n",
        "清河市总工会2020年工作总结\n（根据清工发〔2020〕15号文件要求撰写）\n\n",
        "会议材料之一\n清河市总工会2020年工作总结\n——在清河市工会第三次代表大会上的报告\n\n",
    ],
)
def test_the_title_is_not_lost_to_what_stands_beside_it(tmp_path: Path, head: str) -> None:
    assert read(tmp_path, head + BODY).title == "清河市总工会2020年工作总结"


def test_another_report_in_the_file_does_not_take_over_its_title(tmp_path: Path) -> None:
    found = read(
        tmp_path, f"清河市总工会2020年工作报告\n\n{BODY}\n附件\n乐清市总工会2020年工作报告\n{SPEECH}"
    )
    assert (found.title, found.place.name) == ("清河市总工会2020年工作报告", "清河市")


def test_sections_in_brackets_keep_their_headings(tmp_path: Path) -> None:
    found = read(tmp_path, f"清河市总工会2020年工作总结\n\n一、成绩\n\n{BODY}\n（维权服务）\n\n{BODY}")
    assert found.paragraphs[-1].heading[-1] == "（维权服务）"


@pytest.mark.parametrize("above", ["添了热水，又", "他添了热水，"])
def test_the_first_lines_of_narrow_columns_are_text(tmp_path: Path, above: str) -> None:
    head = "老城新巷里的暖心灯\n——清河市总工会2023年工作综述\n2024年1月19日　来源：清河日报　【字号　大　中　小】\n\n"
    column = (
        "　　岁末年初的老城寒意正浓，清河市柳叶巷口\n的户外劳动者驿站里却亮着一盏温暖的灯火，\n"
        f"送餐骑手推门进来，换了电池，{above}\n在墙上的心愿簿上写下一行字：\n“想学修电动车。”第二天，报名表就送到了他\n"
        "手里。\n"
    )
    found = read(tmp_path, head + column)
    assert [p.text for p in found.paragraphs if p.kind == "prose"] == ["".join(column.split())]
    assert found.title == "老城新巷里的暖心灯"


FIELDS = "发件人：李小满\n发送时间：2021年3月9日 17:36\n收件人：市总工会 何科长\n主题：回复\n\n"


def test_the_title_of_a_report_in_a_letter_stands_below_its_salutation(tmp_path: Path) -> None:
    letter = "何科长：\n您好！数字已核对过，报告正文如下，请查收。\n\n"
    found = read(
        tmp_path,
        f"{FIELDS}{letter}福安市家电协会2020年工作报告\n\n{BODY}\n{BODY}\n李小满\n电话：0000-1234567\n",
    )
    assert found.title == "福安市家电协会2020年工作报告"
    prose = [p for p in found.paragraphs if p.kind == "prose"]
    assert [p.text for p in prose[:2]] == ["何科长：", "您好！数字已核对过，报告正文如下，请查收。"]
    assert [p.kind for p in found.paragraphs[:4]] == ["byline"] * 4 and not prose[2].heading


def test_records_below_a_title_are_bylines_one_by_one(tmp_path: Path) -> None:
    records = ["时间：2021年3月9日上午", "地点：文化宫三楼会议室", "主持：市总工会主席　何小川"]
    head = "会议纪要\n第6号\n\n福安市总工会第一季度工作推进会纪要\n\n" + "\n".join(records) + "\n\n"
    found = read(tmp_path, head + BODY)
    assert [p.text for p in found.paragraphs if p.kind == "byline"] == [
        r.replace("\u3000", " ") for r in records
    ]
    assert not any(p.heading for p in found.paragraphs)


def test_a_section_below_a_salutation_is_no_title_of_a_letter(tmp_path: Path) -> None:
    greeting = "各位代表：\n我代表市总工会报告工作，请予审议。\n\n"
    for above in (FIELDS, "团结奋进谱新篇\n\n"):
        found = read(tmp_path, f"{above}{greeting}过去五年工作回顾\n\n{BODY}\n今后五年工作打算\n\n{BODY}")
        assert next(p.heading[-1] for p in found.paragraphs if len(p.text) > 40) == "过去五年工作回顾"


def test_labels_inside_a_text_are_no_fields_of_a_letter(tmp_path: Path) -> None:
    title = "清河市总工会2020年工作总结\n\n"
    found = read(
        tmp_path,
        f"{title}{BODY}\n{FIELDS}何科长：\n您好！数字已核对过，请查收。\n\n清河区总工会工作总结\n\n{BODY}",
    )
    assert found.title == "清河市总工会2020年工作总结"


LABELS = "发布机构：清河市总工会\n发布日期：2021-03-09\n索引号：000123\n"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (f"{LABELS}\n清河市总工会2020年工作报告\n\n", "清河市总工会2020年工作报告"),
        (f"标题：清河市总工会2020年工作报告\n{LABELS}\n", "标题：清河市总工会2020年工作报告"),
    ],
)
def test_a_report_named_above_its_salutation_is_in_no_letter(tmp_path: Path, head: str, title: str) -> None:
    greeting = "各位代表：\n现在我向大会报告工作，请予审议。\n\n"
    found = read(tmp_path, f"{head}{greeting}清河市工会工作总结\n\n{BODY}")
    assert found.title == title
    assert "各位代表：" in [p.text for p in found.paragraphs]


def test_a_salutation_of_two_lines_is_no_sentence(tmp_path: Path) -> None:
    found = read(tmp_path, f"尊敬的各位来宾，女士们、先生们，\n朋友们：\n{BODY}")
    assert [p.text for p in found.paragraphs][:2] == ["尊敬的各位来宾，女士们、先生们，", "朋友们："]


def test_a_title_of_three_lines_keeps_its_first(tmp_path: Path) -> None:
    titles = "团结动员 主动作为 为建设\n现代化清河而努力奋斗\n——2020年清河市工会工作综述\n\n"
    assert read(tmp_path, f"{titles}{BODY}").title.startswith("团结动员 主动作为 为建设")


def test_a_body_above_a_report_of_another_is_no_part_of_its_title(tmp_path: Path) -> None:
    found = read(tmp_path, f"中共清河市委员会\n清河市人民政府2020年工作报告\n\n{BODY}")
    assert "清河市人民政府2020年工作报告" in (found.title, found.subtitle)


def test_a_headline_that_ends_in_a_day_is_no_issuer(tmp_path: Path) -> None:
    head = "工会简报 第3期\n同心共绘新画卷 2021年3月9日\n——清河市总工会2020年工作报告\n\n"
    assert read(tmp_path, head + BODY).title == "同心共绘新画卷2021年3月9日"
