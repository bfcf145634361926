"""Read from pdfium what a PDF page draws and a reader sees: glyphs with their boxes, rules and pictures."""

import math
from collections.abc import Iterator, Sequence
from ctypes import byref, c_float, c_int, c_uint
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as raw

from qa.reading.formats.pdf_runs import Glyph, Rule

_PALE = 16  # of 255: a colour this close to white or to transparent may be invisible
_THIN = 2.0  # points, the thickest filled box that is a rule
_MOST_RULES = 20_000  # of one page; a page with more holds a drawing
_MOST_OBJECTS = 100_000  # of one page that are inspected
_SAMPLE = 300  # glyphs of a page that are checked for a character mapping
_DEPTH = 2  # of nested forms that are searched for rules and pictures
_MOST_PIXELS = 4_000_000.0  # of the picture of a page
_SCALE = 2.0  # pixels a point, unless the page is too large
_CONTRAST = 16  # of 255, between the darkest and the lightest pixel of a glyph that is seen


def page_transform(page: Any) -> tuple[Any, float, float]:
    """Return a function from PDF coordinates to points from the top left as shown, width and height."""
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


def glyphs_of(textpage: Any, place: Any, pale: bool) -> Iterator[Glyph]:
    """Yield upright and sideways characters (slanted ones are watermarks), colours checked if ``pale``."""
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    high = 0  # first half of a surrogate pair
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
        faint = pale and _is_pale(raw.FPDFText_GetFillColor, textpage, index)
        yield Glyph(chr(code), min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), size, pale=faint)


def _is_pale(colour_of: Any, *what: Any) -> bool:
    """Return whether the colour of a glyph or an object may be invisible."""
    red, green, blue, opacity = (c_uint() for _ in range(4))
    if not colour_of(*what, byref(red), byref(green), byref(blue), byref(opacity)):
        return False
    return opacity.value < _PALE or min(red.value, green.value, blue.value) > 255 - _PALE


def unmapped_share(textpage: Any) -> float:
    """Return the share of the first glyphs of a page that their font does not map to characters."""
    count: int = min(raw.FPDFText_CountChars(textpage), _SAMPLE)
    errors: int = sum(raw.FPDFText_HasUnicodeMapError(textpage, index) == 1 for index in range(count))
    return errors / max(count, 1)


def rules_of(page: Any, place: Any) -> tuple[list[Rule], float, bool]:
    """Return thin boxes and straight strokes, the square points of pictures, and whether text may be invisible."""
    rules: list[Rule] = []
    pictures, inspected, pale = 0.0, 0, False
    for item in islice(page.get_objects(max_depth=_DEPTH), _MOST_OBJECTS):
        inspected += 1
        if item.type == raw.FPDF_PAGEOBJ_TEXT:
            pale = pale or _is_pale(raw.FPDFPageObj_GetFillColor, item)
        elif item.type == raw.FPDF_PAGEOBJ_FORM:
            pale = pale or item.level >= _DEPTH - 1  # its content is not inspected
        elif item.type == raw.FPDF_PAGEOBJ_IMAGE:
            x0, bottom, x1, top = item.get_bounds()
            pictures += abs((x1 - x0) * (top - bottom))
        elif item.type == raw.FPDF_PAGEOBJ_PATH and len(rules) <= _MOST_RULES:
            x0, bottom, x1, top = item.get_bounds()
            rule = _rule(place(x0, bottom), place(x1, top))
            rules += [rule] if rule else _strokes(item, place)
    return ([] if len(rules) > _MOST_RULES else rules), pictures, pale or inspected == _MOST_OBJECTS


def _strokes(item: Any, place: Any) -> Iterator[Rule]:
    """Yield the straight lines that a path strokes; a path that only fills has none."""
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


def visible_glyphs(page: Any, drawn: Sequence[Glyph], width: float, height: float) -> Sequence[Glyph]:
    """Return the glyphs on the page and not in the colour of their background; sizes in points.

    A page with pale glyphs is rendered to measure their contrast.
    """
    if width <= 0 or height <= 0:
        return drawn
    shown = [g for g in drawn if g.x1 > 0 and g.x0 < width and g.bottom > 0 and g.top < height]
    if not any(glyph.pale for glyph in shown):
        return shown
    scale = min(_SCALE, (_MOST_PIXELS / (width * height)) ** 0.5)
    picture = page.render(scale=scale, grayscale=True).to_numpy()
    return [glyph for glyph in shown if not glyph.pale or _has_contrast(picture, glyph, scale)]


def _has_contrast(picture: npt.NDArray[np.uint8], glyph: Glyph, scale: float) -> bool:
    top, left = max(0, int(glyph.top * scale)), max(0, int(glyph.x0 * scale))
    box = picture[top : int(glyph.bottom * scale) + 1, left : int(glyph.x1 * scale) + 1]
    return box.size > 0 and int(box.max()) - int(box.min()) >= _CONTRAST
