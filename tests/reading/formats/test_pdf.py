import contextlib
import itertools
import random
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa.cli import app
from qa.errors import ReportError
from qa.reading import read_report
from qa.reading.formats import Extract, pdf
from qa.reading.formats.pdf_page import fragments
from qa.reading.formats.pdf_runs import Page, Run
from tests.reading.formats.made import (
    ROWS,
    TABLE,
    broken,
    coverage,
    parts,
    plain,
    song,
    write_lines,
    write_pdf,
)


def texts(extract: Extract, role: str | None = None) -> list[str]:
    return [extract.text[b.start : b.end] for b in extract.blocks if role in (None, b.role)]


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_columns_are_read_one_after_another(tmp_path: Path, columns: int) -> None:
    extract = pdf.extract(write_pdf(tmp_path / "a.pdf", times=8, columns=columns))
    assert coverage(plain(8), extract.text) > 0.999
    assert "".join(extract.text.split()) == plain(8)  # nothing else, and in order


def test_lines_of_a_paragraph_are_joined_inside_a_column(tmp_path: Path) -> None:
    extract = pdf.extract(write_pdf(tmp_path / "a.pdf", times=1, columns=2, furniture=False))
    assert texts(extract) == [text for _, text in parts(1)]
    assert texts(extract, "heading") == [text for kind, text in parts(1) if kind == "heading"]


def test_a_line_in_the_middle_of_its_column_is_one_of_its_own(tmp_path: Path) -> None:
    body = broken("　　" + plain(1)[:300], 20)
    rows = [
        (62, 100, 10.5, "青禾市总工会工作情况的综述报告全文"),
        *((50, 116 + 16 * i, 10.5, t) for i, t in enumerate(body)),
    ]
    rows = [(x + 21 if t.startswith("　") else x, y, size, t.strip("　")) for x, y, size, t in rows]
    rows[0] = (50 + 10.5 * 1.5, *rows[0][1:])
    extract = pdf.extract(write_lines(tmp_path / "a.pdf", [rows]))
    assert texts(extract)[0] == "青禾市总工会工作情况的综述报告全文"


def test_furniture_is_left_out(tmp_path: Path) -> None:
    with_furniture = pdf.extract(write_pdf(tmp_path / "a.pdf", times=8, furniture=True))
    without = pdf.extract(write_pdf(tmp_path / "b.pdf", times=8, furniture=False))
    assert with_furniture.text == without.text


def test_running_heads_in_small_type_and_notes_below_a_column_are_no_text(tmp_path: Path) -> None:
    whole = [(50.0, 100.0 + 16 * i, 10.5, text) for i, text in enumerate(broken("　　" + plain(1)[:600], 40))]
    pages = [[(50.0, 30.0, 8.0, head), *whole] for head in ("青禾工运 特稿", "抱团谋发展")]
    below = whole[-1][1] + 30
    pages[0] += [
        (50.0, below, 8.0, "*本文根据作者的报告整理，"),
        (50.0, below + 12, 8.0, "数据由秘书处提供。"),
    ]
    extract = pdf.extract(write_lines(tmp_path / "a.pdf", pages))
    note = "*本文根据作者的报告整理，数据由秘书处提供。"
    assert "".join(texts(extract, "note")) == f"{note}青禾工运特稿抱团谋发展"
    assert "特稿" not in "".join(texts(extract, "line")) and not texts(extract, "heading")


def test_a_line_of_text_in_small_type_at_the_top_of_each_page_is_kept(tmp_path: Path) -> None:
    whole = [(50.0, 100.0 + 16 * i, 10.5, text) for i, text in enumerate(broken("　　" + plain(1)[:600], 40))]
    boxes = [f"第{n}季度：新建书屋{n}20家，慰问职工{n}千人次。" for n in (1, 2, 3)]
    extract = pdf.extract(
        write_lines(tmp_path / "a.pdf", [[(50.0, 30.0, 8.0, box), *whole] for box in boxes])
    )
    assert texts(extract, "note") == boxes


