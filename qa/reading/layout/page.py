"""Separate a report from the web page it was copied from: navigation, tools, links and records become furniture.

The words of particular sites are not used. The head of a page holds the report's title, the occasion, the speaker,
labels with their values and pictures; everything else is the page's own. The form shows where the report begins: a
salutation above prose, a numbered heading, or the first line of several clauses. After its last whole sentence only
a byline belongs to it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from qa.reading.layout.characters import finished
from qa.reading.layout.lines import NAMES, with_kind
from qa.reading.layout.records import Line
from qa.reading.layout.surroundings import (
    CLAUSE,
    DASH,
    DOCUMENT,
    IMPRINT,
    LABEL,
    TOOLS,
    has_tools,
    is_bar,
    is_day,
    is_headline,
    is_occasion,
    is_row,
    is_speaker,
    is_tool,
    is_trail,
    names_report,
)
from qa.text import divisions
from qa.text.numerals import days

LONGEST_HEAD = 80  # lines
SENTENCE, PROSE = 12, 25  # characters of the shortest line of several clauses, whole or cut by the page
SHORTEST_TITLE = 6
NEIGHBOUR = 8  # characters of the shortest line of a title in two lines
LONGEST_SPEAKER = 30

_OFFICE = re.compile(r"[长席任记](?=.)")  # last characters of offices, before a name
_REPORT = re.compile(r"报告|总结")
_CREDIT = re.compile(r"[（(][^（()）]{1,30}[)）]$")  # behind the last sentence: （记者 某某）


def without_page(found: Sequence[Line], text: str) -> list[Line]:
    """Return the lines in place, those of the page marked as furniture and those of the title as title.

    Without tools, a trail or an occasion in the head, kinds stay as they are. A salutation is never joined to another
    line.
    """
    first, start = _head(found)
    forwarded = count if (count := _fields(found)) <= first else 0
    top = first + _letterhead(found[first:start])
    lines = list(found)
    lines[:forwarded] = (replace(with_kind(line, "byline"), style=NAMES) for line in found[:forwarded])
    lines[first:top] = (with_kind(line, "furniture") for line in found[first:top])
    first, head = top, lines[top:start]
    if greeted := start < len(lines) and _greets(lines, start):
        lines[start] = replace(lines[start], fixed=True)
    framed = forwarded > 0 or has_tools(head)
    dated = any(is_occasion(line.ink) or (greeted and is_day(line.ink)) for line in head)
    if framed or dated or (greeted and any(names_report(line.ink) for line in head)):
        rows = (line.kind == "bare" and is_row(text[line.start : line.end]) for line in head)
        head = [with_kind(line, "furniture") if row else line for line, row in zip(head, rows, strict=True)]
        rated = [(score, -i) for i in range(len(head)) if (score := _title_score(head, i)) > 0]
        if rated:
            below = [*head, *lines[start:]]
            lines[first:start] = _head_lines(below, len(head), title=-max(rated)[1])
    end = _body_end(lines)
    if framed or has_tools(lines[end:]):  # a byline such as the report's date is kept
        below = lines[end:]
        lines[end:] = (line if line.kind == "byline" else with_kind(line, "furniture") for line in below)
    return lines


def _letterhead(lines: Sequence[Line]) -> int:
    """Return how many lines of a head end with a document's number (〔2024〕3号) or a masthead's day, and what goes with it.

    There is no letterhead if the title stands above it or nothing below it. Below a masthead a line has to name the
    report.
    """
    numbered = next((at for at, line in enumerate(lines, 1) if DOCUMENT.fullmatch(line.ink)), 0)
    at = numbered or next((at + 1 for at in range(len(lines)) if _tells_day_of_issue(lines, at)), 0)
    titled = any(names_report(line.ink) for line in lines[:at])
    issued = at > 0 and not numbered and lines[at - 1].kind != "furniture"
    while 0 < at < len(lines) and (lines[at].kind == "furniture" or LABEL.match(lines[at].ink)):
        at += 1
    titles = (line for line in lines[at:] if _could_be_title(line) or (issued and DASH.match(line.ink)))
    below = any(numbered or names_report(line.ink) for line in titles)
    return at if below and not titled else 0


def _tells_day_of_issue(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is a masthead with a day, or right below one and names who issued it on a day."""
    line, below = lines[at], at > 0 and lines[at - 1].kind == "furniture"
    printed = line.kind == "furniture" and any(days(line.ink))
    return printed or (below and IMPRINT.fullmatch(line.ink) is not None)


