"""Bibliography entries of reports by GB/T 7714—2015: 主要责任者. 题名[R]. 出版地: 出版者, 出版年."""

from __future__ import annotations

from qa.text.divisions import short_name
from qa.types import Report


def reference(report: Report) -> str:
    """Return the entry of a report; what is unknown is marked as the standard asks.

    >>> # 某某市总工会. 某某市总工会工作报告[R]. 某某: 某某市总工会, 2023.
    """
    author = report.organisation or report.place.name
    title = ": ".join(filter(None, (report.title or report.source.name, report.subtitle)))
    where = short_name(report.place.name) if report.place.name else "[出版地不详]"
    year = report.published[:4] or (str(report.period.end) if report.period else "[出版年不详]")
    return f"{author or '佚名'}. {title}[R]. {where}: {author or '[出版者不详]'}, {year}."
