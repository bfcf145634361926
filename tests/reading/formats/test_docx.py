import time
from pathlib import Path

import pytest

from qa.errors import ReportError
from qa.reading import read_report
from qa.reading.formats.docx import extract
from tests.reading.formats.made import (
    PROSE,
    ROWS,
    TABLE,
    TITLE,
    coverage,
    parts,
    plain,
    word_paragraph,
    word_table,
    write_docx,
    zipped,
)

STYLES = (
    '<w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="a9"><w:name w:val="节标题"/><w:basedOn w:val="1"/></w:style>'
    '<w:style w:styleId="T"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="C"><w:name w:val="caption"/></w:style>'
    '<w:style w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:styleId="hid"><w:name w:val="暗"/><w:rPr><w:vanish/></w:rPr></w:style>'
)


def style(name: str) -> str:
    return f'<w:pStyle w:val="{name}"/>'


def roles(path: Path) -> list[tuple[str, int, str]]:
    found = extract(path)
    return [(b.role, b.level, found.text[b.start : b.end]) for b in found.blocks]


def test_an_article_comes_back_whole(tmp_path: Path) -> None:
    body = "".join(word_paragraph(t, style("1") if kind == "heading" else "") for kind, t in parts(3))
    found = extract(write_docx(tmp_path / "a.docx", body, styles=STYLES))
    assert coverage(plain(3), found.text) == 1
    assert [found.text[b.start : b.end] for b in found.blocks] == [text for _, text in parts(3)]


def test_roles(tmp_path: Path) -> None:
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    box = f"<w:r><w:pict><w:txbxContent>{word_paragraph('框里的一句话。')}</w:txbxContent></w:pict></w:r>"
    linked = "<w:r><w:t>第一节</w:t><w:tab/><w:t>3</w:t></w:r>"  # an entry without a style of its own
    body = (
        word_paragraph(TITLE, style("T"))
        + word_paragraph("目录条目……3", style("TOC1"))
        + f'<w:p><w:hyperlink w:anchor="_Toc13000">{linked}</w:hyperlink></w:p>'
        + word_paragraph("第一节", style("a9"))
        + word_paragraph("大纲标题", '<w:outlineLvl w:val="1"/>')
        + f"<w:p><w:r><w:t>带脚注的句子。</w:t></w:r>{note}{box}</w:p>"
        + word_table(TABLE)
        + word_paragraph("图一：驿站外景", style("C"))
    )
    footnotes = (
        '<w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
        f'<w:footnote w:id="2">{word_paragraph("数据截至2023年底。")}</w:footnote>'
    )
    path = write_docx(tmp_path / "a.docx", body, styles=STYLES, footnotes=footnotes)
    assert roles(path) == [
        ("heading", 1, TITLE),
        ("heading", 1, "第一节"),
        ("heading", 2, "大纲标题"),
        ("paragraph", 0, "带脚注的句子。"),
        ("note", 0, "框里的一句话。"),
        ("note", 0, "数据截至2023年底。"),
        *(("table row", 0, row) for row in ROWS),
        ("caption", 0, "图一：驿站外景"),
    ]


def test_notes_and_text_boxes_of_a_table_stand_below_it(tmp_path: Path) -> None:
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    box = f"<w:r><w:pict><w:txbxContent>{word_paragraph('另有80人未统计。')}</w:txbxContent></w:pict></w:r>"
    table = word_table(TABLE).replace(
        "</w:p></w:tc></w:tr></w:tbl>", f"{note}{box}</w:p></w:tc></w:tr></w:tbl>"
    )
    footnotes = f'<w:footnote w:id="2">{word_paragraph("数据截至2023年底。")}</w:footnote>'
    path = write_docx(tmp_path / "a.docx", table, footnotes=footnotes)
    assert [text for *_, text in roles(path)] == [*ROWS, "另有80人未统计。", "数据截至2023年底。"]


def test_how_a_word_is_pronounced_is_no_text(tmp_path: Path) -> None:
    ruby = "<w:ruby><w:rt><w:r><w:t>zhāng</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>章</w:t></w:r></w:rubyBase></w:ruby>"
    body = f"<w:p><w:r><w:t>主席</w:t></w:r><w:r>{ruby}</w:r><w:r><w:t>三作报告。</w:t></w:r></w:p>"
    assert [text for *_, text in roles(write_docx(tmp_path / "a.docx", body))] == ["主席章三作报告。"]