def _head(lines: Sequence[Line]) -> tuple[int, int]:
    """Return from where to where the head of the report goes: from the top, unless a title above a salutation comes later.

    What precedes that one, as a letter around the report, is text of its own; it names no report. In a letter with
    fields above it that name no report the title stands alone below its salutation and names a place.
    """
    start = _body_start(lines)
    last = min(len(lines) - 1, LONGEST_HEAD)
    letter = next((i for i in range(_fields(lines) or last, last) if _greets(lines, i)), last)
    titled = any(names_report(line.ink) for line in lines[:letter])
    for at in range(letter + 1, 0 if titled else last):
        alone = lines[at].kind == "bare" and lines[at].gap and lines[at + 1].gap
        if alone and names_report(ink := lines[at].ink) and divisions.find(ink):
            return at, at + 1
    if any(names_report(lines[i].ink) and _title_score(lines[:start], i) > 0 for i in range(start)):
        return 0, start
    for at in range(start + 1, min(len(lines), LONGEST_HEAD)):
        first = next((i + 1 for i in reversed(range(start, at)) if _is_body(lines, i)), start)
        if _greets(lines, at) and any(names_report(line.ink) for line in lines[first:at]):
            return first, at
    return 0, start


def _fields(lines: Sequence[Line]) -> int:
    """Return how many labels with their values, one of them a day, a letter begins with; 0 for a few only."""
    count = next((i for i, line in enumerate(lines) if (i and line.gap) or not LABEL.match(line.ink)), 0)
    return count if count >= TOOLS and any(any(days(line.ink)) for line in lines[:count]) else 0


def _body_start(lines: Sequence[Line]) -> int:
    """Return the position of the first line of the report itself, at most ``LONGEST_HEAD``."""
    last = min(len(lines), LONGEST_HEAD)
    titles = [i for i, line in enumerate(lines) if line.fixed and line.style == "#1"]
    title = titles[0] if len(titles) == 1 else 0
    for i, line in enumerate(lines[:last]):
        if line.kind == "table row" and i < title:  # it tells of the page
            continue
        numbered = line.kind == "heading" and line.order and not line.style.startswith("#1")
        begun = numbered or line.kind in ("table row", "note", "keywords")
        if begun or _greets(lines, i):
            return i
        if _is_body(lines, i):
            near = takewhile(lambda k: "。" not in lines[k - 1].ink, range(i + 1, min(i + 4, last)))
            return next((k for k in near if _greets(lines, k)), i)
    return last


