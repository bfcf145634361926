"""Recognise the text of a scanned page with the optional extra ``ocr`` (rapidocr, models included)."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from importlib.util import find_spec
from statistics import median
from typing import Any

from qa.reading.formats.pdf_runs import Run

_SURE = 0.6  # least confidence of a line


def is_installed() -> bool:
    """Return whether the extra is installed."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def recognise_lines(picture: Any, scale: float) -> list[Run]:
    """Return the lines of a page; ``picture`` has shape (rows, columns, 3), ``scale`` pixels a point."""
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
    """Give type near the median size that size: ink boxes differ by some points from line to line."""
    usual = median(run.size for run in runs) if runs else 0.0
    return [replace(run, size=usual) if 0.7 < run.size / usual < 1.35 else run for run in runs]


@lru_cache(maxsize=1)
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR()
