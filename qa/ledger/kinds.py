"""Tell amounts from the figures of dates and of names: 3家 against 2023年 and “五个一”, 1+6, 24小时热线, 第3名."""

from __future__ import annotations

import re

from qa.ledger.records import FigureKind
from qa.text.beside import LONGEST_NAME, NAMES, NEAR
from qa.text.figures import is_year
from qa.text.spans import touching
from qa.types import Figure, Span

_TITLES = re.compile(r"《[^《》]{1,80}》")
_STRAIGHT = frozenset("\"'")
_DATE_UNITS = frozenset({"月", "日"})
_SPANNING = re.compile(r"(?:来|间|以来|多来|内|里|中|初|末|底|前|后|之)")
_SINCE = re.compile(r"(?:近|过去|连续|未来|今后|这|最近|前|上|每|历时|为期|第)$")
_NAMED = re.compile(
    r"(?:专项|工程|行动|计划|规划|方案|体系|模式|工作法|机制|思路|战略|热线|电话|平台|号|政策|举措|格局|布局|目标|全域|精神|标准|[+＋~～:：]|[A-Za-z])"
)
_PLAN_YEARS = re.compile(r"(?:规划|行动|计划|方案|纲要|战略)")
_ORDINAL = re.compile(r"(?:第|前|届|No\.?|NO\.?|[+＋]|[—\-－]\s?|〔\d{4}〕|[A-Za-z])$")
_LISTED = re.compile(r"[.．、)）]|[一-龥]")
_THRESHOLD = re.compile(r"(?:以上|以下|以内)?(?:的)?(?:非公|大型|重点|规模)?(?:企业|单位|用人单位|项目)")
_SHORT = 100  # an item's number is lower


def sheltered(text: str) -> tuple[Span, ...]:
    """Offsets of quoted names and titles.

    A straight quote opens where an even number of them went before: what stands between the end of one name and
    the beginning of the next is no name.
    """
    spans = [match.span() for match in _TITLES.finditer(text)]
    straight, counted = 0, 0
    for match in NAMES.finditer(text):
        straight, counted = straight + text.count('"', counted, match.start()), match.start()
        if text[match.start()] in _STRAIGHT and straight % 2:
            continue
        spans.append(match.span())
    return tuple(sorted(spans))


def kind_of(figure: Figure, text: str, names: tuple[Span, ...], planned: bool) -> FigureKind:
    """What a figure of a sentence is.

    Args:
        figure: found in ``text``.
        names: ``sheltered(text)``.
        planned: whether what is said there is still to be done.
    """
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
    if figure.approximator == "" and is_year(figure):
        return True
    if figure.unit in _DATE_UNITS and figure.value <= 31:
        return True
    return figure.unit == "年" and bool(_SPANNING.match(after) or _SINCE.search(before))


def _is_name(figure: Figure, before: str, after: str) -> bool:
    if figure.unit in ("大", "周年", "届") or _ORDINAL.search(before):
        return figure.unit != "届" or bool(_ORDINAL.search(before)) or not figure.text[0].isdigit()
    if figure.unit == "方面" or (figure.unit == "个" and after.startswith(("方面", "环节", "层面", "维度"))):
        return not figure.text[0].isdigit()
    if figure.unit in ("年", "天", "小时") and (_PLAN_YEARS.match(after) or figure.value in (24, 365)):
        return True
    if (before.endswith("中央") and figure.unit == "项") or re.match(
        r"[一二三四五六七八九十][省市区县]", after
    ):
        return True  # 中央八项规定, 三省一市
    if figure.text.endswith("以上") and figure.unit in ("人", "名") and _THRESHOLD.match(after):
        return True
    if re.match(r"[“\"‘](?:[^”\"’]{1,8})[”\"’]", after) and not any(c.isdigit() for c in figure.text):
        return True  # 三个“一号工程”
    bare = not figure.unit and not figure.approximator and figure.text.isascii() and figure.text.isdigit()
    if bare and _NAMED.match(after):
        return True
    return (
        bare
        and not before.strip()
        and figure.start < NEAR
        and figure.value < _SHORT
        and bool(_LISTED.match(after))
    )
