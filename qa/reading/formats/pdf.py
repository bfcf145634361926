"""Parse PDF files: pdfium gives glyphs and rules, geometry gives tables and the reading order.

pypdf gives no boxes of characters; pdfminer.six and pdfplumber are slower and mix columns.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.util import find_spec
from itertools import chain, groupby
from pathlib import Path
from statistics import median
from typing import Any

import pypdfium2 as pdfium

from qa.errors import ReportError
from qa.reading.formats import Extract, Writer
from qa.reading.formats.pdf_objects import glyphs_of, page_transform, rules_of, unmapped_share, visible_glyphs
from qa.reading.formats.pdf_page import fragments
from qa.reading.formats.pdf_runs import Fragment, Page, Run, grids_of, lines_of, runs_of, split_tables
from qa.reading.formats.tables import write_table
from qa.reading.isolate import ScanError
from qa.reading.limits import DOCUMENT_BYTES, OCR_PAGES, PDF_PAGES, check_file

_LONGEST_HEADING = 60  # characters
_PIXELS_PER_POINT = 2.0  # of a page for OCR, 144 dots an inch
_FEWEST_GLYPHS = 8  # a page with a picture and less text than this is a scan
_COVERED = 0.5  # share of a page; furniture beside pictures that cover it is no text of its own
_MISREAD = 0.2  # share of the glyphs of a page that their font does not map to characters
_SURE = 0.6  # least confidence of a line that OCR reads
_SMALL = 0.9  # of the usual size, below which type is that of running heads and notes
_EDGE = 0.12  # of the page height, at the top and at the bottom, that may hold furniture
_PAGE_NUMBER = re.compile(
    r"[\s\-—–_·•.~|/]*(?:第|[Pp]age|[Pp]\.?)?\s*(?:\d{1,4}|[ivxlIVXL]{1,6})\s*页?"
    r"(?:\s*(?:[/|,，]|of|共|/\s*共)\s*共?\s*\d{1,4}\s*页?)?[\s\-—–_·•.~|/]*"
)
_NOTE = re.compile(r"[*※†‡①-⑳]|\[\d{1,2}\]|注[:：]")
_OWN_NUMBER = re.compile(r"^\W*\d+|\d+\W*页?\W*$")  # page number before or after a running head


def has_ocr() -> bool:
    """Return whether the extra ``ocr`` is installed: rapidocr, models included."""
    return find_spec("rapidocr") is not None


def extract(path: Path, recognise: bool = False) -> Extract:
    """Parse a PDF, with OCR of its scanned pages if ``recognise``, which takes some seconds a page.

    Without OCR a few scanned pages are left out with a note that names them. Raises ScanError if calling again with
    ``recognise`` will read them, else ReportError if they are half of them; for damage, a password, too many pages.
    """
    check_file(path, DOCUMENT_BYTES)
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise ReportError(f"PDF 有密码保护：{path.name}。请去掉密码后另存一份。") from None
        raise ReportError(f"PDF 无法打开，可能已经损坏：{path.name}。请用原来的软件重新导出。") from None
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
    notes = []
    if scanned and not recognise:
        which, how = f"第 {_ranges(scanned)} 页是", "或安装 union-qa[ocr] 由程序识别。"
        refusal = f"PDF 的{which}扫描图片，没有文字：{path.name}。请先做文字识别（OCR）再放进来，{how}"
        if len(scanned) <= OCR_PAGES and has_ocr():
            raise ScanError(refusal, tuple(scanned))
        if 2 * len(scanned) >= len(pages):
            raise ReportError(refusal)
        notes.append(f"{which}图片，没有读进来。请做文字识别（OCR），{how}")
    if misread:
        which = f"第 {_ranges(misread)} 页"
        notes.append(f"{which}的字体没有文字对应表，读出的可能是乱码。请核对，或用原来的软件重新导出。")
    writer = Writer(path.name)
    parts: list[Fragment] = []
    for page in _drop_furniture(pages):
        parts += fragments(page)
        if page.head:
            parts.append(Fragment(page.head, 0.0, note=True))
    _write(writer, parts)
    return writer.finish("pdf", notes=tuple(notes))


def _page(page: Any, recognise: bool) -> tuple[Page, bool, bool]:
    """Return a page's text, whether it is a scan, and whether its fonts are not mapped to characters."""
    place, width, height = page_transform(page)
    textpage = page.get_textpage()
    rules, pictures, pale = rules_of(page, place)
    is_misread = unmapped_share(textpage) > _MISREAD
    glyphs = visible_glyphs(page, list(glyphs_of(textpage, place, pale)), width, height)
    outside, tables = split_tables(glyphs, grids_of(rules))
    runs = (*runs_of(outside), *tables)
    covered = pictures > _COVERED * width * height
    own = [glyph for glyph in glyphs if not (covered and _at_edge(glyph, height))]
    is_scan = pictures > 0 and len(own) < _FEWEST_GLYPHS
    if is_scan and recognise:
        runs = tuple(_recognised_lines(page.render(scale=_PIXELS_PER_POINT).to_numpy()[:, :, :3]))
    textpage.close()
    page.close()
    return Page(height, runs), is_scan, is_misread


