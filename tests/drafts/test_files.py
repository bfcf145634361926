"""Drafts as files: everything in them is read, judged once, and the Word file comes back whole, with comments."""

import io
import time
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from qa.drafts import check_report
from qa.drafts.draft import draft_of, read_draft
from qa.drafts.exports import AGREEING, as_json, save_xlsx, with_comments
from qa.drafts.judging import GOOD
from qa.drafts.ranking import Register
from qa.errors import QuestionError, ReportError

NAMES = nsdecls("w")
CHANGES = (
    f'<w:p {NAMES}><w:r><w:t xml:space="preserve">公益培训组织了</w:t></w:r>'
    '<w:del w:id="1" w:author="甲"><w:r><w:delText>5万余场</w:delText></w:r></w:del>'
    '<w:ins w:id="2" w:author="甲"><w:r><w:t>3万</w:t></w:r><w:r><w:t>余场。</w:t></w:r></w:ins></w:p>'
)
BOX = (
    f'<w:p {NAMES} xmlns:v="urn:schemas-microsoft-com:vml"><w:r><w:pict><v:shape><v:textbox><w:txbxContent>'
    "<w:p><w:r><w:t>疗休养基地培育出259家，一线职工都说这是实实在在的好事，来年还想再来。</w:t></w:r></w:p>"
    "</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
)


