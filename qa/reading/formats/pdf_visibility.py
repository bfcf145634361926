"""Keep the glyphs of a page that a reader sees: none off the page, none in the colour of their background."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from qa.reading.formats.pdf_runs import Glyph

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_MOST_PIXELS = 4_000_000.0  # of the picture of a page
_SCALE = 2.0  # pixels a point, unless the page is too large
_CONTRAST = 16  # of 255, between the darkest and the lightest pixel of a glyph that is seen


class DrawnGlyph(NamedTuple):
    """A glyph, and whether its colour may be invisible."""

    glyph: Glyph
    pale: bool


def visible_glyphs(page: Any, found: Sequence[DrawnGlyph], width: float, height: float) -> list[DrawnGlyph]:
    """Return the visible glyphs; a page with pale ones is rendered to measure their contrast.

    ``width`` and ``height`` are those of the shown page in points.
    """
    if width <= 0 or height <= 0:
        return list(found)
    shown = [drawn for drawn in found if _is_on_page(drawn.glyph, width, height)]
    if not any(drawn.pale for drawn in shown):
        return shown
    scale = min(_SCALE, (_MOST_PIXELS / (width * height)) ** 0.5)
    picture = page.render(scale=scale, grayscale=True).to_numpy()
    return [drawn for drawn in shown if not drawn.pale or _has_contrast(picture, drawn.glyph, scale)]


def _is_on_page(glyph: Glyph, width: float, height: float) -> bool:
    return glyph.x1 > 0 and glyph.x0 < width and glyph.bottom > 0 and glyph.top < height


def _has_contrast(picture: npt.NDArray[np.uint8], glyph: Glyph, scale: float) -> bool:
    top, left = max(0, int(glyph.top * scale)), max(0, int(glyph.x0 * scale))
    box = picture[top : int(glyph.bottom * scale) + 1, left : int(glyph.x1 * scale) + 1]
    return box.size > 0 and int(box.max()) - int(box.min()) >= _CONTRAST
