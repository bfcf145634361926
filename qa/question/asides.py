"""A question without what says nothing of what is asked: greetings, who asks and why, and the form that is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from embeddings.reader import default_question_reader
from qa.text.divisions import find
from qa.types import Span

MARKS = "，,。；;：:、！! "  # that are left hanging where a stretch is taken out


def asides(question: str) -> tuple[Span, ...]:
    """The stretches of whole words that say nothing of what is asked, in order."""
    aside = whole_words(question, default_question_reader().read(question).asides)
    edges = [n for n, (one, other) in enumerate(pairwise([False, *aside, False])) if one != other]
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def whole_words(question: str, stretches: Sequence[Span]) -> list[bool]:
    """Which characters lie in stretches: all of a word where most of it does."""
    from embeddings.words import cut

    held = [False] * len(question)
    for start, end in stretches:
        held[start:end] = [True] * (end - start)
    at = 0
    for word in cut(question):
        start = question.find(word, at)
        if start >= 0:
            at = start + len(word)
            held[start:at] = [2 * sum(held[start:at]) > len(word)] * len(word)
    return held


def without(question: str, stretches: Sequence[Span]) -> str:
    """The question without some stretches and the marks that are left hanging; itself where nothing would be left."""
    rest = question
    for start, end in reversed(stretches):
        rest = rest[:start] + rest[end:]
    return rest.strip(MARKS) if any(map(str.isalnum, rest)) else question


def without_asides(question: str) -> str:
    """The question without its asides; one that names a place stays, and one that runs on into what is asked.

    >>> without_asides("建了多少家书屋")
    '建了多少家书屋'
    """
    return without(question, to_leave_out(question))


def to_leave_out(question: str) -> list[Span]:
    """The asides that can be left out: none that names a place, none that runs on into what is asked."""
    found = (span for span in asides(question) if not find(question[slice(*span)]))
    return [span for span in found if not _runs_on(question, *span)]


def _runs_on(question: str, start: int, end: int) -> bool:
    """Whether a stretch ends in a noun that the next word goes on from (妈妈小屋), or in no Chinese word at all."""
    from embeddings.words import cut, part_of_speech

    words = cut(question[start:end])
    tag = part_of_speech(words[-1]) if words else ""
    return not tag or (tag[:1] == "n" and question[end : end + 1].isalnum())