def word_file(path: Path) -> bytes:
    """A draft with a heading, tracked changes, a comment, a table and a text box."""
    document = docx.Document()
    document.add_heading("温州市总工会2018—2023年工作汇报", 1)
    paragraph = document.add_paragraph("五年来开展宣讲1.65万场次，")
    paragraph.add_run("户外劳动者服务站点建成").bold = True
    paragraph.add_run("400多个。")
    document.add_comment(paragraph.runs[0], text="请再核一遍", author="科长", initials="科")
    body = document.element.body
    body.insert(2, parse_xml(CHANGES))
    body.insert(3, parse_xml(BOX))
    table = document.add_table(rows=3, cols=2)
    cells = [("指标", "数量"), ("“浙江工匠”", "143名"), ("“温州工匠”", "231名")]
    for row, texts in zip(table.rows, cells, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.save(str(path))
    return path.read_bytes()


def test_word_keeps_its_changes_and_comments_and_gets_ours(tmp_path: Path, register: Register) -> None:
    path = tmp_path / "稿件.docx"
    original = word_file(path)
    checked = check_report(read_draft(path), register)
    said = {item.text: item.verdict for item in checked.items}
    assert said["1.65万场次"] == "differs"
    assert said["400多个"] == said["3万余场"] == said["259家"] == said["143名"] == "agrees"
    assert said["231名"] == "differs"
    assert "5万余场" not in said
    assert len([item for item in checked.items if item.text == "259家"]) == 1
    made = with_comments(checked, original)
    assert path.read_bytes() == original
    document = docx.Document(io.BytesIO(made))
    told = [(comment.author, comment.text) for comment in document.comments]
    assert ("科长", "请再核一遍") in told
    assert len(told) == len(checked.items) + 1
    assert any("1.56万场次" in text for _, text in told)
    agreeing = sum(item.verdict in GOOD for item in checked.items)
    assert sum(author == AGREEING for author, _ in told) == agreeing
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        body = package.read("word/document.xml").decode()
    assert '<w:del w:id="1"' in body
    assert "5万余场" in body
    assert '<w:ins w:id="2"' in body
    assert "".join(p.text for p in document.paragraphs) == "".join(
        p.text for p in docx.Document(io.BytesIO(original)).paragraphs
    )
    figure = body.index("1.65万场次")
    assert body.rindex("commentRangeStart", 0, figure) > body.rindex("五年来开展宣讲", 0, figure)
    assert body.index("commentRangeEnd", figure) < body.index("户外劳动者")


def test_comments_stand_at_the_cells_of_a_table_whose_units_are_in_its_head(
    tmp_path: Path, register: Register
) -> None:
    document = docx.Document()
    document.add_paragraph("温州市总工会2018—2023年工作汇报")
    table = document.add_table(rows=3, cols=4)
    rows = [
        ("类别", "指标", "数量（名）", "备注"),
        ("人才", "“浙江工匠”", "3", "另有5名"),
        ("人才", "“温州工匠”", "213", ""),
    ]
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(2, 0).text = ""
    table.cell(1, 0).merge(table.cell(2, 0))
    document.add_paragraph("会上表扬了13名干部、1213名职工。")
    path = tmp_path / "表.docx"
    document.save(str(path))
    body = docx.Document(
        io.BytesIO(with_comments(check_report(read_draft(path), register), path.read_bytes()))
    )
    told = body.element.body.xml
    for figure in ("3", "5名", "213", "13名", "1213名"):
        at = told.index(f">{figure}<")
        assert told.rindex("commentRangeStart", 0, at) > told.rindex("<w:t", 0, told.rindex("<w:t", 0, at))
    assert not any("不能加批注" in comment.text for comment in body.comments)


def test_comments_stand_at_the_cells_of_a_table_whose_units_have_a_column(
    tmp_path: Path, register: Register
) -> None:
    document = docx.Document()
    document.add_paragraph("温州市总工会2018—2023年工作汇报")
    table = document.add_table(rows=3, cols=3)
    rows = [("指标", "单位", "数量"), ("“浙江工匠”", "名", "143"), ("“温州工匠”", "名", "231")]
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    path = tmp_path / "表.docx"
    document.save(str(path))
    made = with_comments(check_report(read_draft(path), register), path.read_bytes())
    body = docx.Document(io.BytesIO(made))
    told = body.element.body.xml
    for figure in ("143", "231"):
        at = told.index(f">{figure}<")
        assert told.rindex("commentRangeStart", 0, at) > told.rindex("<w:t", 0, told.rindex("<w:t", 0, at))
    assert not any("不能加批注" in comment.text for comment in body.comments)


def test_a_footnote_is_judged_and_told_where_word_allows_it(tmp_path: Path, register: Register) -> None:
    path = tmp_path / "脚注.docx"
    word_file(path)
    note = (
        f'<w:footnotes {NAMES}><w:footnote w:id="2"><w:p><w:r><w:t>另有产改试点单位475家。</w:t></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    )
    with_note = tmp_path / "有脚注.docx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(with_note, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                at = data.index("400多个。".encode())
                end = data.index(b"</w:r>", at) + len(b"</w:r>")
                data = data[:end] + b'<w:r><w:footnoteReference w:id="2"/></w:r>' + data[end:]
            new.writestr(name, data)
        new.writestr("word/footnotes.xml", note)
    checked = check_report(read_draft(with_note), register)
    assert [item.verdict for item in checked.items if item.text == "475家"] == ["differs"]
    made = docx.Document(io.BytesIO(with_comments(checked, with_note.read_bytes())))
    assert any("475家" in c.text and "457家" in c.text for c in made.comments)


def test_text_becomes_a_word_file_and_a_workbook_without_formulas(tmp_path: Path, register: Register) -> None:
    checked = check_report(
        draft_of("=温州市总工会五年来\n开展宣讲1.65万场次，\x07获得“=1+1”称号。"), register
    )
    made = docx.Document(io.BytesIO(with_comments(checked)))
    assert made.paragraphs[1].text.startswith("开展宣讲1.65万场次")
    assert len([*made.comments]) == len(checked.items)
    save_xlsx(checked, tmp_path / "核稿.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "核稿.xlsx").active
    assert sheet.max_row == 1 + len(checked.items)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {
        "s",
        "n",
    }


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.txt", b""),
        ("坏.docx", b"PK\x03\x04 not a package"),
        ("怪.exe", b"MZ"),
        ("坏.pdf", b"%PDF-1.7 nothing"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ReportError) as refused:
        read_draft(path)
    assert name in str(refused.value)


def test_a_heading_of_a_file_is_judged_too(tmp_path: Path, register: Register) -> None:
    path = tmp_path / "稿件.md"
    path.write_text("# 温州市工会：宣讲1.65万场次\n\n五年来，培育“浙江工匠”143名。\n", encoding="utf-8")
    checked = check_report(read_draft(path), register)
    assert [item.text for item in checked.items] == ["1.65万场次", "浙江工匠", "143名"]
    assert checked.items[0].verdict == "differs"
    assert checked.text == path.read_text(encoding="utf-8")


def test_a_quoted_report_is_judged_once(register: Register) -> None:
    quote = "职工讲堂、“班前十分钟”同五一宣讲团、劳模工匠宣讲团一起上阵，五年开展的各类宣讲达1.56万场次。"
    checked = check_report(draft_of(f"温州市总工会2018—2023年材料\n报告说：“{quote}”"), register)
    assert [item.text for item in checked.items].count("1.56万场次") == 1


@pytest.mark.parametrize(
    "text", ["2" * 20_000, "“" * 5_000, "第一百" * 3_000, "2018—2023年" * 2_000, "\ud800 3家"]
)
def test_odd_text_neither_fails_nor_hangs(register: Register, text: str) -> None:
    started = time.monotonic()
    checked = check_report(draft_of(text), register)
    assert time.monotonic() - started < 60
    assert checked.text == text
    assert as_json(checked, "x")["id"] == "x"


def test_progress_ends_at_the_last_item(register: Register) -> None:
    told: list[tuple[int, int]] = []
    check_report(draft_of("温州建成书屋198家。" * 200), register, lambda *count: told.append(count))
    assert len(told) > 2
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] >= 200


def test_a_draft_of_more_than_may_be_judged_at_once_is_refused_before_the_work(register: Register) -> None:
    draft = draft_of("苏州建成职工书屋198家，培育基地259家。")
    assert len(check_report(draft, register, most=2).items) == 2
    done: list[int] = []
    with pytest.raises(QuestionError, match="超过 1 处，一次核对不了这么多。请分成几份"):
        check_report(draft, register, lambda at, _: done.append(at), most=1)
    assert not done
    for many in ("《甲》" * 99, "1" * 1999, "二百一十三件，" * 99, "获先进集体称号，" * 99):
        with pytest.raises(QuestionError, match="一次核对不了这么多"):
            check_report(draft_of(many), register, lambda at, _: done.append(at), most=90)
    assert not done


def test_a_word_file_that_takes_no_comments_comes_back_as_a_new_one_with_them(register: Register) -> None:
    check = check_report(draft_of("苏州建成职工书屋198家。"), register)
    file = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("苏州建成职工书屋198家。")
    document.save(file)
    broken = io.BytesIO()
    with zipfile.ZipFile(file) as read, zipfile.ZipFile(broken, "w") as write:
        for name in read.namelist():
            nested = b"<w:tbl><w:tr><w:tc>" * 300 + b"<w:p/>" + b"</w:tc></w:tr></w:tbl>" * 300
            data = read.read(name)
            write.writestr(
                name,
                data.replace(b"<w:body>", b"<w:body>" + nested) if name.endswith("document.xml") else data,
            )
    made = docx.Document(io.BytesIO(with_comments(check, broken.getvalue())))
    assert "198家" in "".join(paragraph.text for paragraph in made.paragraphs)
    assert len(list(made.comments)) == len(check.items) == 1
