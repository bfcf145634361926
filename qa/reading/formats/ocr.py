"""Text of a page that is a picture, by the optional extra ``ocr`` (rapidocr, whose models lie in its wheel)."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from statistics import median
from typing import Any

from qa.reading.formats.pdf_runs import Run

_SURE = 0.6  # confidence of a line; under it the line is left out


def installed() -> bool:
    """Whether the extra is there."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def recognised(picture: Any, scale: float) -> list[Run]:
    """Lines of a page as runs, in points; ``picture`` is an array of rows, columns and colours at ``scale``."""
    found = _engine()(picture)
    if found.boxes is None:
        return []
    runs = []
    for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
        if score >= _SURE:
            xs, ys = [float(x) / scale for x, _ in box], [float(y) / scale for _, y in box]
            runs.append(Run(text, min(xs), min(ys), max(xs), max(ys), 0.8 * (max(ys) - min(ys))))
    return _with_even_sizes(runs)


def _with_even_sizes(runs: list[Run]) -> list[Run]:
    """Boxes around the ink differ by some points from line to line; type near the usual size has that size."""
    usual = median(run.size for run in runs) if runs else 0.0
    return [
        Run(
            run.text,
            run.x0,
            run.top,
            run.x1,
            run.bottom,
            usual if 0.7 < run.size / usual < 1.35 else run.size,
        )
        for run in runs
    ]


@lru_cache(maxsize=1)
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR()
