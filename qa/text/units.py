"""Split a report into the units that are embedded and read, each with the words that it lacks out of context.

A sentence out of context has lost its subject: place and years are in the title, the topic in the heading. Its search
text restores them; the quoted text is unchanged. A passage is read below the line above it and after what leads to it.
"""

from collections.abc import Sequence
from dataclasses import replace

from qa.text.rows import as_prose, is_indicator
from qa.text.sentences import split_sentences
from qa.text.states import calendar_of, parts_of, state_and_period
from qa.types import Hit, Paragraph, Report, Sentence, State

KIND_WORDS = {"byline": "作者 记者 撰文 谁写的", "caption": "图片说明"}  # words of questions about such lines
OF_DELIVERY = "作报告 报告人 谁写的 哪天 会议"  # likewise about who gave a report, when and where
STATING = ("prose", "table row", "note", "caption")  # kinds that state what was done or is to be done


def sentences_of(report: Report) -> tuple[Sentence, ...]:
    """Return every sentence of every paragraph, captions, bylines and table rows included, in document order."""
    about = " ".join(part for part in (report.place.name, str(report.period or "")) if part)
    calendar = calendar_of(report)
    found: list[Sentence] = []
    for paragraph, part in zip(report.paragraphs, parts_of(report.paragraphs, calendar), strict=True):
        of_delivery = says_delivery(report, paragraph)
        words = f"{OF_DELIVERY} {report.title}" if of_delivery else KIND_WORDS.get(paragraph.kind, "")
        context = "".join(f"{part}\n" for part in (about, words, " ".join(paragraph.heading)) if part)
        state: State = ""
        for start, end in sentence_spans(paragraph):
            text = paragraph.text[start:end]
            goes_on = state == "plan" and found[-1].text.endswith(("；", ";"))
            own = replace(part, state=state) if goes_on else part
            state, period = state_and_period(text, calendar, own) if paragraph.kind in STATING else ("", None)
            found.append(Sentence(report.id, paragraph.number, start, end, text, context, state, period))
    return tuple(found)


def says_delivery(report: Report, paragraph: Paragraph) -> bool:
    """Whether a line of the head says who gave the report, or on which day."""
    basis = (one.basis for one in report.inferences if one.field == "delivered")
    said = ("".join(words.split()) for words in (*basis, report.speaker))
    text = "".join(paragraph.text.split())
    return paragraph.kind == "byline" and any(words in text for words in said if words)


def sentence_spans(paragraph: Paragraph) -> tuple[tuple[int, int], ...]:
    """Return offsets of a paragraph's sentences; a table row is one, as its cells mean nothing without heads."""
    if paragraph.kind == "table row":
        return ((0, len(paragraph.text)),) if paragraph.text.strip() else ()
    return split_sentences(paragraph.text)


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
