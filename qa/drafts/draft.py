"""Read a text or a file as a draft, and track the place and term that each of its sentences is about.

A draft is like a report, with titles and headings as paragraphs. A table pasted as lines of cells is read cell by cell,
each after the heads of its column and its row. Places and terms are named by headings and the openings of clauses.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path

from qa.ledger.build import LedgerFigure, figures_of
from qa.ledger.circumstances import NAME_PART, quoted_spans, times_stated
from qa.question.places import named_as
from qa.text.divisions import find, within
from qa.text.figures import amounts_in, figures, is_unit, is_year
from qa.text.organisations import is_body
from qa.text.rows import row_figures, without_unit
from qa.text.sentences import split_clauses
from qa.text.units import sentences_of
from qa.text.when import Calendar, TimeExpression, time_expressions
from qa.types import Paragraph, Period, Place, Report, Sentence, Source, Span, Spans

ANY_YEAR = Period(2002, 2002)  # 去年 is resolved from it, where only matters that it is one year
OPENING = 12  # first characters of a clause in which its place and years are looked for
_SEPARATOR = re.compile(r"[\t|｜]")  # of the cells of a table
# before what something is compared with, alone or joined to others, and behind it
_AGAINST = re.compile(r"(?:[比较]|[高低多少大小优]于|超过)(?:[^，。；：\d]{1,12}(?:[、和与及]|以及))*[“\"]?$")
_ALONGSIDE = re.compile(r"[^，。；：、\d]{0,8}相比")
_CLOSING = re.compile("[）)]")


def draft_of(text: str) -> Report:
    """Read a typed or pasted draft; a line or a cell is a paragraph, and offsets count characters of the text."""
    return _whole(Report("", Source("", "txt", "utf-8", text, ""), "", "", "", Place(""), None, (), ()))


def read_draft(path: Path) -> Report:
    """Read a draft from a file like a report, headings as paragraphs; raise ReportError if that fails.

    A table of a text file is read cell by cell as it is printed, and not in the rows that the reader appends.
    """
    from qa.reading import read_report

    return _whole(read_report(path, {}))


def _whole(report: Report) -> Report:
    """Return a report with paragraphs of all that its text has besides those that were read."""
    text, read = report.source.text, [p for p in report.paragraphs if p.spans]
    if report.source.format in ("txt", "md"):
        rows = [p for p in read if p.kind == "table row"]
        text = text[: min((p.spans[0][0] for p in rows), default=len(text))]
        read = [p for p in read if p.kind != "table row"]
    placed = (*((p.spans[0][0], p) for p in read), *unread(report, text, read))
    ordered = (paragraph for _, paragraph in sorted(placed, key=itemgetter(0)))
    paragraphs = tuple(replace(p, number=number, heading=()) for number, p in enumerate(ordered))
    source = replace(report.source, text=text)
    return replace(report, source=source, paragraphs=paragraphs, place=Place(""), period=None)


def paragraph_spans(text: str, start: int, end: int) -> Iterator[Spans]:
    """Yield the spans of each paragraph of a piece: a line, or a table cell after the head of its column and its labels."""
    for width, group in groupby(_rows(text, start, end), key=lambda each: len(each[1])):
        lines = list(group)
        used = [n for n in range(width) if any(_filled(row[n : n + 1]) for _, row in lines)]
        lines = [(line, tuple(row[n] for n in used)) for line, row in lines]
        titles = next((n for n, (_, row) in enumerate(lines) if len(_filled(row)) > 1), len(lines) - 1)
        (line, heads), *rows = lines[titles:]
        measured = len(used) == 2 and any(without_unit(text[slice(*head)])[1] for head in heads)
        named = all(is_year(figure) for head in heads for figure in figures(text[slice(*head)]))
        is_table = (len(used) > 2 or measured) and rows and named
        yield from ((line,) for line, _ in (lines[: titles + 1] if is_table else lines))
        if not is_table:
            continue
        columns = [[text[a:b] for a, b in _filled([row[n] for _, row in rows])] for n in range(len(used))]
        numbers = list(filter(str.isdigit, columns[0]))  # 1, 2, 3 are no labels
        first = int(bool(numbers) and numbers == [str(n) for n, _ in enumerate(numbers, 1)])
        counted = (n for n in range(first, len(used)) if _counts(columns[n], whole=n == first))
        past = next(counted, first + 1)
        for line, row in rows:
            labels = row[first if text[slice(*row[0])].isdigit() else 0 : past]
            told = [n for n in range(past, len(used)) if _filled(row[n : n + 1])]
            yield from (_filled((heads[n], *labels, row[n])) for n in told)
            if not told:
                yield (line,)


def unread(report: Report, text: str, read: Iterable[Paragraph]) -> Iterator[tuple[int, Paragraph]]:
    """Yield what a text has besides some paragraphs of it, such as titles, as paragraphs, each with where its piece begins."""
    at = 0
    for start, end in sorted(((len(text), len(text)), *(span for p in read for span in p.spans))):
        for spans in paragraph_spans(text, at, start):
            yield at, Paragraph(report.id, 0, (), " ".join(text[a:b] for a, b in spans), "prose", spans)
        at = max(at, end)


def in_unit_of_head(figure: LedgerFigure, paragraph: Paragraph, text: str) -> LedgerFigure:
    """Return a figure that is a cell of a pasted table in the unit that the head of its column or a label states."""
    if figure.unit or len(paragraph.spans) < 2 or figure.spans != paragraph.spans[-1:]:
        return figure
    head, *labels, cell = (text[start:end] for start, end in paragraph.spans)
    named = (f"单位：{label}" if is_unit(label) else label for label in labels)
    read = row_figures("；".join((*named, f"{head}：{cell}")))[-1].figure
    return replace(figure, value=read.value, unit=read.unit)


def _filled(cells: Iterable[Span]) -> Spans:
    return tuple((start, end) for start, end in cells if start < end)


def _rows(text: str, start: int, end: int) -> Iterator[tuple[Span, Spans]]:
    """Yield each line that has a letter or digit, stripped, with its cells."""
    for line in text[start:end].splitlines(keepends=True):
        for own in _stripped(text, start, start + len(line)):
            yield own, tuple(_cells(text, start, start + len(line)))
        start += len(line)


def _counts(cells: Sequence[str], *, whole: bool) -> bool:
    """Whether the cells of a column are or, unless ``whole``, have figures, and are no labels (100人以上企业) or years."""
    counted = (
        any(not is_year(figure) and (not whole or figure.text == cell) for figure in figures(cell))
        for cell in cells
    )
    return 2 * sum(counted) > len(cells)


def _cells(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the cells of a line, stripped, perhaps empty; a line without separators is one cell."""
    edges = [start, *(start + m.end() for m in _SEPARATOR.finditer(text[start:end])), end + 1]
    for first, after in pairwise(edges):
        yield next(_stripped(text, first, after - 1), (first, first))


