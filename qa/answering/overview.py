"""Summarise a whole report: one line per section in its order, with the most informative sentence."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, groupby
from operator import itemgetter
from typing import TypeAlias

from embeddings.words import worth
from qa.answering.compose import Line
from qa.answering.evidence import Evidence
from qa.answering.salience import RUN_IN, section_of
from qa.answering.summary import SENTENCES, heading_shown, report_order, statements_that_fit
from qa.answering.wording import Wording, words_of
from qa.text.figures import figures, is_year
from qa.text.sentences import split_sentences
from qa.text.statable import is_statable
from qa.text.states import asks_of_plans, calendar_of, parts_of, state_and_period
from qa.types import Hit, Report, Scores, State

LINES = SENTENCES + 2  # a whole report needs more than one topic
FEW = 3  # sections, or paragraphs, below which a report is summarised in smaller pieces
_WHOLE = frozenset(
    [
        "介绍",
        "综述",
        "成绩",
        "成效",
        "亮点",
        "要点",
        "打算",
        "主要",
        "开展",
        "工作",
        "工会",
        "工会工作",
        "总工会",
        "报告",
        "全市",
        "全省",
        "全区",
        "全县",
    ]
)

# Headings, outermost first, and a short opening sentence that serves as one.
Section: TypeAlias = tuple[str, ...]


def asks_for_all(topic: str) -> bool:
    """Whether a request for a summary names no subject: 介绍工会五年成绩."""
    return all(worth(word) < 1.0 or word in _WHOLE or word.isdigit() for word in words_of(topic))


def subject_of(topic: str) -> str:
    """Return a topic without the words that only ask for a summary: 工会的亮点 has none else, and stays as it is."""
    return "".join(word for word in words_of(topic) if word not in _WHOLE) or topic


def overview_lines(
    question: str, report: Report, wording: Wording, most: int = LINES, characters: int | None = None
) -> tuple[Line, ...]:
    """Return the lines of an overview, of plans if the question asks for plans, else of results.

    A report of few sections is summarised paragraph by paragraph, one of few paragraphs sentence by sentence.
    """
    wanted: State = "plan" if asks_of_plans(question, report) else "result"
    found = list(_paragraphs(report, wanted))
    # The address to the delegates before the first heading is left out.
    headed = [one for one in found if one[0]] or found
    sections = [
        (section, [e for _, own in group for e in own]) for section, group in groupby(headed, itemgetter(0))
    ]
    if len(sections) < FEW:
        sections = headed if len(headed) >= FEW else [(label, [one]) for label, own in headed for one in own]
    best = [(heading_shown(section), max(own, key=_worth)) for section, own in sections]
    best.sort(key=lambda pair: _worth(pair[1]), reverse=True)
    statements = statements_that_fit([item for _, item in best], "", wording, most, characters)
    lines = (Line((statement,), label=best[at][0]) for at, statement in statements.items())
    return tuple(sorted(lines, key=lambda line: report_order(line.statements[0])))


def _paragraphs(report: Report, wanted: State) -> Iterator[tuple[Section, list[Evidence]]]:
    """Yield each paragraph's section with its sentences of the wanted state, if it has any."""
    calendar, rank = calendar_of(report), count()
    for paragraph, part in zip(report.paragraphs, parts_of(report.paragraphs, calendar), strict=True):
        if paragraph.kind != "prose":
            continue
        hit, own = Hit(report, paragraph, (), Scores(0.0, 0.0, 0.0)), list[Evidence]()
        for start, end in split_sentences(paragraph.text):
            text = paragraph.text[start:end]
            fits = state_and_period(text, calendar, part)[0] == wanted
            if fits and end - start > RUN_IN and is_statable(text):
                own.append(Evidence(hit, start, end, next(rank)))
        if own:
            yield section_of(paragraph), own


def _worth(item: Evidence) -> tuple[float, int]:
    """Return how informative a sentence is, by figures and names; the earlier of equals wins."""
    text = item.text
    counted = sum(not is_year(figure) for figure in figures(text))
    named = min(text.count("“") + text.count("《"), 2)
    return counted + 0.5 * named, -item.rank