@pytest.mark.parametrize("first", ["2023年工作回顾", "一、2023年工作回顾", "工作回顾"])
def test_a_heading_right_below_the_name_of_the_speaker_is_no_subtitle(tmp_path: Path, first: str) -> None:
    second = first.replace("2023", "2024").replace("一", "二").replace("回顾", "安排")
    body = word_paragraph("合肥市总工会2023年工作报告", style("T"))
    body += "".join(map(word_paragraph, ("（2024年1月19日）", "韩立群")))
    for heading in (first, second):
        body += word_paragraph(heading, style("1"))
        body += word_paragraph("全市工会团结职工，工作取得新的成效。全市共有基层工会1274家。")
    path = write_docx(tmp_path / "a.docx", body, styles=STYLES)
    report = read_report(path)
    assert (report.subtitle, report.speaker) == ("", "韩立群")
    assert next(p.heading for p in report.paragraphs if p.kind == "prose") == (first,)


def test_a_subtitle_below_the_occasion_is_no_section(tmp_path: Path) -> None:
    body = word_paragraph("团结奋斗 开创未来", style("T")) + word_paragraph("（2024年1月22日）")
    body += word_paragraph("——合肥市总工会2023年工作报告", style("1")) + word_paragraph("韩立群")
    for heading in ("工作回顾", "工作安排"):
        body += word_paragraph(heading, style("1"))
        body += word_paragraph("全市工会团结职工，工作取得新的成效。全市共有基层工会1274家。")
    report = read_report(write_docx(tmp_path / "a.docx", body, styles=STYLES))
    assert (report.place.name, report.speaker, str(report.period)) == ("合肥市", "韩立群", "2023")


def test_text_boxes_that_hold_the_title_or_whole_sentences_are_text(tmp_path: Path) -> None:
    def box(*texts: str) -> str:
        inner = "".join(map(word_paragraph, texts))
        return f"<w:p><w:r><w:pict><w:txbxContent>{inner}</w:txbxContent></w:pict></w:r></w:p>"

    body = box(TITLE) + word_paragraph("看得见的字。") + box("二、帮扶服务", PROSE[2]) + box("供图")
    assert [(role, text) for role, _, text in roles(write_docx(tmp_path / "a.docx", body))] == [
        ("paragraph", TITLE),
        ("paragraph", "看得见的字。"),
        ("paragraph", "二、帮扶服务"),
        ("paragraph", PROSE[2]),
        ("note", "供图"),
    ]


def test_text_that_is_not_shown_is_not_read(tmp_path: Path) -> None:
    hidden = [
        word_paragraph("隐藏一", run="<w:vanish/>"),
        word_paragraph("隐藏二", run='<w:rStyle w:val="hid"/>'),
        word_paragraph("隐藏三", run='<w:sz w:val="1"/>'),
        "<w:p><w:del><w:r><w:t>删除的字</w:t></w:r></w:del></w:p>",
        "<w:p><w:moveFrom><w:r><w:t>移走的字</w:t></w:r></w:moveFrom></w:p>",
    ]
    shown = (
        word_paragraph("看得见的字。", run='<w:vanish w:val="0"/>')
        + "<w:p><w:ins><w:r><w:t>新加的字。</w:t></w:r></w:ins></w:p>"
    )
    found = extract(write_docx(tmp_path / "a.docx", "".join(hidden) + shown, styles=STYLES))
    assert found.text.split() == ["看得见的字。", "新加的字。"]


def test_the_number_of_a_note_joins_no_figure(tmp_path: Path) -> None:
    raised = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>{}</w:t></w:r>'
    struck = "<w:r><w:rPr><w:strike/></w:rPr><w:t>999</w:t></w:r>"
    plain = "<w:r><w:t>{}</w:t></w:r>"
    runs = (
        plain.format("书屋123"),
        raised.format("1"),
        plain.format("家，"),
        struck,
        plain.format("园地78m"),
    )
    body = f"<w:p>{''.join(runs)}{raised.format('2')}{plain.format('。')}</w:p>"
    assert extract(write_docx(tmp_path / "a.docx", body)).text.split() == ["书屋123家，园地78m2。"]


