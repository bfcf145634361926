"""Read numerals in Chinese characters: 十二 is 12, 三亿四千万 is 340,000,000, 一点五万 is 15,000."""

import re

SCALES = {"": 1.0, "十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7}
SCALES |= {"亿": 1e8, "十亿": 1e9, "百亿": 1e10, "千亿": 1e11, "万亿": 1e12}
TENS = {"廿": 20.0, "卅": 30.0}
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}

_YEAR_WORD = "[一二][〇○零一二三四五六七八九]{3}"
_YEAR = re.compile(rf"{_YEAR_WORD}(?=\s*(?:年|[-—–~～至到]+\s*{_YEAR_WORD}\s*年))")
_YEAR_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_FORMAL_NUMERAL = re.compile(
    r"[壹贰叁肆伍陆柒捌玖拾佰仟]{2,}(?:零[壹贰叁肆伍陆柒捌玖拾佰仟]+)*|[壹贰叁肆伍陆柒捌玖](?=[万亿]元)"
)


def plain_numerals(text: str) -> str:
    """Replace formal numerals, as on cheques, by the usual ones; a single one may be part of a name (伍家岗).

    >>> plain_numerals("壹佰贰拾玖家，壹仟万元，陆家嘴")
    '一百二十九家，一千万元，陆家嘴'
    """
    return _FORMAL_NUMERAL.sub(lambda match: match.group().translate(_FORMAL), text)


def plain_years(text: str) -> str:
    """Replace years in characters by digits; the text stays as long.

    >>> plain_years("二〇一八至二○二三年，二〇二四年，二二得四")
    '2018至2023年，2024年，二二得四'
    """
    return _YEAR.sub(lambda match: match.group().translate(_YEAR_DIGITS), text)


def number_of(word: str) -> int:
    """Return the whole number of digits or of a Chinese numeral; raise ValueError for anything else.

    >>> [number_of(word) for word in ("12", "十二", "两", "廿三")]
    [12, 12, 2, 23]
    """
    if word.isdecimal():
        return int(word)
    value = hanzi_value(word) if all(c in DIGITS or c in "廿卅十百千万亿" for c in word) else None
    if value is None:
        raise ValueError(f"no number: {word!r}")
    return int(value)


def hanzi_value(word: str) -> float | None:
    """Return the value of a Chinese numeral, with fraction and scale; None if it has none, or no single one: 三四十.

    >>> [hanzi_value(word) for word in ("十二", "三亿四千万", "一点五万", "一万二", "二三")]
    [12.0, 340000000.0, 15000.0, 12000.0, None]
    """
    whole, _, fraction = word.partition("点")
    scale = fraction.lstrip("零一二三四五六七八九")
    fraction = fraction.removesuffix(scale)
    if all(c in DIGITS for c in whole):
        if len(whole) > 1 or not whole:
            return None
        total = float(DIGITS[whole])
    else:
        total = section = digit = 0.0
        above_last = 10.0  # ten times what a digit at the end counts: 一万二 is 12,000, 一万零二 is 10,002
        for c in whole:
            if c in DIGITS:
                if digit:
                    return None
                digit = float(DIGITS[c])
                above_last = above_last if digit else 10.0
            elif c in TENS:
                section += TENS[c]
                digit, above_last = 0.0, 10.0
            elif c in "十百千":
                section += (digit or 1.0) * SCALES[c]
                digit, above_last = 0.0, SCALES[c]
            else:  # 三亿四千万: 万 is of 四千 alone; 三万亿: 亿 is of all before it
                above = total if SCALES[c] < total else 0.0
                total = above + (total - above + section + digit or 1.0) * SCALES[c]
                section = digit = 0.0
                above_last = SCALES[c]
        total += section + digit * above_last / 10
    value = total + sum((DIGITS.get(c, 0) / 10 ** (i + 1) for i, c in enumerate(fraction)), 0.0)
    return round(value * SCALES.get(scale, 1.0), 6)