def test_order_of_printing_does_not_matter(tmp_path: Path) -> None:
    left, right = broken(plain(1)[:400], 20), broken(plain(1)[400:720], 20)
    page = [(50, 100 + 16 * i, 10.5, t) for i, t in enumerate(left)]
    page += [(300, 100 + 16 * i, 10.5, t) for i, t in enumerate(right)]
    random.Random(5).shuffle(page)
    extract = pdf.extract(write_lines(tmp_path / "a.pdf", [page]))
    assert "".join(extract.text.split()) == "".join(left + right)


def test_columns_of_a_page_whose_lines_are_not_level_are_read_one_after_another(tmp_path: Path) -> None:
    words = broken(plain(2), 15)
    columns = [words[:14], words[14:27], words[27:39]]
    page = [(120, 60, 22, "青禾市总工会五年工作回顾"), (210, 100, 10.5, "本报通讯员 周青禾")]
    for number, column in enumerate(columns):  # each begins and goes on at its own height
        page += [(40 + 180 * number, 130 + (16 + 0.5 * number) * i, 10.5, t) for i, t in enumerate(column)]
    page += [(130, 420, 14, "东溪区办起采摘节"), (60, 450, 10.5, "采摘节持续到九月，游人众多。")]
    extract = pdf.extract(write_lines(tmp_path / "a.pdf", [page]))
    inside = "".join("".join(column) for column in columns)
    assert "".join(extract.text.split()) == (
        f"青禾市总工会五年工作回顾本报通讯员周青禾{inside}东溪区办起采摘节采摘节持续到九月，游人众多。"
    )


def test_a_picture_across_two_columns_parts_neither_of_them(tmp_path: Path) -> None:
    words = broken(plain(1), 15)
    left, middle, right = words[:14], words[14:26], words[10:22]
    page = [(40, 100 + 16 * i, 10.5, t) for i, t in enumerate(left)]
    for number, column in enumerate((middle, right), 1):  # the picture stands between 200 and 280
        page += [(40 + 180 * number, 104 + 16 * i + 100 * (i > 5), 10.5, t) for i, t in enumerate(column)]
    page += [(220, 285, 8, "八月十六日，参加大会的职工代表在会场外合影留念。周青禾摄　图片说明到此为止")]
    extract = pdf.extract(write_lines(tmp_path / "a.pdf", [page]))
    prose = "".join("".join(column) for column in (left, middle, right))
    assert "".join(extract.text.split()).startswith(prose)


def test_an_indented_line_under_a_heading_that_fills_its_line_begins_a_paragraph(tmp_path: Path) -> None:
    body = broken(plain(1)[:300], 20)
    page = [(71, 100, 10.5, "（一）聚焦产业发展，竞赛舞台越搭越宽广")]
    page += [(71 if i == 0 else 50, 116 + 16 * i, 10.5, t[2 * (i == 0) :]) for i, t in enumerate(body)]
    extract = pdf.extract(write_lines(tmp_path / "a.pdf", [page]))
    assert texts(extract)[0] == "（一）聚焦产业发展，竞赛舞台越搭越宽广"


def test_ragged_columns_take_bounded_time() -> None:
    """Two hundred lines of five short runs each, which are no columns of prose, however many of their lines are tried."""
    draw = random.Random(5)
    runs = tuple(
        Run(
            "字",
            40 + 110 * column,
            12 * line,
            40 + 110 * column + draw.choice((12, 15, 90)),
            12 * line + 10,
            10,
        )
        for line in range(200)
        for column in range(5)
    )
    started = time.process_time()
    assert "".join(part.text for part in fragments(Page(3000, runs))).count("字") == len(runs)
    assert time.process_time() - started < 12


def test_two_lines_of_the_largest_type_are_one_title(tmp_path: Path) -> None:
    body = broken(plain(1), 40)
    page = [(100, 60, 22, "团结动员广大职工投身新区建设"), (120, 90, 22, "为加快转型贡献工会力量")]
    page += [(50, 130, 13, "一、建会入会")]
    page += [(50, 160 + 16 * i, 10.5, t) for i, t in enumerate(body)]
    report = read_report(write_lines(tmp_path / "a.pdf", [page]))
    assert report.title == "团结动员广大职工投身新区建设为加快转型贡献工会力量"


