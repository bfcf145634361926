"""A single thing that was looked up, with the answer to it alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answering.compose import among
from qa.answering.sureness.choice import EVEN
from qa.text.figures import amounts_in, figures, unit_kind
from qa.text.normal import without_punctuation
from qa.types import MARK, Answer, Citation, Figure, Part


@dataclass(frozen=True, slots=True)
class Found:
    """A single thing: the index of its scope, the answer to it alone, and the line of that which states it."""

    scope: int
    part: Part
    answer: Answer
    label: str = ""  # place and time, as that line has them
    text: str = ""  # its words, with marks; "" if there is no answer
    citations: tuple[Citation, ...] = ()
    figure: Figure | None = None
    formula: str = ""  # by how much it changed, if that is asked and its words say so
    shared: bool = False  # its answer is rather right for another thing, too, or better for that

    @property
    def chance(self) -> float:
        """How likely its answer is right, 0 to 1."""
        return chance_in(self.answer)

    @property
    def key(self) -> tuple[str, float | str]:
        """What it is answered with: a sentence and the figure in it, or its words."""
        return self.citations[0].quote, self.figure.value if self.figure else self.text

    @property
    def said(self) -> tuple[str, Figure]:
        """Its words, with marks, and the figure in them; there must be one."""
        assert self.figure
        return self.text, self.figure

    @property
    def unit_kind(self) -> str:
        """The kind of unit of its figure, "" without one."""
        return unit_kind(self.figure.unit) if self.figure else ""

    def is_told_in(self, answer: Answer) -> bool:
        """Whether an answer says what it was answered with."""
        return bool(self.text) and has_figures_of(answer.text, self.answer.short or self.text)

    def unanswered(self) -> Found:
        """Return it as one that is not answered; its answer stays the nearest."""
        return replace(self, text="", figure=None, formula="")


def of_one_state(found: Sequence[Found]) -> bool:
    """Whether what was found is all planned, or all done."""
    return len({one.citations[0].plan for one in found if one.text}) < 2


def has_figures_of(text: str, words: str) -> bool:
    """Whether a text has the figures of an answer, or its words if there are none; marks do not count."""
    text, words = MARK.sub("", text), MARK.sub("", words)
    wanted, stated = amounts_in(words), figures(text)
    if not wanted:
        return without_punctuation(words) in without_punctuation(text)
    return all(among(stated, one) for one in wanted)


def without_unlikely(found: Sequence[Found]) -> list[Found]:
    """Return the single things, without the answers that are rather wrong than right."""
    return [one if one.chance >= EVEN else one.unanswered() for one in found]


def chance_in(answer: Answer) -> float:
    """Return how likely an answer is right; what needs no chance, as a row of a table, is certain."""
    return 1.0 if answer.chance is None else answer.chance
