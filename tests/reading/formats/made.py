"""An article of our own and the files that tests make of it."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

TITLE = "青禾市总工会五年工作回顾"
HEADINGS = ("一、建会入会", "二、帮扶服务", "三、技能提升")
PROSE = (
    (
        "青禾市总工会这五年把新就业群体的入会当成头等大事，快递站点、网约车公司和直播基地先后建起工会，新"
        "增会员4.72万人，其中货车司机1.3万人，建会企业从2160家增加到3895家。"
    ),
    (
        "市里的十七个乡镇街道都设了服务窗口，职工扫一扫二维码就能递交申请，平均三天办结，满意率由86.4"
        "%升到97.1%。"
    ),
    (
        "困难职工家庭的档案每季度核对一回，发放慰问金1,286.5万元，惠及9,403户；“秋风助学”资"
        "助学生2,317人，金额达695.1万元。"
    ),
    ("法律援助站接待来访6,820人次，替农民工追回欠薪2,140余万元，调解成功率超过八成。"),
    ("户外驿站建成214座，配有热水、药箱和充电口，环卫工人说：“累了有地方坐，渴了有口热水喝。”"),
    (
        "每年春天开班的电工、焊工和护理课程共有312期，参加培训的职工近5.6万人次，取得高级工以上证书"
        "的有7,215人。"
    ),
    ("市级劳模创新工作室增加到88家，形成革新成果1,034项，全年节约成本约3.2亿元。"),
    ("下一个五年，工会打算把课堂搬进园区，把驿站连成网，让每位职工在家门口就能找到娘家人。"),
)
TABLE = (
    ("县区", "会员数（万人）", "建会率"),
    ("东溪区", "36.58", "92.3%"),
    ("西岭县", "21.4", "88.1%"),
    ("南浦镇", "9.07", "79.6%"),
)
ROWS = (
    "县区：东溪区；会员数：36.58万人；建会率：92.3%",
    "县区：西岭县；会员数：21.4万人；建会率：88.1%",
    "县区：南浦镇；会员数：9.07万人；建会率：79.6%",
)


def parts(times: int = 1) -> list[tuple[str, str]]:
    """The article as ``("heading" or "prose", text)``, its prose repeated with other numbers to fill pages."""
    made = []
    for turn in range(times):
        for i, text in enumerate(PROSE):
            if i % 3 == 0:
                made.append(("heading", HEADINGS[i // 3]))
            made.append(("prose", text if turn == 0 else f"第{turn}组记录显示，{text}"))
    return made


def plain(times: int = 1) -> str:
    return "".join(text for _, text in parts(times))


def coverage(expected: str, found: str) -> float:
    """Share of the expected characters that stand in the found text in the same order, by runs of eight."""
    expected, found = "".join(expected.split()), "".join(found.split())
    grams = {expected[i : i + 8] for i in range(len(expected) - 7)}
    return sum(gram in found for gram in grams) / len(grams)


def write_pdf(
    path: Path, times: int = 3, columns: int = 2, size: float = 10.5, furniture: bool = True
) -> Path:
    """Set the article in columns; running head and page number on request."""
    return set_in_columns(path, parts(times), columns, size, furniture)


def set_in_columns(
    path: Path,
    article: Sequence[tuple[str, str]],
    columns: int = 2,
    size: float = 10.5,
    furniture: bool = True,
) -> Path:
    """Set ``("heading" or "prose", text)`` in columns, lines justified to the character."""
    from reportlab.lib.enums import TA_JUSTIFY
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

    face = song()
    width, height = A4
    margin, gutter = 50.0, 18.0

    def furnish(canvas: object, document: object) -> None:
        if furniture:
            canvas.setFont(face, 9)  # type: ignore[attr-defined]
            canvas.drawString(margin, height - 35, "青禾工运 · 年度特刊")  # type: ignore[attr-defined]
            canvas.drawCentredString(width / 2, 30, f"— {document.page} —")  # type: ignore[attr-defined]

    wide = (width - 2 * margin - gutter * (columns - 1)) / columns
    frames = [Frame(margin + i * (wide + gutter), 60, wide, height - 120, 0, 0, 0, 0) for i in range(columns)]
    document = BaseDocTemplate(str(path), pagesize=A4)
    document.addPageTemplates([PageTemplate(frames=frames, onPage=furnish)])
    base = {"fontName": face, "wordWrap": "CJK"}
    prose = ParagraphStyle(
        "p", fontSize=size, leading=1.5 * size, firstLineIndent=2 * size, alignment=TA_JUSTIFY, **base
    )
    heading = ParagraphStyle("h", fontSize=14, leading=20, spaceBefore=6, spaceAfter=6, **base)
    document.build([Paragraph(text, prose if kind == "prose" else heading) for kind, text in article])
    return path


def write_lines(
    path: Path, pages: Sequence[Sequence[tuple[float, float, float, str]]], draw: object = None
) -> Path:
    """Pages of single lines ``(x, y from the top, size, text)`` in the order given; ``draw`` adds rules."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    face = song()
    canvas = Canvas(str(path), pagesize=A4)
    for page in pages:
        for x, y, size, text in page:
            canvas.setFont(face, size)
            canvas.drawString(x, A4[1] - y, text)
        if callable(draw):
            draw(canvas, A4[1])
        canvas.showPage()
    canvas.save()
    return path


def broken(text: str, characters: int) -> list[str]:
    return [text[i : i + characters] for i in range(0, len(text), characters)]


def song() -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    return "STSong-Light"


_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def write_docx(path: Path, body: str, prolog: str = "", **others: str) -> Path:
    """A Word file from the XML of its body and of other parts (``footnotes="<w:footnote…"``)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr(
            "word/document.xml", f"{prolog}<w:document {_W}><w:body>{body}</w:body></w:document>"
        )
        for name, content in others.items():
            package.writestr(f"word/{name}.xml", f"<w:{name} {_W}>{content}</w:{name}>")
    return path


def word_paragraph(text: str, properties: str = "", run: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def word_table(rows: Sequence[Sequence[str]]) -> str:
    lines = ("".join(f"<w:tc>{word_paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{line}</w:tr>" for line in lines) + "</w:tbl>"


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()
