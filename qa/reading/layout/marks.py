"""Read headings and items from marks that a report repeats: 【概况】 before its text, bullets, a paper's masthead.

A mark alone means nothing; the same mark on several lines shows what it stands for.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.reading.layout.lines import BULLET, with_kind
from qa.reading.layout.records import Line
from qa.reading.layout.surroundings import is_masthead, names_report

LEAST = 3  # lines with a mark that are a list
LONGEST_NAME = 12  # of a newspaper
LONGEST_ITEM = 70
LEAD = 8  # lines at the top that may be a masthead
_RUN_IN = re.compile(r"【[^【】\n]{2,14}】[\s\u3000*]*(?=[^\s【*])")
_TITLED = ("bare", "heading")


def with_marks(found: Sequence[Line], text: str) -> list[Line]:
    """Return the lines with the kinds that repeated marks show; a heading before its text on one line becomes a line."""
    lines = list(_run_in_headings(found, text))
    return _mastheads(_bullets(lines), text)


def _run_in_headings(found: Sequence[Line], text: str) -> Iterator[Line]:
    """Yield each line, or a heading in 【】 and the text that follows it on the same line, if several begin so."""
    cuts = {
        at: match.end()
        for at, line in enumerate(found)
        if line.kind == "prose" and (match := _RUN_IN.match(text, line.start, line.spans[0][1]))
    }
    for at, line in enumerate(found):
        if len(cuts) < LEAST - 1 or at not in cuts:
            yield line
            continue
        (start, end), *rest = line.spans
        head = line.ink[: line.ink.index("】") + 1]
        printed = start + len(text[start : cuts[at]].rstrip())
        apart = replace(line, gap=max(line.gap, 1))  # neither is joined to what is above it
        yield replace(apart, spans=((start, printed),), ink=head, width=0, kind="heading", style="【】")
        yield replace(line, spans=((cuts[at], end), *rest), ink=line.ink[len(head) :], gap=1)


def _bullets(lines: list[Line]) -> list[Line]:
    """Make lines that follow each other with one bullet prose; what stands alone with it several times is no byline."""
    places = defaultdict[str, set[int]](set)
    for at, line in enumerate(lines):
        if line.ink[0] in BULLET and len(line.ink) <= LONGEST_ITEM and not line.fixed:
            places[line.ink[0]].add(at)
    for every in places.values():
        listed = {at for at in every if at + 1 in every or at - 1 in every}
        is_list = 2 * len(listed) >= len(every)
        for at in every if len(every) >= LEAST else ():
            if is_list and at in listed and lines[at].kind not in ("furniture", "prose"):
                lines[at] = replace(with_kind(lines[at], "prose"), fixed=at + 1 in every)
            elif not is_list and lines[at].kind == "byline" and not lines[at].style:
                lines[at] = with_kind(lines[at], "bare")
    return lines


def _mastheads(lines: list[Line], text: str) -> list[Line]:
    """Make the name of a newspaper above the line with its day and page furniture, if a title stands below."""
    top = lines[:LEAD]
    issue = next((at for at, line in enumerate(top) if is_masthead(text[line.start : line.end])), 0)
    names = [line for line in top[:issue] if line.kind in (*_TITLED, "furniture")]
    short = all(len(line.ink) <= LONGEST_NAME and not names_report(line.ink) for line in names)
    title = next((line for line in top[issue + 1 :] if line.kind not in ("furniture", "byline")), None)
    if issue == len(names) > 0 and short and title and title.kind in _TITLED and not title.order:
        lines[:issue] = [with_kind(line, "furniture") for line in names]
    return lines
