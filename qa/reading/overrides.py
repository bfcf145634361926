"""Read ``reports.toml``, which corrects or completes the metadata of the reports in its folder.

It has one table for each file, named like the file; ``_KEYS`` shows its keys, of which every one is optional.
"""

import json
import os
import re
import tomllib
from collections import Counter
from collections.abc import Callable
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


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _line(report: Report, field: str) -> str:
    """Return a line with the inferred value (and other places that the report names), else a placeholder."""
    if field == "place":
        known, *others = _places(report) or ["……省……市"]
        return f"place = {_quoted(known)}" + (f"  # 或 {'、'.join(others)}" if others else "")
    value = getattr(report, field)
    if field == "period":
        example = "# period = [2018, 2023]  # 首尾两年，按实际填写"
        return f"period = [{value.start}, {value.end}]" if value else example
    return f"{field} = {_quoted(value or ('……总工会' if field == 'organisation' else '……'))}"


def _places(report: Report) -> list[str]:
    """Return the inferred division and two others that are named most, in full."""
    text = "\n".join((report.title, report.subtitle, *(p.text for p in report.paragraphs)))[:LOOKED_AT]
    near = (report.place,) if report.place.name else ()
    named = Counter(place for _, _, place in divisions.find(text, near))
    ranked = [*near, *(place for place, _ in named.most_common())]
    return list(dict.fromkeys("".join((*p.parents, p.name)) for p in ranked))[:CANDIDATES]


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
    fields: dict[str, Any] = {}
    for key, value in table.items():
        if key not in _KEYS:
            raise ReportError(f"{where} 里有不认识的键 {key}。可用的键：{'、'.join(_KEYS)}。")
        parse, example = _KEYS[key]
        try:
            fields[key] = parse(value)
        except ValueError:
            raise ReportError(f"{where} 的 {key} 写得不对。请写成：{example}") from None
    return Override(**fields)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= LONGEST:
        raise ValueError
    return value


def _day(value: Any) -> str:
    """Return a day, a month or a year of the calendar."""
    if not _DATE.fullmatch(_text(value)):
        raise ValueError
    date.fromisoformat(f"{value}-01-01"[:10])
    return str(value)


def _place(value: Any) -> Place:
    """Return the division of this name; what is no division, such as a development zone, as written."""
    bare = _text(value).strip()
    found = divisions.find(bare)
    if found and found[-1][1] == len(bare):
        return found[-1][2]
    return divisions.get(value) or Place(bare)


def _years(value: Any) -> Period:
    years = value if isinstance(value, list) else [value, value]
    whole = all(type(year) is int and 1900 <= year <= 2100 for year in years)
    if len(years) != 2 or not whole or years[0] > years[1]:
        raise ValueError
    return Period(*years)


def _files(value: Any) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError
    return tuple(names)


# Key → what checks and parses its value, and an example of it.
_KEYS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "title": (_text, 'title = "……"'),
    "subtitle": (_text, 'subtitle = "……"'),
    "organisation": (_text, 'organisation = "温州市总工会"'),
    "place": (_place, 'place = "浙江省温州市"'),  # with the divisions above it where its name is not unique
    "period": (_years, "period = [2018, 2023]"),  # both years included; or a single year
    "plans": (_years, "plans = 2024"),  # for which it says what is to be done
    "published": (_day, 'published = "2023-06-18"'),  # appeared
    "delivered": (_day, 'delivered = "2023-06-01"'),  # was given
    "as_of": (_day, 'as_of = "2023-12"'),  # what its present figures hold for
    "supersedes": (_files, 'supersedes = ["旧报告.txt"]'),  # earlier reports that are no longer used
}
