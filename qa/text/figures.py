"""Find figures in Chinese text: value, unit, approximator, boundary.

``36.58万人次`` is one figure of value 365800 and unit 人次, never 36 or 58; ``50`` is not found in ``150``. Numerals in
names are no figures: 第十五次, “五个一”, 十四五, 一体化. Chinese numerals count only before a measure word (三项,
八部门, 二十余家). A minus belongs to its figure, the dash of a range or a name does not. A numeral of hundreds of
digits, too large for a float, is no figure.
"""

import math
import re
from bisect import bisect_left
from functools import lru_cache

from qa.text.normal import same_length
from qa.text.numerals import DIGITS, SCALES, hanzi_value
from qa.types import CheckedFigure, Figure

_SCALE = "|".join(sorted((s for s in SCALES if s), key=len, reverse=True))

# Measure words by what they measure; questions use the first word of a kind.
UNIT_KINDS: dict[str, tuple[str, ...]] = {
    "元": ("元人民币", "元人", "元", "美元", "港元", "欧元", "块钱", "块"),
    "人次": ("人(次)", "人次", "名次"),
    "人": ("人", "名", "位", "员"),
    "%": ("个百分点", "百分点", "%", "‰", "成"),
    "家": ("家(次)", "家次", "家", "个单位"),
    "户": ("户(次)", "户次", "户"),
    "场": ("场(次)", "场次", "场", "期", "次", "届", "轮", "批次"),
    "件": ("件次", "件", "起", "宗", "案"),
    "项": ("项", "条", "类", "种", "款", "篇", "步", "方面"),
    "个": ("个", "处", "座", "所", "间", "站", "点", "支", "批", "对", "块", "组", "队"),
    "份": ("份", "册", "本", "张", "幅", "部", "枚", "封", "套"),
    "平方米": ("平方米", "平方公里", "平方千米", "公顷", "亩", "平米"),
    "公里": ("公里", "千米", "米", "厘米", "海里", "里"),
    "吨": ("吨", "公斤", "千克", "克", "斤", "立方米"),
    "千瓦": ("千瓦时", "千瓦", "瓦", "度"),
    "摄氏度": ("摄氏度", "℃", "°C"),
    "年": ("年",),
    "天": ("个月", "月", "周年", "天", "日", "小时", "分钟", "秒", "岁", "周", "学时", "课时", "季度"),
    "倍": ("倍",),
    "辆": ("辆", "台", "架", "艘", "列", "班", "车次", "趟", "航次", "颗"),
    "栋": ("栋", "幢"),
    "株": ("株", "棵"),
    "盏": ("盏",),
    "箱": ("箱",),
    "标准箱": ("标准箱", "标箱"),
    "门": ("门", "节", "堂", "讲"),
    "字": ("字", "页"),
    "部门": ("部门", "单位", "企业", "县", "市", "区", "省", "乡镇", "镇", "村", "街道", "国"),
}
_KIND_OF = {unit: kind for kind, units in UNIT_KINDS.items() for unit in units}
UNIT = "|".join(re.escape(u) for u in sorted(_KIND_OF, key=len, reverse=True))
# Units of a measured kind equal only themselves and their synonyms in ``_ALSO``.
MEASURED = ("元", "%", "平方米", "公里", "吨", "千瓦", "摄氏度", "年", "天", "倍", "部门")
_ALSO = {"元人民币": "元", "元人": "元", "块钱": "元", "块": "元", "个百分点": "百分点", "平米": "平方米"}
_ALSO |= {"平方千米": "平方公里", "千米": "公里", "千克": "公斤", "度": "千瓦时", "月": "个月", "日": "天"}
_ALSO |= {"℃": "摄氏度", "°C": "摄氏度"}
_OCCASIONS = ("家", "户", "件", "辆")  # kinds in which 家次 differs from 家

