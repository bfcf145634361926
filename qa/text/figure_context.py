"""Read the context of a figure: quoted names, items of a list, and what a figure without a unit counts."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from qa.text.figures import UNIT, amounts_in, same_measure, unit_kind
from qa.types import Figure, Span

NAMES = re.compile(r"[“\"『「][^”\"』」]{1,24}[”\"』」]")
TITLES = re.compile(r"《[^《》]{1,80}》")
LONGEST_NAME = 82  # characters of a quoted name or of a title, its marks included
NEAR = 24  # characters on either side of a figure that show what it is
ITEM = re.compile(r"[、，,；;]|以及|(?<![一-龥][饱缓调])(?:和|及|与)(?!平|谐|解|其|约|时)")
RESPECTIVELY = re.compile(r"(?:同比|环比)?(?:分别|各)")
# Units that are interchangeable when institutions, events or people are counted.
_LIKE = [frozenset(kinds.split()) for kinds in ("家 个 户 部门", "个 项 份 件", "人 人次", "场 个 项")]
_COUNTED = re.compile(r"[一-龥]{0,4}?(?:(金|资金|经费|款)|(职工|会员|人员|农民工|群众|劳动者|人))")
_INSTITUTIONS = {"家": "个", "户": "个", "部门": "个"}  # institutions are counted in any of these
_REACHES = ("达", "达到")
_MEAN = frozenset("每均")
_LIST_MARKS = frozenset("、和与及")
_SCALE_MARKS = frozenset("十百千万亿")
_PER = re.compile(rf"每一?(?P<scale>[十百千万亿]*)(?P<each>{UNIT})|(?P<mean>{UNIT})均")
_PACE = re.compile(r"每一?个?(?P<each>[年月周天日])|(?P<mean>[年月周日])均|[/／](?P<per>[年月周天日])")


def pace(text: str, figure: Figure) -> str:
    """Return the unit of time that a figure is per: 年 of 每人每年200元, 月 of 200元/月; ``""`` if none."""
    start = max((text.rfind(mark, 0, figure.start) for mark in "，,。；;"), default=-1) + 1
    before = [*_PACE.finditer(text, start, figure.start)]
    match = _PACE.match(text, figure.end) or (before[-1] if before else None)
    return (match["each"] or match["mean"] or match["per"]).replace("天", "日") if match else ""


def states_mean(clause: str) -> bool:
    """Whether a clause states a mean itself: 每人500元, 人均500元."""
    return not _MEAN.isdisjoint(clause)


def per_units(question: str) -> frozenset[str]:
    """Return the kinds of unit of which a question asks for a mean: 平均每份, 每一场, 人均; ``""`` of many at once: 每百名.

    >>> sorted(per_units("平均每份合同覆盖多少职工")), sorted(per_units("户均多少钱"))
    (['份'], ['户'])
    """
    found = ((match["scale"], unit_kind(match["each"] or match["mean"])) for match in _PER.finditer(question))
    return frozenset("" if scale else kind for scale, kind in found if kind != "部门")


def counted_alike(units: Iterable[str]) -> bool:
    """Whether the units of figures are of one kind, or all empty; 家, 户 and 个 count institutions alike.

    >>> counted_alike(["家", "个"]), counted_alike(["家", ""])
    (True, False)
    """
    return len({_INSTITUTIONS.get(kind, kind) for kind in map(unit_kind, units)}) <= 1


def in_unit(unit: str | None, own: Iterable[Figure]) -> list[Figure]:
    """Return the figures that count in the unit that is asked for, or in one like it; none if none is asked for."""
    return [figure for figure in own if unit and counted_alike((figure.unit, unit))]


def comparable_units(one: str, other: str) -> bool:
    """Whether figures in two units may be set against each other: of one measure, or one in 家 and one in 户 or 个.

    >>> [comparable_units(one, "个") for one in ("座", "家", "家次", "户")]  # 户 may be the households of it
    [True, True, False, False]
    """
    institutions = (_INSTITUTIONS.get(unit, unit) for unit in (one, other))
    return same_measure(one, other) or ("家" in (one, other) and same_measure(*institutions))


def reached(text: str, figure: Figure) -> Figure:
    """Return the exact figure right behind a round one that it went beyond, else the figure itself.

    >>> text = "总量突破3万亿元、达3.6万亿元，会员超过36万人。"
    >>> [reached(text, f).text for f in amounts_in(text)]
    ['3.6万亿元', '3.6万亿元', '超过36万人']
    """
    after = next((each for each in amounts_in(text) if each.start >= figure.end), None)
    between = text[figure.end : after.start] if after else ""
    near = 0 < len(between) <= NEAR // 2 and between.endswith(_REACHES) and not any(map(str.isdigit, between))
    if after is None or not near or not same_measure(figure.unit, after.unit) or figure.value <= 0:
        return figure
    step = 10.0 ** math.floor(math.log10(figure.value))
    is_round = figure.value % step == 0
    return after if is_round and figure.value <= after.value < figure.value + step else figure


def nouns_of(text: str, clause: Span, own: Sequence[Figure]) -> list[str | None]:
    """Return the noun that 分别 or 各 assigns to each of ``own``, every figure of the clause in order."""
    word = RESPECTIVELY.search(text, *clause)
    before = [f for f in own if word is None or f.start < word.end()]
    nouns = [n for n in ITEM.split(text[clause[0] : word.start()]) if n.strip()] if word else []
    listed = len(own) - len(before)
    given: list[str | None] = [*nouns[-listed:]] if len(nouns) >= listed > 1 else [None] * listed
    return [*(None for _ in before), *given]


def whole_of(text: str, figure: Figure) -> Figure | None:
    """Return the figure of a text that another one is a part of, the last in its unit before 其中, or None.

    >>> text = "书屋43家，其中全国级2家、省级7家。"
    >>> [whole.text if (whole := whole_of(text, f)) else None for f in amounts_in(text)]
    [None, '43家', '43家']
    """
    begun = max(text.rfind(mark, 0, figure.start) for mark in "。；;") + 1
    parts = text.rfind("其中", begun, figure.start)
    before = (f for f in reversed(amounts_in(text)) if begun <= f.start < parts)
    return next((f for f in before if unit_kind(f.unit) == unit_kind(figure.unit)), None)


def has_whole_and_part(told: Sequence[tuple[str, Figure]]) -> bool:
    """Whether one of some figures, each with the text that states it, is what another is a part of: 43家，其中省级7家."""
    values = [figure.value for _, figure in told]
    parts = ((text, each) for text, own in told for each in amounts_in(text) if each.value == own.value)
    return any((whole := whole_of(*part)) and whole.value in values for part in parts)


def kind_shown(figure: Figure, right: str) -> str:
    """Return the kind of a figure's unit; without one, what the noun after it shows (5000多万慰问金 is money)."""
    if figure.unit:
        return unit_kind(figure.unit)
    noun = _COUNTED.match(right)
    return "" if noun is None else "元" if noun[1] else "人"


def in_unit_of_list(text: str, own: Sequence[Figure]) -> list[Figure]:
    """Return figures in order, each without a unit in that of the next if nothing but a mark of a list is between.

    >>> [f.unit for text in ("15、22个百分点", "5、8亿元") for f in in_unit_of_list(text, amounts_in(text))]
    ['个百分点', '个百分点', '', '元']
    """
    found = list(own[-1:])
    for figure in reversed(own[:-1]):
        following = found[-1]
        joined = text[figure.end : following.start].strip() in _LIST_MARKS
        scaled, next_scaled = ("".join(f.text.split(f.unit or None)) for f in (figure, following))
        measured = not _SCALE_MARKS.isdisjoint(scaled) or _SCALE_MARKS.isdisjoint(next_scaled)
        found.append(replace(figure, unit=figure.unit or (following.unit if joined and measured else "")))
    return found[::-1]


def interchangeable(one: str, other: str) -> bool:
    """Whether two kinds of units are interchangeable: 家 and 个, 场 and 项, 人 and 人次."""
    return any(one in group and other in group for group in _LIKE)