def test_the_line_that_ends_a_full_column_is_marked(tmp_path: Path) -> None:
    words = "职工驿站和工会服务阵地建设不断加强，帮扶资金逐年增加，"
    left, right = [words[k : k + 20] for k in range(7)], [words[k + 1 : k + 21] for k in range(7)]
    right[-1] = "到此全部完成。"
    page = [(50, 100 + 16 * i, 10.5, t) for i, t in enumerate(left)]
    page += [(300, 100 + 16 * i, 10.5, t) for i, t in enumerate(right)]
    (cut,) = texts(pdf.extract(write_lines(tmp_path / "a.pdf", [page])), "cut line")
    assert cut.endswith(left[-1])


def test_a_heading_across_the_page_divides_the_columns(tmp_path: Path) -> None:
    words = broken(plain(1)[:640], 20)
    page = []
    for story, top in ((words[:16], 100), (words[16:32], 300)):
        page.append((50, top - 30, 22, "横贯全页的大标题在这里占满整整一行宽度"))
        page += [(50, top + 16 * i, 10.5, t) for i, t in enumerate(story[:8])]
        page += [(300, top + 16 * i, 10.5, t) for i, t in enumerate(story[8:])]
    extract = pdf.extract(write_lines(tmp_path / "a.pdf", [page]))
    found = "".join(t for t in texts(extract) if "大标题" not in t)
    assert found == "".join(words)
    assert len(texts(extract, "heading")) == 2


def _rule(canvas: object, height: float) -> None:
    for y in (100, 120, 140, 160, 180):
        canvas.line(50, height - y, 350, height - y)  # type: ignore[attr-defined]
    for x in (50, 150, 250, 350):
        canvas.line(x, height - 100, x, height - 180)  # type: ignore[attr-defined]


def test_ruled_tables_become_rows(tmp_path: Path) -> None:
    cells = [(55 + 100 * j, 114 + 20 * i, 10, c) for i, row in enumerate(TABLE) for j, c in enumerate(row)]
    page = [*cells, (50, 60, 10, "各县区的会员情况见下表。"), (50, 220, 10, "表后还有一句话。")]
    extract = pdf.extract(write_lines(tmp_path / "a.pdf", [page], draw=_rule))
    assert texts(extract) == ["各县区的会员情况见下表。", *ROWS, "表后还有一句话。"]
    assert texts(extract, "table row") == list(ROWS)


def test_a_table_goes_on_over_the_page(tmp_path: Path) -> None:
    cells = [(55 + 100 * j, 114 + 20 * i, 10, c) for i, row in enumerate(TABLE) for j, c in enumerate(row)]
    extract = pdf.extract(write_lines(tmp_path / "a.pdf", [cells, cells], draw=_rule))
    assert texts(extract) == [*ROWS, *ROWS]


def test_a_table_without_rules_becomes_rows(tmp_path: Path) -> None:
    cells = [(50 + 120 * j, 116 + 16 * i, 10.5, c) for i, row in enumerate(TABLE) for j, c in enumerate(row)]
    page = [(50, 100, 10.5, "各县区的会员情况见下表。"), *cells, (50, 180, 10.5, "表后还有一句话。")]
    extract = pdf.extract(write_lines(tmp_path / "a.pdf", [page]))
    assert texts(extract) == ["各县区的会员情况见下表。", *ROWS, "表后还有一句话。"]


def test_names_in_pieces_are_no_table(tmp_path: Path) -> None:
    names = (("王一", "李二", "张三"), ("赵四", "钱五", "孙六"), ("周七", "吴八", "郑九"))
    page = [(50 + 80 * j, 100 + 16 * i, 10.5, c) for i, row in enumerate(names) for j, c in enumerate(row)]
    assert texts(pdf.extract(write_lines(tmp_path / "a.pdf", [page]))) == [
        "王一 李二 张三",
        "赵四 钱五 孙六",
        "周七 吴八 郑九",
    ]


