"""Refuse questions and filters that cannot be used, each with what could be used instead."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from qa.errors import QuestionError
from qa.ledger import Ledger
from qa.question import Catalogue, recent
from qa.text import divisions
from qa.text.divisions import short_name
from qa.text.normal import one_line
from qa.text.numerals import typed_years
from qa.types import Period, Report

MAX_QUESTION_CHARACTERS = 2000
MAX_HISTORY_CHARACTERS = 4000  # of the earlier questions that are read
MOST_NAMES = 20  # that a message lists
_SURROGATES = re.compile("[\ud800-\udfff]")  # halves of a UTF-16 character, which JSON may contain alone

PeriodLike: TypeAlias = "str | int | tuple[int, int] | Period"


def check_question(question: object) -> None:
    """Raise QuestionError if a question is no text, has no word, or is too long."""
    question = _text(question)
    if not any(character.isalnum() for character in unicodedata.normalize("NFKC", question)):
        lacks = "问题是空的，只有符号，没有文字" if question.strip() else "问题是空的"
        raise QuestionError(f"{lacks}。请写下想问的内容，例如：法律援助办了多少件？")
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise QuestionError(
            f"问题有 {len(question)} 个字，上限是 {MAX_QUESTION_CHARACTERS} 个字。请缩短，或分成几个问题。"
        )


def usable_history(history: Sequence[object]) -> tuple[str, ...]:
    """Return the earlier questions that a follow-up depends on, oldest first.

    Raises QuestionError if one is no text, or together they are too long.
    """
    turns = recent([_text(turn) for turn in history])
    if (size := sum(map(len, turns))) > MAX_HISTORY_CHARACTERS:
        raise QuestionError(
            f"前面的问题一共有 {size} 个字，上限是 {MAX_HISTORY_CHARACTERS} 个字。"
            "请新开一个对话，把要接着问的写进这一问。"
        )
    return turns


def _text(question: object) -> str:
    if not isinstance(question, str):
        raise QuestionError("问题不是文字。请写下想问的内容，例如：法律援助办了多少件？")
    if _SURROGATES.search(question):
        raise QuestionError("问题里有不成字的编码（半个 UTF-16 字符）。请改正这个字，再问一次。")
    return question


def known_place(place: str, catalogue: Catalogue) -> str:
    """Return the full name of a division that reports cover; suffixes may be left out, and those above it named.

    Raises QuestionError if no report is about it or a place inside it.
    """
    typed = "".join(_narrow(place).split())
    full, named = catalogue.divisions.get(typed), divisions.get(typed)
    if named and any(divisions.within(own, named) for own in catalogue.places):
        full = full or named.name
    if full is None:
        names = dict.fromkeys(term.place.name for term in catalogue.terms if term.place.name)
        raise QuestionError(f"没有“{place}”的报告。现有报告的地区：{_listed(names)}。")
    return full


def place_of_figures(place: str, ledger: Ledger, catalogue: Catalogue) -> str:
    """Return the full name of a division of the reports, or of one inside it that a figure is about."""
    wanted = place.strip()
    named = (figure.place for figure in ledger.figures if wanted in (figure.place, short_name(figure.place)))
    return next(named, None) or known_place(place, catalogue)


def known_period(period: PeriodLike, catalogue: Catalogue) -> tuple[int, int]:
    """Return the first and last year; raise QuestionError if these are no years or no report covers any."""
    text = "-".join(map(str, period)) if isinstance(period, tuple) else _narrow(str(period))
    years = period if isinstance(period, Period) else typed_years(text)
    if years is None:
        raise QuestionError(f"看不懂时期“{text}”。请写成 2018-2023 或 2023。")
    periods = catalogue.periods
    if not any(known.start <= years.end and years.start <= known.end for known in periods):
        raise QuestionError(f"没有 {years} 年的报告。现有报告的时期：{_listed(map(str, periods))}。")
    return years.start, years.end


def known_report(report: str, known: Sequence[Report]) -> Report:
    """Return the report with this file name, title or id; raise QuestionError if there is none, or several by a title."""
    name = one_line(report)  # as file names are stored
    found = [each for each in known if each.source.name in (report, name)]
    if not found and (wanted := _narrow(name)):
        found = [e for e in known if wanted in map(_narrow, (e.source.name, e.id, e.title))]
    if not found:
        raise QuestionError(f"没有报告“{report}”。现有报告：{_listed(each.source.name for each in known)}。")
    if len(found) > 1:
        names = _listed(each.source.name for each in found)
        raise QuestionError(f"叫“{report}”的报告有 {len(found)} 份：{names}。请用文件名写明是哪一份。")
    return found[0]


def _narrow(typed: str) -> str:
    """Return what was typed with narrow letters and digits, and without blanks around it."""
    return unicodedata.normalize("NFKC", typed).strip()


def no_report_fits(
    catalogue: Catalogue, place: str | None, period: tuple[int, int] | None, report: str | None
) -> QuestionError:
    """Return the error for filters that fit reports one by one but none together, with what there is."""
    asked = [place, f"{Period(*period)} 年" if period else None, report]
    named = [t for t in catalogue.terms if report is None or t.name == report]
    near = [t for t in named if place is None or place in (t.place.name, *t.place.parents)] or named
    have = _listed(f"{t.label} {t.name}" for t in near)
    return QuestionError(
        f"没有同时满足这些条件的报告：{'、'.join(filter(None, asked))}。相近的有：{have}。请改正或去掉其中一个条件再试。"
    )


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    more = f" 等 {len(every)} 个" if len(every) > MOST_NAMES else ""
    return ("、".join(every[:MOST_NAMES]) or "（无）") + more
