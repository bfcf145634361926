"""True answers out of a report's own sentences, and the same with one figure, place or year made false."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from qa.text.divisions import find, short_name
from qa.text.figures import figures, is_year, same_value, unit_kind
from qa.text.sentences import split_sentences
from qa.text.spans import locate, without_blanks
from qa.types import Answer, Citation, Figure, Paragraph, Period, Report
from tests.reports import report_of

__all__ = ["Attack", "answer_of", "attacks", "cite", "made", "untouched"]

OTHER_UNITS = {
    "元": "人",
    "人": "元",
    "人次": "元",
    "%": "家",
    "家": "人",
    "件": "元",
    "场": "家",
    "个": "元",
    "户": "%",
}
FALSE_SENSE = {"超": "近", "超过": "接近", "突破": "不足", "近": "超", "约": "超", "余": "左右", "多": "不到"}
_RANGE = re.compile(r"(\d+)([—至])(\d+)")
_PACE = re.compile(r"每([年月])(?=[^，。；]*?\d)")
_DATED = re.compile(r"20\d\d(?=年)")


@lru_cache(maxsize=1)
def made() -> tuple[Report, ...]:
    """Two reports full of what few reports are full of: points, ranges, 人次, places and years inside sentences."""
    return tuple(
        report_of(f"# {place}工会工作报告\n\n" + "\n\n".join(_sentences(seed)), f"{place}.md", place, years)
        for seed, (place, years) in enumerate((("宜昌市", (2018, 2023)), ("荆州市", (2013, 2018))))
    )


def _sentences(seed: int) -> Iterator[str]:
    inside = (("夷陵区", "枝江市"), ("沙市区", "松滋市"))[seed]
    for n in range(20):
        k = 3 * n + seed
        first, last = (2019, 2022) if seed == 0 else (2014, 2017)
        yield (
            f"入会率比上年提高{k + 2}个百分点，满意率达到{61 + n}.{n % 9 + 1}%，结案率保持在{70 + n}%以上。"
        )
        yield f"每个班次安排{k + 3}至{k + 8}名学员，每期{k + 31}—{k + 45}天，共办{k + 101}场。"
        yield f"{first}年培训{k + 211}人次，{last}年培训近{k + 417}人次，受益职工超过{k + 1009}人。"
        yield f"补贴提高到每人每月{k + 151}元，每年开班{k + 13}期。"
        yield f"{inside[0]}建成驿站{k + 23}个，{inside[1]}建成驿站{k + 59}余个，全年接待约{k + 2003}人次。"


@dataclass(frozen=True)
class Attack:
    """A false answer: which way it is false, and the false figure as it is printed."""

    way: str
    figure: str
    answer: Answer


def cite(report: Report, paragraph: Paragraph, start: int, end: int, marker: int = 1) -> Citation:
    return Citation(
        marker=marker,
        report=report.source.name,
        report_id=report.id,
        paragraph=paragraph.number,
        title=report.title,
        place=report.place.name,
        period=report.period,
        heading=" / ".join(paragraph.heading),
        quote=paragraph.text[start:end],
        spans=locate(paragraph, report.source.text, start, end),
    )


def answer_of(
    text: str, *citations: Citation, calculation: tuple[str, ...] = (), short: str | None = None
) -> Answer:
    return Answer("问", "问", text, short, False, None, calculation, citations, (), ())


def untouched(reports: tuple[Report, ...]) -> Iterator[tuple[Report, str, Citation]]:
    """Every sentence with a figure: its report, the line that an answer says, and its citation."""
    for report in reports:
        label = f"{short_name(report.place.name)}（{report.period}）"
        for paragraph in report.paragraphs:
            for start, end in split_sentences(paragraph.text):
                said = paragraph.text[start:end]
                if _amounts(said) and 8 <= len(without_blanks(said)) <= 300:
                    yield (
                        report,
                        f"{label}：{said.rstrip('。；！')}[1]。",
                        cite(report, paragraph, start, end),
                    )


def attacks(reports: tuple[Report, ...]) -> Iterator[Attack]:
    """Each true answer with each of its figures made false in each way that it allows."""
    pool = {r.id: [f for p in r.paragraphs for f in _amounts(p.text)] for r in reports}
    for report, text, citation in untouched(reports):
        for figure in _amounts(text.replace("[1]", "\x00" * 3)):
            for way, false in _falsified(figure, report, reports, pool):
                (changed,) = figures(false)[:1] or (None,)
                held = figures(f"{citation.quote}，{citation.title}")
                if changed is None or is_year(changed) or any(_same(changed, f) for f in held):
                    continue
                lie = text[: figure.start] + false + text[figure.end :]
                if false in [f.text for f in figures(lie)]:
                    yield Attack(way, false, answer_of(lie, citation))
        for way, figure_text, lie in _reworded(text, report, reports):
            yield Attack(way, figure_text, answer_of(lie, citation))


def _reworded(text: str, report: Report, reports: tuple[Report, ...]) -> Iterator[tuple[str, str, str]]:
    """The same values, and yet false: how exactly, in what measure, of which range, place and year."""
    label, _, said = text.partition("：")
    body = said.removesuffix("[1]。")
    own = _amounts(body)
    for figure in own:
        for way, false in _inexact(figure):
            yield way, false, f"{label}：{body[: figure.start]}{false}{body[figure.end :]}[1]。"
    for match in _PACE.finditer(body):
        if behind := next((f for f in own if f.start >= match.end()), None):
            false = {"年": "月", "月": "年"}[match[1]]
            lie = f"{label}：{body[: match.start(1)]}{false}{body[match.end(1) :]}[1]。"
            yield "another pace", behind.text, lie
    for match in _RANGE.finditer(body):
        low, _, high = match.groups()
        if len(low) == 4:
            continue
        rest = body[match.end() :]
        unit = figures(match.group() + rest)[1].text.removeprefix(high)
        after = rest.removeprefix(unit)
        for false in (f"{high}{unit}", f"{low}{unit}"):
            yield "end of a range", false, f"{label}：{body[: match.start()]}{false}{after}[1]。"
    if not own:
        return
    shown = own[0].text
    for foreign in ("宁波市", "衡水", *(r.place.name for r in reports)):
        if short_name(foreign) not in text + report.title:
            yield "another place", shown, f"{short_name(foreign)}（{report.period}）：{body}[1]。"
            yield "another place", shown, f"{label}：{foreign}{body}[1]。"
    if report.period:
        start, end = report.period.start, report.period.end
        other = str(Period(start - 7, end - 7))
        yield "another period", shown, f"{short_name(report.place.name)}（{other}）：{body}[1]。"
    yield from _exchanged(label, body, [m.span() for m in _DATED.finditer(body)], "another year")
    yield from _exchanged(label, body, [(a, b) for a, b, _ in find(body)], "another place inside")


def _exchanged(
    label: str, body: str, spans: list[tuple[int, int]], way: str
) -> Iterator[tuple[str, str, str]]:
    """Two names or years of one sentence, each with a figure behind it, in one another's place."""
    for (a, b), (c, d) in pairwise(spans):
        one, other = body[a:b], body[c:d]
        between = _amounts(body[b:c])
        if one != other and between and len({f.text for f in _amounts(body)}) > 1:
            lie = body[:a] + other + body[b:c] + one + body[d:]
            yield way, between[0].text, f"{label}：{lie}[1]。"


