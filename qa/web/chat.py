"""Turn an answer into the pieces in which the chat shows it; a mark, a figure, an escape is never cut."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from pathlib import Path
from typing import get_args

from qa.checking.amounts import amounts
from qa.engines import Stopped, Watch
from qa.errors import QAError
from qa.feedback import Verdict
from qa.question import recent
from qa.text.normal import squeezed
from qa.types import Answer
from qa.web.escaping import escape
from qa.web.evidence import blank_section, citation_id, evidence_section
from qa.web.failures import explain
from qa.web.followups import follow_ups
from qa.web.progress import followed, in_words, taken
from qa.web.shelf import EVERYTHING, Asks, Filters
from qa.web.words import both, english

_CHUNK = 5  # characters of plain text that appear at once
_STEPS = 20  # states of a long answer at most: it appears faster, not longer
_BULLET = '<i class="qa-item">'


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what the page shows for it.

    Args:
        question: as it was typed.
        shown: escaped HTML of the answer so far.
        evidence: escaped HTML of its panel; ``""`` where there is none.
        answer: what was answered, without its passages; None for errors. It serves follow-ups as history.
        filters: those that it was asked with.
        limits: the filters in words; empty where nothing was restricted.
        key: names the turn wherever it is kept.
        verdict: what a person said of the answer.
    """

    question: str
    shown: str
    evidence: str = ""
    answer: Answer | None = None
    filters: Filters = EVERYTHING
    limits: tuple[str, ...] = ()
    key: str = ""
    verdict: Verdict | None = None


def converse(
    library: Asks,
    question: str,
    turns: tuple[Turn, ...],
    error_log: Path,
    filters: Filters = EVERYTHING,
    key: str = "",
    llm: bool = True,
    stop: threading.Event | None = None,
) -> Iterator[tuple[Turn, ...]]:
    """Yield the conversation as it grows: first the question alone, then the answer in pieces.

    No error of the library leaves this function: it is shown in place of the answer.

    Args:
        key: of the turn, where it was asked before.
        stop: set, a language model is waited for no longer.
    """
    stop = stop or threading.Event()
    number = len(turns) + 1
    limits = _limits(library, filters)
    turn = Turn(question, _WAITING, filters=filters, limits=limits, key=key or secrets.token_hex(8))
    yield (*turns, turn)
    try:
        earlier = earlier_questions(turns)

        def ask(watch: Watch) -> Answer:
            return library.ask(
                question, history=earlier, llm=llm, watch=watch, stop=stop, **filters.arguments
            )

        for done in followed(ask, stop):
            if isinstance(done, tuple):
                yield (*turns, replace(turn, shown=_bubble(in_words(done))))
            else:
                answer = done.result()
        panel = evidence_section(answer, library.report, number)
    except Stopped:
        yield stopped((*turns, turn))
        return
    except Exception as error:  # noqa: BLE001  # the last border before a person
        message = _lines(explain(error, error_log))
        notice = _bubble(f'<span class="qa-notice" role="alert">{message}</span>')
        yield (*turns, replace(turn, shown=notice, evidence=blank_section(number)))
        return
    turn = replace(turn, evidence=panel, answer=replace(answer, passages=()))
    for shown in typed(answer, number, limits):
        yield (*turns, replace(turn, shown=shown))


def earlier_questions(turns: tuple[Turn, ...]) -> list[str]:
    """The history that a question after these turns is asked with."""
    return list(recent([turn.question for turn in turns if turn.answer]))


def suggested(
    library: Asks, turns: tuple[Turn, ...], may: Callable[[], bool] = lambda: True
) -> tuple[str, ...]:
    """Questions that go on from the last answer; none after an error, or where the library fails.

    Args:
        may: as ``follow_ups`` asks it.
    """
    if not turns or turns[-1].answer is None:
        return ()
    return follow_ups(library, turns[-1].answer, earlier_questions(turns), turns[-1].filters, may)


