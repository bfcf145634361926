"""Extract the statements of a draft or report: each figure, date and name once, with its context."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Literal, TypeAlias

from qa.ledger.build import LedgerFigure
from qa.ledger.circumstances import quoted_spans
from qa.text.figure_context import ITEM, pace
from qa.text.figures import is_unit
from qa.text.normal import same_length
from qa.text.numerals import DAY, MONTH, days, number_of
from qa.text.sentences import split_clauses, split_sentences
from qa.text.spans import locate, stripped
from qa.text.states import calendar_of, of_column, parts_of, state_of_sentence
from qa.text.units import STATING, sentence_spans
from qa.text.when import Calendar, time_expressions, times_in
from qa.types import Figure, Paragraph, Period, Report, Span, Spans

# First year of a span; year, month, day.
Date: TypeAlias = tuple[int | None, int | None, int | None, int | None]
UNKNOWN_YEAR = 0  # of a date: a year is stated (去年) but cannot be resolved
StatementKind: TypeAlias = Literal["figure", "date", "name", "occasion", "rank", "deed"]
SHORTEST_QUOTE, LONGEST_QUOTE = 8, 300  # characters
_AWARDED = re.compile(
    r"(?:获评|荣获|获得|授予|评为|命名为|入选|跻身|荣登|摘得)了?(?P<name>(?:第\d+届)?[^，。；：、！？,;:!?“”《》\s\d]{3,30})"
    r"|获(?P<prize>(?:第\d+届)?[^，。；：、！？,;:!?“”《》\s\d]{2,20}?(?:奖[章状杯]?|称号))"
)
# Of an occasion, and a rank: 第十五次代表大会, 首届进博会, 列全国第20位, 居全国第三。
_ORDINAL = re.compile(
    r"(?<=[\w”）)])第[一二三四五六七八九十百\d]{1,5}(?!\w)|第[一二三四五六七八九十百\d]{1,5}[次届位名]|首届"
)
AMONG = r"(?:全[国省市区球]|世界|[东中西]部(?:地区)?)"  # those of whom a rank is
# A rank that says among whom: 全省率先, 全国首位.
_FIRST = re.compile(rf"{AMONG}(?:率先|领先|首[位家个创次批例]|最[高多大早])")
_DATE = re.compile(
    r"(?:(?P<since>(?:19|20)\d\d)\s*年?\s*[-—–－~～至到]{1,2}\s*(?=(?:19|20)\d\d))?(?<!\d)"
    r"(?:(?P<year>(?:19|20)\d\d)(?(since)(?!\d)(?:\s*年)?|\s*年)|(?P<same>[同当]年)|(?P<told>[今本去上前明后次]年|每年(?=\s*\d)))?"
    rf"\s*(?:(?P<month>{MONTH})\s*月)?\s*(?:(?P<day>{DAY})\s*日)?"
)
_NUMBERED = (".", "．", "、", ")", "）")
_PER = re.compile(r"平均|(?P<unit>.)均|[每/／][一百千万]*(?P<each>.)")
_MORE = re.compile(r"[比较][^，。；：、\d]{1,12}[多少高低]了?$")  # 比预算多
_ANY_TERM = Calendar(Period(2001, 2005))  # 上年 is resolved, whatever year it is


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure, date or name of a draft or a report, with its context; or a clause, for the deed that it tells."""

    kind: StatementKind
    text: str  # as printed, or as corrected by hand
    figure: Figure | None
    pace: str  # 年 for 每年200元, or ``""``
    relative: bool  # per something, or against something else: 人均2000元, 比上年增加3家
    plan: bool
    subject: str  # what is counted or named, in the words of the clause
    context: str  # the activity of the clause before that it belongs to, or ``""``
    clause: str
    sentence: str
    at: int  # offset in the sentence
    heading: str
    date: Date | None  # with None for parts that are not stated
    place: str  # full name of the division, or ``""``
    period: Period | None
    report_id: str  # ``""`` in a draft
    spans: Spans  # of the source, likewise ``clause_spans``
    clause_spans: Spans
    paragraph: int
    number: int  # of its sentence in the text, from 0
    corrected: bool  # whether the figure was corrected by hand

    @property
    def begin(self) -> int:
        """Where its text begins in its clause, -1 if it is not there as one that was corrected by hand may be."""
        at = self.at - self.sentence.find(self.clause)
        return at if at >= 0 and self.clause.startswith(self.text, at) else self.clause.find(self.text)


