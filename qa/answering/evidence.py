"""A sentence of a retrieved passage that an answer is taken from."""

from __future__ import annotations

from dataclasses import dataclass

from qa.text.sentences import cells, split_clauses
from qa.types import Hit, Spans


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may hold the answer."""

    hit: Hit
    start: int  # offset into the paragraph's text
    end: int
    rank: int = 0  # of its passage, 0 is best

    @property
    def text(self) -> str:
        return self.hit.paragraph.text[self.start : self.end]

    @property
    def position(self) -> tuple[str, int, int]:
        """The id of its report, the number of its paragraph and its start, which identify it."""
        return (*self.hit.position, self.start)

    @property
    def clauses(self) -> Spans:
        """Offsets of its clauses, or of the cells of a table row."""
        row = self.hit.paragraph.kind == "table row"
        return (cells if row else split_clauses)(self.text) or ((0, len(self.text)),)
