"""Report → sentences, the units that are embedded and matched.

A sentence out of a report has lost its subject: the place and years are in the title, the topic in the
heading. Its search text gives them back; the text that is quoted stays as it is.
"""

from __future__ import annotations

from qa.text.sentences import split_sentences
from qa.types import Paragraph, Report, Sentence

__all__ = ["KIND_WORDS", "sentence_spans", "sentences_of"]

KIND_WORDS = {"byline": "作者 记者 撰文 谁写的", "caption": "图片说明"}  # what such lines are asked for by


def sentences_of(report: Report) -> tuple[Sentence, ...]:
    """Every sentence of every paragraph, captions, bylines and table rows included, in document order."""
    about = " ".join(part for part in (report.place.name, str(report.period or "")) if part)
    return tuple(
        Sentence(report.id, paragraph.number, start, end, paragraph.text[start:end], context)
        for paragraph in report.paragraphs
        for context in (_context(about, paragraph),)
        for start, end in sentence_spans(paragraph)
    )


def _context(about: str, paragraph: Paragraph) -> str:
    parts = (about, KIND_WORDS.get(paragraph.kind, ""), " ".join(paragraph.heading))
    return "".join(f"{part}\n" for part in parts if part)


def sentence_spans(paragraph: Paragraph) -> tuple[tuple[int, int], ...]:
    """Offsets of the sentences of a paragraph; a table row is one, for its cells say nothing without its head."""
    if paragraph.kind == "table row":
        return ((0, len(paragraph.text)),) if paragraph.text.strip() else ()
    return split_sentences(paragraph.text)
