"""The form that an answer is asked for in: a table, one paragraph of some length, points, or the last answer again.

A request for a form says nothing of what is asked: the question reader marks it, and it is cut out before the question
is understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.question.asides import asides, without, without_asides
from qa.question.intents import about, intent_of
from qa.text.numerals import number_of
from qa.types import Form

_PARAGRAPH = re.compile(r"一?小?段")
_NO_TABLE = re.compile("[代发]表|表[彰扬示达现]")
_LENGTH = re.compile(r"(\d{2,4}|[一两二三四五六八]百)来?个?字")


def in_form(question: str, history: Sequence[str]) -> tuple[Form, str, tuple[str, ...]]:
    """The form, what is asked, and the earlier questions, all without the words that ask for a form.

    A turn that asks for the last answer in another form is taken up in the turn that it is about.
    """
    told: list[tuple[Form, str]] = []
    for turn in (*(turn for turn in history if about(turn) == ""), question):
        if told and (again := of_last_answer(turn, told[-1][0])):
            told[-1] = (again, told[-1][1])
            continue
        form, rest = form_of(turn)
        told.append((form, rest) if any(map(str.isalnum, rest)) else (Form(), turn))
    form, wanted = told[-1]
    return form, wanted, tuple(text for _, text in told[:-1])


def form_of(question: str) -> tuple[Form, str]:
    """The form, and the question without the words that ask for it.

    >>> form_of("用表格对比各地的职工书屋")
    (Form(shape='table', characters=None, shorter=0, tone=False), '对比各地的职工书屋')
    >>> form_of("写一段200字介绍温州的法律援助")
    (Form(shape='paragraph', characters=200, shorter=0, tone=False), '温州的法律援助')
    """
    form, stretches = Form(), []
    for span in asides(question):
        said = question[slice(*span)]
        length = _LENGTH.search(said)
        if "表" in _NO_TABLE.sub("", said):
            form = Form("table")
        elif length or _PARAGRAPH.search(said):
            form = Form("paragraph", number_of(length[1]) if length else form.characters)
        else:
            continue
        stretches.append((span[0], span[0] + len(_before_colon(said)) if form.shape == "table" else span[1]))
    rest = without(question, stretches)
    return form, without_asides(rest) if stretches and form.shape != "table" else rest


def _before_colon(said: str) -> str:
    """The words that ask for a table: behind a colon stands what it is to hold."""
    return said.replace("：", ":").partition(":")[0]


def of_last_answer(question: str, last: Form) -> Form | None:
    """The form that the last answer is asked for in again, such as 缩短 and 改成要点; None where more is asked.

    Args:
        last: the form that it was given in.
    """
    length = _LENGTH.search(question)
    characters = number_of(length[1]) if length else None
    made = {
        "table": Form("table"),
        "points": replace(last, shape="points", of=last.first),
        "paragraph": Form("paragraph", characters, of=last.first if last.first.flows else None),
        "shorter": replace(last, characters=characters, shorter=last.shorter + (not length), of=last.first),
        "tone": replace(last, tone=True, of=last.first),
    }
    return made.get(intent_of(question))
