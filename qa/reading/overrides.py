"""Read ``reports.toml``, which corrects or completes the metadata of the reports in its folder.

One table for each file, named like the file; every key is optional::

    ["漳州.txt"]
    title = "……"
    subtitle = "……"
    organisation = "漳州市总工会"
    place = "福建省漳州市"          # a division, with the ones above it where its name is not unique
    period = [2018, 2023]           # both years included; a single year: period = 2023
    plans = 2024                    # the years for which it says what is to be done
    published = "2023-06-18"        # the day it appeared; delivered likewise: the day on which it was given,
                                    # and as_of: what its present figures hold for
    supersedes = ["漳州-初稿.txt"]  # earlier reports that are no longer used
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from qa.errors import ReportError
from qa.reading.isolate import run_isolated
from qa.reading.limits import TOML_BYTES, check_file
from qa.text import divisions
from qa.types import Inference, Period, Place, Report

FILE = "reports.toml"
LOOKED_AT = 60_000  # characters of a report that are searched for places
CANDIDATES = 3  # places that are suggested
LONGEST = 200  # characters of a title or of another text
SURE = 0.5  # confidence under which an inference is a warning
_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}")
_DATES = ("published", "delivered", "as_of")
_TEXTS = ("title", "subtitle", "organisation", "place", *_DATES)
_EXAMPLES = {
    "title": 'title = "……"',
    "subtitle": 'subtitle = "……"',
    "organisation": 'organisation = "温州市总工会"',
    "place": 'place = "浙江省温州市"',
    "period": "period = [2018, 2023]",
    "plans": "plans = 2024",
    "published": 'published = "2023-06-18"',
    "delivered": 'delivered = "2023-06-01"',
    "as_of": 'as_of = "2023-12"',
    "supersedes": 'supersedes = ["旧报告.txt"]',
}


@dataclass(frozen=True, slots=True)
class Override:
    """One table of ``reports.toml``; None for keys that are not set."""

    title: str | None = None
    subtitle: str | None = None
    organisation: str | None = None
    place: Place | None = None
    period: Period | None = None
    plans: Period | None = None
    published: str | None = None
    delivered: str | None = None
    as_of: str | None = None
    supersedes: tuple[str, ...] = ()


def uncertain_inferences(report: Report, today: date | None = None) -> tuple[Inference, ...]:
    """Return the inferences that are uncertain or after ``today`` (default: now) and can be set here."""
    now = (today or datetime.now(UTC).date()).isoformat()
    period = str(report.period.start) if report.period else ""
    dates = {"published": report.published, "delivered": report.delivered, "period": period}
    found = []
    for inference in report.inferences:
        when = dates.get(inference.field, "")
        if when > now[: len(when)] and inference.basis != FILE:
            found.append(Inference(inference.field, f"{when}在今天以后", 0.2))
        elif inference.confidence < SURE:
            found.append(inference)
    return tuple(found)


def suggested_lines(report: Report) -> tuple[str, ...]:
    """Return the lines of ``reports.toml`` that would settle the doubts; empty if there are none."""
    lines = tuple(_line(report, doubt.field) for doubt in uncertain_inferences(report))
    name = report.source.name.rpartition("/")[2]  # a folder before it tells it from others of that name
    return (f"[{_quoted(name)}]", *lines) if lines else ()


def _line(report: Report, field: str) -> str:
    """Return a line with the inferred value (and other places that the report names), else a placeholder."""
    if field == "place":
        known, *others = _places(report) or ["……省……市"]
        return f"place = {_quoted(known)}" + (f"  # 或 {'、'.join(others)}" if others else "")
    value = getattr(report, field)
    if field == "period":
        example = f"# {_EXAMPLES[field]}  # 首尾两年，按实际填写"
        return f"period = [{value.start}, {value.end}]" if value else example
    return f"{field} = {_quoted(value or ('……总工会' if field == 'organisation' else '……'))}"


def _places(report: Report) -> list[str]:
    """Return the inferred division and two others that are named most, in full."""
    text = "\n".join((report.title, report.subtitle, *(p.text for p in report.paragraphs)))[:LOOKED_AT]
    near = (report.place,) if report.place.name else ()
    named = Counter(place for _, _, place in divisions.find(text, near))
    ranked = [*near, *(place for place, _ in named.most_common())]
    return list(dict.fromkeys("".join((*p.parents, p.name)) for p in ranked))[:CANDIDATES]


def _quoted(text: str) -> str:
    """Return a TOML string."""
    return json.dumps(text, ensure_ascii=False)


def load_overrides(folder: Path) -> dict[str, Override]:
    """Return what a folder's ``reports.toml`` says, if any, by file name; read in a child, raises ReportError."""
    path = folder / FILE
    if not os.path.lexists(path):
        return {}
    check_file(path, TOML_BYTES, least=0)
    return run_isolated(parse_overrides, path)


def parse_overrides(path: Path) -> dict[str, Override]:
    """Parse a ``reports.toml``; callers use :func:`load_overrides`, as tomllib takes minutes for some."""
    try:
        tables = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a ValueError
        raise ReportError(
            f'{path} 不是合法的 TOML（UTF-8）：{error}。每份报告写一节，如 ["报告.txt"]。'
        ) from error
    return {name: _override(f"{path} 的 [{name}]", table) for name, table in tables.items()}


def _override(where: str, table: Any) -> Override:
    if not isinstance(table, dict):
        raise ReportError(f'{where} 不在任何一节里。请先写一行节名，如 ["报告.txt"]。')
    for key, value in table.items():
        if key not in _EXAMPLES:
            raise ReportError(f"{where} 里有不认识的键 {key}。可用的键：{'、'.join(_EXAMPLES)}。")
        if key in _TEXTS and not (isinstance(value, str) and 0 < len(value.strip()) <= LONGEST):
            raise _wrong(where, key)
        if key in _DATES and not _is_date(value):
            raise _wrong(where, key)
    names = table.get("supersedes", [])
    names = [names] if isinstance(names, str) else names
    if not (isinstance(names, list) and all(isinstance(n, str) for n in names)):
        raise _wrong(where, "supersedes")
    fields = table | {"supersedes": tuple(names)}
    if "place" in table:
        fields["place"] = _place(table["place"])
    fields |= {key: _period(where, key, table[key]) for key in ("period", "plans") if key in table}
    return Override(**fields)


def _is_date(value: str) -> bool:
    """Return whether it is a day, a month or a year of the calendar."""
    try:
        return bool(_DATE.fullmatch(value) and date.fromisoformat(f"{value}-01-01"[:10]))
    except ValueError:
        return False


def _wrong(where: str, key: str) -> ReportError:
    return ReportError(f"{where} 的 {key} 写得不对。请写成：{_EXAMPLES[key]}")


def _place(name: str) -> Place:
    """Return the division of this name; what is no division, such as a development zone, as written."""
    bare = name.strip()
    found = divisions.find(bare)
    if found and found[-1][1] == len(bare):
        return found[-1][2]
    return divisions.get(name) or Place(bare)


def _period(where: str, key: str, value: Any) -> Period:
    years = value if isinstance(value, list) else [value, value]
    whole = all(type(year) is int and 1900 <= year <= 2100 for year in years)
    if len(years) != 2 or not whole or years[0] > years[1]:
        raise _wrong(where, key)
    return Period(*years)
