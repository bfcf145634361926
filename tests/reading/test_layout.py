"""What an editor would do to a torn page, on pages of our own."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from qa.reading.formats import Extract
from qa.reading.formats.text import extract, text_blocks
from qa.reading.layout import Restored, restore


def restored(text: str) -> Restored:
    return restore(Extract(text, "utf-8", "txt", tuple(text_blocks(text))))


def restored_tables(text: str) -> Restored:
    with TemporaryDirectory() as folder:
        Path(folder, "a.txt").write_text(text, encoding="utf-8")
        return restore(extract(Path(folder, "a.txt")))


def prose(result: Restored) -> list[str]:
    return [p.text for p in result.paragraphs if p.kind == "prose"]


def kinds(result: Restored, kind: str) -> list[str]:
    return [p.text for p in result.paragraphs if p.kind == kind]


SERVICE = "全市各级工会坚持把服务送到职工身边，三年来共建成户外劳动者驿站86座，配备饮水机、微波炉和急救箱，"
SERVICE_END = "每年投入维护资金350万元，受到广大环卫工人和快递小哥的欢迎。"
TRAINING = "为了提升职工技能，市总工会联合职业学校开设电工、焊工、护理等培训班，累计培训职工2.3万人次，"
TRAINING_END = "其中1.2万人取得职业资格证书，8600人实现了更高质量的就业。"
LAW = "工会法律援助中心受理劳动争议案件1460件，为职工追回工资和经济补偿金2380万元。"


def test_a_sentence_cut_by_a_column_is_joined() -> None:
    result = restored(f"{SERVICE[:40]}\n\n{SERVICE[40:]}{SERVICE_END}\n\n{LAW}\n")
    assert prose(result) == [SERVICE + SERVICE_END, LAW]
    (join,) = [d for d in result.decisions if d.what == "join"]
    assert 0.5 < join.confidence <= 1
    assert "句子未完" in join.reason


def test_a_caption_inside_a_sentence_is_taken_out() -> None:
    result = restored(
        f"{SERVICE}{SERVICE_END}\n\n{TRAINING[:45]}\n\n\n\n电工培训班现场\n\n{TRAINING[45:]}{TRAINING_END}\n"
    )
    assert prose(result) == [SERVICE + SERVICE_END, TRAINING + TRAINING_END]
    assert kinds(result, "caption") == ["电工培训班现场"]


def test_a_sentence_goes_on_behind_another_story() -> None:
    text = f"{LAW}\n\n{TRAINING[:41]}\n\n{SERVICE}{SERVICE_END}\n\n{TRAINING[41:]}{TRAINING_END}\n"
    assert prose(restored(text)) == [LAW, TRAINING + TRAINING_END, SERVICE + SERVICE_END]


def test_a_fragment_without_a_continuation_stays_one() -> None:
    torn = "近年来，市总工会大力弘扬劳模精神、劳动精神、工匠精神，在竞赛中推动经济发展，把打造高素质产业工人"
    result = restored(
        f"{LAW}\n\n{torn}\n\n工会服务暖人心\n\n{SERVICE}{SERVICE_END}\n\n{TRAINING}{TRAINING_END}\n"
    )
    assert torn in prose(result)
    assert len(prose(result)) == 4


def test_numbered_sections_go_in_order() -> None:
    text = (
        f"2022年工作情况\n\n这一年，河湾市总工会工作取得新进展。\n\n二、技能培训\n\n{TRAINING}{TRAINING_END}\n\n"
        f"一、服务职工\n\n{SERVICE}{SERVICE_END}\n\n三、法律援助\n\n{LAW}\n"
    )
    result = restored(text)
    assert [t.text for t in result.titles] == ["2022年工作情况"]
    assert [h.text for h in result.headings] == ["一、服务职工", "二、技能培训", "三、法律援助"]
    assert [p.heading for p in result.paragraphs] == [
        (),
        ("一、服务职工",),
        ("二、技能培训",),
        ("三、法律援助",),
    ]
    assert any(d.what == "moved" for d in result.decisions)


def test_nested_headings_make_paths() -> None:
    text = f"一、服务\n\n（一）驿站\n\n{SERVICE}{SERVICE_END}\n\n（二）培训\n\n{TRAINING}{TRAINING_END}\n\n二、维权\n\n{LAW}\n"
    paths = [p.heading for p in restored(text).paragraphs]
    assert paths == [("一、服务", "（一）驿站"), ("一、服务", "（二）培训"), ("二、维权",)]


def test_numbered_lines_without_text_are_a_list() -> None:
    items = ["1、新建驿站八座", "2、培训职工五百人", "3、走访困难家庭三十户"]
    result = restored(
        f"{LAW}\n\n全年主要完成了以下工作：\n\n" + "\n".join(items) + f"\n\n{SERVICE}{SERVICE_END}\n"
    )
    assert [t for t in prose(result) if t in items] == items


@pytest.mark.parametrize("end", ["。", "；", ""])
@pytest.mark.parametrize("closing", ["", f"\n{LAW}", f"\n三、保障措施\n{LAW}"])
@pytest.mark.parametrize("fixed", [True, False])
def test_no_item_of_a_list_is_lost_as_a_heading(end: str, closing: str, fixed: bool) -> None:
    """The lines of a text, and the paragraphs of a format that vouches for them."""
    items = [f"1、新建驿站30家{end}", f"2、开办夜校12期{end}"]
    text = "\n".join(("一、主要工作", TRAINING + TRAINING_END, "二、下步打算", *items)) + closing
    extract_ = Extract(text, "utf-8", "txt", tuple(text_blocks(text)))
    if fixed:
        blocks = tuple(replace(block, role="paragraph") for block in extract_.blocks)
        extract_ = replace(extract_, blocks=blocks)
    result = restore(extract_)
    told = [p.text for p in result.paragraphs] + [
        h.text for h in result.headings if h.text.startswith(items[1])
    ]
    assert [line for line in items if line not in told] == []


def test_a_short_line_above_a_numbered_list_is_its_heading() -> None:
    items = [f"{n}.新建{n}处驿站，每处都有热水；" for n in range(1, 4)]
    result = restored(f"服务职工\n{LAW}\n\n明年打算\n" + "\n".join(items) + "\n")
    sections = {p.text: p.heading for p in result.paragraphs if p.kind == "prose"}
    assert [sections[item] for item in items] == [("明年打算",)] * 3


def test_a_marked_heading_that_is_a_sentence_with_nothing_under_it_is_text() -> None:
    result = restored(
        f"# 工作报告\n\n## 一、回顾\n\n{LAW}\n\n## 二、打算\n\n### 1、新建驿站30家。\n\n### 空标题\n"
    )
    assert [(p.heading, p.text) for p in result.paragraphs[1:]] == [(("二、打算",), "1、新建驿站30家。")]
    assert "空标题" in [heading.text for heading in result.headings]


def test_a_short_sentence_among_numbered_paragraphs_is_an_item() -> None:
    items = [
        f"1、{SERVICE}{SERVICE_END}",
        "2、新增驿站十座，实现乡镇全覆盖。",
        f"3、{TRAINING}{TRAINING_END}",
    ]
    result = restored("二、今年打算\n\n" + "\n\n".join(items) + "\n")
    assert [(p.heading, p.text) for p in result.paragraphs] == [(("二、今年打算",), item) for item in items]


def test_bylines_keywords_and_furniture_are_no_prose() -> None:
    text = (
        f"河湾工会这一年\n\n本报记者 张小明 通讯员 李晓红\n\n服务职工有温度\n\n关键词：驿站、培训、维权\n\n{SERVICE}{SERVICE_END}\n\n"
        f"— 2 —\n\n{LAW}\n"
    )
    result = restored(text)
    assert kinds(result, "byline") == ["本报记者 张小明 通讯员 李晓红"]
    assert kinds(result, "keywords") == ["关键词：驿站、培训、维权"]
    assert kinds(result, "furniture") == ["—2—"]
    assert prose(result) == [SERVICE + SERVICE_END, LAW]
    assert result.paragraphs[-1].heading == ("服务职工有温度",)


def test_stray_spaces_and_asterisks_leave_the_text_but_not_the_source() -> None:
    text = "全市建成户外劳动者 驿站**86**座，慰问环卫 工人1.2 万人次，发放 AI 学习卡 300 张。"
    (paragraph,) = restored(text).paragraphs
    assert paragraph.text == "全市建成户外劳动者驿站86座，慰问环卫工人1.2万人次，发放 AI 学习卡300张。"
    assert "".join(text[s:e] for s, e in paragraph.spans) == text


def test_lines_of_any_width_below_an_indented_one_go_on() -> None:
    text = "\n".join(
        f"  {paragraph[:23]}\n{paragraph[23:41]}\n{paragraph[41:66]}\n{paragraph[66:]}"
        for paragraph in (
            SERVICE + SERVICE_END,
            TRAINING + TRAINING_END,
            f"{LAW}{LAW}",
            f"{SERVICE_END}{LAW}",
        )
    )
    paragraphs = [SERVICE + SERVICE_END, TRAINING + TRAINING_END, LAW + LAW, SERVICE_END + LAW]
    assert prose(restored(f"山里的驿站\n本报记者 王小明\n\n{text}\n")) == paragraphs
    headed = text.replace(f"\n  {LAW[:23]}", f"\n依法维权\n  {LAW[:23]}")
    result = restored(f"山里的驿站\n本报记者 王小明\n\n{headed}\n")
    assert prose(result) == paragraphs
    assert [p.heading for p in result.paragraphs if p.text == LAW + LAW] == [("依法维权",)]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("全年新建工会 14 2 家，新发展会员1.0 8万人", "全年新建工会142家，新发展会员1.08万人"),
        ("发放帮扶资金18 4.9万元，满意率9 2.3%", "发放帮扶资金184.9万元，满意率92.3%"),
        ("20 23年底以前完成", "2023年底以前完成"),
        ("对照2018 2023年的台账", "对照2018 2023年的台账"),
        ("在2018 23家企业参加", "在2018 23家企业参加"),
        ("分别建成3 5家", "分别建成3 5家"),
        ("请拨打0871 6412345人工服务", "请拨打0871 6412345人工服务"),
        ("依次是12 15 18家", "依次是12 15 18家"),
        ("活动在5月1 2日举行", "活动在5月1 2日举行"),
    ],
)
def test_a_space_inside_a_figure_is_stray(printed: str, expected: str) -> None:
    assert prose(restored(f"{LAW}\n\n工会办公室介绍说，{printed}。\n")) == [
        LAW,
        f"工会办公室介绍说，{expected}。",
    ]


def test_a_word_cut_in_a_heading_is_whole_again() -> None:
    text = f"提升职工 技能\n\n{TRAINING}{TRAINING_END}\n\n暖心行动 服务到身边\n\n{SERVICE}{SERVICE_END}\n"
    assert [p.heading for p in restored(f"{LAW}\n\n{text}").paragraphs] == [
        (),
        ("提升职工技能",),
        ("暖心行动 服务到身边",),
    ]


def test_a_product_sign_stays() -> None:
    assert (
        restored("场地面积为12*8米，由工会免费提供。").paragraphs[0].text
        == "场地面积为12*8米，由工会免费提供。"
    )


def test_control_and_direction_marks_never_reach_the_text() -> None:
    (paragraph,) = restored("工会\u202e服务\u200b职工\x07，\x1b[31m全年\x1b[0m无休。").paragraphs
    assert paragraph.text == "工会服务职工，全年无休。"


def test_the_name_of_a_table_owns_the_table_alone() -> None:
    row = "|县区|会员|\n|---|---|\n|甲县|3万人|"
    text = f"一、建会\n\n{SERVICE}{SERVICE_END}\n\n附表：会员人数\n\n（单位：人）\n\n{row}\n\n{LAW}\n\n二、维权\n\n{LAW}\n"
    result = restored_tables(text)
    assert kinds(result, "caption") == ["附表：会员人数", "（单位：人）"]
    assert [p.heading for p in result.paragraphs if p.kind == "prose"] == [
        ("一、建会",),
        ("一、建会",),
        ("二、维权",),
    ]


def test_marks_nest_headings_that_the_format_gives_one_level() -> None:
    text = f"## 一、维权\n## （一）援助\n\n{LAW}\n\n## （二）服务\n\n{SERVICE}{SERVICE_END}\n\n## 二、培训\n\n{LAW}\n"
    assert [p.heading for p in restored(text).paragraphs] == [
        ("一、维权", "（一）援助"),
        ("一、维权", "（二）服务"),
        ("二、培训",),
    ]


def test_hard_wraps_are_undone() -> None:
    whole = SERVICE + SERVICE_END
    wrapped = "\n".join(whole[k : k + 20] for k in range(0, len(whole), 20))
    assert prose(restored(f"{wrapped}\n\n{LAW}\n")) == [whole, LAW]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("团结动员全市职工为全面建设社会主义", "现代化强市而努力奋斗"),
        ("在河湾市工会第十五次代表大会上的", "工作报告"),
        ("河湾市总工会", "2023年度工作报告"),
    ],
)
def test_a_title_on_two_lines_is_one(first: str, second: str) -> None:
    result = restored(f"{first}\n{second}\n\n{SERVICE}{SERVICE_END}\n\n{LAW}\n")
    assert [t.text for t in result.titles] == [first + second]
    assert [d.what for d in result.decisions] == ["title"]


@pytest.mark.parametrize(
    "second",
    [
        "——河湾市总工会五年工作综述",
        "凝心聚力建新功",
        "2023年工作报告",
        "（2018—2023）",
        "河湾市总工会五年工作回眸（2018—2023）",
    ],
)
def test_a_subtitle_stays_one(second: str) -> None:
    result = restored(f"勇立潮头担使命\n{second}\n\n{SERVICE}{SERVICE_END}\n\n{LAW}\n")
    assert [t.text for t in result.titles] == ["勇立潮头担使命", second]


def test_a_subtitle_goes_to_no_section_whose_words_it_shares() -> None:
    second = "河湾市总工会职工服务工作回眸（2018—2023）"
    lead = "一年来，各项工作都迈上了新的台阶，得到了上级的肯定和职工的好评。"
    text = f"勇立潮头担使命\n\n{second}\n\n{lead}\n\n一、技能\n\n{TRAINING}{TRAINING_END}\n\n河湾市总工会职工服务工作有声有色，"
    result = restored(f"{text}新建了服务站。\n\n二、维权\n\n{LAW}\n")
    assert [t.text for t in result.titles] == ["勇立潮头担使命", second]


def test_a_line_wider_than_the_page_and_a_caption_do_not_hide_the_wraps() -> None:
    whole = (SERVICE + SERVICE_END, TRAINING + TRAINING_END)
    wrapped = [("　　" + p)[k : k + 20] for p in whole for k in range(0, len(p) + 2, 20)]
    named = "发布时间：2025-01-17 09:26　来源：河湾融媒　作者：林一舟 陈小满　责任编辑：周小禾"
    cut = next(i for i, line in enumerate(wrapped) if i and line.startswith("　"))
    rows = [
        "河湾市总工会这一年",
        named,
        *wrapped[:cut],
        "图为培训班现场。（林一舟 摄）",
        "技能培训",
        *wrapped[cut:],
    ]
    result = restored("\n".join(rows) + "\n")
    assert prose(result) == list(whole)
    assert [p.heading for p in result.paragraphs if p.text == whole[1]] == [("技能培训",)]


@pytest.mark.parametrize(
    "caption",
    [
        ("▲河湾市总工会主席在货运站看望慰问货车司", "机师傅"),
        ("▲河湾市总工会主席在货运站，", "看望慰问货车司机"),
        ("▲河湾市总工会主席在货运站看望货车司机师", ""),
    ],
)
def test_a_wrapped_caption_is_one_and_takes_no_paragraph_with_it(caption: tuple[str, str]) -> None:
    whole = (SERVICE + SERVICE_END, TRAINING + TRAINING_END)
    first, second = ([p[k : k + 20] for k in range(0, len(p), 20)] for p in whole)
    result = restored("\n".join(["河湾市总工会这一年", "", *first, *filter(None, caption), *second]) + "\n")
    assert prose(result) == list(whole)
    assert kinds(result, "caption") == ["".join(caption)]


def test_a_line_is_full_where_the_figure_that_follows_had_no_room() -> None:
    rows = [
        "全市各级工会坚持服务大局，新建职工服务站点和驿站",
        "共三百余座。全市新建基层工会组织也达到了",
        "12680家，发展会员数万名，工会工作的基础更加牢固",
    ]
    assert prose(restored("\n".join(rows) + "，\n各项工作都有了新的进步。\n")) == [
        "".join(rows) + "，各项工作都有了新的进步。"
    ]


def test_a_short_line_below_a_full_last_line_and_above_an_indent_is_a_heading() -> None:
    first, second = f"{SERVICE}{SERVICE_END}", f"{TRAINING}{TRAINING_END}"
    width = next(w for w in range(18, 30) if (len(first) + 2) % w in (0, w - 1, w - 2))
    paragraphs = ["　　" + first, "守住职工权益", "　　" + second, "　　" + LAW]
    wrapped = "\n".join(p[k : k + width] for p in paragraphs for k in range(0, len(p), width))
    result = restored(wrapped + "\n")
    assert prose(result) == [first, second, LAW]
    assert [p.heading for p in result.paragraphs] == [(), ("守住职工权益",), ("守住职工权益",)]


def test_a_heading_above_an_indented_quotation_is_no_beginning_of_it() -> None:
    first = "　　清河县总工会把驿站建到了车间和村口，职工随时可以歇脚。"
    below = "　　“妈妈加班，我就来这儿写作业。”在托管班里，八岁的女孩已经是第二年的老学员。"
    found = restored(f"{first}\n\n让服务跟着职工的脚步走\n\n{below}\n")
    assert [h.text for h in found.headings] == ["让服务跟着职工的脚步走"]
    assert found.paragraphs[-1].text == below.strip()


def test_a_file_of_headings_alone_is_text() -> None:
    assert prose(restored("一、服务职工\n二、技能培训\n")) == ["一、服务职工", "二、技能培训"]


def test_a_heading_that_was_torn_from_its_section_goes_back() -> None:
    sections = (
        ("户外驿站遍布全城", SERVICE + SERVICE_END),
        ("职业培训班累计培训职工两万人", TRAINING + TRAINING_END),
        ("法律援助为职工撑腰", LAW),
    )
    first, second, third = sections
    text = "\n\n".join((
        "河湾市总工会这一年", "一年来，河湾市总工会的各项工作都迈上了新的台阶，得到了上级的肯定。",
        *first, second[1], *third, "全年接待来访群众三百多人次，件件都有回音。", second[0],
    ))  # fmt: skip
    result = restored(text)
    assert {p.text: p.heading[-1:] for p in result.paragraphs if p.text in dict(sections).values()} == {
        text: (heading,) for heading, text in sections
    }
    (move,) = [d for d in result.decisions if d.what == "moved"]
    assert "标题印在别处" in move.reason


def test_numbered_parts_in_order_stay_whatever_words_the_opening_shares_with_them() -> None:
    work = "\n".join(
        f"{n}. {name}\n{n}.1 {one}。全区{one}{n * 31}个，参加{n * 207}人。\n{n}.2 {two}。新增{two}{n * 17}处，投入{n * 40}万元。"
        for n, (name, one, two) in enumerate(
            [("组织建设", "建会", "入会点"), ("思想引领", "宣讲", "讲堂"), ("技能竞赛", "比武", "工坊"), ("困难帮扶", "慰问", "帮扶站")], 1
        )
    )  # fmt: skip
    opening = (
        "甲区工会第六次代表大会的委员会现报告今后五年的安排，安排分三年和五年两步，今后五年的安排另附清单。"
    )
    plans = "1. 队伍\n1.1 招聘专职干部20名。\n1.2 培训骨干300名。\n2. 阵地\n2.1 建成驿站40个。\n2.2 改造书屋12家。"
    result = restored(
        f"同心建功 实干服务\n——在甲区工会第七次代表大会上的报告\n2023年12月8日\n\n各位代表：\n{opening}\n\n"
        f"第一部分 本届工作回顾\n\n{work}\n\n第二部分 今后五年的安排（2024—2028年）\n\n{plans}\n"
    )
    said = [p for p in result.paragraphs if p.kind == "prose"]
    assert [p.text for p in said[:2]] == ["各位代表：", opening]
    assert said[-1].heading[0].startswith("第二部分") and said[2].heading[0].startswith("第一部分")


def test_headings_that_share_nothing_with_their_text_stay() -> None:
    paragraphs = (SERVICE + SERVICE_END, TRAINING + TRAINING_END, LAW)
    headings = ("笃行不怠向未来", "久久为功谱新篇", "步履不停再出发")
    text = "河湾市总工会这一年\n\n一年来，工会各项工作都迈上了新的台阶。\n\n"
    text += "\n\n".join(part for pair in zip(headings, paragraphs, strict=True) for part in pair)
    assert [p.heading[-1:] for p in restored(text).paragraphs[1:]] == [(h,) for h in headings]
