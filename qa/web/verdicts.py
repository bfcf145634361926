"""Store what people say of answers, 有用 or 无用 with a comment, as feedback."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any, get_args

import gradio as gr

from qa.errors import QAError
from qa.feedback import RETENTION_DAYS, Verdict, delete_old, feedback_on, save
from qa.settings import Settings
from qa.web.ask_layout import AskLayout
from qa.web.chat import Turn, earlier_questions, messages
from qa.web.controls import QUIET, event_data
from qa.web.failures import notice
from qa.web.shelf import Answerer
from qa.web.words import both


def add_verdicts(parts: AskLayout, turns: gr.State, library: Answerer, settings: Settings) -> Any:
    """Delete expired feedback, connect the buttons; return the event after which a turn has its verdict."""
    last = gr.State(0)
    with suppress(QAError):  # shown to the next person who judges an answer
        delete_old(settings.feedback_file, RETENTION_DAYS)

    def judge(event: gr.EventData, turns: tuple[Turn, ...]) -> tuple[Any, ...]:
        turns, number = judged(turns, event_data(event, button=str)["button"])
        if not number:
            return (gr.skip(),) * 6
        words = record(turns, number, "")
        return turns, messages(turns), number, gr.Row(visible=True), words, gr.Textbox(value="", visible=True)

    def comment(text: str, turns: tuple[Turn, ...], number: int) -> tuple[Any, ...]:
        words = record(turns, number, text) if text.strip() else gr.skip()
        return words, gr.Textbox(value="", visible=not text.strip())

    def record(turns: tuple[Turn, ...], number: int, text: str) -> str:
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
    """Return the conversation after a button such as ``"useful-3"``, and the number of its turn or 0."""
    word, _, at = button.partition("-")
    verdict = next((each for each in get_args(Verdict) if each == word), None)
    number = int(at) if at.isascii() and at.isdigit() and len(at) < 4 else 0
    if verdict is None or not 1 <= number <= len(turns) or turns[number - 1].answer is None:
        return turns, 0
    return (*turns[: number - 1], replace(turns[number - 1], verdict=verdict), *turns[number:]), number


def recorded(
    library: Answerer, turns: tuple[Turn, ...], number: int, comment: str, settings: Settings
) -> None:
    """Store the verdict of a turn; QAError if it cannot be written."""
    if not 1 <= number <= len(turns):  # not sent by our page
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
    save(settings.feedback_file, feedback)


def _file_name(library: Answerer, report_id: str) -> str:
    try:
        return library.report(report_id).source.name if report_id else ""
    except QAError:  # removed since
        return ""
