"""True answers out of a report's own sentences, and the same with one figure made false."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qa.text.divisions import short_name
from qa.text.figures import figures, is_year, same_value, unit_kind
from qa.text.sentences import split_sentences
from qa.text.spans import bare, locate
from qa.types import Answer, Citation, Figure, Paragraph, Report

__all__ = ["Attack", "answer_of", "attacks", "cite", "untouched"]

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
        period=str(report.period) if report.period else None,
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
                if _amounts(said) and 8 <= len(bare(said)) <= 300:
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
