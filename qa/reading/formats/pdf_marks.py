"""What a page of a PDF draws: glyphs with their boxes, rules and pictures, as pdfium tells them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from qa.reading.formats.pdf_runs import Glyph
from qa.reading.formats.pdf_seen import Drawn
from qa.reading.formats.pdf_table import Rule

if TYPE_CHECKING:
    pass

_PALE = 16  # of 255: a colour nearer than this to white, or to nothing, may not be seen
_THIN = 2.0  # points, the thickest filled box that is a rule
_MOST_RULES = 20_000  # of one page; a page with more holds a drawing
_MOST_OBJECTS = 100_000  # of one page that are looked at
_JUDGED = 300  # glyphs of a page that are asked for that
_DEPTH = 2  # of forms inside one another that are looked into for rules and pictures


def placement(page: Any) -> tuple[Any, float, float]:
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


def glyphs_of(textpage: Any, place: Any, pale: bool) -> Iterator[Drawn]:
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


def unmapped(textpage: Any) -> float:
    """Share of the first glyphs of a page whose font does not tell which characters they are."""
    import pypdfium2.raw as raw

    count: int = min(raw.FPDFText_CountChars(textpage), _JUDGED)
    unmapped = [at for at in range(count) if raw.FPDFText_HasUnicodeMapError(textpage, at) == 1]
    return len(unmapped) / max(count, 1)


def rules_of(page: Any, place: Any) -> tuple[list[Rule], int, bool]:
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
