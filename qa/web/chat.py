"""Ask a question and turn the answer into the HTML pieces that the chat shows one after the other."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from pathlib import Path
from typing import TypeVar, get_args

from markupsafe import Markup

from qa.checking import amounts
from qa.engines import Step, Stopped, Watch
from qa.errors import QAError
from qa.feedback import Verdict
from qa.question import recent
from qa.text.normal import without_punctuation
from qa.text.states import label_at
from qa.types import Answer
from qa.web.evidence import blank_section, evidence_section
from qa.web.failures import explain
from qa.web.markup import NOTHING, both, english, escape, lines, nearest_link, render
from qa.web.progress import cost_line, run_with_progress, steps_html
from qa.web.shelf import NO_FILTERS, Answerer, Filters
from qa.web.suggestions import follow_ups

_CHUNK = 5  # characters of plain text that appear at once
_QUOTED = 160  # characters of a sentence that is not sure to answer
Text = TypeVar("Text", str, Markup)
_STEPS = 20  # states of an answer at most: a long one appears faster
_BULLET = Markup('<i class="qa-item">- </i>')
_BREAK = Markup("<br>")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what the page shows for it."""

    question: str  # as typed
    shown: Markup  # the answer so far
    evidence: Markup = NOTHING  # its panel
    answer: Answer | None = None  # without its passages; None for errors
    filters: Filters = NO_FILTERS
    limits: tuple[str, ...] = ()  # the filters in words
    key: str = ""  # names the turn wherever it is kept
    verdict: Verdict | None = None  # of a person on the answer


def converse(
    library: Answerer,
    question: str,
    turns: tuple[Turn, ...],
    error_log: Path,
    filters: Filters = NO_FILTERS,
    key: str = "",
    llm: bool = True,
    stop: threading.Event | None = None,
) -> Iterator[tuple[Turn, ...]]:
    """Yield the conversation as it grows: the question alone, then the answer in pieces; errors are shown.

    Args:
        key: of the turn, if it was asked before.
        stop: once set, a language model is no longer waited for.
    """
    stop = stop or threading.Event()
    number = len(turns) + 1
    limits = _limits(library, filters)
    turn = Turn(
        question,
        _status("reading", "qa-status qa-waiting"),
        filters=filters,
        limits=limits,
        key=key or secrets.token_hex(8),
    )
    yield (*turns, turn)
    try:
        earlier = earlier_questions(turns)

        def ask(watch: Watch) -> Answer:
            return library.ask(
                question, history=earlier, llm=llm, watch=watch, stop=stop, **filters.arguments
            )

        def working(steps: tuple[Step, ...]) -> tuple[Turn, ...]:
            return (*turns, replace(turn, shown=_bubble(steps_html(steps))))

        answer = yield from run_with_progress(ask, working, stop)
        panel = evidence_section(answer, library.report, number)
    except Stopped:
        yield stopped((*turns, turn))
        return
    except Exception as error:  # noqa: BLE001  # the last border before a person
        message = Markup('<span class="qa-notice" role="alert">{}</span>').format(
            lines(explain(error, error_log))
        )
        yield (*turns, replace(turn, shown=_bubble(message), evidence=blank_section(number)))
        return
    turn = replace(turn, evidence=panel, answer=replace(answer, passages=()))
    for shown in growing_html(answer, number, limits):
        yield (*turns, replace(turn, shown=shown))


def earlier_questions(turns: tuple[Turn, ...]) -> list[str]:
    """Return the history for a question after these turns."""
    return list(recent([turn.question for turn in turns if turn.answer]))


def suggested(
    library: Answerer, turns: tuple[Turn, ...], may: Callable[[], bool] = lambda: True
) -> tuple[str, ...]:
    """Return follow-ups of the last answer, none after an error; ``may`` as in ``follow_ups``."""
    if not turns or turns[-1].answer is None:
        return ()
    return follow_ups(library, turns[-1].answer, earlier_questions(turns), turns[-1].filters, may)


