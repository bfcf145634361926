"""Report → sentences, the units that are embedded and matched.

A sentence out of a report has lost its subject: the place and years are in the title, the topic in the
heading. Its search text gives them back; the text that is quoted stays as it is.
"""

from __future__ import annotations

from qa.text.sentences import split_sentences
from qa.text.told import calendar_of, parts_of, told
from qa.types import Paragraph, Report, Sentence

KIND_WORDS = {"byline": "作者 记者 撰文 谁写的", "caption": "图片说明"}  # what such lines are asked for by

TOLD = ("prose", "table row", "note", "caption")  # kinds that tell what was done or is to be done


def sentences_of(report: Report) -> tuple[Sentence, ...]:
    """Every sentence of every paragraph, captions, bylines and table rows included, in document order."""
    about = " ".join(part for part in (report.place.name, str(report.period or "")) if part)
    calendar = calendar_of(report)
    found: list[Sentence] = []
    for paragraph, part in zip(report.paragraphs, parts_of(report.paragraphs, calendar), strict=True):
        context = _context(about, paragraph)
        for start, end in sentence_spans(paragraph):
            text = paragraph.text[start:end]
            state, period = told(text, calendar, part) if paragraph.kind in TOLD else ("", None)
            found.append(Sentence(report.id, paragraph.number, start, end, text, context, state, period))
    return tuple(found)


def _context(about: str, paragraph: Paragraph) -> str:
    parts = (about, KIND_WORDS.get(paragraph.kind, ""), " ".join(paragraph.heading))
    return "".join(f"{part}\n" for part in parts if part)


def sentence_spans(paragraph: Paragraph) -> tuple[tuple[int, int], ...]:
    """Offsets of the sentences of a paragraph; a table row is one, for its cells say nothing without its head."""
    if paragraph.kind == "table row":
        return ((0, len(paragraph.text)),) if paragraph.text.strip() else ()
    return split_sentences(paragraph.text)
