"""Answer → the same in more detail: with the sentences around those that it cites."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from qa.text.spans import locate, without_blanks
from qa.text.units import sentence_spans
from qa.types import Answer, Citation, Report

MOST = 3  # citations of an answer that is told in more detail so; one of more sentences is a summary
ROOM = 160  # characters of each quote, without white space
AROUND = "原文上下文："


def in_full(answer: Answer, reports: Mapping[str, Report]) -> Answer:
    """Return the answer with what stands around its few citations, quoted and cited; itself if nothing does."""
    if len(answer.citations) > MOST:
        return answer
    lines, citations = [answer.text], [*answer.citations]
    of_paragraph = defaultdict[tuple[str, int], list[Citation]](list)
    for citation in answer.citations:
        of_paragraph[citation.report_id, citation.paragraph].append(citation)
    for (report, _), own in of_paragraph.items():
        if wide := _widened(own, reports[report], len(citations) + 1):
            quote = without_blanks(wide.quote).replace("“", "‘").replace("”", "’")
            lines.append(f"{AROUND}“{quote}”[{wide.marker}]。")
            citations.append(wide)
    return replace(answer, text="\n".join(lines), citations=tuple(citations))


def _widened(own: Sequence[Citation], report: Report, marker: int) -> Citation | None:
    """Return a citation of the sentences that citations of one paragraph quote and of whole ones around them.

    There are as many of those as there is room for, the nearest first; None if there are none.
    """
    paragraph, source = report.paragraphs[own[0].paragraph], report.source.text
    spans = sentence_spans(paragraph)
    quoted = {at for citation in own for at, _ in citation.spans}
    held = [s for s in spans if any(a <= at < b for a, b in locate(paragraph, source, *s) for at in quoted)]
    if not held:
        return None
    (start, _), (_, end) = held[0], held[-1]
    size, told = len(without_blanks(paragraph.text[start:end])), (start, end)
    around = sorted((max(a - end, start - b), a, b) for a, b in spans if a >= end or b <= start)
    for _, a, b in around:
        size += len(without_blanks(paragraph.text[a:b]))
        if size > ROOM:
            break
        start, end = min(start, a), max(end, b)
    quote = paragraph.text[start:end].strip()
    wide = replace(own[0], marker=marker, quote=quote, spans=locate(paragraph, source, start, end))
    return wide if (start, end) != told else None
