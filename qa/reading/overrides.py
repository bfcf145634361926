"""``reports.toml`` beside the reports: what the reader could not know, or got wrong.

One table for each file, named like the file; every key may be left out::

    ["漳州.txt"]
    title = "……"
    subtitle = "……"
    organisation = "漳州市总工会"
    place = "福建省漳州市"          # a division, with the ones above it where its name is not unique
    period = [2018, 2023]           # both years included; a single year: period = 2023
    published = "2023-06-18"        # the day it appeared; as_of likewise: what its present figures hold for
    supersedes = ["漳州-初稿.txt"]  # earlier reports that answer no longer
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import ReportError
from qa.reading.limits import TOML_BYTES
from qa.text import divisions
from qa.types import Inference, Period, Place, Report

__all__ = ["FILE", "Override", "doubts", "load_overrides", "suggested"]

FILE = "reports.toml"
LOOKED_AT = 60_000  # characters of a report in which places are sought
CANDIDATES = 3  # places that are suggested
SURE = 0.5  # confidence under which an inference is a warning
_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}")
_TEXTS = ("title", "subtitle", "organisation", "place", "published", "as_of")
_EXAMPLES = {
    "title": 'title = "……"',
    "subtitle": 'subtitle = "……"',
    "organisation": 'organisation = "温州市总工会"',
    "place": 'place = "浙江省温州市"',
    "period": "period = [2018, 2023]",
    "published": 'published = "2023-06-18"',
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
    published: str | None = None
    as_of: str | None = None
    supersedes: tuple[str, ...] = ()


def doubts(report: Report) -> tuple[Inference, ...]:
    """What was inferred with little ground and can be set here."""
    return tuple(i for i in report.inferences if i.field in _EXAMPLES and i.confidence < SURE)


def suggested(report: Report) -> tuple[str, ...]:
    """The lines of ``reports.toml`` that would settle the doubts; empty where there are none."""
    lines = tuple(_line(report, doubt.field) for doubt in doubts(report))
    return (f"[{_quoted(report.source.name)}]", *lines) if lines else ()


def _line(report: Report, field: str) -> str:
    """What was inferred, to be confirmed or corrected, with other places that the report names; else a pattern."""
    if field == "place":
        known, *others = _places(report) or ["……省……市"]
        return f"place = {_quoted(known)}" + (f"  # 或 {'、'.join(others)}" if others else "")
    if field == "period":
        years = report.period
        return (
            f"period = [{years.start}, {years.end}]"
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
    try:
        if not path.is_file():
            return {}
        if path.stat().st_size > TOML_BYTES:
            raise ReportError(f"{path} 超过 {TOML_BYTES // 1024} KB，不像是配置文件。请检查内容。")
        tables = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ReportError(f"打不开 {path}：{error.strerror or error}。请检查文件权限。") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
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
        if key in _TEXTS and not (isinstance(value, str) and value.strip()):
            raise _wrong(where, key)
        if key in ("published", "as_of") and not _DATE.fullmatch(value):
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
        period=_period(where, table["period"]) if "period" in table else None,
        published=table.get("published"),
        as_of=table.get("as_of"),
        supersedes=tuple(names),
    )


def _wrong(where: str, key: str) -> ReportError:
    return ReportError(f"{where} 的 {key} 写得不对。请写成：{_EXAMPLES[key]}")


def _place(name: str) -> Place:
    """The division of this name; a place that is no division, such as a development zone, as it is written."""
    found = divisions.find(name.strip())
    whole = found[-1][2] if found and found[-1][1] == len(name.strip()) else None
    return whole or divisions.get(name) or Place(name.strip())


def _period(where: str, value: Any) -> Period:
    years = value if isinstance(value, list) else [value, value]
    whole = all(isinstance(y, int) and not isinstance(y, bool) and 1900 <= y <= 2100 for y in years)
    if len(years) != 2 or not whole or years[0] > years[1]:
        raise _wrong(where, "period")
    return Period(*years)
