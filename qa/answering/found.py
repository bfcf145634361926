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


def answer_key(one: Found) -> tuple[str, float | str]:
    """Return what a thing is answered with: a sentence and the figure in it, or its words."""
    return one.citations[0].quote, one.figure.value if one.figure else one.text


def words_and_figure(one: Found) -> tuple[str, Figure]:
    """Return the words of an answer, with its marks, and the figure in them; there must be one."""
    assert one.figure
    return one.text, one.figure


def of_one_state(found: Sequence[Found]) -> bool:
    """Whether what was found is all planned, or all done."""
    return len({one.citations[0].plan for one in found if one.text}) < 2


def is_told_in(answer: Answer, one: Found) -> bool:
    """Whether an answer says what a single thing was answered with."""
    return bool(one.text) and has_figures_of(answer.text, one.answer.short or one.text)


def has_figures_of(text: str, words: str) -> bool:
    """Whether a text has the figures of an answer, or its words if there are none; marks do not count."""
    text, words = MARK.sub("", text), MARK.sub("", words)
    wanted, stated = amounts_in(words), figures(text)
    if not wanted:
        return without_punctuation(words) in without_punctuation(text)
    return all(among(stated, one) for one in wanted)


def without_unlikely(found: Sequence[Found]) -> list[Found]:
    """Return the single things, without the answers that are rather wrong than right."""
    return [one if one.chance >= EVEN else as_unanswered(one) for one in found]


def as_unanswered(one: Found) -> Found:
    """Return a single thing as one that is not answered; its answer stays the nearest."""
    return replace(one, text="", figure=None, formula="")


def chance_in(answer: Answer) -> float:
    """Return how likely an answer is right; what needs no chance, as a row of a table, is certain."""
    return 1.0 if answer.chance is None else answer.chance


def kind_of_unit(one: Found) -> str:
    """Return the kind of unit of the figure that a thing is answered with, "" without one."""
    return unit_kind(one.figure.unit) if one.figure else ""
