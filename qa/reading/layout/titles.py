"""Find the title of a report: the short lines before its first prose, rejoined if they were cut in two."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.reading.layout import ngrams
from qa.reading.layout.lines import YEARS
from qa.reading.layout.records import Line

LONGEST_TITLE_BLOCK = 5
LONGEST_LEAD = 8  # lines at the top, bylines included, which may hold the title
READS_ON = 8.0  # evidence that two lines are one; two headlines have less in 99 of 100 cases, the halves of one in 35
_DASH = re.compile(r"[—–―-]{1,2}")
_OWN = re.compile(r"[—–―（(〔【“《]|(?:19|20)\d\d")  # how an independent line may begin
_OPEN = re.compile(r"(?:[的和与及、]|关于|在)$")
_UNION = re.compile(r"\S{2,}工会")
_REPORT = re.compile(r".*(?:报告|总结|综述)$")
_KIND = re.compile(
    r"(?:综述|回眸|回顾|纪实|侧记|掠影|巡礼|扫描|报告|总结)(?:[（(][^（()）]{4,20}[)）])?[！!]?$"
)


def title_lines(lines: Sequence[Line]) -> tuple[tuple[int, ...], ...]:
    """Return the positions of the lines of the title, grouped if one was printed as several."""
    chains: list[tuple[int, ...]] = []
    for i in _block(lines):
        if chains and chains[-1][-1] == i - 1 and reads_on(lines[i - 1], lines[i]):
            chains[-1] += (i,)
        else:
            chains.append((i,))
    return tuple(chains)


def reads_on(first: Line, second: Line) -> bool:
    """Whether two short unfinished lines are one that did not fit its column."""
    if first.kind != "bare" or second.kind != "bare" or second.gap > 1 or first.ink[-1] in "”》）)":
        return False
    if _OPEN.search(first.ink) or (_UNION.fullmatch(first.ink) and _REPORT.match(second.ink)):
        return not _DASH.match(second.ink)
    if _OWN.match(second.ink):
        return False
    return float(ngrams.load().seams([first.ink], [second.ink])[0]) > READS_ON


def names_report(ink: str) -> bool:
    """Whether a short line names a kind of report, with or without the years.

    >>> names_report("某市总工会五年工作回眸（2016—2021）"), names_report("服务职工办实事")
    (True, False)
    """
    return _KIND.search(ink) is not None


def _block(lines: Sequence[Line]) -> list[int]:
    """Return the first lines up to the first prose, if they look like a title; a subtitle after a dash ends them.

    After that, or after a byline, only another subtitle or the years of the report belong to it.
    """
    if known := [i for i, line in enumerate(lines) if line.title]:
        return known
    block: list[int] = []
    over = False
    empty = False  # a heading like the first follows it at once, so that the first is no section
    for i, line in enumerate(lines[:LONGEST_LEAD]):
        if line.kind in ("furniture", "byline"):
            over = over or (line.kind == "byline" and bool(block))
            continue
        marked = line.kind == "heading" and line.fixed
        if not (line.kind == "bare" or marked) or len(block) == LONGEST_TITLE_BLOCK:
            break
        below = _DASH.match(line.ink) or (names_report(line.ink) and line.ink[-1] in "）)")
        if marked and block and not below and not _only_of_style(lines, i):
            empty = line.style.startswith(lines[block[0]].style)
            break
        if marked and block and line.order:
            break
        if over and not _DASH.match(line.ink) and not YEARS.fullmatch(line.ink):
            break
        block.append(i)
        over = over or _DASH.match(line.ink) is not None
    subtitled = len(block) > 1 and _DASH.match(lines[block[1]].ink) is not None
    headed = bool(block) and lines[block[0]].kind == "heading"
    if headed and not (empty or subtitled or _only_of_style(lines, block[0])):
        return []
    return block


def _only_of_style(lines: Sequence[Line], at: int) -> bool:
    """Whether no other heading has this style; numbered and unnumbered headings are different."""
    style, counts = lines[at].style, lines[at].order > 0
    same = (line for line in lines if line.kind == "heading" and line.style == style)
    return sum((line.order > 0) == counts for line in same) == 1


def is_prose(lines: Sequence[Line], at: int) -> bool:
    """Whether the line at this position is text for the reader."""
    return at < len(lines) and lines[at].kind in ("prose", "keywords", "table row", "note")
