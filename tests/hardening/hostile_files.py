"""Files that are made to stop, fill or slow a reader: ``make(folder)`` writes them all, each by the name that tells how.

Nothing here is a report; the good files beside them are ``GOOD``.
"""

import io
import os
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.reading.formats.made import word_paragraph, word_table, write_docx

__all__ = ["FILES", "GOOD", "make"]

GOOD = {
    "好一.txt": "柳湾市总工会2023年工作报告\n\n全年新建职工书屋17家，组织读书会64场，参加职工3280人次。\n",
    "好二.md": "# 石桥县总工会2023年工作报告\n\n法律援助站受理案件41件，为职工追回工资263万元。\n",
    "好三.html": "<html><body><h1>白塔区总工会2023年工作报告</h1><p>培训护工512人，其中419人取得证书。</p></body></html>",
}
_DIGITS = "9" * 5000
_SENTENCE = "渡口镇总工会办了三期夜校，来上课的职工有九十六人。"
_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

Maker = Callable[[Path], object]


def text(content: str, encoding: str = "utf-8") -> Maker:
    return lambda path: path.write_bytes(content.encode(encoding))


def raw(content: bytes) -> Maker:
    return lambda path: path.write_bytes(content)


def page(body: str) -> Maker:
    return text(f"<html><body><p>{_SENTENCE}</p>{body}</body></html>")


def word(body: str, **parts: str) -> Maker:
    return lambda path: write_docx(path, word_paragraph(_SENTENCE) + body, **parts)


def word_xml(document: bytes, method: int = zipfile.ZIP_DEFLATED) -> Maker:
    return packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": document}, method)


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Maker:
    return lambda path: path.write_bytes(zip_of(members, method))


def zip_of(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def damaged(method: int) -> Maker:
    """Members that a codec gives up on, behind one that is whole."""
    whole = {"好.txt": _SENTENCE.encode() * 3, "坏.txt": bytes(range(256)) * 400}
    data = bytearray(zip_of(whole, method))
    start = data.index("坏.txt".encode()) + 40
    data[start : start + 60] = bytes(60)
    return raw(bytes(data))


def sheet(content: str, *, prefix: str = "", extra: dict[str, bytes] | None = None) -> Maker:
    """A workbook whose only sheet holds this."""
    names = _SHEET.replace("xmlns=", f"xmlns:{prefix}=") if prefix else _SHEET
    at = f"{prefix}:" if prefix else ""
    return packed({
        "[Content_Types].xml": (
            b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            b'<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
            b'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
        ),
        "_rels/.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ).encode(),
        "xl/workbook.xml": f'<workbook {_SHEET} xmlns:r="{_OFFICE}"><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>'.encode(),
        "xl/_rels/workbook.xml.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
        ).encode(),
        "xl/worksheets/sheet1.xml": f"<{at}worksheet {names}>{content}</{at}worksheet>".encode(),
        **(extra or {}),
    })  # fmt: skip


def cells(rows: int, columns: int, place: Callable[[int, int], str]) -> str:
    return "".join(
        "<row>" + "".join(f'<c r="{place(r, c)}" t="inlineStr"><is><t>甲{c}</t></is></c>' for c in range(columns)) + "</row>"
        for r in range(rows)
    )  # fmt: skip


