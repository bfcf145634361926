"""What a website prints around a report that is copied from it: navigation, tools, links and records are furniture.

Nothing here knows the words of a site. Above the report stands a head: its title, the occasion, the speaker, labels
with their values, pictures, and what is left is the page's own. Where the report begins is told by its form: a
salutation above prose, a numbered heading, or the first line of several clauses. Below its last whole sentence
nothing of it is left but a signature.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.reading.layout.characters import finished
from qa.reading.layout.furniture import CLAUSE, LABEL, has_tools, is_row, is_tool, is_trail
from qa.reading.layout.lines import NAMES
from qa.reading.layout.mastheads import is_signer, is_speaker
from qa.reading.layout.occasions import is_day, is_occasion, parted
from qa.reading.layout.records import Kind, Line
from qa.reading.layout.titles import names_report
from qa.text import divisions
from qa.text.dates import days

LONGEST_HEAD = 80  # lines
SENTENCE, PROSE = 12, 25  # characters of the shortest line of several clauses, whole or cut by the page
SHORTEST_TITLE = 6
NEIGHBOUR = 8  # characters of the shortest line of a title in two lines
LONGEST_SPEAKER = 30

_DASH = re.compile(r"[—–―-]{1,4}")
_OPENS, _CLOSES = re.compile(r"[【\[（(]"), re.compile(r"[】\])）]")
_OFFICE = re.compile(r"[长席任记](?=.)")  # how the offices end that stand before a name
_REPORT = re.compile(r"报告|总结")


def without_page(found: Sequence[Line], text: str) -> list[Line]:
    """The lines with those of the page marked as furniture and those of the title as such; all stay in their places.

    A file whose head shows neither tools nor a trail nor an occasion is returned as it is. A salutation is nobody's
    beginning, and a title with the occasion behind it becomes two lines.
    """
    start = _start(found)
    head = [part for line in found[:start] for part in parted(line, text)]
    lines = [*head, *found[start:]]
    start = len(head)
    if greeted := start < len(lines) and _greets(lines, start):
        lines[start] = replace(lines[start], fixed=True)
    framed = has_tools(head)
    given = any(is_occasion(line.ink) or (greeted and is_day(line.ink)) for line in head)
    if framed or given:
        rows = (line.kind == "bare" and is_row(text[line.start : line.end]) for line in head)
        head = [_as(line, "furniture") if row else line for line, row in zip(head, rows, strict=True)]
        title = _title(head)
        if title is not None:
            lines[:start] = _sorted_out([*head, *lines[start:]], start, title)
    if framed or has_tools(lines[_end(lines) :]):
        _close(lines)
    return lines


def _start(lines: Sequence[Line]) -> int:
    """Position of the first line of the report itself, or of the end of what is looked at."""
    last = min(len(lines), LONGEST_HEAD)
    for i, line in enumerate(lines[:last]):
        if line.kind in ("table row", "note", "keywords"):
            return i
        if _greets(lines, i) or (line.kind == "heading" and line.order and not line.style.startswith("#1")):
            return i
        if _is_body(lines, i):
            greeted = next((k for k in range(i + 1, min(i + 4, last)) if _greets(lines, k)), None)
            return i if greeted is None else greeted
    return last


def _is_body(lines: Sequence[Line], at: int) -> bool:
    """Whether a line belongs to a text of clauses: a whole sentence, a long line, or one that the next goes on from."""
    line = lines[at]
    if not _has_clauses(line):
        return False
    return (
        finished(line.ink) or len(line.ink) >= PROSE or (at + 1 < len(lines) and _has_clauses(lines[at + 1]))
    )


def _has_clauses(line: Line) -> bool:
    told = line.kind in ("byline", "caption", "furniture") or _DASH.match(line.ink) or is_occasion(line.ink)
    return (
        not told and len(line.ink) >= SENTENCE and CLAUSE.search(line.ink) is not None and not is_trail(line)
    )


def _greets(lines: Sequence[Line], at: int) -> bool:
    """Whether a line addresses those who listen: short, open, and above prose."""
    ink = lines[at].ink
    below = at + 1 < len(lines) and _is_body(lines, at + 1)
    return len(ink) <= PROSE and ink[-1] in "：:" and below and "：" not in ink[:-1] and not any(days(ink))


def _title(head: Sequence[Line]) -> int | None:
    """Position of the line that names the report, or None."""
    rated = [(score, -i) for i in range(len(head)) if (score := _titled(head, i)) > 0]
    return -max(rated)[1] if rated else None


def _titled(head: Sequence[Line], at: int) -> int:
    """How much a line of the head looks like the report's title; 0 where it cannot be one."""
    line = head[at]
    marked = line.kind == "heading" and line.fixed
    named = 3 * (names_report(line.ink) or _REPORT.search(line.ink) is not None)
    shown = line.kind in ("bare", "prose") or (
        line.kind == "furniture" and named
    )  # or repeated among the links
    plain = shown and not CLAUSE.search(line.ink)
    if not (marked or plain) or len(line.ink) < SHORTEST_TITLE or finished(line.ink):
        return 0
    if _DASH.match(line.ink) or is_occasion(line.ink) or LABEL.match(line.ink) or is_trail(line):
        return 0
    placed = bool(divisions.find(line.ink)) + any(character.isdigit() for character in line.ink)
    below = head[at + 1] if at + 1 < len(head) else None
    above_record = below is not None and (below.kind == "byline" or LABEL.match(below.ink) is not None)
    above_occasion = below is not None and _DASH.match(below.ink) is not None
    return 4 * marked + named + placed + 2 * (above_record or above_occasion)


