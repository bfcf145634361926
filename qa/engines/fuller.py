"""Answer → the same in more detail: with the sentences around those that it cites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from qa.text.spans import locate, without_blanks
from qa.text.units import sentence_spans
from qa.types import Answer, Citation, Report

MOST = 3  # citations of an answer that is told in more detail so; one of more sentences is a summary
ROOM = 160  # characters of each quote, without white space
AROUND = "原文上下文："


def in_full(answer: Answer, reports: Mapping[str, Report]) -> Answer:
    """Return the answer with what stands around each of its few citations, quoted and cited; itself if nothing does."""
    if len(answer.citations) > MOST:
        return answer
    firsts = {(c.report_id, c.paragraph): c for c in reversed(answer.citations)}
    lines, citations = [answer.text], [*answer.citations]
    for citation in sorted(firsts.values(), key=lambda one: one.marker):
        wide = _widened(citation, reports[citation.report_id], len(citations) + 1)
        if wide.quote != citation.quote:
            lines.append(f"{AROUND}“{without_blanks(wide.quote)}”[{wide.marker}]。")
            citations.append(wide)
    return replace(answer, text="\n".join(lines), citations=tuple(citations))


def _widened(citation: Citation, report: Report, marker: int) -> Citation:
    """Return a citation of its sentence and as many whole ones behind and before it, in turn, as there is room for."""
    paragraph = report.paragraphs[citation.paragraph]
    text, spans = paragraph.text, sentence_spans(paragraph)
    start = max(text.find(citation.quote), 0)
    end = start + len(citation.quote)
    size = len(without_blanks(citation.quote))
    around = [(b - start, a, b) for a, b in spans if a >= end] + [
        (end - a, a, b) for a, b in spans if b <= start
    ]
    for _, a, b in sorted(around):
        size += len(without_blanks(text[a:b]))
        if size > ROOM:
            break
        start, end = min(start, a), max(end, b)
    quote, source = text[start:end].strip(), report.source.text
    return replace(citation, marker=marker, quote=quote, spans=locate(paragraph, source, start, end))