def _is_body(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is running text: a whole sentence, a long line, or one that the next continues."""
    ink, below = lines[at].ink, lines[at + 1] if at + 1 < len(lines) else None
    goes_on = below is not None and _has_clauses(below)
    clauses = _has_clauses(lines[at]) and not is_headline(lines[at], lines[at + 1 : at + 2])
    return clauses and (finished(ink) or len(ink) >= PROSE or goes_on)


def _has_clauses(line: Line) -> bool:
    other = line.kind in ("byline", "caption", "furniture") or DASH.match(line.ink) or is_occasion(line.ink)
    return not other and len(line.ink) >= SENTENCE and CLAUSE.search(line.ink) is not None


def _greets(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is a salutation: short, open, and above prose."""
    ink = lines[at].ink
    short = len(ink) <= PROSE and ink[-1] in "：:" and "：" not in ink[:-1]
    return short and at + 1 < len(lines) and _is_body(lines, at + 1)


def _could_be_title(line: Line, below: Sequence[Line] = ()) -> bool:
    """Whether a line of the head has the form of a title, whatever it names; ``below`` is the next."""
    among_links = line.kind == "furniture" and _names_any(line)
    phrase = not CLAUSE.search(line.ink) or is_headline(line, below)
    shown = (line.kind in ("bare", "prose") or among_links) and phrase
    if not (line.marked or shown) or len(line.ink) < SHORTEST_TITLE:
        return False
    return not (DASH.match(line.ink) or is_occasion(line.ink) or LABEL.match(line.ink) or is_trail(line))


def _names_any(line: Line) -> bool:
    return names_report(line.ink) or _REPORT.search(line.ink) is not None


def _title_score(head: Sequence[Line], at: int) -> int:
    """Return how much a line of the head looks like the report's title; 0 if it cannot be one."""
    line, below = head[at], head[at + 1] if at + 1 < len(head) else None
    if not _could_be_title(line, head[at + 1 : at + 2]):
        return 0
    placed = bool(divisions.find(line.ink)) + any(map(str.isdigit, line.ink))
    above_record = below and (below.kind == "byline" or LABEL.match(below.ink) or DASH.match(below.ink))
    return 4 * line.marked + 3 * _names_any(line) + placed + 2 * bool(above_record)


def _head_lines(lines: Sequence[Line], start: int, title: int) -> Iterator[Line]:
    """Yield the lines of the head, each with its kind."""
    titles = {title, *_title_neighbours(lines, title)}
    speaker = _speaker(lines, start, title)
    heading = _heading(lines, start, title, speaker)
    for i, line in enumerate(lines[:start]):
        named = i > title and i != heading and names_report(line.ink) and _title_score(lines[:start], i) > 0
        subtitle = DASH.match(line.ink) and i > title
        if i in titles or named or (subtitle and not is_occasion(line.ink)):
            yield replace(line, title=True, kind="heading" if line.kind == "heading" else "bare")
        elif i == heading or line.kind == "caption":
            yield line
        elif i == speaker or (_is_record(line) and not (i < title and is_bar(line))):
            yield replace(with_kind(line, "byline"), style=NAMES)  # whole
        else:
            yield with_kind(line, "caption" if finished(line.ink) and i > title else "furniture")


def _is_record(line: Line) -> bool:
    """Whether a line of the head names author or time: a byline, the occasion, a label with its value, or a date."""
    labelled = LABEL.match(line.ink) is not None and line.ink[-1] not in ":：" and not is_trail(line)
    dated = any(days(line.ink)) and not CLAUSE.search(line.ink)
    return line.kind == "byline" or is_occasion(line.ink) or labelled or dated


def _title_neighbours(lines: Sequence[Line], title: int) -> Iterator[int]:
    """Yield lines next to the title that belong to it: as long as a phrase, and no step of a trail."""
    for at, outer in ((title - 1, title - 2), (title + 1, title + 2)):
        if not 0 <= at < len(lines):
            continue
        line, gap = lines[at], lines[max(at, title)].gap
        subtitled = (
            at < title and not gap and any(DASH.match(below.ink) for below in lines[title + 1 : title + 2])
        )
        # A line in smaller type above the title is a kicker.
        alike = (line.kind, line.style) == (lines[title].kind, lines[title].style)
        beside = gap <= 1 and (alike or (at > title and line.kind == "bare"))
        record = LABEL.match(line.ink) or any(days(line.ink)) or is_speaker(line.ink)
        step = 0 <= outer < len(lines) and (lines[outer].kind == "furniture" or is_tool(lines[outer]))
        if beside and len(line.ink) >= NEIGHBOUR and not (record or (step and not subtitled)):
            yield at


def _speaker(lines: Sequence[Line], start: int, title: int) -> int | None:
    """Return the position of the speaker's line: below the occasion, or right above the salutation."""
    greeted = start < len(lines) and lines[start].ink[-1] in "：:"
    for i in range(title + 1, start):
        line, above = lines[i], lines[i - 1]
        other = LABEL.match(line.ink) or any(map(str.isdigit, line.ink))
        if line.kind in ("bare", "byline") and 1 < len(line.ink) <= LONGEST_SPEAKER and not other:
            placed = i + 1 == start or is_occasion(above.ink) or _OFFICE.search(line.ink)
            if is_speaker(line.ink) or (greeted and placed):
                return i
    return None


def _heading(lines: Sequence[Line], start: int, title: int, speaker: int | None) -> int | None:
    """Return the position of a heading without a number right above the first prose."""
    at = start - 1
    if at <= title or at == speaker or lines[at].kind not in ("bare", "heading"):
        return None
    other = (
        LABEL.match(lines[at].ink)
        or any(days(lines[at].ink))
        or (is_tool(lines[at - 1]) and at - 1 != speaker)
    )
    return None if other else at


def _body_end(lines: Sequence[Line]) -> int:
    """Return the position after the last whole sentence, table row or note."""
    for count in range(len(lines), 0, -1):
        line = lines[count - 1]
        whole = line.kind in ("prose", "heading") and finished(_CREDIT.sub("", line.ink))
        if whole or line.kind in ("table row", "note", "keywords"):
            return count
    return len(lines)