def _sorted_out(lines: Sequence[Line], start: int, title: int) -> Iterator[Line]:
    """The lines of the head, each with its kind."""
    titles = {title, *_beside(lines, title)}
    boxed = 0  # lines of a box of tools that is still open
    speaker = _speaker(lines, start, title)
    heading = _heading(lines, start, title, speaker)
    for i, line in enumerate(lines[:start]):
        own_title = i in titles or (i > title and names_report(line.ink) and _titled(lines[:start], i) > 0)
        boxed = _boxed(line.ink, boxed)
        if own_title or (_DASH.match(line.ink) and line.kind != "furniture" and i > title):
            yield replace(line, title=True, kind="heading" if line.kind == "heading" else "bare")
        elif i == heading or line.kind == "caption":
            yield line
        elif i == speaker:
            yield replace(_as(line, "byline"), style=NAMES)
        elif _is_record(line, boxed):
            yield _as(line, "byline")
        else:
            yield _as(line, "caption" if finished(line.ink) and i > title else "furniture")


def _is_record(line: Line, boxed: int) -> bool:
    """Whether a line of the head says by whom and when: a byline, the occasion, a label with its value, or a date."""
    if line.kind == "byline" or is_occasion(line.ink):
        return True
    labelled = boxed == 0 and not is_trail(line) and LABEL.match(line.ink) and line.ink[-1] not in ":："
    return bool(labelled) or (any(days(line.ink)) and not CLAUSE.search(line.ink))


def _boxed(ink: str, opened: int) -> int:
    """How many brackets are open behind a line."""
    return max(0, opened + len(_OPENS.findall(ink)) - len(_CLOSES.findall(ink)))


def _beside(lines: Sequence[Line], title: int) -> Iterator[int]:
    """The line above or below the title that is another line of it: as long as a phrase, and no step of a trail."""
    for at, outer in ((title - 1, title - 2), (title + 1, title + 2)):
        if not 0 <= at < len(lines) or lines[at].kind != "bare" or len(lines[at].ink) < NEIGHBOUR:
            continue
        line = lines[at]
        if LABEL.match(line.ink) or is_trail(line) or CLAUSE.search(line.ink) or any(days(line.ink)):
            continue
        step = 0 <= outer < len(lines) and (lines[outer].kind == "furniture" or is_tool(lines[outer]))
        if not step and not is_speaker(line.ink):
            yield at


def _speaker(lines: Sequence[Line], start: int, title: int) -> int | None:
    """Position of the line that names who gave the report: below the occasion, or right above the salutation."""
    for i in range(title + 1, start):
        line, above = lines[i], lines[i - 1]
        if line.kind not in ("bare", "byline") or len(line.ink) > LONGEST_SPEAKER or LABEL.match(line.ink):
            continue
        if any(character.isdigit() for character in line.ink) or CLAUSE.search(line.ink):
            continue
        greeted = start < len(lines) and lines[start].ink[-1] in "：:"
        placed = i + 1 == start or is_occasion(above.ink) or _OFFICE.search(line.ink) is not None
        placed = greeted and placed and not _DASH.match(line.ink)
        if len(line.ink) > 1 and (is_speaker(line.ink) or (placed and not _is_tool_word(lines, i))):
            return i
    return None


def _is_tool_word(lines: Sequence[Line], at: int) -> bool:
    """Whether a short line stands below another one."""
    return is_tool(lines[at]) and is_tool(lines[at - 1])


def _heading(lines: Sequence[Line], start: int, title: int, speaker: int | None) -> int | None:
    """Position of a heading without a number right above the first prose, or None."""
    at = start - 1
    if at <= title or at == speaker or lines[at].kind not in ("bare", "heading") or start == len(lines):
        return None
    line, above = lines[at], lines[at - 1]
    told = LABEL.match(line.ink) or is_trail(line) or any(days(line.ink)) or is_tool(above)
    return None if told or len(line.ink) < 4 or lines[start].ink[-1] in "：:" else at


def _end(lines: Sequence[Line]) -> int:
    """Position behind the last whole sentence, table row or note."""
    for i in range(len(lines) - 1, -1, -1):
        line = lines[i]
        if line.kind in ("table row", "note", "keywords") or (line.kind == "prose" and finished(line.ink)):
            return i + 1
    return len(lines)


def _close(lines: list[Line]) -> None:
    """Mark what stands below the report; who signed it and when is kept."""
    end = _end(lines)
    for i in range(end, len(lines)):
        line = lines[i]
        signed = line.kind == "byline" or (
            is_signer(line.ink) and i + 1 < len(lines) and lines[i + 1].kind == "byline"
        )
        if not signed and not (line.kind == "caption" and line.fixed):
            lines[i] = _as(line, "furniture")


def _as(line: Line, kind: Kind) -> Line:
    return replace(line, kind=kind, style="", order=0)
