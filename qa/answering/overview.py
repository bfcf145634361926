"""A report as a whole: one line a section, in the order of the report, each with its telling sentence."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from qa.answering.candidates import Evidence
from qa.answering.compose import Line
from qa.answering.salience import RUN_IN
from qa.answering.summary import SENTENCES, filled, heading_shown, place_in_report
from qa.answering.wording import GENERIC, Wording, words_of
from qa.text.figures import figures, is_year
from qa.text.orders import gives_orders
from qa.text.sentences import split_sentences
from qa.text.told import asks_of_plans, calendar_of, parts_of, told
from qa.types import Hit, Report, Scores, State

LINES = SENTENCES + 2  # a whole report has more to say than one topic
_WHOLE = frozenset(("介绍", "综述", "成绩", "打算", "干", "主要", "工会工作", "报告"))


def asks_for_all(topic: str) -> bool:
    """Whether a question that wants a summary names no subject: 介绍工会五年成绩."""
    return all(word in GENERIC or word in _WHOLE or word.isdigit() for word in words_of(topic))


def overview_lines(
    question: str, report: Report, wording: Wording, most: int = LINES, characters: int | None = None
) -> tuple[Line, ...]:
    """The lines of an overview; of what is to be done where the question asks for that, else of what was done.

    A report without headings is told paragraph by paragraph. None where it holds nothing of the kind.
    """
    wanted: State = "plan" if asks_of_plans(question, report) else "result"
    sections = list(_sections(report, wanted))
    if len(sections) < 2:
        sections = [("", [one]) for _, own in sections for one in own]
    best = sorted(
        ((label, max(own, key=_worth)) for label, own in sections),
        key=lambda pair: _worth(pair[1]),
        reverse=True,
    )
    said = filled([item for _, item in best], "", wording, most, characters)
    lines = (Line((statement,), label=best[at][0]) for at, statement in said.items())
    return tuple(sorted(lines, key=lambda line: place_in_report(line.statements[0])))


def _sections(report: Report, wanted: State) -> Iterator[tuple[str, list[Evidence]]]:
    """Each section with its sentences of the wanted kind."""
    calendar = calendar_of(report)
    pairs = zip(report.paragraphs, parts_of(report.paragraphs, calendar), strict=True)
    prose = [(paragraph, part) for paragraph, part in pairs if paragraph.kind == "prose"]
    for _, group in groupby(prose, key=lambda pair: pair[0].heading):
        own: list[Evidence] = []
        members = list(group)
        for paragraph, part in members:
            hit = Hit(report, paragraph, (), Scores(0.0, 0.0, 0.0))
            for start, end in split_sentences(paragraph.text):
                text = paragraph.text[start:end]
                fits = told(text, calendar, part)[0] == wanted
                if fits and end - start > RUN_IN and not gives_orders(text):
                    own.append(Evidence(hit, start, end, len(own)))
        if own:
            yield heading_shown(members[0][0]), own


def _worth(item: Evidence) -> tuple[float, int]:
    """What a sentence tells: figures and names; of equals the earlier one."""
    text = item.text
    counted = sum(not is_year(figure) for figure in figures(text))
    named = min(text.count("“") + text.count("《"), 2)
    return counted + 0.5 * named, -item.rank