def _inexact(figure: Figure) -> Iterator[tuple[str, str]]:
    shown, soft = figure.text, figure.approximator
    if not soft:
        yield "approximator added", f"近{shown}"
        yield "approximator added", f"超过{shown}"
    elif len(soft) + sum(c.isdigit() for c in shown) > 1:
        yield "approximator dropped", shown.replace(soft, "", 1)
        if soft in FALSE_SENSE:
            bare_ = shown.replace(soft, "", 1)
            false = FALSE_SENSE[soft]
            yield "approximator changed", f"{bare_}{false}" if false == "左右" else f"{false}{bare_}"
    if figure.unit == "个百分点":
        yield "percent for points", shown.replace("个百分点", "%")
    elif figure.unit == "%":
        yield "points for percent", shown.replace("%", "个百分点")
    elif figure.unit == "人次":
        yield "people for visits", shown.replace("人次", "人")
    elif figure.unit in ("人", "名"):
        yield "visits for people", shown.replace(figure.unit, "人次")


def _falsified(
    figure: Figure, report: Report, reports: tuple[Report, ...], pool: dict[str, list[Figure]]
) -> Iterator[tuple[str, str]]:
    shown = figure.text
    digits = [i for i, c in enumerate(shown) if c.isdigit()]
    for at in (digits[0], digits[-1]):
        yield "digit changed", shown[:at] + str((int(shown[at]) + 4) % 9 + 1) + shown[at + 1 :]
    if len(digits) > 1 and shown[digits[0] + 1].isdigit() and shown[digits[0] + 1] != "0":
        yield "50 for 150", shown[: digits[0]] + shown[digits[0] + 1 :]
    yield "150 for 50", shown[: digits[0]] + "1" + shown[digits[0] :]
    for scale in "万亿":
        if scale in shown:
            yield "scale dropped", shown.replace(scale, "")
        else:
            yield "scale added", shown[: digits[-1] + 1] + scale + shown[digits[-1] + 1 :]
    kind = unit_kind(figure.unit)
    if figure.unit and kind in OTHER_UNITS and shown.endswith(figure.unit):
        yield "unit swapped", shown.removesuffix(figure.unit) + OTHER_UNITS[kind]
    for other in reports:
        if other.id == report.id:
            continue
        foreign = next(
            (
                f
                for f in pool[other.id]
                if unit_kind(f.unit) == kind and not same_value(f.value, figure.value)
            ),
            None,
        )
        if foreign:
            way = "another term's figure" if other.place == report.place else "another place's figure"
            yield way, foreign.text


def _amounts(text: str) -> list[Figure]:
    return [f for f in figures(text) if not is_year(f) and any(c.isdigit() for c in f.text)]


def _same(one: Figure, other: Figure) -> bool:
    alike = not one.unit or not other.unit or unit_kind(one.unit) == unit_kind(other.unit)
    return alike and same_value(one.value, other.value)