def stopped(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Return the conversation after its last question was stopped; what had appeared of the answer stays."""
    if not turns or turns[-1].answer is not None or turns[-1].evidence:
        return turns
    return (*turns[:-1], replace(turns[-1], shown=_status("stopped"), evidence=blank_section(len(turns))))


def growing_html(answer: Answer, turn: int, limits: tuple[str, ...] = ()) -> Iterator[Markup]:
    """Yield the HTML of an answer as it grows; every state is valid and escaped."""
    states = list(accumulate(pieces(answer, turn)))
    step = len(states) // _STEPS + 1
    around = {
        "limits": "，".join(limits),
        "understood": _understood(answer),
        "nearest": _nearest_sentences(answer),
        "work": cost_line(answer.work),
    }
    for text in (*states[step - 1 : -1 : step], states[-1]):
        html = _in_both(answer, _with_tables(_with_items(text)))
        yield render("answers.answer", html=html, **around)


def pieces(answer: Answer, turn: int) -> tuple[Markup, ...]:
    """Return the HTML of an answer in pieces: figures bold, marks as links, ``- `` as bullet."""
    markers = "|".join(sorted((str(c.marker) for c in answer.citations), key=len, reverse=True)) or r"(?!)"
    bold = sorted({re.escape(f.text) for f in amounts(answer) if f.text}, key=len, reverse=True)
    figures = "|".join(bold) or r"(?!)"
    token = re.compile(
        rf"\[(?P<mark>{markers})\]|(?<![\d.])(?P<figure>{figures})(?!\d|\.\d)|^(?P<item>- )", re.M
    )
    found, at, linked = list[Markup](), 0, set[str]()
    for match in token.finditer(answer.text):
        found += _plain(answer.text[at : match.start()])
        if mark := match["mark"]:
            anchor = Markup() if mark in linked else Markup(' id="mark-{}-{}"').format(turn, mark)
            linked.add(mark)
            link = Markup('<a class="qa-mark"{} href="#cite-{}-{}">[{}]</a>')
            found.append(link.format(anchor, turn, int(mark), mark))
        elif match["item"]:
            found.append(_BULLET)
        else:
            found.append(Markup("<b>{}</b>").format(escape(match["figure"])))
        at = match.end()
    return (*found, *_plain(answer.text[at:]))


def messages(turns: tuple[Turn, ...]) -> list[dict[str, str]]:
    """Return the conversation as ``gr.Chatbot`` takes it; answers have their two buttons."""
    found = []
    for number, turn in enumerate(turns, 1):
        found.append({"role": "user", "content": user_message(turn.question)})
        found.append({"role": "assistant", "content": turn.shown + _verdicts(turn, number)})
    return found


def user_message(question: str) -> Markup:
    """Return the HTML of a user's turn."""
    return Markup('<div class="qa-said">{}</div>').format(lines(question))


def _verdicts(turn: Turn, number: int) -> Markup:
    """Return the buttons 有用 and 无用."""
    if turn.answer is None:
        return Markup()
    return render("answers.verdicts", words=get_args(Verdict), given=turn.verdict, number=number)


def _limits(library: Answerer, filters: Filters) -> tuple[str, ...]:
    try:
        report = library.report(filters.report) if filters.report else None
    except QAError:  # removed since; the library will say so
        report = None
    name = (report.title or report.source.name) if report else ""
    return tuple(filter(None, (filters.place, filters.period.replace("-", "–"), name)))


def _understood(answer: Answer) -> str:
    """Return the question as the history completes it, if that differs from what was typed."""
    question = answer.standalone_question
    return "" if without_punctuation(question) == without_punctuation(answer.question) else question


def _with_items(html: Markup) -> Markup:
    """Put each list item into its own block, so that its second line is indented; no tag spans lines."""
    item = Markup('<span class="qa-line">{}</span>')
    return _BREAK.join(item.format(x) if x.startswith(_BULLET) else x for x in html.split(_BREAK))


def _with_tables(html: Markup) -> Markup:
    """Make table lines a table; a line that is not complete yet stays text."""
    found, after_table = Markup(), True
    for is_table, group in groupby(html.split(_BREAK), key=is_row):
        if is_table:
            head, *body = cells_of(group)
            shown = render("answers.rows", head=head, body=body)
        else:
            shown = _BREAK.join(group)
        found += shown if after_table else _BREAK + shown
        after_table = is_table
    return found


def is_row(line: str) -> bool:
    """Whether a line of an answer is one of a table."""
    return line.startswith("| ") and line.endswith(" |")


def cells_of(rows: Iterable[Text]) -> list[list[Text]]:
    """Return the cells of a table without its second line, the dashes."""
    cells = [row[2:-2].split(" | ") for row in rows]
    return cells[:1] + cells[2:]


def _plain(text: str) -> list[Markup]:
    return [lines(text[i : i + _CHUNK]) for i in range(0, len(text), _CHUNK)]


def _in_both(answer: Answer, html: Markup) -> Markup:
    """Return a refusal, which quotes nothing, in both languages; answers quote and stay Chinese."""
    if not answer.abstained or answer.citations or answer.reason is None:
        return html
    why = f"{english(f'reason_{answer.reason}')}. {english('nearest_shown') if answer.nearest else ''}"
    spans = Markup('<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>')
    return spans.format(html, escape(why))


def _nearest_sentences(answer: Answer) -> list[tuple[str, str, Markup]]:
    """Return label, sentence and link of each nearest passage, for below an answer that is not sure.

    A person sees at a glance which of them answers, on a phone too, where the panel is out of sight. A passage
    that is there only because its report has no better one (a fused score that is not positive) stays in the panel.
    """
    return [
        (label_at(near.hit, *near.fits), _cut(near.sentence), nearest_link(near))
        for near in answer.nearest
        if answer.outcome == "not_sure" and near.hit.scores.fused > 0
    ]


def _cut(sentence: str) -> str:
    return sentence if len(sentence) <= _QUOTED else f"{sentence[:_QUOTED]}…"


def _status(key: str, kind: str = "qa-status") -> Markup:
    return _bubble(Markup('<span class="{}">{}</span>').format(kind, both(key)))


def _bubble(html: Markup) -> Markup:
    return render("answers.bubble", html=html)