def _recognised_lines(picture: Any) -> list[Run]:
    """Return the lines that OCR reads; ``picture`` has shape (rows, columns, 3)."""
    found, runs = _ocr()(picture), []
    lines = zip(found.boxes, found.txts, found.scores, strict=True) if found.boxes is not None else ()
    for box, text, score in lines:
        if score >= _SURE:
            xs, ys = ([float(pixel) / _PIXELS_PER_POINT for pixel in axis] for axis in zip(*box, strict=True))
            runs.append(Run(text, min(xs), min(ys), max(xs), max(ys), 0.8 * (max(ys) - min(ys))))
    # Ink boxes differ by some points from line to line: type near the median size has that size.
    usual = median(run.size for run in runs) if runs else 0.0
    return [replace(run, size=usual) if 0.7 < run.size / usual < 1.35 else run for run in runs]


@lru_cache(maxsize=1)
def _ocr() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR()


def _write(writer: Writer, parts: Sequence[Fragment]) -> None:
    """Write fragments as lines, larger type as headings; adjacent tables of equal width are one table."""
    sizes: Counter[float] = Counter()
    for part in parts:
        sizes[_rounded(part)] += len(part.text)
    body = max(sizes, key=sizes.__getitem__, default=0.0)
    larger = sorted({_rounded(part) for part in parts if _is_heading(part, body)}, reverse=True)
    for width, group in groupby(parts, key=lambda part: len(part.cells[0]) if part.cells else 0):
        if width:
            first, *others = (part.cells for part in group)
            rows = [row for cells in others for row in (cells[1:] if cells[0] == first[0] else cells)]
            write_table(writer, [*first, *rows])
            continue
        note = False  # whether the line above is of a note
        for part in group:
            note = part.size < _SMALL * body and (note or _NOTE.match(part.text) is not None)
            if _is_heading(part, body):
                writer.add(part.text, "heading", min(larger.index(_rounded(part)) + 1, 6))
            else:
                writer.add(part.text, "note" if note or part.note else "cut line" if part.cut else "line")


def _rounded(part: Fragment) -> float:
    return round(2 * part.size) / 2


def _is_heading(part: Fragment, body: float) -> bool:
    return not part.cells and part.size > 1.15 * body and len(part.text) <= _LONGEST_HEADING


def _ranges(numbers: Sequence[int]) -> str:
    """Write ``[1, 2, 3, 7]`` as ``1–3、7``."""
    firsts = [number for number in numbers if number - 1 not in numbers]
    lasts = [number for number in numbers if number + 1 not in numbers]
    pairs = zip(firsts, lasts, strict=True)
    return "、".join(str(first) if first == last else f"{first}–{last}" for first, last in pairs)


def _drop_furniture(pages: Sequence[Page]) -> list[Page]:
    """Return the pages without page numbers and running heads, which repeat at the same height.

    In small type at the top the words may change from page to page: these are kept as the head of each.
    """
    sizes = [run.size for page in pages for run in page.runs]
    small = _SMALL * median(sizes) if sizes else 0.0
    top = _EDGE * min((page.height for page in pages), default=0.0)

    def changed(run: Run) -> tuple[str, int]:
        return _signature(replace(run, text="") if run.size < small and run.bottom < top else run)

    edges = [[run for run in page.runs if _at_edge(run, page.height)] for page in pages]
    seen = Counter(chain.from_iterable({f(run) for f in (_signature, changed) for run in e} for e in edges))
    needed = 2 if len(pages) <= 4 else 3

    def repeated(run: Run) -> bool:
        return seen[_signature(run)] >= needed or _PAGE_NUMBER.fullmatch(run.text) is not None

    def is_furniture(run: Run, page: Page) -> bool:
        return (repeated(run) or seen[changed(run)] >= needed) and _at_edge(run, page.height)

    cleaned = []
    for page in pages:
        lines = lines_of(page.runs)
        dropped: set[Run] = set()
        for inwards in (lines, lines[::-1]):
            edge: list[list[Run]] = []
            for line in inwards:
                if all(is_furniture(run, page) for run in line):
                    edge.append(line)
                    continue
                inner = line
                while edge and _distance(edge[-1][0], inner[0]) < 0.8 * inner[0].size:
                    inner = edge.pop()  # this close it is a line of the text
                break
            dropped.update(run for line in edge for run in line)
        head = " ".join(run.text for run in page.runs if run in dropped and not repeated(run))
        cleaned.append(Page(page.height, tuple(run for run in page.runs if run not in dropped), head))
    return cleaned


def _distance(one: Run, other: Run) -> float:
    return max(one.top, other.top) - min(one.bottom, other.bottom)


def _signature(run: Run) -> tuple[str, int]:
    return _OWN_NUMBER.sub("0", "".join(run.text.split())), round(run.middle / 4)


def _at_edge(run: Run, height: float) -> bool:
    """Return whether text, and no table, stands where furniture is printed."""
    return not run.cells and (run.bottom < _EDGE * height or run.top > (1 - _EDGE) * height)
