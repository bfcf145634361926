"""Statements → an Answer: lines, marks, citations. Whether it holds is the next stage's to check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.statement import Statement, cite, place_label
from qa.text.figures import figures, is_year
from qa.types import Answer, Hit, Query, Reason

NOT_FOUND = "另外问到的，没有确定的答案："


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an answer.

    Args:
        statements: what it says, in order.
        label: what it is headed with; None takes the place and period of the report.
        before: words before the statements, with no figure in them.
        after: words after the statements, without end mark.
    """

    statements: tuple[Statement, ...]
    label: str | None = None
    before: str = ""
    after: str = ""


def lines_of(statements: Sequence[Statement], before: str = "") -> tuple[Line, ...]:
    """A line for each report that the statements are of, so that each stands under its own place and period."""
    by_report: dict[str, list[Statement]] = {}
    for statement in merged(statements):
        by_report.setdefault(statement.evidence.hit.report.id, []).append(statement)
    return tuple(Line(tuple(own), before=before) for own in by_report.values())


def merged(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Statements with those of one sentence that touch or overlap made one; order is kept."""
    kept: list[Statement] = []
    for item in statements:
        twin = next((i for i, k in enumerate(kept) if _joins(k, item)), None)
        if twin is None:
            kept.append(item)
            continue
        one = kept[twin]
        span = (min(one.clauses[0], item.clauses[0]), max(one.clauses[1], item.clauses[1]))
        kept[twin] = _said(one, span)
    return tuple(kept)


def _joins(one: Statement, other: Statement) -> bool:
    if _key(one) != _key(other):
        return False
    if one.evidence.hit.paragraph.kind == "table row":  # its cells are said one by one
        return one.text == other.text
    start, end = min(one.clauses[1], other.clauses[1]), max(one.clauses[0], other.clauses[0])
    between = one.evidence.text[start:end]
    return len(between) <= 24 and all(map(is_year, figures(between)))  # what nobody asked for stays out


def _said(statement: Statement, span: tuple[int, int]) -> Statement:
    from qa.answering.statement import readable

    return Statement(readable(statement.evidence.text[span[0] : span[1]]), statement.evidence, span)


def _key(statement: Statement) -> tuple[str, int, int]:
    hit = statement.evidence.hit
    return hit.report.id, hit.paragraph.number, statement.evidence.start


def compose(
    query: Query,
    lines: Sequence[Line],
    passages: Sequence[Hit],
    *,
    short: str | None = None,
    abstained: bool = False,
    reason: Reason | None = None,
    calculation: tuple[str, ...] = (),
    opening: str = "",
    closing: str = "",
    missing: Sequence[str] = (),
    chance: float | None = None,
) -> Answer:
    """Put lines together; one line is a sentence, several are listed one below the other; then what is missing."""
    statements = [s for line in lines for s in line.statements]
    numbers, citations = cite(statements)
    marks = iter(numbers)
    written = []
    for line in lines:
        said = "，".join(f"{s.text}[{next(marks)}]" for s in line.statements)
        label = (
            place_label(line.statements[0].evidence) if line.label is None and line.statements else line.label
        )
        if query.form.flows and query.sums_up and len(query.scopes) == 1:
            label = ""  # a paragraph has no headings
        written.append(f"{label + '：' if label else ''}{line.before}{said}{line.after}。")
    bullet = "" if len(written) == 1 or query.form.flows else "- "
    body = "\n".join(f"{bullet}{w}" for w in written)
    lacking = f"{NOT_FOUND}{'、'.join(missing)}。" if missing else ""
    text = "\n".join(part for part in (opening, body if written else "", closing, lacking) if part)
    return Answer(
        question=query.asked,
        standalone_question=query.standalone,
        text=text,
        short=short,
        abstained=abstained,
        reason=reason,
        calculation=calculation,
        citations=citations,
        figures=(),
        passages=tuple(passages),
        missing=tuple(missing),
        chance=chance,
    )
