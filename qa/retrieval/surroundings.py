"""How a passage is read: the line above it, the sentences that lead to it, and its own words."""

from collections.abc import Sequence

from qa.text.rows import as_prose, is_indicator
from qa.text.sentences import split_sentences
from qa.text.units import says_delivery
from qa.types import Hit

_ENDS = frozenset(("", *"。！？!?；;…：:，,、"))
DELIVERY = "作报告："  # what a line with the day, the meeting and the speaker is about


def context_of(hit: Hit) -> str:
    """Return the line that a reader sees above a passage: place, year, heading."""
    period = hit.report.period
    heading = hit.paragraph.heading[-1] if hit.paragraph.heading else hit.report.title
    return " ".join(filter(None, (hit.report.place.name, str(period.end) if period else "", heading)))


def as_read(hit: Hit) -> tuple[str, Sequence[int]]:
    """Return a passage as it is read, and the offset of each of its characters.

    A row of a table, and an indicator with its figure, are put in the words of a sentence; prose ends with a mark.
    """
    text = hit.paragraph.text
    if hit.paragraph.kind == "table row":
        return as_prose(text)
    read, positions = as_prose(text) if is_indicator(text) else (text, range(len(text)))
    ended = _ended(read)
    return (read, positions) if ended == read else (ended, (*positions, len(text)))


def _ended(text: str) -> str:
    """Return a text with a mark at its end, behind its closing quotes and brackets if it lacks one."""
    return text if text.rstrip("”’）)』」")[-1:] in _ENDS else f"{text}。"


def lead_of(hit: Hit, most: int) -> str:
    """Return what the two paragraphs before a passage under its heading end with, in whole sentences of ``most`` characters.

    It may say what the passage speaks of: 活动开展以来. A line of the head is led by the word for what it tells.
    """
    own, report = hit.paragraph, hit.report
    if says_delivery(report, own):
        return DELIVERY
    before = report.paragraphs[max(own.number - 2, 0) : own.number]
    return last_sentences(
        "".join(_ended(one.text) for one in before if one.kind == "prose" and one.heading == own.heading),
        most,
    )


def last_sentences(text: str, most: int) -> str:
    """Return the last whole sentences of a text, as many as fit into so many characters.

    >>> last_sentences("开了会。建成书屋。走访职工。", 12)
    '建成书屋。走访职工。'
    """
    return next((text[start:] for start, _ in split_sentences(text) if len(text) - start <= most), "")