@dataclass(frozen=True, slots=True)
class _Found:
    """The span of a statement in its paragraph, with its kind, and its ledger figure or date if it is one."""

    start: int
    end: int
    kind: StatementKind = "name"
    entry: LedgerFigure | None = None
    date: Date | None = None


def statements_of(report: Report, figures: Iterable[LedgerFigure]) -> Iterator[Statement]:
    """Yield the statements of a report in reading order; ``figures``: all of it, of dates and names, too."""
    ordered = sorted(figures, key=lambda f: (f.paragraph, f.spans))
    by_paragraph = {number: tuple(own) for number, own in groupby(ordered, key=lambda f: f.paragraph)}
    number, calendar = 0, calendar_of(report)
    for paragraph, part in zip(report.paragraphs, parts_of(report.paragraphs, calendar), strict=True):
        text = paragraph.text
        found = _found(text, by_paragraph.get(paragraph.number, ()), calendar)
        for start, end in sentence_spans(paragraph):
            for each in found:
                if start <= each.start < end:
                    state = of_column(paragraph, each.start, each.end, calendar).state
                    before = (text[start:end], calendar, part.state, each.start - start)
                    planned = (state or state_of_sentence(*before)) == "plan" and each.entry is not None
                    yield _statement(report, paragraph, each, (start, end), number, planned=planned)
            number += 1


def clauses_of(report: Report) -> Iterator[Statement]:
    """Yield the clauses of a report that are long enough to be quoted, each as the deed that it tells."""
    number, calendar = 0, calendar_of(report)
    for paragraph, part in zip(report.paragraphs, parts_of(report.paragraphs, calendar), strict=True):
        text = paragraph.text
        clauses = split_clauses(text) if paragraph.kind in STATING else ()
        for start, end in split_sentences(text):
            planned = state_of_sentence(text[start:end], calendar, part.state) == "plan"
            for a, b in clauses:
                if start <= a < b <= end and b - a >= SHORTEST_QUOTE:
                    deed = _Found(a, a + len(text[a:b].rstrip("，,；;。！!、")), "deed")
                    yield _statement(report, paragraph, deed, (start, end), number, planned=planned)
            number += 1


def _found(text: str, own: Sequence[LedgerFigure], calendar: Calendar) -> tuple[_Found, ...]:
    """Return the dates, names and figures of a paragraph, in order and without overlaps."""
    figures = [_Found(each.start, each.start + len(each.text), "figure", each) for each in own]
    quoted = quoted_spans(text)
    taken = bytearray(len(text))
    found: list[_Found] = []
    for each in (
        *_dates(text, calendar),
        *(_Found(*span) for span in _names(text, quoted)),
        *(_Found(*m.span(), "rank") for m in _FIRST.finditer(text)),
        *(_Found(*m.span(), "occasion" if m[0][-1] in "次届" else "rank") for m in _ORDINAL.finditer(text)),
        *(each for each in figures if not _is_of_name_or_list(each, quoted, text)),
    ):
        if not any(taken[each.start : each.end]):
            taken[each.start : each.end] = b"\x01" * (each.end - each.start)
            found.append(each)
    return tuple(sorted(found, key=lambda each: each.start))


def _is_of_name_or_list(found: _Found, names: Sequence[Span], text: str) -> bool:
    """Return whether a numeral is part of a quoted name, counts nothing, or numbers the paragraph: 12. or （十二）."""
    of_name = found.end - found.start == 1 or any(a <= found.start and found.end <= b for a, b in names)
    if found.entry and found.entry.kind == "name" and of_name:
        return True
    return not text[: found.start].strip("（( ") and text[found.end : found.end + 1] in _NUMBERED