# Approximators by what they state about the true value.
_SENSES: dict[str, tuple[str, ...]] = {
    "over": ("超过了", "超过", "突破了", "突破", "超", "逾", "多于", "高于", "余", "多", "有余"),
    "at least": ("不少于", "不低于", "至少", "以上"),
    "nearly": ("将近", "接近", "近"),
    "under": ("不到", "不足", "少于", "低于", "以下"),
    "at most": ("不超过", "最多", "至多", "以内"),
    "about": ("大约", "约", "来", "左右", "上下"),
}
_SENSE_OF = {word: sense for sense, words in _SENSES.items() for word in words}
_BEHIND = ("以上", "左右", "以内", "以下", "有余", "上下")
_AFTER = "|".join(_BEHIND)
_BEFORE = "|".join(
    r"(?<![要合预签节条契公制])约" if word == "约" else word
    for word in sorted(_SENSE_OF, key=len, reverse=True)
    if word not in (*_BEHIND, "余", "多", "来")
)

# The pattern starts with the number, so that a text is scanned for digits; approximators before it are read backwards.
_LED = re.compile(rf"(?:{_BEFORE})(?=\s*$)")
# Digits in groups with blanks are known by a group that begins with a nought, as no number does: 18 013家.
_BY_BLANKS = (
    r"(?<!0)\d{0,2}(?= (?:\d{3} ){0,2}0)(?: \d{3}(?!\d)){1,3}(?:\.\d+)?"
    rf"(?=\s*(?:多|余|来)?\s*(?:{_SCALE}|{UNIT}))"
)
_ARABIC = re.compile(
    rf"(?P<number>\d(?<![\d.A-Za-z]\d)(?:{_BY_BLANKS}|\d*(?:,\d{{3}}(?!\d))*(?:\.\d+)?)"
    rf"\s*(?:多|余|来)?\s*(?P<scale>{_SCALE})?(?(scale)(?:\s*\d+(?:\.\d+)?\s*(?:{_SCALE}))?))"
    rf"\s*(?P<middle>余|多|来)?\s*(?P<unit>{UNIT})?\s*(?P<after>{_AFTER})?(?:(?<=[年月])|(?![\d.]\d))"
)
_MINUS = frozenset("-−")
_SIGNED = re.compile(
    r"(?:^|[\s：:，,、；;。！!？?（(\[【=<>≤≥～~—–|]|(?P<word>[一-龥])|[（(][^（）()\d]*[)）])$"
)
# The beginning of a range: 5家-8家, 2018年-2023年.
_RANGE_FROM = re.compile(
    rf"[\d廿卅零一二两三四五六七八九十百千万亿几][余多来]?\s*(?:{UNIT})?\s*(?:{_AFTER})?\s*$"
)
_DATE_UNITS = frozenset("年月日")
MOST_BEFORE = 8  # characters in which an approximator before a number is looked for
_SCALED_UNIT = re.compile(rf"(?:{_SCALE})?({UNIT})?")
_NUMERAL_BEFORE = frozenset("第.廿卅零一二三四五六七八九十百千万亿初正0123456789")
_COUNTED = frozenset("人户总额")  # before 数 that ends a word
_HANZI = re.compile(
    r"(?P<number>[廿卅一二两三四五六七八九十百千万亿]+(?<![十百千万亿]千)(?:零[一二三四五六七八九十百千万亿]+)*(?:(?<=[百千])(?<![一二两三四五六七八九十百千万亿][百千])分之[零一二三四五六七八九十百点]+)?"
    r"(?:点[零一二三四五六七八九]+(?=[万亿]))?(?:[余多来]?[万亿]+)?)"
    rf"(?P<middle>余|多|来)?(?P<unit>大(?=[行工机体平类任])|{UNIT})?(?P<after>{_AFTER}|(?<=成)多)?"
)
_APPROXIMATOR = re.compile(rf"^(?:{_BEFORE})|(?<=[\d十百千万亿成\s])[余多来]|(?:{_AFTER})$")
_PIECE = re.compile(rf"(\d+(?:\.\d+)?)\s*(?:多|余|来)?\s*({_SCALE})?")
# Units before which a Chinese numeral is no count: 三月, 十九届, 一部, 两点; years only after 连续, 为期.
_NO_COUNTERS = frozenset("成度部点日届月员国讲对步字级节班站里")
_NO_TENTHS = re.compile(r"[立员果为功效长都本熟就绩交品名人分型]")  # 三成立, 两成员
_LARGE = re.compile(r"[一二两三四五六七八九].*[万亿]")  # counts even without a unit: 四十六万群众
_INNER = re.compile(r"[余多来](?=[万亿])")  # 两千多万
_SINCE = re.compile(r"(?:连续|为期|历时)$")
_COUNTERS = frozenset("家个项场次名位人件起份户所座条届期支门县市区间批类篇处村幅册")