def stopped(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """The conversation after its last question was given up: what had appeared of the answer stays."""
    if not turns or turns[-1].answer is not None or turns[-1].evidence:
        return turns
    return (*turns[:-1], replace(turns[-1], shown=_status("stopped"), evidence=blank_section(len(turns))))


def typed(answer: Answer, turn: int, limits: tuple[str, ...] = ()) -> Iterator[str]:
    """The HTML of an answer as it grows; every state is whole, valid and escaped."""
    states = list(accumulate(pieces(answer, turn)))
    step = len(states) // _STEPS + 1
    for text in (*states[step - 1 : -1 : step], states[-1]):
        told = _in_both(answer, _tabled(_itemised(text)))
        yield _bubble(_limited(limits) + _understood(answer) + told + taken(answer.work))


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


def messages(turns: tuple[Turn, ...]) -> list[dict[str, str]]:
    """The conversation as the chat takes it: questions, and answers with their two buttons."""
    found = []
    for number, turn in enumerate(turns, 1):
        found.append({"role": "user", "content": said(turn.question)})
        found.append({"role": "assistant", "content": turn.shown + _verdicts(turn, number)})
    return found


def said(question: str) -> str:
    """The HTML of a user's turn."""
    return f'<div class="qa-said">{_lines(question)}</div>'


def _verdicts(turn: Turn, number: int) -> str:
    """有用 and 无用; an error has none. The chat lets no state through but classes: ``page.js`` says what is pressed."""
    if turn.answer is None:
        return ""
    buttons = "".join(
        f'<button type="button" id="{verdict}-{number}" '
        f'class="qa-verdict{" qa-pressed" if turn.verdict == verdict else ""}">{both(verdict)}</button>'
        for verdict in get_args(Verdict)
    )
    return f'<div class="qa-acts" role="group">{buttons}</div>'


def _limits(library: Asks, filters: Filters) -> tuple[str, ...]:
    try:
        report = library.report(filters.report) if filters.report else None
    except QAError:  # it was taken out since; the library will say so
        report = None
    name = (report.title or report.source.name) if report else ""
    return tuple(filter(None, (filters.place, filters.period.replace("-", "–"), name)))


def _limited(limits: tuple[str, ...]) -> str:
    """What the question was restricted to, where it was."""
    if not limits:
        return ""
    return f'<span class="qa-understood">{both("limited")} <q>{_lines("，".join(limits))}</q></span>'


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


def _tabled(html: str) -> str:
    """The lines of a table as one; a line that is not whole yet stays text."""
    found: list[str] = []
    for is_table, lines in groupby(html.split("<br>"), key=lambda x: x.startswith("| ") and x.endswith(" |")):
        if not is_table:
            found += lines
            continue
        head, *body = (line[2:-2].split(" | ") for line in lines)
        names = "".join(f'<th scope="col">{cell}</th>' for cell in head)
        rows = "".join(
            f'<tr><th scope="row">{label}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
            for label, *cells in body[1:]  # behind the line that makes it a table
        )
        found.append(
            f'<div class="qa-wide" tabindex="0"><table class="qa-table"><thead><tr>{names}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div>"
        )
    return "<br>".join(found).replace("</table></div><br>", "</table></div>")


def _plain(text: str) -> list[str]:
    return [_lines(text[i : i + _CHUNK]) for i in range(0, len(text), _CHUNK)]


def _lines(text: str) -> str:
    """Escaped text without a line end: a blank line would end the HTML block and wake Markdown up."""
    return escape(text).replace("\r", "").replace("\n", "<br>")


def _in_both(answer: Answer, html: str) -> str:
    """A refusal, which quotes nothing, in the language of the page; all else is quoted and stays Chinese."""
    if not answer.abstained or answer.citations or answer.reason is None:
        return html
    why = f"{english(f'reason_{answer.reason}')}. {english('nearest_shown') if answer.nearest else ''}"
    return f'<span class="zh" lang="zh-CN">{html}</span><span class="en" lang="en">{escape(why)}</span>'


def _status(key: str, kind: str = "qa-status") -> str:
    return _bubble(f'<span class="{kind}">{both(key)}</span>')


def _bubble(html: str) -> str:
    return f'<div class="qa-answer">{html}</div>'


_WAITING = _status("reading", "qa-status qa-waiting")