def _dates(text: str, calendar: Calendar) -> Iterator[_Found]:
    """Yield the dates as wholes (2022年4月, 2022-04-05 9:30).

    A month alone and 同年 take the year before, one that cannot be resolved only in the same sentence.
    """
    view, relative = same_length(text), {t.at: t.period.start for t in time_expressions(text, calendar)}
    year: int | None = None
    told_until = 0  # end of the sentence that tells an unknown year
    for match in _DATE.finditer(view):
        if year == UNKNOWN_YEAR and match.start() >= told_until:
            year = None
        if match["year"]:
            year = int(match["year"])
        elif match["told"] or (match["same"] and year is None):
            year = relative.get(match.span("told"), UNKNOWN_YEAR)
            told_until = next((end for _, end in split_sentences(text) if end > match.start()), len(text))
        if not (match["year"] or match["month"]):
            continue
        before = text[max(match.start() - 1, 0) : match.start()]
        has_year = match["year"] or match["same"] or match["told"]
        whole = match["day"] or not match["month"] or match["month"].isdecimal()  # 一月一次 is no date
        if not has_year and (before.isdigit() or before in (".", "个") or not whole):
            continue
        parts = match.group("since", "month", "day")
        since, month, day = (number_of(part) if part else None for part in parts)
        yield _Found(*stripped(view, *match.span()), "date", date=(since, year, month, day))
    for printed in days(text):  # 2026-02-03; 2021.5 may be a figure
        year, month, *rest = map(int, printed.iso.split("-"))
        for day in rest:
            yield _Found(*printed.at, "date", date=(None, year, month, day))


def _names(text: str, quoted: Sequence[Span]) -> Iterator[Span]:
    """Yield quoted names without their marks, outermost only, and the names of awards without marks."""
    past, times = 0, times_in(text)
    for start, end in quoted:
        if start >= past and not any(a <= start + 1 and end - 1 <= b for a, b in times):  # “十四五” is a time
            yield start + 1, end - 1
        past = max(past, end)
    for match in _AWARDED.finditer(text):
        yield match.span("name" if match["name"] else "prize")


def _statement(
    report: Report, paragraph: Paragraph, found: _Found, sentence: Span, number: int, *, planned: bool
) -> Statement:
    text, entry, figure = paragraph.text, found.entry, None
    clause = _clause(split_clauses(text), found, sentence)
    if entry:
        figure = Figure(entry.value, entry.unit, entry.approximator, entry.right, found.start, found.end)
    left, right = text[clause[0] : found.start], text[found.end : clause[1]]
    around = ITEM.split(left)[-1] + ITEM.split(right, maxsplit=1)[0]  # in its item of a list
    subject = text[slice(*clause)] if found.kind == "deed" else (entry and entry.indicator) or around
    return Statement(
        kind=found.kind,
        text=entry.right if entry else text[found.start : found.end],
        figure=figure,
        pace=pace(text, figure) if figure else "",
        relative=figure is not None and _is_relative(left),
        plan=planned,
        subject=subject,
        context=entry.context if entry else "",
        clause=text[slice(*clause)],
        sentence=text[slice(*sentence)],
        at=found.start - sentence[0],
        heading=" ".join(paragraph.heading),
        date=found.date,
        place=entry.place if entry else report.place.name,
        period=entry.period if entry else report.period,
        report_id=report.id,
        spans=locate(paragraph, report.source.text, found.start, found.end),
        clause_spans=locate(paragraph, report.source.text, *clause),
        paragraph=paragraph.number,
        number=number,
        corrected=entry is not None and entry.right != entry.text,
    )


def _is_relative(before: str) -> bool:
    """Return whether the words before a figure make it one per unit (平均, 人均, 每户) or against something else."""
    per = any(is_unit(match["unit"] or match["each"] or "个") for match in _PER.finditer(before))
    against = _MORE.search(before) or any(time.aside for time in time_expressions(before, _ANY_TERM))
    return per or bool(against)


def _clause(clauses: Sequence[Span], found: _Found, sentence: Span) -> Span:
    """Return the clause of a statement, extended to the length of a quote by the clauses before, then after it."""
    first = max(bisect_right(clauses, found.start, key=itemgetter(0)) - 1, 0)
    last = next((n for n in range(first, len(clauses)) if clauses[n][1] >= found.end), len(clauses) - 1)
    start, end = max(clauses[first][0], sentence[0]), min(clauses[last][1], sentence[1])
    while end - start < SHORTEST_QUOTE and first > 0 and clauses[first - 1][0] >= sentence[0]:
        first -= 1
        start = clauses[first][0]
    while end - start < SHORTEST_QUOTE and last + 1 < len(clauses) and clauses[last + 1][1] <= sentence[1]:
        last += 1
        end = clauses[last][1]
    if end - start > LONGEST_QUOTE:
        start = max(start, found.start - LONGEST_QUOTE // 2)
        end = min(end, start + LONGEST_QUOTE)
    return start, end
