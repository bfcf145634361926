"""Statements → Answer: lines, citation marks and citations; the checking stage verifies it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from qa.answering.statement import Hits, Statement, cite, place_label, readable
from qa.text.arithmetic import Derived, derive
from qa.text.changes import asks_by_how_much, changes_in
from qa.text.figures import figures, is_year, same_value
from qa.types import CAVEATS, MARK, Answer, Citation, Figure, Part, Query, Reason

NOT_FOUND = "另外问到的，没有确定的答案："
APART = "相差"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an answer."""

    statements: tuple[Statement, ...]
    label: str | None = None  # its heading; None: the place and period of the report
    before: str = ""  # words before the statements, without figures


def merged(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Join statements of one sentence that touch or overlap; order is kept."""
    kept: list[Statement] = []
    for item in statements:
        twin = next((i for i, k in enumerate(kept) if _joins(k, item)), None)
        if twin is None:
            kept.append(item)
            continue
        evidence, (first, last) = kept[twin].evidence, kept[twin].clauses
        start, end = min(first, item.clauses[0]), max(last, item.clauses[1])
        kept[twin] = Statement(readable(evidence.text[start:end]), evidence, (start, end))
    return tuple(kept)


def _joins(one: Statement, other: Statement) -> bool:
    if one.evidence.position != other.evidence.position:
        return False
    if one.evidence.hit.paragraph.kind == "table row":  # its cells are stated one by one
        return one.text == other.text
    start, end = min(one.clauses[1], other.clauses[1]), max(one.clauses[0], other.clauses[0])
    between = one.evidence.text[start:end]
    return len(between) <= 24 and all(map(is_year, figures(between)))  # adds no figure that nobody asked for


def compose(
    query: Query,
    lines: Sequence[Line],
    passages: Hits,
    *,
    short: str | None = None,
    reason: Reason | None = None,
    opening: str = "",
    closing: str = "",
    chance: float | None = None,
) -> Answer:
    """Return the answer: one line is a sentence, several are a list; with a reason that is no caveat it abstains."""
    numbers, citations = cite([s for line in lines for s in line.statements])
    marks = iter(numbers)
    unlabelled = query.form.flows and query.sums_up and len(query.scopes) == 1  # a paragraph has no headings
    written = []
    for line in lines:
        stated = "，".join(f"{s.text}[{next(marks)}]" for s in line.statements)
        label = place_label(line.statements[0]) if line.label is None else line.label
        written.append(f"{label + '：' if label and not unlabelled else ''}{line.before}{stated}。")
    bullet = "" if len(written) == 1 or query.form.flows else "- "
    body = "\n".join(f"{bullet}{w}" for w in written)
    return Answer(
        question=query.asked,
        standalone_question=query.standalone,
        text="\n".join(part for part in (opening, body, closing) if part),
        short=short,
        abstained=reason is not None and reason not in CAVEATS,
        reason=reason,
        citations=citations,
        passages=tuple(passages),
        chance=chance,
    )


def renumbered(text: str, citations: Sequence[Citation], before: int) -> tuple[str, tuple[Citation, ...]]:
    """Return words of an answer and their citations with marks that go on from ``before``."""
    numbers = {citation.marker: number for number, citation in enumerate(citations, before + 1)}
    marked = MARK.sub(lambda mark: f"[{numbers[int(mark[1])]}]", text)
    return marked, tuple(replace(citation, marker=numbers[citation.marker]) for citation in citations)


def with_result(answer: Answer, result: Derived, note: str = "") -> Answer:
    """Return the answer with a last line that computes something from its figures, which is its short form, and what to mind."""
    return replace(with_closing(answer, f"计算：{result.formula}。{note}", result.formula), short=result.text)


def with_closing(answer: Answer, closing: str, formula: str = "") -> Answer:
    """Return the answer with a last line that concludes something from its figures, by a formula if there is one."""
    return replace(answer, text=f"{answer.text}\n{closing}", calculation=(formula,) if formula else ())


def with_change(answer: Answer) -> Answer:
    """Return the answer with by how much a figure changed, if it states both ends of the change (由A增加到B)."""
    short = figures(answer.short or "")
    if len(short) not in (1, 2) or answer.abstained or answer.calculation or not answer.citations:
        return answer
    stated = figures(answer.text)
    for change in changes_in(answer.citations[0].quote):
        ends = (change.last, change.first)
        told = all(among(ends, one) for one in short) and all(among(stated, end) for end in ends)
        if told and (by := derive("difference", ends)):
            text = f"{answer.text}\n{APART}{by.text}。"  # both ends stand in the line before
            told_as = by.text if asks_by_how_much(answer.standalone_question) else answer.short
            return replace(answer, text=text, short=told_as, calculation=(by.formula,))
    return answer


def among(known: Sequence[Figure], figure: Figure) -> bool:
    """Whether a figure has the value of one of these."""
    return any(same_value(figure.value, other.value) for other in known)


def with_missing(answer: Answer, missing: Sequence[str]) -> Answer:
    """Return the answer with a last line that names what was asked and not found, unless it has one."""
    if answer.missing:
        return answer
    note = f"\n{NOT_FOUND}{'、'.join(missing)}。" if missing else ""
    return replace(answer, text=answer.text + note, missing=tuple(missing))


def named(part: Part, question: str) -> str:
    """Return the words by which a part is named as not found; its figure, if any, would look like an answer.

    They are the words in a row that it shares with the question, at least those that it may share with no other thing.
    """
    whole, own = (_shared(words, question) for words in (part.topic, part.text))
    words = (whole if own in whole else own) or part.text
    return "其余一问" if figures(words) else words


def _shared(words: str, text: str) -> str:
    """Return the longest words in a row that are in both.

    >>> _shared("筹集的帮扶资金是多少", "市工会筹集的资金是多少？")
    '资金是多少'
    """
    found = SequenceMatcher(None, words, text, autojunk=False).find_longest_match()
    return words[found.a : found.a + found.size]
