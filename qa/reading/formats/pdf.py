"""PDF files with text: pdfium gives glyphs and rules, geometry gives tables and the reading order.

pdfium was measured against pypdf, pdfminer.six and pdfplumber on Chinese pages: the same characters, with a box
for each, at 50 to 1,800 pages a second; pypdf gives no boxes, the other two read 15 to 50 pages a second and mix
columns. With the geometry of this program it is 35 to 85 pages a second.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import ReportError
from qa.reading.formats import ocr
from qa.reading.formats.pdf_page import Fragment, Glyph, Page, drop_furniture, fragments, runs_of
from qa.reading.formats.pdf_seen import Drawn, visible_glyphs
from qa.reading.formats.pdf_table import Rule, grids_of, split_tables
from qa.reading.formats.tables import write_table
from qa.reading.formats.writer import Writer
from qa.reading.isolate import ScanError
from qa.reading.limits import DOCUMENT_BYTES, OCR_PAGES, PDF_PAGES, check_file

if TYPE_CHECKING:
    from qa.reading.extract import Extract

__all__ = ["extract", "parse", "parse_scan"]

_LONGEST_HEADING = 60  # characters
_PALE = 16  # of 255: a colour nearer than this to white, or to nothing, may not be seen
_THIN = 2.0  # points, the thickest filled box that is a rule
_MOST_RULES = 20_000  # of one page; a page with more holds a drawing
_MOST_OBJECTS = 100_000  # of one page that are looked at
_PIXELS_PER_POINT = 2.0  # of a page whose text is recognised, 144 dots an inch
_FEWEST_GLYPHS = 8  # a page with a picture and less text than this is a scan
_MISREAD = 0.2  # share of the glyphs of a page whose font does not tell their characters
_JUDGED = 300  # glyphs of a page that are asked for that
_DEPTH = 2  # of forms inside one another that are looked into for rules and pictures


def extract(path: Path) -> Extract:
    """Read a PDF that has text; a few pages that are pictures are left out with a note that names them.

    Where the extra ``ocr`` is installed no page is left out: ScanError tells which are to be recognised.

    Raises:
        ReportError: a scan, with the numbers of its pages; damage, a password, too many pages.
    """
    check_file(path, DOCUMENT_BYTES)
    if not ocr.installed():
        return parse(path)
    try:
        return parse_text(path)
    except ScanError as scan:
        if len(scan.pages) <= OCR_PAGES:
            raise
    return parse(path)


def parse(path: Path) -> Extract:
    """Read a PDF that has text on most pages; raises ScanError where it has not."""
    return _parse(path, recognise=False, most_pictures=0.5)


def parse_text(path: Path) -> Extract:
    """Read a PDF that has text on every page; raises ScanError where it has not."""
    return _parse(path, recognise=False, most_pictures=0.0)


def parse_scan(path: Path) -> Extract:
    """Read a PDF, the text of its pictures recognised; some seconds a page."""
    return _parse(path, recognise=True, most_pictures=1.0)


def _parse(path: Path, *, recognise: bool, most_pictures: float) -> Extract:
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        raise ReportError(_refusal(path.name, str(error))) from None
    if len(document) > PDF_PAGES:
        raise ReportError(f"PDF 超过 {PDF_PAGES} 页：{path.name}。请拆分成几个文件。")
    pages, scanned, misread = [], [], []
    for number in range(len(document)):
        try:
            page, is_scan, is_misread = _page(document[number], recognise)
        except pdfium.PdfiumError:
            raise ReportError(f"PDF 第 {number + 1} 页已损坏：{path.name}。请重新导出。") from None
        pages.append(page)
        if is_scan:
            scanned.append(number + 1)
        elif is_misread:
            misread.append(number + 1)
    if not recognise and scanned and (len(scanned) >= most_pictures * len(pages)):
        raise ScanError(
            f"PDF 的第 {_ranges(scanned)} 页是扫描图片，没有文字：{path.name}。请先做文字识别（OCR）再放进来，"
            "或安装 union-qa[ocr] 由程序识别。",
            tuple(scanned),
        )
    writer = Writer(path.name)
    _write(writer, [fragment for page in drop_furniture(pages) for fragment in fragments(page)])
    notes = []
    if scanned and not recognise:
        notes.append(
            f"第 {_ranges(scanned)} 页是图片，没有读进来。请做文字识别（OCR），或安装 union-qa[ocr] 由程序识别。"
        )
    if misread:
        notes.append(
            f"第 {_ranges(misread)} 页的字体没有文字对应表，读出的可能是乱码。请核对，或用原来的软件重新导出。"
        )
    return writer.finish("pdf", notes=tuple(notes))


def _refusal(name: str, reason: str) -> str:
    if "assword" in reason or "ecurity" in reason:
        return f"PDF 有密码保护：{name}。请去掉密码后另存一份。"
    return f"PDF 无法打开，可能已经损坏：{name}。请用原来的软件重新导出。"


def _page(page: Any, recognise: bool) -> tuple[Page, bool, bool]:
    """A page without its pictures, whether it is the picture of a page, and whether its fonts mislead."""
    place, width, height = _placement(page)
    textpage = page.get_textpage()
    rules, pictures, pale = _rules(page, place)
    found = list(_glyphs(textpage, place, pale))
    misread = _unmapped(textpage) > _MISREAD
    glyphs = [each.glyph for each in visible_glyphs(page, found, width, height)]
    outside, tables = split_tables(glyphs, grids_of(rules))
    runs = (*runs_of(outside), *tables)
    is_scan = pictures > 0 and len(glyphs) < _FEWEST_GLYPHS
    if is_scan and recognise:
        picture = page.render(scale=_PIXELS_PER_POINT).to_numpy()[:, :, :3]
        runs = tuple(ocr.recognised(picture, _PIXELS_PER_POINT))
    textpage.close()
    page.close()
    return Page(height, runs), is_scan, misread


def _placement(page: Any) -> tuple[Any, float, float]:
    """A function from PDF coordinates to points from the top left of the page as shown, its width and its height."""
    left, bottom, right, top = page.get_cropbox()
    quarter = page.get_rotation() // 90 % 4
    turns = (
        lambda x, y: (x - left, top - y),
        lambda x, y: (y - bottom, x - left),
        lambda x, y: (right - x, y - bottom),
        lambda x, y: (top - y, right - x),
    )
    sides = right - left, top - bottom
    return turns[quarter], *(sides if quarter % 2 == 0 else sides[::-1])


def _glyphs(textpage: Any, place: Any, pale: bool) -> Iterator[Drawn]:
    """Upright or sideways characters; slanted ones are watermarks.

    Args:
        pale: whether some of them may be.
    """
    from ctypes import byref

    import pypdfium2.raw as raw

    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    high = 0
    for index in range(raw.FPDFText_CountChars(textpage)):
        code = raw.FPDFText_GetUnicode(textpage, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        if code < 0x20 or code in (0xFFFE, 0xFFFF) or raw.FPDFText_IsGenerated(textpage, index) == 1:
            continue
        if not raw.FPDFText_GetLooseCharBox(textpage, index, byref(box)):
            continue
        raw.FPDFText_GetMatrix(textpage, index, byref(matrix))
        if min(abs(matrix.a), abs(matrix.b)) > 0.1 * max(abs(matrix.a), abs(matrix.b)):
            continue
        size = raw.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d)
        (x0, y0), (x1, y1) = place(box.left, box.top), place(box.right, box.bottom)
        if not all(map(math.isfinite, (x0, y0, x1, y1, size))):
            continue
        glyph = Glyph(chr(code), min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), size)
        yield Drawn(glyph, pale and _is_pale(raw.FPDFText_GetFillColor, textpage, index))


def _is_pale(colour_of: Any, *what: Any) -> bool:
    """Whether pdfium gives a colour, of a glyph or an object, that may not be seen."""
    from ctypes import byref, c_uint

    red, green, blue, opacity = (c_uint() for _ in range(4))
    if not colour_of(*what, byref(red), byref(green), byref(blue), byref(opacity)):
        return False
    return opacity.value < _PALE or min(red.value, green.value, blue.value) > 255 - _PALE


def _unmapped(textpage: Any) -> float:
    """Share of the first glyphs of a page whose font does not tell which characters they are."""
    import pypdfium2.raw as raw

    count: int = min(raw.FPDFText_CountChars(textpage), _JUDGED)
    unmapped = [at for at in range(count) if raw.FPDFText_HasUnicodeMapError(textpage, at) == 1]
    return len(unmapped) / max(count, 1)


def _rules(page: Any, place: Any) -> tuple[list[Rule], int, bool]:
    """Thin boxes and straight strokes of a page as rules, the number of its pictures, and whether text may be pale."""
    import pypdfium2.raw as raw

    rules: list[Rule] = []
    pictures = 0
    pale = False
    looked_at = 0
    for item in islice(page.get_objects(max_depth=_DEPTH), _MOST_OBJECTS):
        looked_at += 1
        if item.type == raw.FPDF_PAGEOBJ_TEXT:
            pale = pale or _is_pale(raw.FPDFPageObj_GetFillColor, item)
        if item.type == raw.FPDF_PAGEOBJ_FORM and item.level >= _DEPTH - 1:
            pale = True  # nobody looks into it
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            pictures += 1
        if item.type != raw.FPDF_PAGEOBJ_PATH or len(rules) > _MOST_RULES:
            continue
        x0, bottom, x1, top = item.get_bounds()
        corners = place(x0, bottom), place(x1, top)
        rule = _rule(*corners)
        if rule:
            rules.append(rule)
        else:
            rules += _strokes(item, place)
    return ([] if len(rules) > _MOST_RULES else rules), pictures, pale or looked_at == _MOST_OBJECTS


def _strokes(item: Any, place: Any) -> Iterator[Rule]:
    """The straight lines that a path strokes; a path that only fills has none."""
    from ctypes import byref, c_float, c_int

    import pypdfium2.raw as raw

    fill, stroke = c_int(), c_int()
    raw.FPDFPath_GetDrawMode(item, byref(fill), byref(stroke))
    if not stroke.value:
        return
    matrix = item.get_matrix()
    x, y = c_float(), c_float()
    here = first = (0.0, 0.0)
    for index in range(min(raw.FPDFPath_CountSegments(item), _MOST_RULES)):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        raw.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        point = place(*matrix.on_point(x.value, y.value))
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == raw.FPDF_SEGMENT_LINETO and (rule := _rule(here, point)):
            yield rule
        if raw.FPDFPathSegment_GetClose(segment) and (rule := _rule(point, first)):
            yield rule
        here = point


def _rule(start: tuple[float, float], end: tuple[float, float]) -> Rule | None:
    (x0, x1), (y0, y1) = sorted((start[0], end[0])), sorted((start[1], end[1]))
    if y1 - y0 <= _THIN < x1 - x0:
        return Rule(True, (y0 + y1) / 2, x0, x1)
    if x1 - x0 <= _THIN < y1 - y0:
        return Rule(False, (x0 + x1) / 2, y0, y1)
    return None


def _write(writer: Writer, parts: Sequence[Fragment]) -> None:
    """Fragments as lines, larger type as headings; a table goes on over the page where its columns do."""
    sizes: Counter[float] = Counter()
    for part in parts:
        sizes[_rounded(part.size)] += len(part.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    larger = {_rounded(part.size) for part in parts if _is_heading(part, body)}
    levels = {size: level for level, size in enumerate(sorted(larger, reverse=True), 1)}
    table: list[tuple[str, ...]] = []
    for part in parts:
        if table and (not part.cells or len(part.cells[0]) != len(table[0])):
            write_table(writer, table)
            table = []
        if part.cells:
            table += part.cells[1:] if table and part.cells[0] == table[0] else part.cells
        elif _is_heading(part, body):
            writer.add(part.text, "heading", min(levels[_rounded(part.size)], 6))
        else:
            writer.add(part.text, "cut line" if part.cut else "line")
    if table:
        write_table(writer, table)


def _rounded(size: float) -> float:
    return round(2 * size) / 2


def _is_heading(part: Fragment, body: float) -> bool:
    return not part.cells and part.size > 1.15 * body and len(part.text) <= _LONGEST_HEADING


def _ranges(numbers: Sequence[int]) -> str:
    """``[1, 2, 3, 7]`` as ``1–3、7``."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1] = [ranges[-1][0], number]
        else:
            ranges.append([number])
    return "、".join("–".join(map(str, pair)) for pair in ranges)