def test_merged_cells_and_two_rows_of_heads(tmp_path: Path) -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{word_paragraph(text)}</w:tc>"

    wide = '<w:gridSpan w:val="2"/>'
    head, more = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    table = (
        f"<w:tbl><w:tr>{cell('县区', head)}{cell('会员（人）', wide)}</w:tr>"
        f"<w:tr>{cell('', more)}{cell('男')}{cell('女')}</w:tr>"
        f"<w:tr>{cell('东溪区')}{cell('1200')}{cell('1350')}</w:tr></w:tbl>"
    )
    assert roles(write_docx(tmp_path / "a.docx", table)) == [
        ("table row", 0, "县区：东溪区；会员 男：1200人；会员 女：1350人"),
    ]


def control(content: str) -> str:
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>"


@pytest.mark.parametrize("part", ["", "cell", "paragraph", "row", "cell twice", "table"])
def test_what_a_content_control_of_a_table_holds_is_read(tmp_path: Path, part: str) -> None:
    text = word_paragraph("365")
    cell = f"<w:tc>{control(text) if part == 'paragraph' else text}</w:tc>"
    if part.startswith("cell"):
        cell = control(control(cell) if part == "cell twice" else f"<w:customXml>{cell}</w:customXml>")
    row = f"<w:tr><w:tc>{word_paragraph('东城')}</w:tc>{cell}<w:tc>{word_paragraph('12')}</w:tc></w:tr>"
    heads = word_table([["县区", "会员数（人）", "经费（万元）"]]).removesuffix("</w:tbl>")
    table = f"{heads}{control(row) if part == 'row' else row}</w:tbl>"
    path = write_docx(tmp_path / "a.docx", control(table) if part == "table" else table)
    assert roles(path) == [("table row", 0, "县区：东城；会员数：365人；经费：12万元")]


def test_a_table_in_a_content_control_of_a_cell_is_read_by_itself(tmp_path: Path) -> None:
    inner = control(word_table(TABLE))
    table = f"<w:tbl><w:tr><w:tc>{word_paragraph('左栏')}</w:tc><w:tc>{inner}</w:tc></w:tr></w:tbl>"
    assert [text for *_, text in roles(write_docx(tmp_path / "a.docx", table))] == ["左栏", *ROWS]


def test_columns_that_a_row_leaves_out_before_its_cells_count(tmp_path: Path) -> None:
    table = word_table([["县区", "会员数（人）", "经费（万元）"], ["东城", "365", "12"], ["377", "20"]])
    before, row, last = table.rpartition("<w:tr>")
    body = f'{before}{row}<w:trPr><w:gridBefore w:val="1"/></w:trPr>{last}'
    assert [text for *_, text in roles(write_docx(tmp_path / "a.docx", body))] == [
        "县区：东城；会员数：365人；经费：12万元",
        "会员数：377人；经费：20万元",
    ]


def test_a_line_break_behind_a_sentence_ends_a_paragraph(tmp_path: Path) -> None:
    line = "<w:p><w:r><w:t>　　一是新建驿站八座。</w:t><w:br/><w:t>　　二是培训职工三千人，</w:t><w:br/><w:t>效果很好。</w:t></w:r></w:p>"
    assert roles(write_docx(tmp_path / "a.docx", line)) == [
        ("paragraph", 0, "一是新建驿站八座。"),
        ("paragraph", 0, "二是培训职工三千人， 效果很好。"),
    ]


def test_phrases_below_a_colon_at_the_end_are_text(tmp_path: Path) -> None:
    body = word_paragraph("全年新建驿站八座，服务职工三千人。") + "".join(
        map(word_paragraph, ("全年办好三件实事：", "新建托管班12个", "帮扶困难职工1208户", "举办招聘会42场"))
    )
    report = read_report(write_docx(tmp_path / "a.docx", body))
    assert "furniture" not in {p.kind for p in report.paragraphs}


def test_a_table_with_a_long_cell_below_its_heads_keeps_its_rows(tmp_path: Path) -> None:
    long = "走访企业，帮助职工解决困难。" * 30
    table = word_table(
        [["县区", "会员数（万人）", "做法"], ["东溪区", "36.58", long], ["西岭县", "21.4", "建立台账"]]
    )
    found = [text for *_, text in roles(write_docx(tmp_path / "a.docx", table))]
    assert found == [
        "县区：东溪区；会员数：36.58万人",
        f"县区：东溪区；做法：{long}",
        "县区：西岭县；会员数：21.4万人；做法：建立台账",
    ]


