"""What a person says of an answer, 有用 or 无用 and a comment, goes from the page into the feedback that is kept."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any, get_args

import gradio as gr

from qa.errors import QAError
from qa.feedback import RETENTION_DAYS, Verdict, feedback_on, forget, keep
from qa.settings import Settings
from qa.web.ask_layout import AskParts
from qa.web.chat import Turn, earlier_questions, messages
from qa.web.controls import QUIET, said_by
from qa.web.failures import notice
from qa.web.shelf import Asks
from qa.web.words import both


def add_verdicts(parts: AskParts, turns: gr.State, library: Asks, settings: Settings) -> Any:
    """Connect the buttons; returns the event after which a turn has its verdict. What is too old goes first."""
    last = gr.State(0)
    with suppress(QAError):  # whoever judges an answer will be told
        forget(settings.feedback_file, RETENTION_DAYS)

    def judge(event: gr.EventData, turns: tuple[Turn, ...]) -> tuple[Any, ...]:
        turns, number = judged(turns, said_by(event, button=str)["button"])
        if not number:
            return (gr.skip(),) * 6
        words = _told(turns, number, "")
        return turns, messages(turns), number, gr.Row(visible=True), words, gr.Textbox(value="", visible=True)

    def comment(text: str, turns: tuple[Turn, ...], number: int) -> tuple[Any, ...]:
        words = _told(turns, number, text) if text.strip() else gr.skip()
        return words, gr.Textbox(value="", visible=not text.strip())

    def _told(turns: tuple[Turn, ...], number: int, text: str) -> str:
        try:
            recorded(library, turns, number, text, settings)
        except Exception as error:  # noqa: BLE001  # the last border before a person
            return notice(error, settings.error_log)
        words = both("comment_kept" if text else "thanks", days=RETENTION_DAYS)
        return f'<p class="qa-summary-line" role="status">{words}</p>'

    shown = [turns, parts.chat, last, parts.comment_row, parts.thanks, parts.comment]
    event = parts.judged.click(judge, turns, shown, **QUIET)
    parts.comment.submit(comment, [parts.comment, turns, last], [parts.thanks, parts.comment], **QUIET)
    parts.comment_done.click(lambda: gr.Row(visible=False), None, parts.comment_row, **QUIET)
    return event


def judged(turns: tuple[Turn, ...], button: str) -> tuple[tuple[Turn, ...], int]:
    """The conversation after a button ``"useful-3"`` was pressed, and the number of its turn; 0 for no such button."""
    said, _, at = button.partition("-")
    verdict = next((each for each in get_args(Verdict) if each == said), None)
    number = int(at) if at.isascii() and at.isdigit() and len(at) < 4 else 0
    if verdict is None or not 1 <= number <= len(turns) or turns[number - 1].answer is None:
        return turns, 0
    return (*turns[: number - 1], replace(turns[number - 1], verdict=verdict), *turns[number:]), number


def recorded(library: Asks, turns: tuple[Turn, ...], number: int, comment: str, settings: Settings) -> None:
    """Keep the verdict of a turn.

    Raises:
        QAError: the feedback cannot be written.
    """
    if not 1 <= number <= len(turns):  # sent by no page of ours
        return
    turn = turns[number - 1]
    if turn.answer is None or turn.verdict is None:
        return
    feedback = feedback_on(
        turn.answer,
        turn.key,
        turn.verdict,
        comment=comment,
        history=earlier_questions(turns[: number - 1]),
        place=turn.filters.place,
        period=turn.filters.period,
        report=_file_name(library, turn.filters.report),
    )
    keep(settings.feedback_file, feedback)


def _file_name(library: Asks, report_id: str) -> str:
    try:
        return library.report(report_id).source.name if report_id else ""
    except QAError:  # it was taken out since
        return ""
