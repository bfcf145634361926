"""A table that was asked for: one look-up for each report and thing, through the rules, then one Answer of all.

Every cell is an answer of its own that was checked before it got here, and the whole is checked once more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from qa.answering.alike import measured_alike
from qa.answering.compose import compose
from qa.answering.computation import counted_alike
from qa.checking import check
from qa.checking.patterns import MARK
from qa.engines import Conversation, Rules, Watch, answered
from qa.engines.records import Step
from qa.errors import QuestionError
from qa.index import Index
from qa.ledger import tables
from qa.ledger.matching import spoken_of
from qa.question.budget import BUDGET, at_most
from qa.question.followup import standalone
from qa.question.kinds import is_noun, kind_of
from qa.text.divisions import short_name
from qa.text.figures import figures, is_year, unit_kind
from qa.text.organisations import report_label
from qa.text.when import times_in
from qa.types import Answer, Citation, Figure, Part, Query, Report, Table, TableCell, TableRow

EMPTY = {"not_mentioned": tables.EMPTY[False], "not_matched": tables.EMPTY[True], "not_held": "没有收录"}
_LEGEND = {
    "not_mentioned": "“报告未提”：报告里没有写到这一项。",
    "not_matched": "“没有匹配上”：报告写到了，但没有找到确定的答案，请看原文。",
    "not_held": "“没有收录”：库里没有这里的报告。",
}

LONGEST = 60  # characters of a column
NEAR = 0.4  # chance of the best that was not told, from which no report is called silent

Understand = Callable[[str, Report | None], Query]  # a question, of one report or of what the filters leave


@dataclass(frozen=True, slots=True)
class _Asked:
    """A row: its label, the words of place and year that its questions begin with, and its report, if it has one."""

    label: str
    before: str
    report: Report | None
    held: bool = True


def tabulated(index: Index, query: Query, understand: Understand, watch: Watch) -> Answer:
    """The answer that is a table; a refusal where no cell of it is found.

    Raises:
        QuestionError: it has more cells than a question may look up, or a column that is no thing to look up.
    """
    rows = _rows(index, query)
    things, wordings = tuple(part.text for part in query.parts), _wordings(query.parts)
    at_most(len(rows) * len(things), BUDGET.cells, "格要查的内容")
    if max(map(len, things)) > LONGEST:
        raise QuestionError(f"表格里有一列超过 {LONGEST} 字，看不出要查什么。请把各列写短些，用顿号隔开。")
    looked_up = [
        [_looked_up(index, row, *each, understand, watch) for each in zip(things, wordings, strict=True)]
        for row in rows
    ]
    told = [
        list(row)
        for row in zip(*map(_of_one_unit, zip(*map(_each_once, looked_up), strict=True)), strict=True)
    ]
    found = [answer for row in told for answer in row if answer]
    citations: list[Citation] = []
    made = []
    above = {row.report.place.name for row in rows if row.report}
    for row, answers, tried in zip(rows, told, looked_up, strict=True):
        cells = tuple(_cell(row, *each, citations) for each in zip(things, answers, tried, strict=True))
        parents = row.report.place.parents if row.report else ()
        made.append(TableRow(row.label, next((p for p in reversed(parents) if p in above), ""), cells))
    table = Table(things, tuple(made))
    passages = tuple(dict.fromkeys(a.passages[0] for a in found if a.passages))
    answer = compose(query, (), passages, opening=_written(table), closing="\n".join(_notes(table, told)))
    answer = check(replace(answer, citations=tuple(citations)), index.by_id, echoed=query.asked)
    return replace(answer, table=table if citations and answer.citations == tuple(citations) else None)


def _rows(index: Index, query: Query) -> tuple[_Asked, ...]:
    rows: list[_Asked] = []
    for scope in query.scopes:
        ahead = scope.mention == f"{scope.year}年"  # a year that its reports speak of, as that of a plan
        if (scope.mention and not ahead) or not scope.report_ids:
            rows.append(_Asked(scope.label, scope.label, None, bool(scope.report_ids)))
            continue
        year = f"{scope.year}年" if scope.year and not ahead else ""
        own = map(index.report, scope.report_ids)
        rows += [_Asked(f"{report_label(report)}{year}", year, report) for report in own]
    return tuple(dict.fromkeys(rows))


def _wordings(things: Sequence[Part]) -> list[tuple[str, ...]]:
    """In what words each thing is asked: with what all are of, by itself, and as what follows the one before it."""
    before = ("", *(part.text for part in things))
    asked = [
        (part.asked,)
        if times_in(part.asked)
        else (part.asked, part.text, standalone(part.text, (told,)).text)
        for told, part in zip(before, things, strict=False)
    ]  # with its time, where it has one
    return [tuple(dict.fromkeys(each)) for each in asked]


def _looked_up(
    index: Index, row: _Asked, thing: str, wordings: Sequence[str], understand: Understand, watch: Watch
) -> list[Answer]:
    """What answers one cell in each of the words, checked; a text is no answer where a figure is asked."""
    if not row.held:
        return []
    watch(Step("search", f"{row.label}：{thing}"))
    figure = kind_of(thing) == "figure"
    told = []
    for words in wordings:
        asks = figure or not is_noun(words)  # 件数 asks by itself, 驿站 does not
        asked = f"{row.before}{words}" if asks else f"{row.before}{words}是多少？"
        try:
            query = understand(asked, row.report)
        except QuestionError:
            continue
        answer = answered(Rules(index), index, Conversation(asked, (), query))
        if not figure or answer.short or answer.abstained:
            told.append(answer)
    return told


def _each_once(row: Sequence[Sequence[Answer]]) -> list[Answer | None]:
    """The answer of each cell of a row, the surest first: what answers one thing answers no other."""
    chosen: list[Answer | None] = [None] * len(row)
    taken: set[tuple[str | None, str]] = set()
    every = [(a, at) for at, told in enumerate(row) for a in told if a.citations and not a.abstained]
    for answer, at in sorted(every, key=lambda pair: pair[0].chance or 0.0, reverse=True):
        said = (answer.short, answer.citations[0].quote)
        if chosen[at] is None and said not in taken:
            chosen[at] = answer
            taken.add(said)
    return chosen


def _of_one_unit(column: Sequence[Answer | None]) -> list[Answer | None]:
    """A column without the answers that count in another unit than the surest of it."""
    told = [(answer, figure) for answer in column if answer and (figure := _figure(answer))]
    kinds = ((answer.chance or 0.0, unit_kind(figure.unit)) for answer, figure in told)
    _, kind = max((pair for pair in kinds if pair[1]), default=(0.0, ""))
    unlike = [a for a, f in told if kind and unit_kind(f.unit) and not _same_kind(unit_kind(f.unit), kind)]
    return [None if answer in unlike else answer for answer in column]


def _same_kind(one: str, other: str) -> bool:
    return counted_alike([Figure(0.0, unit, "", "", 0, 0) for unit in (one, other)])


def _figure(answer: Answer | None) -> Figure | None:
    """The figure that an answer gives, where its shortest form is one."""
    found = figures(answer.short) if answer and answer.short else []
    return next((f for f in found if not is_year(f)), None)


def _cell(
    row: _Asked, thing: str, answer: Answer | None, tried: Sequence[Answer], citations: list[Citation]
) -> TableCell:
    """The cell of an answer; the citations that its text needs are added to those of the table."""
    if answer is None:
        if not row.held:
            return TableCell("not_held")
        text = "".join(p.text for p in row.report.paragraphs) if row.report else thing
        near = spoken_of(thing, text) or any(
            each.abstained and (each.chance or 0.0) >= NEAR for each in tried
        )
        return TableCell("not_matched" if near else "not_mentioned")
    said = next(line for line in answer.text.split("\n") if MARK.search(line))
    marks = [int(m) for m in MARK.findall(said)]
    own = {c.marker: c for c in answer.citations}
    text = answer.short if answer.short and answer.short in own[marks[0]].quote else ""
    if not text:
        bare = MARK.sub("", said.removeprefix("- ")).rstrip("。")
        text = bare.removeprefix(f"{row.report and report_label(row.report, own[marks[0]].time or '')}：")
    first = own[marks[0]]
    text += f"（{first.time}）" if first.years and first.years not in row.label else ""
    for marker in marks:
        citations.append(replace(own[marker], marker=len(citations) + 1))
        text += f"[{len(citations)}]"
    return TableCell("found", text, next((f for f in figures(text) if not is_year(f)), None))


def _written(table: Table) -> str:
    """The table as Markdown writes it."""
    lines = [("地区（时期）", *table.things), ("---",) * (len(table.things) + 1)]
    for row in table.rows:
        cells = (cell.text or EMPTY[cell.state] for cell in row.cells)
        lines.append((row.label, *(cell.replace("|", "｜") for cell in cells)))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _notes(table: Table, told: Sequence[Sequence[Answer | None]]) -> list[str]:
    """What has to be known to read the table: columns that do not compare, places inside others, empty cells."""
    columns = zip(table.things, zip(*(row.cells for row in table.rows), strict=True), strict=True)
    unlike = [
        thing for (thing, cells), answers in zip(columns, zip(*told, strict=True), strict=True)
        if not measured_alike([(a.text, c.figure) for c, a in zip(cells, answers, strict=True) if a and c.figure])
    ]  # fmt: skip
    notes = [f"口径不同、不宜直接相比的：{'、'.join(unlike)}。"] if unlike else []
    inside: dict[str, list[str]] = {}
    for row in table.rows:
        if row.inside:
            inside.setdefault(short_name(row.inside), []).append(row.label.partition("（")[0])
    for place, own in inside.items():
        notes.append(f"{'、'.join(dict.fromkeys(own))}在{place}之内，{place}的数字可能已经包含，不宜相加。")
    states = {cell.state for row in table.rows for cell in row.cells}
    return notes + [text for state, text in _LEGEND.items() if state in states]