def test_a_figure_cut_by_the_line_end_is_whole(tmp_path: Path) -> None:
    page = [
        (50, 100, 10, "全年发放慰问金合计人民币大约是12"),
        (50, 116, 10, "86.5万元，惠及九千多户职工家庭。"),
    ]
    extract = pdf.extract(write_lines(tmp_path / "a.pdf", [page]))
    assert "1286.5万元" in extract.text


def test_the_raised_number_of_a_note_joins_no_figure(tmp_path: Path) -> None:
    page = [
        (50, 100, 12, "会员达到36.58"), (127, 95, 7, "1"), (131, 100, 12, "万人，园地78m"), (211, 95, 7, "2"), (215, 100, 12, "。"),
    ]  # fmt: skip
    assert texts(pdf.extract(write_lines(tmp_path / "a.pdf", [page]))) == ["会员达到36.58万人，园地78m2。"]


def _picture(path: Path, pages: int, text: str = "", top: int = 100) -> Path:
    def draw(canvas: object, height: float) -> None:
        from PIL import Image
        from reportlab.lib.utils import ImageReader

        canvas.drawImage(ImageReader(Image.new("L", (40, 60), 200)), 0, 0, 595, height)  # type: ignore[attr-defined]

    return write_lines(path, [[(50, top, 10, text)]] * pages, draw=draw)


def test_a_scan_is_refused_with_its_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "has_ocr", lambda: False)
    with pytest.raises(ReportError, match=r"第 1–3 页是扫描图片.*OCR"):
        pdf.extract(_picture(tmp_path / "扫描.pdf", 3))
    with pytest.raises(
        ReportError, match=r"第 1–3 页是扫描图片.*OCR"
    ):  # with a running head that the scanner printed
        pdf.extract(_picture(tmp_path / "扫描.pdf", 3, "青禾市总工会工作报告 第1页 共30页", top=30))


def test_a_page_that_is_a_picture_among_text_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pypdfium2

    monkeypatch.setattr(pdf, "has_ocr", lambda: False)
    path = tmp_path / "夹图.pdf"
    text, picture = write_pdf(tmp_path / "a.pdf", times=8), _picture(tmp_path / "b.pdf", 1)
    with (
        pypdfium2.PdfDocument.new() as made,
        pypdfium2.PdfDocument(text) as pages,
        pypdfium2.PdfDocument(picture) as scan,
    ):
        made.import_pages(pages)
        made.import_pages(scan, index=1)
        made.save(path)
    report = read_report(path)
    assert "第 2 页是图片" in "".join(report.notes)
    assert read_report(text).notes == ()
    shown = CliRunner().invoke(app, ["read", str(path)]).output
    assert "注意" in shown
    assert "第 2 页是图片" in shown


def test_a_scan_is_read_where_the_extra_is_installed(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr", reason="the extra ocr is not installed")
    import pypdfium2

    with pypdfium2.PdfDocument(write_pdf(tmp_path / "a.pdf", times=1)) as document:
        document[0].render(scale=2).to_pil().save(tmp_path / "scan.pdf")
    assert coverage(plain(1), read_report(tmp_path / "scan.pdf").source.text) > 0.9


def test_bad_files_are_refused(tmp_path: Path) -> None:
    good = write_pdf(tmp_path / "good.pdf", times=1).read_bytes()
    for name, data in {
        "截断": good[:200],
        "不是": b"hello",
        "空": b"",
        "乱": b"%PDF-1.7\n" + bytes(range(256)) * 40,
    }.items():
        (tmp_path / f"{name}.pdf").write_bytes(data)
        with pytest.raises(ReportError, match=name):
            pdf.extract(tmp_path / f"{name}.pdf")
    with pytest.raises(ReportError, match="找不到"):
        pdf.extract(tmp_path / "没有.pdf")


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "密.pdf"), encrypt=StandardEncryption("user", "owner", strength=128))
    canvas.drawString(50, 50, "secret")
    canvas.save()
    with pytest.raises(ReportError, match="密码"):
        pdf.extract(tmp_path / "密.pdf")


