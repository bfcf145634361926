"""The sections of a report that a question counts: 四项行动, where four headings are of an 行动."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.answering.candidates import Evidence
from qa.text.figures import number_of
from qa.text.sentences import split_sentences
from qa.types import Hit, Paragraph, Report

__all__ = ["counted", "opening_each"]

_COUNTED = re.compile(r"([两三四五六七八九十])(?:项|个)([一-龥]{2,4}?)(?=[”\"」]|是|各|的|[，,。？?]|$)")


def counted(topic: str, report: Report) -> list[Paragraph]:
    """The first paragraphs of the sections that the question counts, where the report has just as many."""
    asked = _COUNTED.search(topic)
    if asked is None:
        return []
    number, noun = number_of(asked[1]), asked[2]
    firsts: dict[tuple[str, ...], Paragraph] = {}
    for paragraph in report.paragraphs:
        if paragraph.kind == "prose" and paragraph.heading and noun in paragraph.heading[-1]:
            firsts.setdefault(paragraph.heading, paragraph)
    return list(firsts.values()) if len(firsts) == number else []


def opening_each(topic: str, hits: Sequence[Hit]) -> list[Evidence]:
    """The opening sentences of a section that has a paragraph for each thing its heading counts: “三大机制”护航."""
    asked = _COUNTED.search(topic)
    sections: dict[tuple[str, ...], list[Paragraph]] = {}
    for paragraph in hits[0].report.paragraphs if asked else ():
        if paragraph.kind == "prose" and paragraph.heading and asked and asked[0] in paragraph.heading[-1]:
            sections.setdefault(paragraph.heading, []).append(paragraph)
    own = next(iter(sections.values()), [])
    if not asked or len(sections) != 1 or len(own) != number_of(asked[1]):
        return []
    firsts = [(p, split_sentences(p.text)[0]) for p in own]
    if not all(asked[2] in p.text[a:b] for p, (a, b) in firsts):
        return []
    known = {h.paragraph.number: h for h in hits if h.report.id == hits[0].report.id}
    plain = replace(hits[0], sentences=(), sentence_scores=())
    return [Evidence(known.get(p.number) or replace(plain, paragraph=p), a, b, 0) for p, (a, b) in firsts]