def _stripped(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the span of a piece without white space around it and the marks of a heading, if it has a letter or digit."""
    piece = text[start:end]
    if any(map(str.isalnum, piece)):
        yield start + len(piece) - len(piece.lstrip().lstrip("#").lstrip()), start + len(piece.rstrip())


@dataclass(frozen=True, slots=True)
class Context:
    """The place and period that a sentence is about; a place without a name and a period None are unknown.

    ``names_place`` and ``names_years`` are whether the sentence itself states them, ``of_one_year`` whether it is about a
    single year (去年, 全年), even if nothing says which. ``before`` is what the first words of a sentence are about that
    names two places; ``turns`` and ``terms`` are the places and the terms (上届, 本届) that it names, with their offsets.
    """

    place: Place
    period: Period | None
    names_place: bool
    names_years: bool
    of_one_year: bool
    turns: tuple[tuple[int, Place], ...]
    before: Place
    terms: tuple[tuple[int, Period | None], ...]

    def at(self, offset: int) -> Context:
        """Return the context of what stands at an offset of the sentence: of two places or terms the last before it."""
        own = self
        if len(self.terms) > 1:
            named = [term for start, term in self.terms if start <= offset]
            own = replace(own, period=named[-1] if named else self.terms[0][1])
        if len(self.turns) > 1:
            places = [place for start, place in self.turns if start <= offset]
            own = replace(own, place=places[-1] if places else self.before, names_place=bool(places))
        return own


def contexts(draft: Report, latest: Mapping[Place, Period | None]) -> Iterator[tuple[Sentence, Context]]:
    """Yield every sentence of a draft with its context; ``latest`` are the places of the reports, and their last terms."""
    places, place = tuple(latest), Place("")
    period: Period | None = None
    for sentence in sentences_of(draft):
        text, before, years = sentence.text, place, period
        paragraph = draft.paragraphs[sentence.paragraph].text
        title = not paragraph.rstrip().endswith(("。", "；", "！", "？")) and len(paragraph) == len(text)
        turns = tuple(_turns(text, before, places, whole=title))
        place = turns[-1][1] if turns else before
        time = _time(text, years, whole=title)
        names_years = _time(text, None, whole=title) is not None  # in figures, not 五年来
        one = time or _time(text, ANY_YEAR, whole=title)
        of_one_year = one is not None and one.period.start == one.period.end and one.held is None
        period = time.period if time else years
        named = time_expressions(text, Calendar(last)) if (last := latest.get(place)) else ()
        terms: tuple[tuple[int, Period | None], ...]  # as seen from the last report's: 上届, 本届
        terms = tuple((t.at[0], t.period) for t in named if text[slice(*t.at)].endswith("届"))
        terms = terms or tuple(_turned(text, time, years))
        compared = any(f.end <= start for start, _ in terms[:1] for f in amounts_in(text))
        if compared:
            # 办结145件，是上届的3.7倍: what stands before it is of the years before
            own_years = time.period if time and time.at[0] < terms[0][0] else years
            terms = ((0, own_years), *terms)
        elif terms:
            period, names_years, of_one_year = terms[-1][1], True, False
        yield sentence, Context(place, period, bool(turns), names_years, of_one_year, turns, before, terms)
        period = terms[0][1] if compared else period


def figures_in_context(
    draft: Report, sentences: Iterable[tuple[Sentence, Context]]
) -> Iterator[LedgerFigure]:
    """Yield the figures of a draft, each read as in a report with its context."""
    for (place, _), group in groupby(sentences, key=lambda each: (each[1].place, each[1].period)):
        told = [*group]
        part = replace(draft, place=place, period=told[0][1].at(0).period)
        for figure in figures_of(part, (sentence for sentence, _ in told)):
            yield in_unit_of_head(figure, draft.paragraphs[figure.paragraph], draft.source.text)


def _turns(
    text: str, running: Place, places: Collection[Place], *, whole: bool
) -> Iterator[tuple[int, Place]]:
    """Yield the places that become the subject, each with its offset: those named at the opening of a clause.

    A division inside the current place changes nothing; a place without a report must open the sentence, a county
    with its full name (三江平原 is in no 三江), and one that something is compared with changes nothing.
    """
    clauses = split_clauses(text)
    names = quoted_spans(text)
    for start, end, place in _named(text, (*((running,) if running.name else ()), *places)):
        known = next((own for own in places if own.name == place.name and within(own, place)), None)
        inside = bool(running.name) and place.name != running.name and within(place, running)
        part = NAME_PART.match(text, end)  # 甲市工匠
        in_name = (part and part[0][-1] != "等") or any(a <= start < b for a, b in names)
        compared = _AGAINST.search(text[:start]) or _ALONGSIDE.match(text, end)
        if (known is None and inside) or in_name or compared:
            continue
        opens = whole or any(0 <= start - opening <= OPENING for opening, _ in clauses)
        if known is not None and opens:
            yield start, known
        elif known is None and start == 0 and (place.level != "district" or place.name == text[:end]):
            yield start, place


def _named(text: str, places: Sequence[Place]) -> list[tuple[int, int, Place]]:
    """Return the divisions, and the companies whose names stand for places, that a text names, in order."""
    companies = (each for each in dict.fromkeys(places) if each.level == "other" and is_body(each.name))
    bodies = [(*span, each) for each in companies if (span := named_as(each.name, text))]
    divisions = [each for each in find(text, near=places) if not any(a <= each[0] < b for a, b, _ in bodies)]
    return sorted([*bodies, *divisions], key=itemgetter(0, 1))


def _turned(
    text: str, time: TimeExpression | None, running: Period | None
) -> Iterator[tuple[int, Period | None]]:
    """Yield a time that stands between two amounts, and where its brackets end what was told of before: 201家（2022年176家）."""
    if time is None:
        return
    start, end = time.at
    bracketed = text[start - 1 : start] in ("（", "(")
    close = end + len(_CLOSING.split(text[end:], maxsplit=1)[0]) if bracketed else len(text)
    amounts = amounts_in(text)
    if any(f.end <= start for f in amounts) and any(end <= f.start < close for f in amounts):
        yield start, time.period
        if bracketed:
            yield close, running


def _time(text: str, running: Period | None, *, whole: bool) -> TimeExpression | None:
    """Return the time of a heading, or one that begins in a sentence's opening; ``running``: the years before it."""
    stated = (time for time in times_stated(text, Calendar(running)) if not time.aside)
    times = [time for time in stated if whole or time.at[0] < 2 * OPENING]
    return times[-1] if times else None