def column(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


_FEW = f"<sheetData>{cells(2, 2, lambda r, c: f'{column(c + 1)}{r + 1}')}</sheetData>"


def pdf(*objects: bytes) -> Maker:
    """A PDF of these objects, the first its catalogue."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return raw(
        body + b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, body.index(b"xref\n"))
    )  # fmt: skip


def stream(content: bytes, names: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (names, len(content), content)


def pdf_page(content: bytes, box: bytes = b"0 0 600 800", more: tuple[bytes, ...] = ()) -> Maker:
    resources = (
        b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>/XObject<</X 5 0 R>>>>"
    )
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R%s>>" % (box, resources),
        stream(content),
        *more,
    )


def zlib_bomb(megabytes: int) -> bytes:
    import zlib

    return zlib.compress(b"BT /F 9 Tf (a) Tj ET " * (megabytes << 20 >> 4), 9)


def link(target: str) -> Maker:
    return lambda path: path.symlink_to(target)


def sparse(gigabytes: int) -> Maker:
    def made(path: Path) -> None:
        with path.open("wb") as file:
            file.truncate(gigabytes << 30)

    return made


def far_offset() -> bytes:
    """A zip64 archive whose only member begins behind all that is."""
    data = bytearray(zip_of({"甲.txt": b"x"}, zipfile.ZIP_STORED))
    entry = data.index(b"PK\1\2")
    name = "甲.txt".encode()
    extra = struct.pack("<HHQ", 1, 8, 2**63 - 1)
    data[entry + 30 : entry + 32] = struct.pack("<H", len(extra))
    data[entry + 42 : entry + 46] = b"\xff" * 4
    data[entry + 46 + len(name) : entry + 46 + len(name)] = extra
    end = data.index(b"PK\5\6")
    size = struct.unpack("<L", data[end + 12 : end + 16])[0]
    data[end + 12 : end + 16] = struct.pack("<L", size + len(extra))
    return bytes(data)


def nested_zip(depth: int) -> bytes:
    data = zip_of({"甲.txt": _SENTENCE.encode()})
    for _ in range(depth):
        data = zip_of({"内.zip": data})
    return data


def many_members(count: int) -> bytes:
    return zip_of({f"{n}.txt": b"" for n in range(count)}, zipfile.ZIP_STORED)


def same_names(count: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for n in range(count):
            archive.filename = ""
            archive.NameToInfo.clear()
            archive.writestr("同名.txt", f"{_SENTENCE}{n}")
    return buffer.getvalue()


def folder_with(toml: str | bytes) -> Maker:
    def made(path: Path) -> None:
        path.mkdir()
        (path / "旁.txt").write_text(f"{_SENTENCE}（{path.name}）", encoding="utf-8")
        (path / "reports.toml").write_bytes(toml if isinstance(toml, bytes) else toml.encode())

    return made


def circle(path: Path) -> None:
    path.mkdir()
    for name in "甲乙":
        (path / f"{name}.txt").write_text(f"{name}组：{_SENTENCE}", encoding="utf-8")
    (path / "reports.toml").write_text(
        '["甲.txt"]\nsupersedes = ["乙.txt"]\n["乙.txt"]\nsupersedes = ["甲.txt"]\n', encoding="utf-8"
    )


def deep_folder(path: Path) -> None:
    for _ in range(300):
        path.mkdir()
        path = path / "d"
    path.with_name("底.txt").write_text(_SENTENCE, encoding="utf-8")


_STYLES = "".join(
    f'<w:style w:styleId="s{n}"><w:name w:val="n{n}"/><w:basedOn w:val="s{n + 1}"/></w:style>' for n in range(40_000)
)  # fmt: skip
_SPAN = '<w:tc><w:tcPr><w:gridSpan w:val="100"/></w:tcPr><w:p/></w:tc>'
_BOXED = "<w:r><w:txbxContent><w:p>"

FILES: dict[str, Maker] = {
    # numbers without end
    "colspan.html": page(f"<table><tr><td colspan={_DIGITS}>甲</td><td>乙</td></tr><tr><td>1</td><td>2</td></tr></table>"),
    "rowspan.html": page(f"<table><tr><td rowspan={_DIGITS}>甲</td><td>乙</td></tr><tr><td>1</td><td>2</td></tr></table>"),
    "gridspan.docx": word(word_table([["甲", "乙"], ["1", "2"]]).replace("<w:tc>", f'<w:tc><w:tcPr><w:gridSpan w:val="{_DIGITS}"/></w:tcPr>')),
    "size.docx": word(word_paragraph("大字", run=f'<w:sz w:val="{_DIGITS}"/>')),
    "outline.docx": word(word_paragraph("标题", f'<w:outlineLvl w:val="{_DIGITS}"/>')),
    "row.xlsx": sheet(f'<sheetData><row r="{_DIGITS}"><c r="A{_DIGITS}"><v>1</v></c></row></sheetData>'),
    "value.xlsx": sheet(f'<sheetData><row><c r="A1"><v>{_DIGITS}</v></c><c r="B1"><v>1e{_DIGITS}</v></c></row></sheetData>'),
    "figures.txt": text(f"{_SENTENCE}\n{'1234567890' * 60_000}元\n"),
    "digits.toml.d": folder_with(f'["旁.txt"]\nperiod = {_DIGITS}\n'),
    "period.toml.d": folder_with('["旁.txt"]\nperiod = [1, 2, 3]\n'),
    "dotted.toml.d": folder_with("a" + ".a" * 400_000 + " = 1\n"),
    "arrays.toml.d": folder_with("a = " + "[" * 100_000 + "]" * 100_000),
    "bytes.toml.d": folder_with(bytes(range(128, 256)) * 20),
    "circle.toml.d": circle,
    # codecs and encodings
    "lzma.zip": damaged(zipfile.ZIP_LZMA),
    "bzip2.zip": damaged(zipfile.ZIP_BZIP2),
    "deflate.zip": damaged(zipfile.ZIP_DEFLATED),
    "lzma.docx": lambda path: path.write_bytes(
        zip_of({"word/document.xml": os.urandom(5000)}, zipfile.ZIP_LZMA).replace(b"\x09\x04\x05\x00", b"\x09\x04\x05\x01")
    ),
    "gb18030.docx": word_xml(f'<?xml version="1.0" encoding="gb18030"?><w:document {_WORD}><w:body>{word_paragraph(_SENTENCE)}</w:body></w:document>'.encode("gb18030")),
    "unknown.docx": word_xml(f'<?xml version="1.0" encoding="x-none"?><w:document {_WORD}/>'.encode()),
    "utf16.docx": word_xml(f'<?xml version="1.0" encoding="utf-16"?><w:document {_WORD}>'.encode("utf-16")),
    "unknown.xlsx": sheet(_FEW, extra={"docProps/core.xml": b'<?xml version="1.0" encoding="x-none"?><a/>'}),
    "seven.txt": text(_SENTENCE * 9, "utf-7"),
    "shift.txt": text("労働組合の活動報告です。新しい夜学を三回開きました。" * 9, "iso2022_jp"),
    "latin.txt": raw((_SENTENCE * 9).encode("gbk").decode("latin-1").encode()),
    "mojibake.txt": raw((_SENTENCE * 9).encode().decode("gbk", "replace").encode()),
    "surrogates.txt": raw(_SENTENCE.encode() + b"\xed\xa0\x80" * 90),
    # archives
    "deep.zip": packed({"a/" * 2000 + "甲.txt": b"x", "好.txt": _SENTENCE.encode() * 2}),
    "file-and-folder.zip": packed({"a.txt": b"x", "a.txt/b.txt": b"y"}),
    "folder-and-file.zip": packed({"a.txt/b.txt": b"x", "a.txt": b"y"}),
    "controls.zip": packed({"a\n跳过 b.txt": _SENTENCE.encode() * 4, "\x1b[2J.txt": b"x", " .txt": b"x"}),
    "long-names.zip": packed({"长" * 300 + ".txt": b"x", ("层" * 80 + "/") * 30 + "甲.txt": b"y"}),
    "upwards.zip": packed({"../../../tmp/上.txt": b"x", "/etc/绝.txt": b"x", "C:\\盘.txt": b"x"}),
    "far.zip": raw(far_offset()),
    "nested.zip": raw(nested_zip(9)),
    "members.zip": raw(many_members(25_000)),
    "same.zip": raw(same_names(900)),
    "bomb.zip": packed({"甲.txt": bytes(200 << 20)}),
    "cut.zip": raw(zip_of({"甲.txt": os.urandom(9000)})[:-40]),
    "nothing.zip": raw(b"PK\5\6" + bytes(18)),
    "toml.zip": packed({"报告.txt": (_SENTENCE * 5).encode(), "reports.toml": f'["报告.txt"]\nperiod = {_DIGITS}'.encode()}),
    "link.zip": packed({"甲.txt": b"/etc/passwd", "乙.docx": b"PK", "丙.pdf": b"%PDF"}),
    # what is no plain file
    "self.txt": link("self.txt"),
    "round-1.txt": link("round-2.txt"),
    "round-2.txt": link("round-1.txt"),
    "nowhere.pdf": link("没有的文件.pdf"),
    "zero.txt": link("/dev/zero"),
    "up.d": link("."),
    "pipe.txt": os.mkfifo,
    "folder.docx": lambda path: path.mkdir(),
    "deep.d": deep_folder,
    "sparse.txt": sparse(10),
    "sparse.pdf": sparse(10),
    "sparse.zip": sparse(10),
    "甲\n跳过 乙.txt": text(f"丙组：{_SENTENCE}"),
    "\x1b[2J\x9b31m.txt": text(f"丁组：{_SENTENCE}"),
    "名" * 83 + ".txt": text(f"戊组：{_SENTENCE}"),
    # work that grows faster than its input
    "tables.html": page("<table><tr><td>" * 500 + "甲" + "</td></tr></table>" * 500),
    "spans.html": page("<table>" + ("<tr>" + '<td colspan=200 rowspan=200>甲</td>' * 30 + "</tr>") * 500 + "</table>"),
    "attributes.html": page("<p " + " ".join(f"a{n}=1" for n in range(300_000)) + ">甲</p>"),
    "open-tags.html": page("<div " * 200_000),
    "levels.html": page("<div>" * 200_000 + "甲"),
    "formats.html": page("<b><i><u>" * 40_000 + "甲"),
    "links.html": page("<a href=#>" * 60_000 + "甲"),
    "cells.html": page("<table>" + "<tr><td>1<td>2" * 60_000),
    "entities.html": page("&amp;#x" * 500_000),
    "tables.docx": word("<w:tbl><w:tr><w:tc>" * 3000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 3000),
    "boxes.docx": word("<w:p>" + _BOXED * 3000 + "</w:p></w:txbxContent></w:r>" * 3000 + "</w:p>"),
    "styles.docx": word("", styles=_STYLES),
    "style-circle.docx": word("", styles='<w:style w:styleId="a"><w:basedOn w:val="b"/></w:style><w:style w:styleId="b"><w:basedOn w:val="a"/></w:style>'),
    "comment.docx": word_xml(f"<w:document {_WORD}><w:body>{word_paragraph(_SENTENCE)}<!--{'x' * (60 << 20)}--></w:body></w:document>".encode()),
    "attribute.docx": word_xml(f'<w:document {_WORD}><w:body>{word_paragraph(_SENTENCE)}<w:p a="{"x" * (60 << 20)}"/></w:body></w:document>'.encode()),
    "attributes.docx": word("<w:p " + " ".join(f'a{n}="1"' for n in range(300_000)) + "/>"),
    "spans.docx": word("<w:tbl>" + ("<w:tr>" + _SPAN * 50 + "</w:tr>") * 2000 + "</w:tbl>"),
    "levels.docx": word("<w:sdt>" * 200_000 + "</w:sdt>" * 200_000),
    "notes.docx": word("<w:p><w:r>" + '<w:footnoteReference w:id="1"/>' * 200_000 + "</w:r></w:p>", footnotes='<w:footnote w:id="1"><w:p><w:r><w:t>' + "注" * 2000 + "</w:t></w:r></w:p></w:footnote>"),
    "laughs.docx": lambda path: write_docx(path, word_paragraph("&a;"), prolog='<!DOCTYPE d [<!ENTITY a "笑">]>'),
    "wide.csv": text("甲," * 400_000 + "\n1,2\n"),
    "wide-below.csv": text("甲,乙\n1,2\n" * 40_000 + "丙," * 60_000),
    "long.tsv": text("甲\t乙\n" * 400_000),
    "quote.csv": text('"' + "甲,\n" * 1_000_000),
    "merged.xlsx": sheet(_FEW + "<mergeCells><mergeCell ref='A1:XFD1048576'/></mergeCells>"),
    "merged-prefix.xlsx": sheet("<x:sheetData/><x:mergeCells><x:mergeCell ref='A1:XFD1048576'/></x:mergeCells>", prefix="x"),
    "merged-columns.xlsx": sheet(_FEW + '<mergeCells><mergeCell ref="A:XFD"/></mergeCells>'),
    "merged-often.xlsx": sheet(_FEW + "<mergeCells>" + '<mergeCell ref="A1:Z999"/>' * 9000 + "</mergeCells>"),
    "diagonal.xlsx": sheet("<sheetData>" + "".join(f'<row r="{n}"><c r="{column(n)}{n}"><v>{n}</v></c></row>' for n in range(1, 3000)) + "</sheetData>"),
    "comment.xlsx": sheet(f"{_FEW}<!--{'x' * (50 << 20)}-->"),
    "levels.xlsx": sheet("<extLst>" * 200_000 + "</extLst>" * 200_000),
    "laughs.xlsx": packed({"xl/workbook.xml": b'<!DOCTYPE d [<!ENTITY a "x">]><workbook>&a;</workbook>'}),
    "kids.pdf": pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"),
    "count.pdf": pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>", b"<</Type/Page>>"),
    "glyphs.pdf": pdf_page(b"BT /F 9 Tf 50 50 Td " + b"(abcdefgh) Tj 0 1 Td " * 100_000 + b"ET"),
    "rules.pdf": pdf_page(b"0 0 m 9 0 l S " * 400_000),
    "forms.pdf": pdf_page(b"/X Do " * 2000, more=(stream(b"/X Do " * 2000, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>"),)),
    "flate.pdf": pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>", stream(zlib_bomb(100), b"/Filter/FlateDecode")),
    "box.pdf": pdf_page(b"BT 1 g /F 9 Tf 50 50 Td (white) Tj ET", b"0 0 200000000 200000000"),
    "arrays.pdf": pdf(b"<</Type/Catalog/Pages " + b"[" * 400_000 + b"]" * 400_000 + b">>"),
    "bars.md": text("|" * 900_000),
    "quotes.md": text("> " * 300_000 + "甲"),
    "table.md": text("|" + "头" * 200 + "|乙|\n|-|-|\n" + "|1|2|\n" * 200_000),
    "gaps.txt": text(("甲" + " " * 40) * 60_000),
    "columns.txt": text("左边一句话没有说完    右边一句话没有说完\n" * 10_000),
    "numbers.txt": text("1." * 400_000),
    "marks.txt": text("#" * 500_000 + "（" * 200_000 + "《" * 200_000),
}  # fmt: skip


def make(folder: Path) -> dict[str, Path]:
    """Write the good files and the hostile ones into a folder; the paths by name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in GOOD.items():
        (folder / name).write_text(content, encoding="utf-8")
    for name, write in FILES.items():
        write(folder / name)
    return {name: folder / name for name in (*GOOD, *FILES)}


if __name__ == "__main__":
    print(len(make(Path(sys.argv[1]))))
