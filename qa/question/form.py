"""Find the form asked for: a table, a paragraph of some length, points, or the last answer in another form.

The question reader marks the words that ask for a form; they are removed before the question is understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.question.asides import asides, without, without_asides
from qa.question.intents import about, intent_of
from qa.text.divisions import find
from qa.text.numerals import number_of
from qa.types import Form, Span

_PARAGRAPH = re.compile(r"一?小?段")
_NO_TABLE = re.compile("[代发]表|表[彰扬示达现]")
_SIZE = re.compile(r"(\d{1,4}|[一两二三四五六七八九十]百?)来?个?([字条点句]|要点)")


def in_form(question: str, history: Sequence[str]) -> tuple[Form, str, tuple[str, ...]]:
    """Return the form, the question and the earlier questions, all without the words that ask for a form.

    A turn that asks for the last answer in another form is merged into the turn that it is about.
    """
    turns: list[tuple[Form, str]] = []
    for turn in (*(turn for turn in history if about(turn) == ""), question):
        if turns and (again := of_last_answer(turn, turns[-1][0])):
            turns[-1] = (again, turns[-1][1])
            continue
        form, rest = form_of(turn)
        turns.append((form, rest) if any(map(str.isalnum, rest)) else (Form(), turn))
    form, wanted = turns[-1]
    return form, wanted, tuple(text for _, text in turns[:-1])


def form_of(question: str) -> tuple[Form, str]:
    """Return the form, and the question without the words that ask for it.

    >>> form, rest = form_of("写一段200字介绍温州的法律援助")
    >>> form.shape, form.characters, rest
    ('paragraph', 200, '温州的法律援助')
    """
    form, stretches = Form(), list[Span]()
    for start, end in asides(question):
        aside = question[start:end]
        characters, points = _size(aside)
        if "表" in _NO_TABLE.sub("", aside):
            form = Form("table")
        elif points:
            form = Form("points", points=points)
        elif characters or _PARAGRAPH.search(aside):
            form = Form("paragraph", characters or form.characters)
        else:
            continue
        if form.shape == "table":  # after a colon stands what it is to contain, and places are its rows
            before_colon = aside.replace("：", ":").partition(":")[0]
            places = [(start + a, start + b) for a, b, _ in find(before_colon)]
            edges = [start, *(edge for place in places for edge in place), start + len(before_colon)]
            stretches += zip(edges[::2], edges[1::2], strict=True)
        else:
            stretches.append((start, end))
    rest = without(question, stretches)
    return form, without_asides(rest) if stretches and form.shape != "table" else rest


def of_last_answer(question: str, last: Form) -> Form | None:
    """Return the new form of the last answer that a turn asks for (缩短, 改成要点), or None."""
    characters, points = _size(question)
    first = replace(last.first, points=points or last.first.points)
    made = {
        "table": Form("table"),
        "points": replace(last, shape="points", of=first),
        "paragraph": Form("paragraph", characters, of=last.first if last.first.flows else None),
        "shorter": replace(
            last, characters=characters, shorter=last.shorter + (not characters and not points), of=first
        ),
        "tone": replace(last, tone=True, of=last.first),
    }
    return made.get(intent_of(question))


def _size(words: str) -> tuple[int | None, int | None]:
    """Return how many characters and how many points, or sentences, words ask for.

    >>> _size("写一段两百字"), _size("用三条要点概括")
    ((200, None), (None, 3))
    """
    found = _SIZE.search(words)
    size = number_of(found[1]) if found else 1
    if found is None or size == 1:  # 再短一点
        return None, None
    return (size, None) if found[2] == "字" else (None, size)
