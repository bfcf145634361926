"""Read a table row printed as one line (``县区：甲县；会员数：3万人``): its figures with words and units of their heads.

Most rows have the unit after each figure. In the source's own text it may be in the head of the column or in the label
of the row alone: ``发放互助金（万元）；2020年：1086.4`` states 1086.4万元.
"""

import re
from dataclasses import dataclass, replace

from qa.text.figures import figures, is_unit
from qa.text.sentences import cells
from qa.types import Figure, Span

_HEAD = re.compile(r"[^：:]{1,40}[：:](?=.)")
_UNIT = re.compile(
    r"\s*(?:[（(［【]\s*(?:单位[:：]\s*)?(?P<unit>[^（()）]{1,5}?)\s*[)）］】]|[/／]\s*(?P<money>[万亿千百]*元|%))\s*$"
)
_BARE = re.compile(r"[-+−－]?\d[\d,，]*(?:\.\d+)?")
_YEAR = re.compile(r"(?:19|20)\d\d年?$")
_REMARK = re.compile(r"备注|说明|注$")
_LONGEST_LABEL = 40  # characters
_LONGEST_UNIT = 24  # characters of a unit after a head, with its brackets
_MOST_LABELS = 12  # that name a row


@dataclass(frozen=True, slots=True)
class RowFigure:
    """A figure of a cell, with offsets into the row."""

    figure: Figure  # value and unit as the head or the label state, if the cell prints no unit
    head: str  # of its column without its unit, or ""
    labels: tuple[str, ...]  # the cells before the first figure, which name the row; without their units
    cell: Span  # the head included


def row_figures(row: str) -> tuple[RowFigure, ...]:
    """Return the figures of the cells of a row, in order, without those of heads and labels.

    >>> [(f.figure.value, f.figure.unit, f.head, f.labels) for f in row_figures("发放互助金（万元）；2020年：1086.4")]
    [(10864000.0, '元', '2020年', ('发放互助金',))]
    """
    spans = cells(row)
    split = [_split(row[start:end]) for start, end in spans]
    unit = next((value for head, value, _ in split if head.endswith("单位") and is_unit(value)), "")
    labels: list[str] = []
    found: list[RowFigure] = []
    for number, ((start, _), (head, value, at)) in enumerate(zip(spans, split, strict=True)):
        name, own = without_unit(head)
        cell_figures = figures(value)
        if (number == 0 and len(spans) > 1 and _names(value)) or not cell_figures:
            label, measure = without_unit(value)
            names = not found and len(labels) < _MOST_LABELS and len(label) <= _LONGEST_LABEL
            if names and not is_unit(value) and not _REMARK.search(name):
                labels.append(label)
                unit = unit or measure
            continue
        given = (own or unit) if _BARE.fullmatch(value) else ""
        for figure in cell_figures:
            moved = replace(figure, start=figure.start + start + at, end=figure.end + start + at)
            span = (start, start + at + len(value))
            found.append(RowFigure(_with_unit(moved, given), name, tuple(labels), span))
    return tuple(found)


def is_row(text: str) -> bool:
    """Whether a text reads like a row: each of its cells begins with a head."""
    return bool(text) and all(_HEAD.match(text[start:end]) for start, end in cells(text))


def heads_at(row: str, start: int, end: int) -> tuple[str, ...]:
    """Return the head, without its unit, of the one cell that a stretch of a row is in, and the row's first label; () if it is in none.

    >>> heads_at("项目：书屋；2030年：9家；2031年目标：12家", 7, 15)
    ('2030年', '书屋')
    """
    spans = cells(row)
    inside = [row[a:b] for a, b in spans if a <= start < b and end <= b]
    return (without_unit(_split(inside[0])[0])[0], _split(row[slice(*spans[0])])[1]) if inside else ()


def is_indicator(line: str) -> bool:
    """Whether a line is an indicator and its figure: 职工书屋：57家."""
    head, value, _ = _split(line)
    return bool(head) and any((f.start, f.end) == (0, len(value)) for f in figures(value))


def as_prose(row: str) -> tuple[str, tuple[int, ...]]:
    """Return a row in the words of a sentence, and the offset in the row of each of its characters.

    >>> as_prose("阵地：书屋；2019年：6个；2024年：57个")[0]
    '书屋：2019年6个，2024年57个'
    """
    spans = cells(row)
    split = [_split(row[start:end]) for start, end in spans]
    several = len(spans) > 1
    counts = [bool(figures(v)) and not (several and not n and _names(v)) for n, (_, v, _) in enumerate(split)]
    first = counts.index(True) if any(counts) else 0  # the cells before it name the row
    kept, text = bytearray(b"\x01" * len(row)), list(row)
    for number, ((start, end), (head, _, at)) in enumerate(zip(spans, split, strict=True)):
        if number < first:
            kept[start : start + at] = bytes(at)
        elif counts[number]:
            kept[start + len(head) : start + at] = bytes(at - len(head))
        if row[end - 1] in "；;":
            text[end - 1] = "：" if number < first else "，"
    left = tuple(n for n, own in enumerate(kept) if own)
    return "".join(text[n] for n in left), left


def _names(value: str) -> bool:
    """Whether the value of a row's first cell names the row: all but a bare number that is no year."""
    return not _BARE.fullmatch(value) or _YEAR.match(value) is not None


def _split(cell: str) -> tuple[str, str, int]:
    """Return the head of a cell, its value, and the offset of the value."""
    text = cell.rstrip("；;")
    head = _HEAD.match(text)
    at = head.end() if head else 0
    return text[:at].rstrip("：:"), text[at:], at


def without_unit(words: str) -> tuple[str, str]:
    """Return a head or label without its unit, and the unit or ``""``: ``金额（万元）``, ``金额/万元``.

    >>> without_unit("金额（万元）"), without_unit("法律援助（含调解）")
    (('金额', '万元'), ('法律援助（含调解）', ''))
    """
    found = _UNIT.search(words, max(0, len(words) - _LONGEST_UNIT))
    unit = (found["unit"] or found["money"]) if found else ""
    return (words[: found.start()], unit) if found and found.start() and is_unit(unit) else (words, "")


def _with_unit(figure: Figure, unit: str) -> Figure:
    """Return a figure without a unit in the given unit, its value scaled."""
    if not unit or figure.unit:
        return figure
    (one,) = figures(f"1{unit}")
    return replace(figure, value=round(figure.value * one.value, 6), unit=one.unit)
