"""Find the line that says on what day and where a report was given, also inside a title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from qa.reading.layout.characters import compact
from qa.reading.layout.records import Line
from qa.text import divisions
from qa.text.dates import days

LONGEST = 120  # characters of a line of the head, white space included

_DASH = re.compile(r"[—–―-]{1,4}")
_AT = re.compile(r"[在于].{4,60}(?:上|会议|大会)")
_BY = re.compile(r"(?![在于])[^，。；：\d]{0,30}[长席任记]\s*[\u4e00-\u9fff·]{2,4}")  # an office and a name


def is_occasion(text: str) -> bool:
    """Whether a line says on which day the report was given: after a dash, in brackets, or with place or speaker.

    >>> is_occasion("——2026年1月28日在某市第三届人民代表大会第二次会议上"), is_occasion("——某市工会工作回眸")
    (True, False)
    >>> is_occasion("2023年8月22日，郑州"), is_occasion("2023年8月22日，驿站开放")
    (True, False)
    """
    date = next(days(text), None)
    if date is None:
        return False
    if _DASH.match(text) or text[:1] in "（(":
        return True
    if date.at[0] or not date.text.endswith("日") or len(text) > LONGEST:
        return False
    rest = text[date.at[1] :].lstrip(" \u3000,，")
    return bool(_AT.fullmatch(rest) or _BY.fullmatch(rest) or (rest and divisions.get(rest)))


def without_day(text: str) -> str:
    """Return the office and name after the day that a line begins with; any other line unchanged."""
    date = next(days(text), None)
    rest = text[date.at[1] :].strip() if date and date.at[0] == 0 else ""
    return rest if _BY.fullmatch(rest) else text


def is_day(text: str) -> bool:
    """Whether a line is only a day in words: above a salutation it is the day of the speech."""
    date = next(days(text), None)
    bare = text.strip(" \u3000（）()").replace(":", "：")
    return date is not None and date.text.endswith("日") and bare in (date.text, f"时间：{date.text}")


def split_title_and_occasion(line: Line, text: str) -> Iterator[Line]:
    """Yield the line, or its two parts if a title and the occasion after a dash are printed as one."""
    whole = len(line.spans) == 1 and line.kind in ("bare", "heading") and line.end - line.start <= LONGEST
    for dash in _DASH.finditer(text, line.start, line.end) if whole else ():
        below = compact(text[dash.start() : line.end])
        date = next(days(below), None)
        title = text[line.start : dash.start()].rstrip()
        if title and date and below[: date.at[0]] == dash[0] and _AT.fullmatch(below, date.at[1]):
            end = line.start + len(title)
            yield replace(line, spans=((line.start, end),), ink=compact(title))
            yield replace(line, spans=((dash.start(), line.end),), ink=below, gap=0, kind="bare", style="")
            return
    yield line
