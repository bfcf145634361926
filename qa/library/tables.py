"""Answer a request for a table: one question per report and thing, through the rules, joined into one Answer.

Every cell is an answer that was checked before, and the whole is checked once more.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias

from qa.answering.comparison import inside_notes, measured_alike
from qa.answering.compose import compose
from qa.answering.refusal import unsure
from qa.answering.wording import wording_of
from qa.checking import check
from qa.engines import Conversation, Watch, answer_by_rules
from qa.engines.records import Step
from qa.engines.shaping import said_undone
from qa.errors import QuestionError
from qa.index import Index
from qa.ledger import tables
from qa.ledger.matching import mentions
from qa.library.table_figures import counted_as, counts, figures_in
from qa.question.budget import BUDGET, at_most
from qa.question.kinds import kind_of
from qa.question.question_words import ASKED
from qa.retrieval import with_nearest
from qa.text.figure_context import counted_alike
from qa.text.figures import amounts_in, unit_kind
from qa.text.organisations import report_label
from qa.text.states import asks_of_plans
from qa.types import MARK, Answer, Citation, Figure, Form, Part, Query, Report, Table, TableCell, TableRow

EMPTY = {"not_mentioned": tables.EMPTY[False], "not_matched": tables.EMPTY[True], "not_held": "没有收录"}
_LEGEND = {
    "not_mentioned": "“报告未提”：报告里没有找到这一项。",
    "not_matched": "“没有匹配上”：报告写到了，或像是写到了，但没有找到确定的答案，请看原文。",
    "not_held": "“没有收录”：库里没有这里的报告。",
}

LONGEST = 60  # characters of a column
NEAR = 0.4  # chance of a withheld answer from which a cell is "not_matched" instead of "not_mentioned"

Understand = Callable[[str, Report | None], Query]  # a question, and its report or None


@dataclass(frozen=True, slots=True)
class _Row:
    """A row: its label, the place and year that its questions begin with, and its report, if it has one."""

    label: str
    before: str
    report: Report | None
    in_library: bool = True


# A row with the answers chosen for its cells, and all that were tried.
_Line: TypeAlias = tuple[_Row, Sequence["Answer | None"], Sequence[Sequence[Answer]]]


def tabulated(index: Index, query: Query, understand: Understand, watch: Watch) -> Answer:
    """Return an answer whose text is a table; a refusal if no cell has an answer.

    Raises QuestionError for more cells than a question may look up, or a column too long to be one thing.
    """
    rows = _rows(index, query)
    things = tuple(part.text for part in query.parts)
    at_most(len(rows) * len(things), BUDGET.cells, "格要查的内容")
    if max(map(len, things)) > LONGEST:
        raise QuestionError(f"表格里有一列超过 {LONGEST} 字，看不出要查什么。请把各列写短些，用顿号隔开。")
    looked_up = [_looked_up(index, row, query.parts, understand, watch) for row in rows]
    columns = map(_of_one_unit, zip(*looked_up, strict=True))
    chosen = map(_each_once, zip(*columns, strict=True))
    lines = _in_order(query, list(zip(rows, chosen, looked_up, strict=True)))
    citations: list[Citation] = []
    made = []
    above = {row.report.place.name for row in rows if row.report}
    for row, answers, tried in lines:
        cells = []
        for each in zip(things, answers, tried, strict=True):
            cell, cited = _cell(row, *each, len(citations))
            alone = compose(query, (), (), opening=f"| {row.label} | {cell.text} |")
            if cited and check(replace(alone, citations=tuple(cited)), index.by_id).text != alone.text:
                cell, cited = TableCell("not_matched"), []
            cells.append(cell)
            citations += cited
        parents = row.report.place.parents if row.report else ()
        made.append(TableRow(row.label, next((p for p in reversed(parents) if p in above), ""), tuple(cells)))
    if not citations:
        near = (answer.passages for *_, tried in lines for cell in tried for answer in cell)
        return with_nearest(unsure(query, tuple(dict.fromkeys(hit for hits in near for hit in hits[:1]))))
    table = Table(things, tuple(made))
    found = (answer.passages[:1] for _, answers, _ in lines for answer in answers if answer)
    passages = tuple(dict.fromkeys(chain.from_iterable(found)))
    notes = "\n".join(_notes(table, lines))
    answer = compose(query, (), passages, opening=_markdown(table), closing=notes)
    answer = check(replace(answer, citations=tuple(citations)), index.by_id, echoed=query.asked)
    answer = replace(answer, text="\n".join((answer.text, *_not_changed(query.form, table))))
    return replace(answer, table=table if answer.citations == tuple(citations) else None)


def _in_order(query: Query, lines: list[_Line]) -> list[_Line]:
    """Return the rows in the order asked for, those without a figure of the column last."""
    if query.form.order is None:
        return lines
    column, least_first = query.form.order
    at = [part.text for part in query.parts].index(column)

    def rank(line: _Line) -> tuple[bool, float]:
        answer = line[1][at]
        figure = _cell(line[0], column, answer, (), 0)[0].figure if answer else None
        return figure is None, (figure.value if least_first else -figure.value) if figure else 0.0

    return sorted(lines, key=rank)


def _rows(index: Index, query: Query) -> tuple[_Row, ...]:
    rows: list[_Row] = []
    for scope in query.scopes:
        ahead = scope.year_only_mentioned
        if (scope.mention and not ahead) or not scope.report_ids:
            rows.append(_Row(scope.label, scope.label, None, bool(scope.report_ids)))
            continue
        year = f"{scope.year}年" if scope.year and not ahead else ""
        reports = map(index.report, scope.report_ids)
        rows += [_Row(f"{report_label(report)}{year}", year, report) for report in reports]
    return tuple(dict.fromkeys(rows))


def _looked_up(
    index: Index, row: _Row, parts: Sequence[Part], understand: Understand, watch: Watch
) -> list[list[Answer]]:
    """Return the checked answers to each cell of a row: to its question, then figures that count the thing.

    Of a thing that is named, not asked for, a figure answers only if it counts that. No answer to a question for a
    result states a plan, none to one for a figure has words alone.
    """
    if not row.in_library:
        return [[] for _ in parts]
    counted = figures_in(row.report) if row.report else ()
    tried = []
    for part in parts:
        watch(Step("search", f"{row.label}：{part.text}"))
        named, asked, own = not ASKED.search(part.text), f"{row.before}{part.asked}", list[Answer]()
        asks = (
            ASKED.search(part.asked) or kind_of(part.asked) == "figure"
        )  # 件数 is a question by itself, 驿站 is not
        with suppress(QuestionError):
            query = understand(asked if asks else f"{asked}是多少？", row.report)
            answer = answer_by_rules(index, Conversation(query))
            planned = any(citation.plan for citation in answer.citations[:1])
            unasked = planned and row.report is not None and not asks_of_plans(asked, row.report)
            worded = (named or kind_of(part.text) == "figure") and not _figure(answer)
            counts_it = not named or counts(answer, counted, part.asked)
            if answer.abstained or (counts_it and not worded):
                own += [] if unasked else [answer]
            if row.report:
                counting = counted_as(query, row.report, counted, part.asked, wording_of(index))
                own += [check(each, index.by_id) for each in counting]
        tried.append(own)
    return tried


def _of_one_unit(column: Sequence[Sequence[Answer]]) -> list[list[Answer]]:
    """Keep the answers of each cell of a column that count in the unit of its surest one, or in none.

    If none is sure, it is the unit in which most cells have an answer.
    """
    found = ([(a, _figure(a)) for a in cell if a.citations and not a.abstained] for cell in column)
    cells = [[(a, unit_kind(figure.unit) if figure else "") for a, figure in cell] for cell in found]
    sure = [(a.chance, unit) for cell in cells for a, unit in cell if a.chance and unit]
    often = Counter(unit for cell in cells for unit in dict.fromkeys(unit for _, unit in cell) if unit)
    kind = max(sure)[1] if sure else next((unit for unit, _ in often.most_common(1)), "")
    return [[a for a, unit in cell if not (kind and unit) or counted_alike((unit, kind))] for cell in cells]


def _each_once(row: Sequence[Sequence[Answer]]) -> list[Answer | None]:
    """Choose an answer for each cell of a row, the surest first; no statement is used twice."""
    chosen: list[Answer | None] = [None] * len(row)
    taken: set[str] = set()
    candidates = [(a, at) for at, cell in enumerate(row) for a in cell if a.citations and not a.abstained]
    for answer, at in sorted(candidates, key=lambda pair: pair[0].chance or 0.0, reverse=True):
        statement = _statement(answer)
        if chosen[at] is None and statement not in taken:
            chosen[at] = answer
            taken.add(statement)
    return chosen


def _statement(answer: Answer) -> str:
    """Return the first line of an answer that has a mark."""
    return next(line for line in answer.text.split("\n") if MARK.search(line))


def _figure(answer: Answer) -> Figure | None:
    return next(iter(amounts_in(answer.short or "")), None)


def _cell(
    row: _Row, thing: str, answer: Answer | None, tried: Sequence[Answer], before: int
) -> tuple[TableCell, list[Citation]]:
    """Return the cell of an answer with the citations that its text needs, numbered on from ``before``."""
    if answer is None:
        if not row.in_library:
            return TableCell("not_held"), []
        text = "".join(p.text for p in row.report.paragraphs) if row.report else thing
        near = mentions(thing, text) or any(a.abstained and (a.chance or 0.0) >= NEAR for a in tried)
        return TableCell("not_matched" if near else "not_mentioned"), []
    statement = _statement(answer)
    marks = [int(m) for m in MARK.findall(statement)]
    by_marker = {c.marker: c for c in answer.citations}
    first = by_marker[marks[0]]
    if answer.short and answer.chance is not None and answer.short in first.quote:
        text = answer.short
    else:  # of a figure that no question found, the clause says what it counts
        text = MARK.sub("", statement.removeprefix("- ")).rstrip("。")
        if row.report:
            text = text.removeprefix(f"{report_label(row.report, first.time)}：")
    text += f"（{first.time}）" if str(first.years or "") not in row.label else ""
    cited = [replace(by_marker[marker], marker=number) for number, marker in enumerate(marks, before + 1)]
    text += "".join(f"[{citation.marker}]" for citation in cited)
    return TableCell("found", text, _figure(answer) or next(iter(amounts_in(text)), None)), cited


def _markdown(table: Table) -> str:
    lines = [("地区（时期）", *table.things), ("---",) * (len(table.things) + 1)]
    lines += ((row.label, *(cell.text or EMPTY[cell.state] for cell in row.cells)) for row in table.rows)
    return "\n".join(f"| {' | '.join(cell.replace('|', '｜') for cell in line)} |" for line in lines)


def _not_changed(form: Form, table: Table) -> list[str]:
    column = form.order[0] if form.order else ""
    at = table.things.index(column) if column else 0
    unsorted = column and not any(row.cells[at].figure for row in table.rows)
    return [f"“{column}”一列没有数字，没有排序。"] * bool(unsorted) + said_undone(form.undone)


def _notes(table: Table, lines: Sequence[_Line]) -> list[str]:
    """Return notes on columns that do not compare, places inside others, and what empty cells mean."""
    unlike = []
    for at, thing in enumerate(table.things):
        told = [(line[1][at], row.cells[at].figure) for row, line in zip(table.rows, lines, strict=True)]
        if not measured_alike([(answer.text, figure) for answer, figure in told if answer and figure]):
            unlike.append(thing)
    notes = [f"口径不同、不宜直接相比的：{'、'.join(unlike)}。"] if unlike else []
    notes += inside_notes([row.report.place for row, _, _ in lines if row.report])
    states = {cell.state for row in table.rows for cell in row.cells}
    return notes + [text for state, text in _LEGEND.items() if state in states]
