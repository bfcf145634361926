"""Check a draft against the reports: look up each of its figures, dates and names, and judge it once.

- ``draft`` reads a text or a file with its places and terms, ``statements`` extracts figures, dates and names;
- ``ranking`` finds the statements of the reports that a draft's statement may be about; ``train`` fits its weights;
- ``verdicts`` judges figures, ``judging`` dates and names, both with ``comparing`` and ``scope``; ``deeds`` what is told
  as done and only planned, and names without quotation marks; ``exports`` writes files.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from statistics import mode

from qa.drafts.deeds import judged_deeds
from qa.drafts.draft import Context, contexts, figures_in_context
from qa.drafts.judging import GOOD, DraftItem, judge
from qa.drafts.ranking import Candidates, Register, Said, candidates, rescored
from qa.drafts.scope import is_of_another
from qa.drafts.statements import Statement, clauses_of, statements_of
from qa.drafts.verdicts import figure_item
from qa.errors import QuestionError
from qa.text.divisions import short_name
from qa.text.organisations import report_label
from qa.text.states import signs_of_done
from qa.types import Report, Sentence

AROUND = 4  # statements before and after that count as neighbours
NEAR = 2  # paragraphs of a report within which two statements count as close
# Where a statement may begin; a cheap upper bound, counted before the draft is parsed.
_CLAIM = re.compile(r"\d{1,20}|[一二两三四五六七八九十百千]{1,20}|[《“\"「『获授评命选跻登摘]")


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """A draft with its items in order, never overlapping."""

    text: str
    items: tuple[DraftItem, ...]
    notes: tuple[str, ...] = ()  # on the whole draft, and on parts of its file that could not be read


def check_report(
    draft: Report,
    register: Register,
    progress: Callable[[int, int], None] | None = None,
    most: int | None = None,
) -> DraftCheck:
    """Judge every statement of a draft; offsets of the items count characters of its source.

    Args:
        progress: called with the number of statements done and their total.
        most: limit on figures, dates and names; None for no limit.

    Raises:
        QuestionError: the draft may exceed the limit.
    """
    claims = chain(_CLAIM.finditer(draft.source.text), signs_of_done(draft.source.text))
    if most is not None and next(islice(claims, most, None), None):
        raise QuestionError(
            f"稿件里的数字、日期和名称超过 {most:,} 处，一次核对不了这么多。请分成几份，或在命令行里用 union-qa check 核对。"
        )
    said, deeds = statements_in_context(draft, register)
    candidates_of = ranked_candidates(said, register, progress)
    items = _judged(said, candidates_of, register)
    triples = zip(said, candidates_of, items, strict=True)
    quoted = ((context, found[0]) for (_, context), found, item in triples if item and item.quote and found)
    matches = [(context, register.statements[best.number]) for context, best in quoted]
    notes = (*draft.notes, *_wrong_report_note(matches, register))
    judged = filter(None, items)
    counted = [item for (one, _), item in zip(said, items, strict=True) if item and one.kind == "figure"]
    told = (each for each in deeds if not _overlaps(each[0].spans[0][0], each[0].spans[-1][1], counted))
    # a name may stand in another cell of a table than its item
    text = draft.source.text
    of_deeds = (
        item
        for item in judged_deeds(told, register)
        if item.verdict != "wrong_name" or text[item.start : item.end] == item.text
    )
    return DraftCheck(draft.source.text, _without_overlaps((*judged, *of_deeds)), notes)


def _judged(said: Sequence[Said], found: Sequence[Candidates], register: Register) -> list[DraftItem | None]:
    """Return the item of each statement; a date that is wrong itself does not date the figures of its sentence."""
    of_figures = [one.kind == "figure" for one, _ in said]
    items = [
        None if is_figure else judge(*each, own, register)
        for is_figure, each, own in zip(of_figures, said, found, strict=True)
    ]
    dates = ((one, item) for (one, _), item in zip(said, items, strict=True) if one.kind == "date")
    misdated = {one.number for one, item in dates if item and item.verdict not in GOOD}
    for at in (at for at, is_figure in enumerate(of_figures) if is_figure):
        one, context = said[at]
        if one.number in misdated:
            context = replace(context, period=None, names_years=False)
        items[at] = figure_item(one, context, found[at], register)
    return items


def _wrong_report_note(matches: Sequence[tuple[Context, Statement]], register: Register) -> Iterator[str]:
    """Yield a note if most matches are of another place or term than the draft is about."""
    others = [(context, stated) for context, stated in matches if is_of_another(context, stated, register)]
    if 2 * len(others) > len(matches) > 2:
        labels = (report_label(register.reports[stated.report_id]) for _, stated in others)
        spoken = (f"{short_name(context.place.name)}{context.period or ''}" for context, _ in others)
        label, spoken_of = mode(zip(labels, spoken, strict=True))
        yield f"稿件写的是{spoken_of}，核对到的数字却多数出自{label}的报告。请确认写的是哪里、哪几年。"


def statements_in_context(draft: Report, register: Register) -> tuple[list[Said], list[Said]]:
    """Return the statements of a draft, and the clauses of its deeds, in order, each with its context."""
    by_time = sorted(register.reports.values(), key=lambda report: report.period.end if report.period else 0)
    latest = {report.place: report.period for report in by_time if report.place.name}
    sentences = tuple(contexts(draft, latest))
    stated = statements_of(draft, figures_in_context(draft, sentences))
    return _in_context(stated, sentences), _in_context(clauses_of(draft), sentences)


def _in_context(statements: Iterable[Statement], sentences: Sequence[tuple[Sentence, Context]]) -> list[Said]:
    by_sentence = {(sentence.paragraph, sentence.text): context for sentence, context in sentences}
    found = []
    for statement in statements:
        if whole := by_sentence.get((statement.paragraph, statement.sentence)):
            own = whole.at(statement.at)
            if whole.names_years and not whole.terms and statement.kind == "figure":
                own = replace(own, period=statement.period)  # of several years those told of it
            beside = statement.place != whole.place.name  # named beside the figure
            found.append((statement if beside else replace(statement, place=own.place.name), own))
    return found


def ranked_candidates(
    said: Sequence[Said], register: Register, progress: Callable[[int, int], None] | None = None
) -> list[Candidates]:
    """Return the candidates of each statement, best first, scored twice: alone, then with its neighbours.

    Those that a neighbour, whose best they are, fits better are claimed by it.
    """
    first: list[Candidates] = []
    for found in candidates(register, said):
        first.append(rescored(found, {}, {}))
        if progress is not None:
            progress(len(first), len(said))
    again = []
    for at, each in enumerate(first):
        around = tuple(first[n][0] for n in _around(at, len(said)) if first[n])
        scores = {candidate.number: candidate.score for candidate in each}
        claimed = {c.number: 1.0 for c in around if c.score > max(scores.get(c.number, math.inf), 0.0)}
        again.append(rescored(each, _near_neighbours(each, around, register), claimed))
    return again


def _around(at: int, total: int) -> Iterator[int]:
    return (n for n in range(max(0, at - AROUND), min(total, at + AROUND + 1)) if n != at)


def _near_neighbours(found: Candidates, around: Candidates, register: Register) -> dict[int, float]:
    """Return for each candidate the share of neighbours found close to it (half) or in its report (half)."""
    sure = [register.statements[each.number] for each in around if each.score > 0]
    shares = {}
    for candidate in found if sure else ():
        stated = register.statements[candidate.number]
        same = [abs(s.paragraph - stated.paragraph) for s in sure if s.report_id == stated.report_id]
        near = sum(apart <= NEAR for apart in same)
        shares[candidate.number] = (len(same) + near) / (2 * len(sure))
    return shares


def _overlaps(start: int, end: int, items: Iterable[DraftItem]) -> bool:
    return any(start < item.end and item.start < end for item in items)


def _without_overlaps(items: Iterable[DraftItem]) -> tuple[DraftItem, ...]:
    """Return the items in order; of overlapping ones the first, then the longest, is kept."""
    kept: list[DraftItem] = []
    for item in sorted(items, key=lambda i: (i.start, -i.end)):
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return tuple(kept)
