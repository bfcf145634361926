"""Compare a figure, date or name of a draft with one of a report: the same, worded otherwise, or different."""

import math
import re
from typing import Literal, TypeAlias

from qa.drafts.statements import AMONG, UNKNOWN_YEAR, Date, Statement
from qa.text.arithmetic import precision
from qa.text.changes import course_before
from qa.text.figure_context import interchangeable
from qa.text.figures import MEASURED, same_measure, same_value, senses, unit_kind
from qa.text.normal import normal, without_punctuation
from qa.text.numerals import number_of
from qa.types import Figure

Likeness: TypeAlias = Literal["same", "otherwise", "other"]

ROUNDING = 0.05  # largest relative error with 约
FURTHEST = 0.15  # largest relative error with 超 and 近
# The units of one measure, each with its size.
SIZES = (
    {"斤": 0.5, "公斤": 1.0, "千克": 1.0, "吨": 1000.0},
    {"米": 1.0, "里": 500.0, "公里": 1000.0, "千米": 1000.0, "海里": 1852.0},
    {"倍": 1.0, "%": 0.01, "‰": 0.001},
    {"平方米": 1.0, "亩": 2000 / 3, "公顷": 1e4, "平方公里": 1e6, "平方千米": 1e6},
)
LONG = 4  # significant digits that rarely agree by chance
_MARKS = re.compile(r"[^\w]")
_SCALED = re.compile("[十百千万亿]")
# The senses of an approximator in a report → those that a draft may use instead; of others the same alone.
_ALSO: dict[frozenset[str], frozenset[str]] = {
    frozenset({"over"}): frozenset({"over", "at least"}),
    frozenset({"at least"}): frozenset({"at least", "over"}),
    frozenset({"nearly"}): frozenset({"nearly", "under", "about"}),
    frozenset({"under"}): frozenset({"under", "nearly"}),
    frozenset(): frozenset({"at least", "about"}),
}
_AMONG = re.compile(AMONG)


def likeness(said: Statement, stated: Statement) -> Likeness:
    """Return how a draft's statement compares with a report's."""
    if said.figure is not None and stated.figure is not None:
        other_pace = said.pace and said.pace != stated.pace
        if other_pace and (stated.pace or f"每{said.pace}" not in stated.sentence):
            return "other"
        return "other" if _courses_differ(said, stated) else _figures(said.figure, stated.figure)
    if said.date is not None and stated.date is not None:
        return _dates(said.date, stated.date)
    if said.kind != stated.kind or said.kind not in ("name", "occasion", "rank"):
        return "other"
    one, other = without_punctuation(said.text), without_punctuation(stated.text)
    if said.kind == "name":
        alike = len(one) > 3 and len(other) > 3 and (one in other or other in one)
    else:
        whose = {_among(said), _among(stated)} - {""}
        if len(whose) > 1:  # 西部第一 is not 全国第一
            return "other"
        alike = _ordinal(one) == _ordinal(other)
    return "same" if one == other else "otherwise" if alike else "other"


def _courses_differ(said: Statement, stated: Statement) -> bool:
    """Return whether one goes up and the other down, or one by as much and the other to as much, or is as many times."""
    one, other = (course_before(each.sentence[: each.at]) for each in (said, stated))
    if one is None or other is None:  # 1.2倍 of what it was is not 120% more
        units = {each.figure.unit for each in (said, stated) if each.figure}
        return one != other and {"倍", "%"} <= units
    return one[1] != other[1] or (one[0] != other[0] and not one[1])


def of_one_occasion(said: Statement, stated: Statement) -> bool:
    """Return whether two occasions may be the same one: the words behind their ordinals share some, or either has none."""
    behind = (s.clause[s.begin + len(s.text) :].lstrip('“"《') for s in (said, stated))
    one, other = (_MARKS.split(words, maxsplit=1)[0] for words in behind)
    return said.kind != "occasion" or not one or not other or name_overlap(one, other) > 0


def _among(statement: Statement) -> str:
    """Return among whom a rank is (全国), told by its own words or right before it, or ``""``."""
    told = [*_AMONG.finditer(statement.sentence, 0, statement.at + len(statement.text))]
    whose = told[-1][0] if told and told[-1].end() >= statement.at else ""
    return whose.removesuffix("地区").replace("全球", "世界")  # 西部地区首个 is 西部首个


def _ordinal(text: str) -> tuple[int | str, str]:
    """Return the number of an ordinal, and what it counts: 次, 届 or a rank."""
    if _AMONG.match(text):  # 全国率先
        return 1, ""
    number, counted = text.strip("第次届位名").replace("首", "一"), text[-1] if text[-1] in "次届" else ""
    try:
        return number_of(number), counted
    except ValueError:  # 第3十次
        return number, counted


def _dates(said: Date, stated: Date) -> Likeness:
    both = [(a, b) for a, b in zip(said, stated, strict=True) if a is not None and b is not None]
    known = [(a, b) for a, b in both if UNKNOWN_YEAR not in (a, b)]
    told_further = said[2] is not None and stated[2] is None  # the month of a year
    if not known or told_further or any(a != b for a, b in known):
        return "other"
    return "otherwise" if UNKNOWN_YEAR in (*said, *stated) else "same"


