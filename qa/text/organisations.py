"""What a report is called after: the division that its union is of, or the company or zone that has the union."""

from __future__ import annotations

import re
from functools import lru_cache

from qa.text.divisions import short_name
from qa.types import Report

__all__ = ["core_name", "is_of_division", "report_label"]

_FORM = re.compile(
    r"(?:股份|有限|责任)+公司|(?:第[一二三四五六七八九十]+届)?委员会|(?:总|基层|联合)?工会(?:委员会|联合会)?"
)
_LEVEL = re.compile(r"^(?:[省市区县州盟旗]|自治[州县区])?$")


@lru_cache(maxsize=4096)
def core_name(organisation: str) -> str:
    """The name without its legal form.

    >>> core_name("辽河重型机械集团有限公司工会")
    '辽河重型机械集团'
    """
    return _FORM.sub("", organisation)


@lru_cache(maxsize=4096)
def is_of_division(organisation: str, place: str) -> bool:
    """Whether an organisation is the union of a whole division.

    >>> is_of_division("苏州市总工会", "苏州市"), is_of_division("苏州某纺织公司工会", "苏州市")
    (True, False)
    """
    if not place or short_name(place) not in organisation:
        return False
    return bool(_LEVEL.match(core_name(organisation.rpartition(short_name(place))[2])))


def report_label(report: Report) -> str:
    """温州（2018–2023）: what a line of an answer about a report is headed with."""
    name = short_name(report.place.name) or (report.title and f"《{report.title[:16]}》")
    if report.organisation and not is_of_division(report.organisation, report.place.name):
        name = core_name(report.organisation)[:16] or name
    return f"{name}（{report.period}）" if report.period else name
