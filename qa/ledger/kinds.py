"""Separate amounts (3家) from figures of dates (2023年) and of names (“五个一”, 1+6, 24小时热线, 第3名)."""

from __future__ import annotations

import re

from qa.ledger.records import FigureKind
from qa.text.figure_context import LONGEST_NAME, NAMES, NEAR
from qa.text.figures import is_year
from qa.text.spans import touching
from qa.types import Figure, Span

_TITLES = re.compile(r"《[^《》]{1,80}》")
_SPANNING = re.compile(r"[以多]?来|[间内里中初末底前后之]")
_SINCE = re.compile(r"(?:[近这前上每第]|过去|连续|未来|今后|历时|为期)$")
_NAMED = re.compile(r"工程|行动|计划|体系|模式|工作法|热线|平台|号|[+＋~～:：A-Za-z]")
_PLAN_YEARS = re.compile(r"规划|行动|计划|纲要")
_ORDINAL = re.compile(r"(?:[第前届+＋A-Za-z]|N[oO]\.|[—\-－]\s?|〔\d{4}〕)$")
_LISTED = re.compile(r"[.．、)）一-龥]")
_THRESHOLD = re.compile(r"的?[一-龥]{0,2}(?:企业|单位|项目)")
_SHORT = 100  # numbers of list items are lower


def quoted_spans(text: str) -> tuple[Span, ...]:
    """Return the spans of quoted names and titles.

    A straight quote opens a name only after an even number of them, so that the text between two names is none.
    """
    spans = [match.span() for match in _TITLES.finditer(text)]
    straight, counted = 0, 0
    for match in NAMES.finditer(text):
        straight, counted = straight + text.count('"', counted, match.start()), match.start()
        if text[match.start()] != '"' or straight % 2 == 0:
            spans.append(match.span())
    return tuple(sorted(spans))


def kind_of(figure: Figure, text: str, names: tuple[Span, ...], planned: bool) -> FigureKind:
    """Return the kind of a figure of ``text``; ``names`` is ``quoted_spans(text)``."""
    before, after = text[max(0, figure.start - NEAR) : figure.start], text[figure.end : figure.end + NEAR]
    around = touching(names, figure.start, figure.end, LONGEST_NAME)
    if any(a < figure.start and figure.end < b for a, b in around):
        return "name"
    if _is_date(figure, before, after):
        return "date"
    if _is_name(figure, before, after):
        return "name"
    return "plan" if planned else "amount"


def _is_date(figure: Figure, before: str, after: str) -> bool:
    if (is_year(figure) and not figure.approximator) or (figure.unit in ("月", "日") and figure.value <= 31):
        return True
    return figure.unit == "年" and bool(_SPANNING.match(after) or _SINCE.search(before))


def _is_name(figure: Figure, before: str, after: str) -> bool:
    if figure.unit in ("大", "周年", "届") or _ORDINAL.search(before):
        return figure.unit != "届" or bool(_ORDINAL.search(before)) or not figure.text[0].isdigit()
    if figure.unit == "方面" or (figure.unit == "个" and after.startswith(("方面", "环节", "层面", "维度"))):
        return not figure.text[0].isdigit()
    if (
        (figure.unit in ("年", "天", "小时") and (_PLAN_YEARS.match(after) or figure.value in (24, 365)))
        or (figure.unit == "项" and before.endswith("中央"))  # 中央八项规定
        or re.match(r"[一二三四五六七八九十][省市区县]", after)  # 三省一市
        or (figure.unit in ("人", "名") and figure.text.endswith("以上") and _THRESHOLD.match(after))
        # 三个“一号工程”
        or (re.match(r"[“\"‘](?:[^”\"’]{1,8})[”\"’]", after) and not any(c.isdigit() for c in figure.text))
    ):
        return True
    bare = not figure.unit and not figure.approximator and figure.text.isascii() and figure.text.isdigit()
    if not bare or _NAMED.match(after):
        return bare
    opens_text = not before.strip() and figure.start < NEAR
    return opens_text and figure.value < _SHORT and bool(_LISTED.match(after))