def test_a_table_that_only_places_text_is_prose(tmp_path: Path) -> None:
    table = word_table([["左边是一段很长的话，" * 40, "右边也是一段话。"], ["下一行。", "再一行。"]])
    assert {role for role, *_ in roles(write_docx(tmp_path / "a.docx", table))} == {"paragraph"}


def test_a_table_of_one_wide_column_is_prose(tmp_path: Path) -> None:
    texts = [*"一二三四五六七八九", PROSE[0] * 3, PROSE[0] * 4]
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
    rows = "".join(f"<w:tr>{cell}{word_paragraph(text)}</w:tc></w:tr>" for text in texts)
    found = roles(write_docx(tmp_path / "a.docx", f"<w:tbl>{rows}</w:tbl>"))
    assert found == [("paragraph", 0, text) for text in texts]


BAD = {
    "截断": zipped(**{"word/document.xml": b"<w:document/>" * 99})[:60],
    "加密": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
    "不是": zipped(**{"a.txt": b"x"}),
    "坏": zipped(**{"word/document.xml": b"<w:document><w:body>"}),
    "空白": zipped(**{"word/document.xml": b"<d/>"}),
    "炸弹": zipped(**{"word/document.xml": b"<a>" + bytes(90_000_000)}),
    "笑": zipped(**{"word/document.xml": '<!DOCTYPE d [<!ENTITY a "笑">]><d>&a;</d>'.encode()}),
    "外部": zipped(**{"word/document.xml": '<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>'.encode("utf-16")}),
}


@pytest.mark.parametrize("name", list(BAD))
def test_bad_files_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.docx"
    path.write_bytes(BAD[name])
    start = time.process_time()
    with pytest.raises(ReportError, match=name):
        extract(path)
    assert time.process_time() - start < 20


def test_deep_nesting_is_read(tmp_path: Path) -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 3000 + word_paragraph("深处") + "</w:tc></w:tr></w:tbl>" * 3000
    assert extract(write_docx(tmp_path / "a.docx", deep)).text == "深处\n"


def test_a_paragraph_that_stops_behind_a_comma_goes_on(tmp_path: Path) -> None:
    first, second = "承办行业技能大赛2次，涌现出省级以上技术能手22名，", "有346名职工通过比赛晋升了技能等级。"
    path = write_docx(
        tmp_path / "a.docx", "".join(map(word_paragraph, ("全年新建职工书屋48家。", first, second, PROSE[0])))
    )
    assert [p.text for p in read_report(path).paragraphs] == [
        "全年新建职工书屋48家。",
        first + second,
        PROSE[0],
    ]


def test_items_that_word_numbers_stay_text_where_no_text_is_below_them(tmp_path: Path) -> None:
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="9"/></w:numPr>'
    items = ["书屋120家", "驿站86座", "会员三万人", "先进集体12个"]
    first, second, third, last = (word_paragraph(text, numbered) for text in items)
    empty, text, head = word_paragraph(""), word_paragraph(PROSE[0]), word_paragraph("今后打算", style("1"))
    body = f"{first}{empty}{second}{empty}{text}{third}{head}{text}{last}{empty}<w:sectPr/>"
    found = roles(write_docx(tmp_path / "a.docx", body, styles=STYLES))
    assert [text for role, _, text in found if role == "item"] == items


def test_of_paragraphs_that_word_numbers_a_phrase_above_text_is_a_heading(tmp_path: Path) -> None:
    def listed(text: str, level: int) -> str:
        return word_paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="9"/></w:numPr>')

    body = (
        listed("组织建设", 0) + listed("扩大覆盖", 1) + word_paragraph("全年建会73家。") + listed("权益维护", 0)
        + word_paragraph("重点有三：") + listed("建成援助站9个；", 2) + listed("整改隐患196处。", 2)
        + word_paragraph("阵地包括：") + listed("职工书屋", 1) + listed("母婴室", 1) + word_paragraph("都已开放。")
    )  # fmt: skip
    assert roles(write_docx(tmp_path / "a.docx", body)) == [
        ("heading", 1, "组织建设"),
        ("heading", 2, "扩大覆盖"),
        ("paragraph", 0, "全年建会73家。"),
        ("heading", 1, "权益维护"),
        ("paragraph", 0, "重点有三："),
        ("item", 0, "建成援助站9个；"),
        ("item", 0, "整改隐患196处。"),
        ("paragraph", 0, "阵地包括："),
        ("item", 0, "职工书屋"),
        ("item", 0, "母婴室"),
        ("paragraph", 0, "都已开放。"),
    ]
