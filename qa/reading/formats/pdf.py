"""Parse PDF files: pdfium gives glyphs and rules, geometry gives tables and the reading order.

pdfium was measured against pypdf, pdfminer.six and pdfplumber on Chinese pages: the same characters, with a
box for each, at 50 to 1,800 pages a second (35 to 85 with the geometry here); pypdf gives no boxes, the other
two read 15 to 50 pages a second and mix columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qa.errors import ReportError
from qa.reading.extract import Extract
from qa.reading.formats import ocr
from qa.reading.formats.pdf_furniture import drop_furniture
from qa.reading.formats.pdf_objects import glyphs_of, page_transform, rules_of, unmapped_share
from qa.reading.formats.pdf_page import fragments
from qa.reading.formats.pdf_runs import Fragment, Page, runs_of
from qa.reading.formats.pdf_table import grids_of, split_tables
from qa.reading.formats.pdf_visibility import visible_glyphs
from qa.reading.formats.tables import write_table
from qa.reading.formats.writer import Writer
from qa.reading.isolate import ScanError
from qa.reading.limits import DOCUMENT_BYTES, OCR_PAGES, PDF_PAGES, check_file

_LONGEST_HEADING = 60  # characters
_PIXELS_PER_POINT = 2.0  # of a page for OCR, 144 dots an inch
_FEWEST_GLYPHS = 8  # a page with a picture and less text than this is a scan
_MISREAD = 0.2  # share of the glyphs of a page that their font does not map to characters


def extract(path: Path) -> Extract:
    """Parse a PDF that has text; a few scanned pages are left out with a note that names them.

    If the extra ``ocr`` is installed no page is left out: ScanError names the pages that need OCR.

    Raises:
        ReportError: a scan, with the numbers of its pages; damage, a password, too many pages.
    """
    check_file(path, DOCUMENT_BYTES)
    if not ocr.is_installed():
        return parse(path)
    try:
        return _parse(path, most_scanned=0.0)
    except ScanError as scan:
        if len(scan.pages) <= OCR_PAGES:
            raise
    return parse(path)


def parse(path: Path) -> Extract:
    """Parse a PDF that has text on most pages; raises ScanError otherwise."""
    return _parse(path, most_scanned=0.5)


def parse_scan(path: Path) -> Extract:
    """Parse a PDF with OCR of its scanned pages, which takes some seconds a page."""
    return _parse(path, recognise=True)


def _parse(path: Path, *, recognise: bool = False, most_scanned: float = 1.0) -> Extract:
    """Parse a PDF; raises ScanError if at least this share of its pages has no text and there is no OCR."""
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
    if not recognise and scanned and len(scanned) >= most_scanned * len(pages):
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
    """Return a page's text, whether it is a scan, and whether its fonts are not mapped to characters."""
    place, width, height = page_transform(page)
    textpage = page.get_textpage()
    rules, pictures, pale = rules_of(page, place)
    drawn = list(glyphs_of(textpage, place, pale))
    is_misread = unmapped_share(textpage) > _MISREAD
    glyphs = [each.glyph for each in visible_glyphs(page, drawn, width, height)]
    outside, tables = split_tables(glyphs, grids_of(rules))
    runs = (*runs_of(outside), *tables)
    is_scan = pictures > 0 and len(glyphs) < _FEWEST_GLYPHS
    if is_scan and recognise:
        picture = page.render(scale=_PIXELS_PER_POINT).to_numpy()[:, :, :3]
        runs = tuple(ocr.recognise_lines(picture, _PIXELS_PER_POINT))
    textpage.close()
    page.close()
    return Page(height, runs), is_scan, is_misread


def _write(writer: Writer, parts: Sequence[Fragment]) -> None:
    """Write fragments as lines, larger type as headings; adjacent tables of equal width are one table."""
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
    """Write ``[1, 2, 3, 7]`` as ``1–3、7``."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1] = [ranges[-1][0], number]
        else:
            ranges.append([number])
    return "、".join("–".join(map(str, pair)) for pair in ranges)
