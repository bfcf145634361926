"""``reports.toml`` beside the reports: what the reader could not know, or got wrong.

One table for each file, named like the file; every key may be left out::

    ["漳州.txt"]
    title = "……"
    subtitle = "……"
    organisation = "漳州市总工会"
    place = "福建省漳州市"          # a division, with the ones above it where its name is not unique
    period = [2018, 2023]           # both years included; a single year: period = 2023
    plans = 2024                    # the years for which it says what is to be done
    published = "2023-06-18"        # the day it appeared; delivered likewise: the day on which it was given,
                                    # and as_of: what its present figures hold for
    supersedes = ["漳州-初稿.txt"]  # earlier reports that answer no longer
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
from qa.reading.isolate import isolated
from qa.reading.limits import TOML_BYTES, check_file
from qa.text import divisions
from qa.types import Inference, Period, Place, Report

FILE = "reports.toml"
LOOKED_AT = 60_000  # characters of a report in which places are sought
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
    """What one table says; None where it says nothing."""

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


def doubts(report: Report, today: date | None = None) -> tuple[Inference, ...]:
    """What was inferred with little ground, or lies in the future, and can be set here.

    ``today`` is the day from which on a date lies in the future; None for the present one.
    """
    now = (today or datetime.now(UTC).date()).isoformat()
    told = {"published": report.published, "delivered": report.delivered}
    told["period"] = str(report.period.start) if report.period else ""
    found = []
    for inference in report.inferences:
        when = told.get(inference.field, "")
        if inference.field not in _EXAMPLES or inference.basis == FILE:
            continue
        if when > now[: len(when)]:
            found.append(Inference(inference.field, f"{when}在今天以后", 0.2))
        elif inference.confidence < SURE:
            found.append(inference)
    return tuple(found)


def suggested(report: Report) -> tuple[str, ...]:
    """The lines of ``reports.toml`` that would settle the doubts; empty where there are none."""
    lines = tuple(_line(report, doubt.field) for doubt in doubts(report))
    return (f"[{_quoted(report.source.name)}]", *lines) if lines else ()


def _line(report: Report, field: str) -> str:
    """What was inferred, to be confirmed or corrected, with other places that the report names; else a pattern."""
    if field == "place":
        known, *others = _places(report) or ["……省……市"]
        return f"place = {_quoted(known)}" + (f"  # 或 {'、'.join(others)}" if others else "")
    if field in ("period", "plans"):
        years = report.period if field == "period" else report.plans
        return (
            f"{field} = [{years.start}, {years.end}]"
            if years
            else f"# {_EXAMPLES[field]}  # 首尾两年，按实际填写"
        )
    value = getattr(report, field) or {"organisation": "……总工会"}.get(field, "……")
    return f"{field} = {_quoted(value)}"


def _places(report: Report) -> list[str]:
    """The division that was inferred and two others that are named most, in full."""
    text = "\n".join((report.title, report.subtitle, *(p.text for p in report.paragraphs)))[:LOOKED_AT]
    near = (report.place,) if report.place.name else ()
    named = Counter(place for _, _, place in divisions.find(text, near))
    ranked = [report.place] * bool(near) + [place for place, _ in named.most_common()]
    return list(dict.fromkeys("".join((*p.parents, p.name)) for p in ranked))[:CANDIDATES]


def _quoted(text: str) -> str:
    """A string of TOML."""
    return json.dumps(text, ensure_ascii=False)


def load_overrides(folder: Path) -> dict[str, Override]:
    """File name → override; empty where the folder has no ``reports.toml``.

    Raises:
        ReportError: the file cannot be read, or a key or a value is not what it has to be.
    """
    path = folder / FILE
    if not os.path.lexists(path):
        return {}
    check_file(path, TOML_BYTES, least=0)
    overrides: dict[str, Override] = isolated("qa.reading.overrides:parsed", path)
    return overrides


def parsed(path: Path) -> dict[str, Override]:
    """What a ``reports.toml`` says; :func:`load_overrides` is for callers, since tomllib takes minutes for some.

    Raises:
        ReportError: it is no TOML, or a key or a value is not what it has to be.
    """
    try:
        tables = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ReportError(f"打不开 {path}：{error.strerror or error}。请检查文件权限。") from error
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
    return Override(
        title=table.get("title"),
        subtitle=table.get("subtitle"),
        organisation=table.get("organisation"),
        place=_place(table["place"]) if "place" in table else None,
        period=_period(where, "period", table["period"]) if "period" in table else None,
        plans=_period(where, "plans", table["plans"]) if "plans" in table else None,
        published=table.get("published"),
        delivered=table.get("delivered"),
        as_of=table.get("as_of"),
        supersedes=tuple(names),
    )


def _is_date(value: str) -> bool:
    """Whether it is a day, a month or a year that the calendar has."""
    try:
        date.fromisoformat(f"{value}-01-01"[:10])
    except ValueError:
        return False
    return _DATE.fullmatch(value) is not None


def _wrong(where: str, key: str) -> ReportError:
    return ReportError(f"{where} 的 {key} 写得不对。请写成：{_EXAMPLES[key]}")


def _place(name: str) -> Place:
    """The division of this name; a place that is no division, such as a development zone, as it is written."""
    found = divisions.find(name.strip())
    whole = found[-1][2] if found and found[-1][1] == len(name.strip()) else None
    return whole or divisions.get(name) or Place(name.strip())


def _period(where: str, key: str, value: Any) -> Period:
    years = value if isinstance(value, list) else [value, value]
    whole = all(isinstance(y, int) and not isinstance(y, bool) and 1900 <= y <= 2100 for y in years)
    if len(years) != 2 or not whole or years[0] > years[1]:
        raise _wrong(where, key)
    return Period(*years)