def _figures(said: Figure, stated: Figure) -> Likeness:
    own, theirs = senses(said), senses(stated)
    sizes = next((each for each in SIZES if {said.unit, stated.unit} <= each.keys()), None)
    if sizes and said.unit != stated.unit:
        alike = same_value(said.value * sizes[said.unit], stated.value * sizes[stated.unit]) and own == theirs
        return "otherwise" if alike else "other"
    kinds = {unit_kind(said.unit), unit_kind(stated.unit)}
    differ = bool(said.unit and stated.unit) and not alike_units(said.unit, stated.unit)
    of_kinds = (
        len(kinds) == 2 and interchangeable(*kinds) and said.unit.endswith("次") == stated.unit.endswith("次")
    )
    if differ and not of_kinds:
        return "other"
    if same_value(said.value, stated.value):
        if own == theirs:
            printed = (re.sub(r"[^\d一-龥.%‰]", "", normal(f.text)).replace("次", "") for f in (said, stated))
            return "same" if len(set(printed)) == 1 else "otherwise"
        return "otherwise" if own and own <= _ALSO.get(theirs, theirs) else "other"
    return "otherwise" if _rounded(said, stated, own, theirs) else "other"


def _rounded(said: Figure, stated: Figure, own: frozenset[str], theirs: frozenset[str]) -> bool:
    """Return whether a draft rounds an exact figure, in the direction that its approximator says."""
    over = own and own | theirs <= {"over", "at least"}  # 五千一百多 of 5120余
    if (theirs and not over) or not stated.value:
        return False
    off = (said.value - stated.value) / stated.value
    if own == {"about"}:
        return abs(off) <= ROUNDING
    if own and own <= {"over", "at least"}:
        return -FURTHEST <= off < 0 or is_round_of(said, stated)
    if own and own <= {"nearly", "under"}:
        return 0 < off <= FURTHEST
    if own or not (_SCALED.search(said.text) or "成" in said.text):
        return False
    in_tenths = "成" in said.text  # 五成六
    step = (10.0 if said.text.endswith("成") else 1.0) if in_tenths else precision(said)
    fine = step < 0.1 * abs(stated.value) or in_tenths
    return abs(said.value - stated.value) <= step / 2 and fine


def is_round_of(one: Figure, other: Figure) -> bool:
    """Return whether a figure is another one's first digit with noughts: 6万亿 of 62661亿, 三百多 of 355."""
    step = 10 ** math.floor(math.log10(one.value)) if one.value > 0 else 0
    return len(_digits(one)) == 1 and one.value <= other.value < one.value + step


def is_slip(said: Figure, stated: Figure) -> bool:
    """Return whether two figures differ by swapped digits, one digit of at least three, the magnitude or the sign."""
    one, other = _digits(said), _digits(stated)
    if not one or len(one) != len(other) or said.value == stated.value:
        return False
    changed = sum(a != b for a, b in zip(one, other, strict=True))
    return changed == 0 or (changed == 1 and len(one) > 2) or (len(one) > 1 and sorted(one) == sorted(other))


def comparable(said: Statement, stated: Statement) -> bool:
    """Return whether differing statements can be of one thing: of equal digits, or of compatible units and alike relative."""
    one, other = said.figure, stated.figure
    if one is None or other is None or one.value == other.value:
        return True
    if len(_digits(one)) > 1 and _digits(one) == _digits(other):
        return True
    if said.relative != stated.relative:
        return is_slip(one, other)
    unit = one.unit or other.unit  # a draft may leave it out
    kinds = {unit_kind(unit), unit_kind(other.unit)}
    return alike_units(unit, other.unit) or len(kinds) < 2 or ("" not in kinds and interchangeable(*kinds))


def alike_units(said: str, stated: str) -> bool:
    """Return whether two units count the same; in a draft 个 may count whatever is counted, and 块 is money.

    >>> alike_units("个", "名"), alike_units("块", "元"), alike_units("个", "元"), alike_units("名", "个")
    (True, True, False, False)
    """
    of_any = said == "个" and unit_kind(stated) not in ("", *MEASURED) and not stated.endswith("次")
    return of_any or (said == "块" and stated == "元") or same_measure(said, stated)


def of_one_measure(one: Statement, other: Statement) -> bool:
    """Return whether two statements are figures of one measure."""
    return bool(one.figure and other.figure and alike_units(one.figure.unit, other.figure.unit))


def distinctiveness(said: Statement) -> float:
    """Return 0 to 1: how unlikely a chance match is; more digits or characters, more."""
    return min(len(_digits(said.figure)) if said.figure else len(said.text) / 2, LONG) / LONG


def _digits(figure: Figure) -> str:
    return f"{abs(figure.value):.10g}".replace(".", "").strip("0").partition("e")[0]


def name_overlap(one: str, other: str) -> float:
    """Return the Dice similarity of two names over pairs of characters, 0 to 1."""
    bare = map(without_punctuation, (one, other))
    first, second = ({text[i : i + 2] for i in range(max(len(text) - 1, 1))} for text in bare)
    return 2 * len(first & second) / (len(first) + len(second))
