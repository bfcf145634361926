"""Answer a cell of a table from the figures of its report that count what the column asks for."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qa.answering.compose import Line, compose
from qa.answering.statement import Evidence, Statement, readable, snippet
from qa.answering.wording import Wording
from qa.ledger.build import LedgerFigure, figures_of
from qa.ledger.matching import head_of, mentions, ranked
from qa.question.kinds import unit_of
from qa.text.figure_context import counted_alike
from qa.text.figures import figures as numbers
from qa.text.figures import unit_kind
from qa.text.sentences import holding
from qa.text.spans import locate
from qa.text.states import asks_of_plans
from qa.text.units import sentence_spans, sentences_of
from qa.types import Answer, Hit, Period, Query, Report, Scores

MOST = 5  # figures for a cell, of which one has the unit of the column
_ITEM = re.compile("[、；;]")


def figures_in(report: Report) -> tuple[LedgerFigure, ...]:
    """Return what a report counts, of its own place; the ledger of the library would be made of all reports."""
    found = figures_of(report, sentences_of(report))
    return tuple(f for f in found if f.kind in ("amount", "plan") and f.place == report.place.name)


def counted_as(
    query: Query, report: Report, figures: Sequence[LedgerFigure], thing: str, wording: Wording
) -> Iterator[Answer]:
    """Yield an unchecked answer for each figure of a report that matches a column, best first.

    ``query`` is the question of the cell, which says whether plans and which year are asked for.
    """
    unit = unit_of(thing)
    planned, year = asks_of_plans(query.standalone, report), query.scopes[0].year
    own = (f for f in figures if (f.kind == "plan") == planned)
    own = (f for f in own if (counted_alike((f.unit, unit)) if unit else unit_kind(f.unit) != "%"))
    own = (f for f in own if mentions(head_of(thing), f.indicator, f.context))
    if year is None:
        own = (f for f in own if _of_report(f, report))
    else:
        own = (f for f in own if f.period == Period(year, year) or f.as_of == year)
    for figure in ranked(own, thing)[:MOST]:
        statement = _statement(report, figure, thing, wording)
        yield compose(query, (Line((statement,)),), (), short=figure.text)


def _of_report(figure: LedgerFigure, report: Report) -> bool:
    """Whether a result is of the years that a report is about, none of those that it compares them with or sums up."""
    if report.period is None or figure.period is None or figure.kind == "plan":
        return True
    return report.period.start <= figure.period.start and figure.period.end <= report.period.end


def counts(answer: Answer, figures: Sequence[LedgerFigure], thing: str) -> bool:
    """Whether the figure of an answer is one of a report's that counts a thing, as far as its words tell."""
    quotes = [citation.quote for citation in answer.citations]
    own = (f for f in figures if f.text == answer.short)
    return bool(ranked([f for f in own if any(q in f.sentence or f.sentence in q for q in quotes)], thing))


def _statement(report: Report, figure: LedgerFigure, thing: str, wording: Wording) -> Statement:
    """State the item of a list if it names the thing, else the clause, or the cell, that a figure stands in."""
    paragraph, source = report.paragraphs[figure.paragraph], report.source.text
    hit = Hit(report, paragraph, (), Scores(0.0, 0.0, 0.0))
    evidence, own = next(
        (Evidence(hit, start, end), number)
        for start, end in sentence_spans(paragraph)
        for number in numbers(paragraph.text[start:end])
        if locate(paragraph, source, start + number.start, start + number.end) == figure.spans
    )
    if paragraph.kind == "table row":
        return snippet(evidence, (own.start, own.end), thing, wording)
    first, last = holding(evidence.clauses, own.start)
    ends = [first, *(m.end() for m in _ITEM.finditer(evidence.text, first, last)), last]
    item = holding([*pairwise(ends)], own.start)
    span = item if mentions(thing, evidence.text[slice(*item)]) else (first, last)
    return Statement(readable(evidence.text[slice(*span)]), evidence, span)
