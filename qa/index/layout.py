"""Where the rows of an index stand: arrays that a search reads instead of walking through the records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.types import Paragraph, Report, Sentence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_END = "\x00"  # between paragraphs; no word holds it


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Rows and paragraphs by their numbers, from 0, in document order.

    Args:
        paragraphs: of all reports.
        number_of: (report id, number in the report) → number of the paragraph.
        paragraph_of: (rows,), the paragraph of each sentence.
        heading_of: (paragraphs,), equal where two stand under the same heading of the same report.
        rows: (paragraphs + 1,), the first row of each, and the end of the last one's.
        paragraphs_of: report id → its paragraphs.
        text: every paragraph behind its headings, one after another, normalised as words are.
        starts: (paragraphs + 1,), where each begins in ``text``, and where the last one ends.
    """

    paragraphs: tuple[Paragraph, ...]
    number_of: Mapping[tuple[str, int], int]
    paragraph_of: NDArray[np.int32]
    heading_of: NDArray[np.int32]
    rows: NDArray[np.int64]
    paragraphs_of: Mapping[str, range]
    text: str
    starts: NDArray[np.int64]


def layout_of(reports: Sequence[Report], sentences: Sequence[Sentence]) -> Layout:
    """The layout of reports and their sentences; those of one report stand together."""
    import numpy as np

    from embeddings.words import normalise

    paragraphs = tuple(paragraph for report in reports for paragraph in report.paragraphs)
    number_of = {(p.report_id, p.number): at for at, p in enumerate(paragraphs)}
    pieces = [normalise("\n".join((*p.heading, p.text))) + _END for p in paragraphs]
    paragraph_of = _numbers(number_of[s.report_id, s.paragraph] for s in sentences)
    headings: dict[tuple[str, tuple[str, ...]], int] = {}
    return Layout(
        paragraphs=paragraphs,
        number_of=number_of,
        paragraph_of=paragraph_of,
        heading_of=_numbers(headings.setdefault((p.report_id, p.heading), len(headings)) for p in paragraphs),
        rows=paragraph_of.searchsorted(np.arange(len(paragraphs) + 1)),
        paragraphs_of=_runs(p.report_id for p in paragraphs),
        text="".join(pieces),
        starts=np.cumsum([0, *map(len, pieces)], dtype=np.int64),
    )


def _numbers(values: Iterable[int]) -> NDArray[np.int32]:
    import numpy as np

    return np.fromiter(values, dtype=np.int32)


def _runs(names: Iterable[str]) -> dict[str, range]:
    """Where each name stands, from its first place to its last."""
    runs: dict[str, range] = {}
    for at, name in enumerate(names):
        run = runs.get(name)
        runs[name] = range(at if run is None else run.start, at + 1)
    return runs
