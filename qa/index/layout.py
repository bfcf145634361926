"""Number the rows and paragraphs of an index, as arrays that a search reads instead of the records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.words import normalise
from qa.types import Paragraph, Report, Sentence

_SEPARATOR = "\x00"  # between paragraphs; no word contains it


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Rows (sentences) and paragraphs of all reports, numbered from 0 in document order."""

    paragraphs: tuple[Paragraph, ...]
    number_of: Mapping[tuple[str, int], int]  # (report id, number in the report) → paragraph
    paragraph_of: NDArray[np.int32]  # (rows,), the paragraph of each sentence
    heading_of: NDArray[np.int32]  # (paragraphs,), equal under the same heading of a report
    rows: NDArray[np.int64]  # (paragraphs + 1,), the first row of each, and the end of the last
    paragraphs_of: Mapping[str, range]  # report id → its paragraphs
    text: str  # all paragraphs with their headings, normalised as words are
    starts: NDArray[np.int64]  # (paragraphs + 1,), where each begins in ``text``, and the end


def layout_of(reports: Sequence[Report], sentences: Sequence[Sentence]) -> Layout:
    """Return the layout of reports and their sentences; those of one report must be contiguous."""
    paragraphs = tuple(paragraph for report in reports for paragraph in report.paragraphs)
    number_of = {(p.report_id, p.number): at for at, p in enumerate(paragraphs)}
    pieces = [normalise("\n".join((*p.heading, p.text))) + _SEPARATOR for p in paragraphs]
    paragraph_of = _ints(number_of[s.report_id, s.paragraph] for s in sentences)
    headings: dict[tuple[str, tuple[str, ...]], int] = {}
    return Layout(
        paragraphs=paragraphs,
        number_of=number_of,
        paragraph_of=paragraph_of,
        heading_of=_ints(headings.setdefault((p.report_id, p.heading), len(headings)) for p in paragraphs),
        rows=paragraph_of.searchsorted(np.arange(len(paragraphs) + 1)),
        paragraphs_of=_ranges(p.report_id for p in paragraphs),
        text="".join(pieces),
        starts=np.cumsum([0, *map(len, pieces)], dtype=np.int64),
    )


def _ints(values: Iterable[int]) -> NDArray[np.int32]:
    return np.fromiter(values, dtype=np.int32)


def _ranges(names: Iterable[str]) -> dict[str, range]:
    """Return the range from the first to the last position of each name."""
    runs: dict[str, range] = {}
    for at, name in enumerate(names):
        runs[name] = range(runs[name].start if name in runs else at, at + 1)
    return runs
