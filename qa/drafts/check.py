"""Draft → checked draft: each figure, date and name looked up in the reports and judged once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from qa.drafts.context import Context, contexts, figures_in_context
from qa.drafts.judging import is_of_another, judged
from qa.drafts.ranking import Candidate, candidates, scored
from qa.drafts.records import DraftCheck, DraftItem, Statement
from qa.drafts.register import Register
from qa.drafts.statements import statements_of
from qa.errors import QuestionError
from qa.text.divisions import short_name
from qa.text.organisations import report_label
from qa.types import Report

Progress = Callable[[int, int], None]

STEP = 64  # statements after which progress is told
_CLAIM = re.compile(
    r"\d{1,20}|[一二两三四五六七八九十百千]{1,20}|[《“\"「『获授评命选跻登摘]"
)  # where a statement may begin: counted before any is read
AROUND = 4  # statements before and behind that count as neighbours
NEAR = 2  # paragraphs of a report within which two statements stand together


def check_report(
    draft: Report, register: Register, progress: Progress | None = None, most: int | None = None
) -> DraftCheck:
    """Judge every statement of a draft.

    Args:
        draft: read as a report is; its source is the text that the items count characters of.
        progress: told how many statements are done, and of how many.
        most: figures, dates and names that are judged at once; None for any number.

    Raises:
        QuestionError: it may hold more than that.
    """
    if most is not None and next(islice(_CLAIM.finditer(draft.source.text), most, None), None):
        raise QuestionError(
            f"稿件里的数字、日期和名称超过 {most:,} 处，一次核对不了这么多。请分成几份，或在命令行里用 union-qa check 核对。"
        )
    said = said_in(draft, register)
    told = ranked(said, register, progress)
    items = [judged(*each, found, register) for each, found in zip(said, told, strict=True)]
    held = [
        (context, register.statements[found[0].number])
        for (_, context), found, item in zip(said, told, items, strict=True)
        if item and item.quote
    ]
    notes = (*draft.notes, *_of_another_report(held, register))
    return DraftCheck(draft.source.text, _apart(item for item in items if item is not None), notes)


def _of_another_report(held: Sequence[tuple[Context, Statement]], register: Register) -> Iterator[str]:
    """A sentence where most of what was found is of another place or term than the draft speaks of."""
    astray = Counter(
        (
            report_label(register.reports[stated.report_id]),
            f"{short_name(context.place.name)}{context.period or ''}",
        )
        for context, stated in held
        if is_of_another(context, stated, register)
    )
    if 2 * astray.total() > len(held) > 2:
        (label, spoken_of), _ = astray.most_common(1)[0]
        yield f"稿件写的是{spoken_of}，核对到的数字却多数出自{label}的报告。请确认写的是哪里、哪几年。"


def said_in(draft: Report, register: Register) -> list[tuple[Statement, Context]]:
    """The statements of a draft, in order, each with the context that it stands in."""
    places = tuple(dict.fromkeys(r.place for r in register.reports.values() if r.place.name))
    told = tuple(contexts(draft, places))
    read = tuple(figures_in_context(draft, told))
    by_sentence: dict[tuple[int, str], Context] = {(s.paragraph, s.text): c for s, c in told}
    made = statements_of(draft, (figure for figure, _ in read))
    return [
        (s, by_sentence[s.paragraph, s.sentence]) for s in made if (s.paragraph, s.sentence) in by_sentence
    ]


def ranked(
    said: Sequence[tuple[Statement, Context]], register: Register, progress: Progress | None = None
) -> list[tuple[Candidate, ...]]:
    """For each statement what it may be about, best first; each is looked at twice, at last with its neighbours."""
    total = len(said)
    found: list[tuple[Candidate, ...]] = []
    for start in range(0, total, STEP):
        found += candidates(register, said[start : start + STEP])
        if progress is not None:
            progress(min(start + STEP, total), total)
    first = [scored(each, {}, {}) for each in found]
    return [
        scored(each, _beside(at, each, first, register), _claimed(at, first)) for at, each in enumerate(found)
    ]


def _claimed(at: int, first: Sequence[Sequence[Candidate]]) -> dict[int, float]:
    """The numbers that a statement beside this one fits better than this one does."""
    own = {candidate.number: candidate.score for candidate in first[at]}
    around = (first[n][0] for n in _around(at, len(first)) if first[n])
    return {c.number: 1.0 for c in around if c.score > 0 and c.number in own and c.score > own[c.number]}


def _around(at: int, total: int) -> Iterator[int]:
    return (n for n in range(max(0, at - AROUND), min(total, at + AROUND + 1)) if n != at)


def _beside(
    at: int, own: Sequence[Candidate], first: Sequence[Sequence[Candidate]], register: Register
) -> dict[int, float]:
    """For each candidate how many of the statements around are found close by, and in the same report."""
    sure = [first[n][0] for n in _around(at, len(first)) if first[n] and first[n][0].score > 0]
    if not sure:
        return {}
    places: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for each in sure:
        statement = register.statements[each.number]
        places[statement.report_id][statement.paragraph] += 1
    share = {}
    for candidate in own:
        statement = register.statements[candidate.number]
        held = places.get(statement.report_id)
        if held is None:
            continue
        near = sum(n for paragraph, n in held.items() if abs(paragraph - statement.paragraph) <= NEAR)
        share[candidate.number] = (0.5 * sum(held.values()) + 0.5 * near) / len(sure)
    return share


def _apart(items: Iterable[DraftItem]) -> tuple[DraftItem, ...]:
    """The items in order, each character judged once."""
    made: list[DraftItem] = []
    for item in sorted(items, key=lambda i: (i.start, -i.end)):
        if made and item.start < made[-1].end:
            continue
        made.append(item)
    return tuple(made)