@lru_cache(maxsize=4096)
def figures(text: str) -> tuple[Figure, ...]:
    """Return every figure of the text in reading order; offsets count characters of the text itself.

    >>> [(f.value, f.unit, f.text) for f in figures("累计超36.58万人次，占92.3%")]
    [(365800.0, '人次', '超36.58万人次'), (92.3, '%', '92.3%')]
    """
    view = same_length(text)
    arabic = [f for m in _ARABIC.finditer(view) if (f := _arabic(text, view, m)) is not None]
    found = list(arabic)
    for match in _HANZI.finditer(view):
        if (figure := _hanzi(text, view, match)) is not None:
            begun = bisect_left(arabic, figure.end, key=lambda f: f.start)  # those that begin before its end
            if not begun or arabic[begun - 1].end <= figure.start:
                found.append(figure)
    return tuple(sorted(found, key=lambda f: (f.start, f.end)))


@lru_cache(maxsize=1024)
def unit_kind(unit: str) -> str:
    """Return the kind of a unit: ``名`` and ``位`` are ``人``; unknown units are themselves."""
    return _KIND_OF.get(same_length(unit), unit)


def _is_some(text: str, at: int) -> bool:
    """Whether a scale there is of no exact number (数十万, 几百), and not behind a word as 人数."""
    some = text[at - 1 : at]
    return some == "几" or (some == "数" and text[at - 2 : at - 1] not in _COUNTED)


def is_unit(text: str) -> bool:
    """Whether a text is only a measure word, with or without scale: 件, 万元, 万人次, %, 万; not 市 or 单位.

    >>> [is_unit(text) for text in ("万人次", "家", "县", "户数")]
    [True, True, False, False]
    """
    found = _SCALED_UNIT.fullmatch(same_length(text))
    return found is not None and text != "" and unit_kind(found[1] or "") != "部门"


def same_measure(one: str, other: str) -> bool:
    """Whether two units count the same: 件 and 起 do; % and 个百分点, 亩 and 平方米, 人 and 人次, 家 and 家次 do not."""
    if unit_kind(one) != unit_kind(other):
        return False
    first, second = _plain_unit(one), _plain_unit(other)
    if unit_kind(one) in MEASURED:
        return first == second
    return unit_kind(one) not in _OCCASIONS or first.endswith("次") == second.endswith("次")


def senses(figure: Figure) -> frozenset[str]:
    """Return the senses of its approximators: over, at least, nearly, under, at most, about; none if exact.

    >>> [sorted(senses(f)) for f in figures("超过36万人、50余家、近50家")]
    [['over'], ['over'], ['nearly']]
    """
    words = (match.group() for match in _APPROXIMATOR.finditer(same_length(figure.text)))
    return frozenset(_SENSE_OF[word] for word in words)


def amounts_in(text: str) -> tuple[Figure, ...]:
    """Return the figures of a text without calendar years."""
    return tuple(figure for figure in figures(text) if not is_year(figure))


def figure_of(text: str) -> Figure | None:
    """Return the figure of a text if it has one alone, years not counted."""
    own = amounts_in(text)
    return own[0] if len(own) == 1 else None


def is_year(figure: Figure | CheckedFigure) -> bool:
    """Whether a figure is a calendar year (2018年), not an amount."""
    return figure.unit in ("年", "") and 1900 <= figure.value <= 2100 and figure.value == int(figure.value)


def same_value(a: float, b: float) -> bool:
    """Whether two values are equal up to floating-point error, not up to printed rounding."""
    return abs(a - b) <= 1e-6 * max(1.0, abs(a), abs(b))


def _plain_unit(unit: str) -> str:
    bare = re.sub(r"[()]", "", same_length(unit))
    return _ALSO.get(bare, bare)


