"""A conversation: asked, shown as it grows, judged, and brought back from the browser that stores it."""

import hashlib
import secrets
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeAlias, TypeVar, get_args

from markupsafe import Markup

from qa.engines import Step, Stopped
from qa.errors import QAError
from qa.feedback import Verdict, feedback_on, save
from qa.question import recent
from qa.settings import Settings
from qa.types import Answer, Report
from qa.web.answers import growing_html, steps_html
from qa.web.evidence import evidence_section
from qa.web.failures import explain
from qa.web.markup import NOTHING, both, lines, render
from qa.web.shelf import Answerer, given

Done = TypeVar("Done")
Progress = TypeVar("Progress")
Shown = TypeVar("Shown")
MOST_QUESTIONS = 40  # of one conversation: its first one, which names it, and the last ones
_FILTERS = ("place", "period", "report")
_FIELDS = ("key", "question", *_FILTERS, "verdict", "answer")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what the page shows for it."""

    question: str  # as typed
    shown: Markup  # the answer so far
    evidence: Markup = NOTHING  # its panel
    answer: Answer | None = None  # without its passages; None for errors
    filters: Mapping[str, str] = field(default_factory=dict)  # place, period, report
    limits: tuple[str, ...] = ()  # the filters in words
    key: str = ""  # names the turn wherever it is kept
    verdict: Verdict | None = None  # of a person on the answer
    as_typed: bool = False  # whatever was asked before
    stored: str = ""  # digest of the answer that the browser keeps


Turns: TypeAlias = tuple[Turn, ...]  # a conversation


def converse(
    library: Answerer,
    question: str,
    turns: Turns,
    error_log: Path,
    key: str = "",
    llm: bool = True,
    stop: threading.Event | None = None,
    as_typed: bool = False,
    **filters: Any,
) -> Iterator[Turns]:
    """Yield the conversation as it grows: the question alone, then the answer in pieces; errors are shown.

    ``key`` is that of a turn that was asked before. Once ``stop`` is set, a language model is no longer waited for.
    With ``as_typed``, nothing is filled in from the earlier questions.
    """
    number, limits, key = len(turns) + 1, _limits(library, filters), key or secrets.token_hex(8)
    waiting = _status("reading", "qa-status qa-waiting")
    turn = Turn(question, waiting, filters=filters, limits=limits, key=key, as_typed=as_typed)
    yield (*turns, turn)
    try:
        earlier = [] if as_typed else earlier_questions(turns)
        ask = partial(library.ask, question, history=earlier, llm=llm, stop=stop, **filters)

        def working(steps: tuple[Step, ...]) -> Turns:
            return (*turns, replace(turn, shown=render("answers.bubble", html=steps_html(steps))))

        answer = yield from run_with_progress(lambda watch: ask(watch=watch), working)
        panel = evidence_section(answer, library.report, number)
    except Stopped:
        yield stopped((*turns, turn))
        return
    except Exception as error:  # noqa: BLE001  # the last border before a person
        message = Markup('<span class="qa-notice" role="alert">{}</span>')
        shown = render("answers.bubble", html=message.format(lines(explain(error, error_log))))
        yield (*turns, replace(turn, shown=shown, evidence=render("answers.blank")))
        return
    turn = replace(turn, evidence=panel, answer=replace(answer, passages=()))
    for shown in growing_html(answer, number, limits):
        yield (*turns, replace(turn, shown=shown))


def earlier_questions(turns: Turns) -> list[str]:
    """Return the history for a question after these turns: from the last one on that was asked as typed."""
    begun = max((number for number, turn in enumerate(turns) if turn.as_typed), default=0)
    return list(recent([turn.question for turn in turns[begun:] if turn.answer]))


def stopped(turns: Turns) -> Turns:
    """Return the conversation after its last question was stopped; what had appeared of the answer stays."""
    if not turns or turns[-1].answer is not None or turns[-1].evidence:
        return turns
    return (*turns[:-1], replace(turns[-1], shown=_status("stopped"), evidence=render("answers.blank")))


def messages(turns: Turns) -> list[dict[str, str]]:
    """Return the conversation as ``gr.Chatbot`` takes it; answers have their two buttons."""
    found = list[dict[str, str]]()
    for number, turn in enumerate(turns, 1):
        said = Markup('<div class="qa-said">{}</div>').format(lines(turn.question))
        buttons = render("answers.verdicts", words=get_args(Verdict), turn=turn, number=number)
        found += {"role": "user", "content": said}, {"role": "assistant", "content": turn.shown + buttons}
    return found


def evidence_panel(turns: Turns, *, has_reports: bool = True) -> Markup:
    """Return the panel with the sections of the last answers, of which one is shown at a time."""
    sections = [turn.evidence for turn in turns if turn.evidence][-MOST_QUESTIONS:]
    return render("answers.panel", sections=sections, has_reports=has_reports)


def _report(library: Answerer, filters: Mapping[str, str]) -> Report | None:
    try:
        return library.report(filters["report"]) if "report" in filters else None
    except QAError:  # removed since; the library says so to a question
        return None


def _limits(library: Answerer, filters: Mapping[str, str]) -> tuple[str, ...]:
    report = _report(library, filters)
    name = (report.title or report.source.name) if report else ""
    return tuple(filter(None, (filters.get("place"), filters.get("period", "").replace("-", "–"), name)))


def _status(key: str, kind: str = "qa-status") -> Markup:
    return render("answers.bubble", html=Markup('<span class="{}">{}</span>').format(kind, both(key)))


def run_with_progress(
    work: Callable[[Callable[[Progress], None]], Done], show: Callable[[tuple[Progress, ...]], Shown]
) -> Generator[Shown, None, Done]:
    """Run ``work`` in a thread; yield what ``show`` makes of the steps so far; return or raise its result."""
    steps: SimpleQueue[Progress | None] = SimpleQueue()
    worker = ThreadPoolExecutor(1, "answer")
    future = worker.submit(work, steps.put)
    future.add_done_callback(lambda _: steps.put(None))
    worker.shutdown(wait=False)
    begun: tuple[Progress, ...] = ()
    while (step := steps.get()) is not None:
        begun = (*begun, step)
        yield show(begun)
    return future.result()


def remembered(turns: Turns) -> dict[str, Any] | None:
    """Return what the browser stores, or None; a digest shows later whether an answer changed."""
    answered = [turn for turn in turns if turn.answer or turn.stored]
    if not answered:
        return None
    kept = (answered[0], *answered[1:][1 - MOST_QUESTIONS :])
    return {"id": answered[0].key, "turns": [_row(turn) for turn in kept]}


def recalled(library: Answerer, kept: object, error_log: Path) -> Turns:
    """Return a stored conversation, asked again without a model; invalid rows are skipped."""
    rows = kept.get("turns") if isinstance(kept, dict) else None
    turns: Turns = ()
    for row in rows[:MOST_QUESTIONS] if isinstance(rows, list) else ():
        if not (isinstance(row, dict) and all(isinstance(row.get(name), str) for name in _FIELDS)):
            continue
        filters = given(**{name: row[name] for name in _FILTERS})
        how = {"key": row["key"][:40], "llm": False, "as_typed": row.get("alone") is True}
        *_, turns = converse(library, row["question"], turns, error_log, **how, **filters)
        turns = (*turns[:-1], _as_before(turns[-1], row))
    return turns


def _row(turn: Turn) -> dict[str, Any]:
    answer = _digest(turn.answer.text) if turn.answer else turn.stored
    filters = (turn.filters.get(name, "") for name in _FILTERS)
    values = (turn.key, turn.question, *filters, turn.verdict or "", answer)
    return dict(zip(_FIELDS, values, strict=True)) | ({"alone": True} if turn.as_typed else {})


def _as_before(turn: Turn, row: dict[str, str]) -> Turn:
    """Add what was stored of it, and a note if the answer is another one now."""
    same = turn.answer is not None and _digest(turn.answer.text) == row["answer"]
    note = Markup() if same else Markup('<div class="qa-changed">{}</div>').format(both("answer_changed"))
    verdict = next((each for each in get_args(Verdict) if each == row["verdict"]), None)
    return replace(turn, verdict=verdict, stored=row["answer"], shown=note + turn.shown)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def typed(turns: Turns, button: str) -> str:
    """Return the question of a turn after its button ``"typed-3"``, or ``""``."""
    _, number = _pressed(turns, button)
    return turns[number - 1].question if number else ""


def _pressed(turns: Turns, button: str) -> tuple[str, int]:
    """Return the word of a button, and the number of its turn or 0."""
    word, _, at = button.partition("-")
    numbers = {str(number): number for number in range(1, len(turns) + 1)}
    return word, numbers.get(at, 0)


def judged(turns: Turns, button: str) -> tuple[Turns, int]:
    """Return the conversation after a button such as ``"useful-3"``, and the number of its turn or 0."""
    word, number = _pressed(turns, button)
    verdict = next((each for each in get_args(Verdict) if each == word), None)
    if verdict is None or not number or turns[number - 1].answer is None:
        return turns, 0
    return (*turns[: number - 1], replace(turns[number - 1], verdict=verdict), *turns[number:]), number


def recorded(library: Answerer, turns: Turns, number: int, comment: str, settings: Settings) -> None:
    """Store the verdict of a turn; QAError if it cannot be written."""
    turn = turns[number - 1] if 1 <= number <= len(turns) else None
    if turn is None or turn.answer is None or turn.verdict is None:  # not sent by our page
        return
    report = _report(library, turn.filters)
    feedback = feedback_on(
        turn.answer,
        turn.key,
        turn.verdict,
        comment=comment,
        history=[] if turn.as_typed else earlier_questions(turns[: number - 1]),
        **{**turn.filters, "report": report.source.name if report else ""},
    )
    save(settings.feedback_file, feedback)
