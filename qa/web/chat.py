"""Turn an answer into the pieces in which the chat shows it; a mark, a figure, an escape is never cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from itertools import accumulate
from pathlib import Path

from qa.checking.amounts import amounts
from qa.text.normal import squeezed
from qa.types import Answer
from qa.web.evidence import blank_section, citation_id, evidence_section
from qa.web.failures import explain
from qa.web.followups import follow_ups
from qa.web.seam import AsksQuestions
from qa.web.words import both

__all__ = ["Turn", "converse", "pieces", "recalled", "remembered", "said", "stopped", "suggested", "typed"]

_CHUNK = 5  # characters of plain text that appear at once
_STEPS = 40  # states of a long answer at most: it appears faster, not longer
_BULLET = '<i class="qa-item">'
_HISTORY = 8  # earlier questions that are handed to the library


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what the page shows for it.

    Args:
        question: as it was typed.
        shown: escaped HTML of the answer so far.
        evidence: escaped HTML of its panel; ``""`` where there is none.
        answer: what was answered, without its passages; None for errors. It serves follow-ups as history.
        place: the filter that it was asked with, likewise ``period``.
    """

    question: str
    shown: str
    evidence: str = ""
    answer: Answer | None = None
    place: str | None = None
    period: str | None = None


def converse(
    library: AsksQuestions,
    question: str,
    turns: tuple[Turn, ...],
    error_log: Path,
    place: str | None = None,
    period: str | None = None,
    llm: bool = True,
) -> Iterator[tuple[Turn, ...]]:
    """Yield the conversation as it grows: first the question alone, then the answer in pieces.

    No error of the library leaves this function: it is shown in place of the answer.
    """
    number = len(turns) + 1
    turn = Turn(question, _WAITING, place=place, period=period)
    yield (*turns, turn)
    history = [earlier.question for earlier in turns if earlier.answer][-_HISTORY:]
    try:
        answer = library.ask(question, history=history, place=place, period=period, llm=llm)
        panel = evidence_section(answer, library.report, number)
    except Exception as error:  # noqa: BLE001  # the last border before a person
        message = _lines(explain(error, error_log))
        notice = _bubble(f'<span class="qa-notice" role="alert">{message}</span>')
        yield (*turns, replace(turn, shown=notice, evidence=blank_section(number)))
        return
    turn = replace(turn, evidence=panel, answer=replace(answer, passages=()))
    for shown in typed(answer, number):
        yield (*turns, replace(turn, shown=shown))


def suggested(library: AsksQuestions, turns: tuple[Turn, ...]) -> tuple[str, ...]:
    """Questions that go on from the last answer; none after an error, or where the library fails."""
    if not turns or turns[-1].answer is None:
        return ()
    history = [turn.question for turn in turns if turn.answer][-_HISTORY:]
    return follow_ups(library, turns[-1].answer, history)


def remembered(turns: tuple[Turn, ...]) -> list[list[str]]:
    """What the browser keeps of a conversation: its last questions with their filters; answers follow from them."""
    return [[t.question, t.place or "", t.period or ""] for t in turns if t.answer][-_HISTORY:]


def recalled(library: AsksQuestions, kept: object, error_log: Path) -> tuple[Turn, ...]:
    """The conversation asked again, without a model, from what a browser kept; what is no such thing is passed over."""
    turns: tuple[Turn, ...] = ()
    for row in kept[-_HISTORY:] if isinstance(kept, list) else ():
        if not (isinstance(row, list) and len(row) == 3 and all(isinstance(cell, str) for cell in row)):
            continue
        question, place, period = row
        for state in converse(library, question, turns, error_log, place or None, period or None, llm=False):
            last = state
        turns = last
    return turns


def stopped(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """The conversation after its last question was given up: what had appeared of the answer stays."""
    if not turns or turns[-1].shown != _WAITING:
        return turns
    return (*turns[:-1], replace(turns[-1], shown=_status("stopped"), evidence=blank_section(len(turns))))


def typed(answer: Answer, turn: int) -> Iterator[str]:
    """The HTML of an answer as it grows; every state is whole, valid and escaped."""
    states = list(accumulate(pieces(answer, turn)))
    step = len(states) // _STEPS + 1
    for text in (*states[step - 1 : -1 : step], states[-1]):
        yield _bubble(_understood(answer) + _itemised(text))


def pieces(answer: Answer, turn: int) -> tuple[str, ...]:
    """Escaped HTML whose concatenation is the answer: plain text, figures in bold, marks as links, ``- `` as a bullet.

    A number in brackets that is no mark of this answer stays text.
    """
    markers = "|".join(sorted((str(c.marker) for c in answer.citations), key=len, reverse=True)) or r"(?!)"
    bold = sorted({re.escape(f.text) for f in amounts(answer) if f.text}, key=len, reverse=True)
    figures = "|".join(bold) or r"(?!)"
    token = re.compile(
        rf"\[(?P<mark>{markers})\]|(?<![\d.])(?P<figure>{figures})(?!\d|\.\d)|^(?P<item>- )", re.M
    )
    found, at, linked = [], 0, set[str]()
    for match in token.finditer(answer.text):
        found += _plain(answer.text[at : match.start()])
        if mark := match["mark"]:
            anchor = "" if mark in linked else f' id="mark-{turn}-{mark}"'
            linked.add(mark)
            found.append(f'<a class="qa-mark"{anchor} href="#{citation_id(turn, int(mark))}">[{mark}]</a>')
        elif item := match["item"]:
            found.append(f"{_BULLET}{item}</i>")
        else:
            found.append(f"<b>{escape(match['figure'])}</b>")
        at = match.end()
    return (*found, *_plain(answer.text[at:]))


def said(question: str) -> str:
    """The HTML of a user's turn."""
    return f'<div class="qa-said">{_lines(question)}</div>'


def _understood(answer: Answer) -> str:
    """The question as the history completes it, where that differs from what was typed."""
    if squeezed(answer.standalone_question) == squeezed(answer.question):
        return ""
    return (
        f'<span class="qa-understood">{both("understood")} <q>{_lines(answer.standalone_question)}</q></span>'
    )


def _itemised(html: str) -> str:
    """Each item in a block of its own, so that its second line is indented; no tag of a piece runs over lines."""
    lines = html.split("<br>")
    return "<br>".join(f'<span class="qa-line">{x}</span>' if x.startswith(_BULLET) else x for x in lines)


def _plain(text: str) -> list[str]:
    return [_lines(text[i : i + _CHUNK]) for i in range(0, len(text), _CHUNK)]


def _lines(text: str) -> str:
    """Escaped text without a line end: a blank line would end the HTML block and wake Markdown up."""
    return escape(text).replace("\r", "").replace("\n", "<br>")


def _status(key: str) -> str:
    return _bubble(f'<span class="qa-status">{both(key)}</span>')


def _bubble(html: str) -> str:
    return f'<div class="qa-answer">{html}</div>'


_WAITING = _status("reading")