def _approximator_before(view: str, number: int) -> tuple[str, int]:
    """Return the approximator right before a number, or ``""``, and where both begin."""
    from_ = max(0, number - MOST_BEFORE)
    match = _LED.search(view[from_:number])
    return (match.group(), from_ + match.start()) if match else ("", number)


def _has_minus(view: str, number: int, *, counts: bool) -> bool:
    """Whether a minus is right before a number; after a word only if the number counts something, not in 歼-35."""
    if view[number - 1 : number] not in _MINUS:
        return False
    before = view[max(0, number - 1 - 2 * MOST_BEFORE) : number - 1]
    led = _SIGNED.search(before)
    return led is not None and (counts or not led["word"]) and not _RANGE_FROM.search(before)


def _arabic(text: str, view: str, match: re.Match[str]) -> Figure | None:
    number = re.sub(r"[,\s]", "", match["number"])
    value, last = 0.0, float("inf")
    for digits, scale in _PIECE.findall(number):
        size = SCALES[scale]
        if size >= last:  # 1千8百万: 万 is of 8百 and all before it; 2千3千 is no number
            whole = SCALES[scale[-1:]]
            if whole < SCALES["万"] or last >= SCALES["万"] or size >= last * whole:
                return None
            value *= whole
        value += float(digits) * size
        last = size
    if not math.isfinite(value):
        return None
    unit = match["unit"] or ""
    if unit_kind(unit) == "部门" and 1900 <= value <= 2100:
        unit = ""  # 2023区总工会: a year before a name
    soft = next((c for c in "余多来" if c in number or c == match["middle"]), "")
    counts = bool(unit) or any(c in SCALES for c in number)
    minus = unit not in _DATE_UNITS and _has_minus(view, match.start(), counts=counts)
    value = -value if minus else value
    before, start = _approximator_before(view, match.start() - minus)
    last_group = 0 if match["after"] else "unit" if unit else "middle" if match["middle"] else "number"
    shown = text[start : match.end(last_group)].rstrip()
    approximator = before or soft or match["after"] or ""
    return Figure(round(value, 6), unit, approximator, shown, start, start + len(shown))


def _hanzi(text: str, view: str, match: re.Match[str]) -> Figure | None:
    number, unit, end = match["number"], match["unit"] or "", match.end()
    inner = _INNER.search(number)
    number = _INNER.sub("", number)
    before, start = _approximator_before(view, match.start())
    if view[start - 1 : start] in _NUMERAL_BEFORE and start:
        if not before:
            return None
        before, start = "", match.start()
    if _is_some(view, start) and DIGITS.keys().isdisjoint(number):
        return None
    if number[1:3] == "分之":
        value, unit = hanzi_value(number[3:]), {"百": "%", "千": "‰"}[number[0]]
    elif unit == "成" and number in DIGITS and not _NO_TENTHS.match(view, match.end()):
        hundredths = DIGITS.get(view[end : end + 1], 0)  # 九成五
        value, unit, end = 10.0 * DIGITS[number] + hundredths, "%", end + (hundredths > 0)
    elif (
        (not unit and not _LARGE.fullmatch(number))
        or unit in _NO_COUNTERS
        or (unit == "年" and not _SINCE.search(view[max(0, start - MOST_BEFORE) : start]))
        or number == "一"
        or (number in ("千", "万", "百", "亿") and not before and not match["middle"])
        or (number in "十" and unit not in _COUNTERS)
    ):
        return None
    else:
        value = hanzi_value(number)
    if value is None or _in_name(view, match.start()):
        return None
    soft = before or (inner and inner.group()) or match["middle"] or match["after"] or ""
    return Figure(value, unit, soft, text[start:end], start, end)


def _in_name(view: str, start: int) -> bool:
    """Whether the numeral begins a quoted name (“五个一”, “两个确立”)."""
    before = view[start - 1 : start] if start else ""
    if before in ('"', "'"):  # opens and closes: a name follows the first, the third…
        return view.count(before, 0, start) % 2 == 1
    return bool(before) and before in "“‘《"
