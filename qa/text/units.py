"""Split a report into sentences, the units that are embedded and matched.

A sentence out of context has lost its subject: place and years are in the title, the topic in the heading. Its search
text restores them; the quoted text is unchanged.
"""

from dataclasses import replace

from qa.text.sentences import split_sentences
from qa.text.states import calendar_of, parts_of, state_and_period
from qa.types import Paragraph, Report, Sentence, State

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