def test_what_nobody_sees_is_not_read(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(500, 500))
    canvas.setFont(song(), 12)
    canvas.drawString(50, 450, "看得见的一句话。")
    canvas.drawString(600, 450, "纸外面的一句话。")
    canvas.drawString(50, -40, "纸下面的一句话。")
    canvas.rect(40, 340, 300, 30, fill=1)
    canvas.setFillGray(1)
    canvas.drawString(50, 400, "白纸上的白字。")
    canvas.drawString(50, 350, "黑底上的白字。")
    canvas.setFillGray(0, alpha=0)
    canvas.drawString(50, 200, "透明的一句话。")
    canvas.save()
    assert "".join(pdf.extract(tmp_path / "a.pdf").text.split()) == "看得见的一句话。黑底上的白字。"


def test_a_font_that_does_not_tell_its_characters_is_noted(tmp_path: Path) -> None:
    from tests.hardening.hostile_files import pdf as made
    from tests.hardening.hostile_files import stream

    made(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        stream(b"BT /F 9 Tf 50 700 Td (" + b"abcdefgh" * 9 + b") Tj ET"),
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[.1 0 0 .1 0 0]/FirstChar 97/LastChar 104"
        b"/Widths[9 9 9 9 9 9 9 9]/CharProcs<</a 6 0 R>>/Encoding<</Type/Encoding/Differences[97/g1/g2/g3/g4/g5"
        b"/g6/g7/g8]>>>>",
        stream(b"9 0 0 0 9 9 d1 0 0 9 9 re f"),
    )(tmp_path / "a.pdf")
    assert ["文字对应表" in note for note in pdf.extract(tmp_path / "a.pdf").notes] == [True]


def test_pages_a_second(tmp_path: Path) -> None:
    import pypdfium2

    path = write_pdf(tmp_path / "long.pdf", times=40)
    with pypdfium2.PdfDocument(path) as document:
        pages = len(document)
    pdf.extract(path)
    start = time.process_time()
    pdf.extract(path)
    assert pages / (time.process_time() - start) > 2  # 30 and more where no tool watches every line


def _boxes(canvas: object, height: float) -> None:
    for i, j in itertools.product(range(4), range(3)):
        canvas.rect(50 + 100 * j, height - 120 - 20 * i, 100, 20)  # type: ignore[attr-defined]


def test_boxes_around_cells_are_rules(tmp_path: Path) -> None:
    cells = [(55 + 100 * j, 114 + 20 * i, 10, c) for i, row in enumerate(TABLE) for j, c in enumerate(row)]
    assert texts(pdf.extract(write_lines(tmp_path / "a.pdf", [cells], draw=_boxes))) == list(ROWS)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_pages_that_are_shown_turned(tmp_path: Path, turn: int) -> None:
    from reportlab.pdfgen.canvas import Canvas

    left, right = broken(plain(1)[:200], 20), broken(plain(1)[200:400], 20)
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(600, 600))
    canvas.setPageRotation(turn)
    canvas.translate(300, 300)
    canvas.rotate(turn)
    canvas.translate(-300, -300)
    canvas.setFont(song(), 10.5)
    for i, (one, other) in enumerate(zip(left, right, strict=True)):
        canvas.drawString(50, 500 - 16 * i, one)
        canvas.drawString(300, 500 - 16 * i, other)
    canvas.save()
    assert "".join(pdf.extract(tmp_path / "a.pdf").text.split()) == plain(1)[:400]


def test_slanted_watermarks_are_left_out(tmp_path: Path) -> None:
    def stamp(canvas: object, _: float) -> None:
        canvas.rotate(45)  # type: ignore[attr-defined]
        canvas.drawString(300, 100, "内部资料")  # type: ignore[attr-defined]

    extract = pdf.extract(
        write_lines(tmp_path / "a.pdf", [[(50, 300, 10, "正文只有这一句话。")]], draw=stamp)
    )
    assert extract.text == "正文只有这一句话。\n"


def test_hostile_bytes_never_escape(tmp_path: Path) -> None:
    """Flipped bytes end in text or in a refusal."""
    good = write_pdf(tmp_path / "good.pdf", times=1).read_bytes()
    chance = random.Random(7)
    path = tmp_path / "x.pdf"
    for _ in itertools.repeat(None, 12):
        data = bytearray(good)
        for _ in range(30):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        with contextlib.suppress(ReportError):
            pdf.extract(path)
