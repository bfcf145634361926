"""Tell amounts from the figures of dates and of names: 3家 against 2023年 and “五个一”, 1+6, 24小时热线, 第3名."""

from __future__ import annotations

import re

from qa.ledger.records import FigureKind
from qa.text.beside import LONGEST_NAME, NAMES, NEAR
from qa.text.figures import is_year
from qa.text.firsts import first_before
from qa.text.spans import touching
from qa.types import Figure, Paragraph, Span

__all__ = ["heads_of", "kind_of", "sheltered"]

_TITLES = re.compile(r"《[^《》]{1,80}》")
_STRAIGHT = frozenset("\"'")
_DATE_UNITS = frozenset({"月", "日"})
_SPANNING = re.compile(r"(?:来|间|以来|多来|内|里|中|初|末|底|前|后|之)")
_SINCE = re.compile(r"(?:近|过去|连续|未来|今后|这|最近|前|上|每|历时|为期|第)$")
_NAMED = re.compile(
    r"(?:专项|工程|行动|计划|规划|方案|体系|模式|工作法|机制|思路|战略|热线|电话|平台|号|政策|举措|格局|布局|目标|全域|精神|标准|"
    r"[+＋~～:：]|[A-Za-z])"
)
_PLAN_YEARS = re.compile(r"(?:规划|行动|计划|方案|纲要|战略)")
_ORDINAL = re.compile(r"(?:第|前|届|No\.?|NO\.?|[+＋]|[—\-－]\s?|〔\d{4}〕|[A-Za-z])$")
_LISTED = re.compile(r"[.．、)）]|[一-龥]")
_THRESHOLD = re.compile(r"(?:以上|以下|以内)?(?:的)?(?:非公|大型|重点|规模)?(?:企业|单位|用人单位|项目)")
_SHORT = 100  # an item's number is lower
_PLAN = re.compile(
    r"将(?:继续|全面|进一步|深入|大力|着力|实施|开展|建设|新建|举办|推进|打造|启动|建成|达到|投入|力争)|力争|争取|计划(?!生育)|预计|目标|今后|未来|下一步|将要|确保到|要(?:新建|新增|建成|完成|实现|达到)|到20\d\d年"
)
_AHEAD = re.compile(
    r"今后|未来|下一步|展望|目标任务|计划数|目标数|年计划[。：:]?$|工作要点|工作安排|工作部署|工作打算|奋斗目标|主要任务|工作思路"
)
_YEAR_FIRST = re.compile(r"\W{0,2}(20\d\d)年")
_LEAD = re.compile(r"[^。：:，,；;]{2,16}[。：:]")
_DONE = re.compile(r"已|完成了|实现了|累计|共计")


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


def kind_of(
    figure: Figure,
    text: str,
    names: tuple[Span, ...],
    heading: tuple[str, ...] = (),
    until: int | None = None,
) -> FigureKind:
    """What a figure of a sentence is.

    Args:
        figure: found in ``text``.
        names: ``sheltered(text)``.
        heading: of its paragraph; plans stand under 今后五年的目标任务.
        until: the last year of the report's period; what a later year announces is a plan.
    """
    before, after = text[max(0, figure.start - NEAR) : figure.start], text[figure.end : figure.end + NEAR]
    around = touching(names, figure.start, figure.end, LONGEST_NAME)
    if any(a < figure.start and figure.end < b for a, b in around):
        return "name"
    if _is_date(figure, before, after):
        return "date"
    if _is_name(figure, before, after):
        return "name"
    return "plan" if _is_plan(figure, text, heading, until) else "amount"


def heads_of(paragraph: Paragraph) -> tuple[str, ...]:
    """What the figures of a paragraph stand under: its headings, and the words or the year that open it."""
    lead = _LEAD.match(paragraph.text) or _YEAR_FIRST.match(paragraph.text)
    return (*paragraph.heading, lead.group()) if lead else paragraph.heading


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


def _is_plan(figure: Figure, text: str, heading: tuple[str, ...], until: int | None) -> bool:
    if _DONE.search(text[max(0, figure.start - 12) : figure.start]):
        return False
    opened = (_YEAR_FIRST.match(text, 0, figure.start), *map(_YEAR_FIRST.match, heading))
    if until and any(match and int(match[1]) > until for match in opened):
        return True
    return bool(first_before(_PLAN, text, figure.start)) or any(_AHEAD.search(part) for part in heading)
