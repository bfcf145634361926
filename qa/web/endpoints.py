"""End points for other programs, through the same queue as the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import api

from qa.answer_json import answer_json
from qa.web.failures import explain
from qa.web.seam import AsksQuestions

__all__ = ["add_endpoints"]


def add_endpoints(library: AsksQuestions, error_log: Path) -> None:
    """Name the end points in the Blocks that is open."""

    def ask(
        question: str, history: list[str] | None = None, place: str = "", period: str = ""
    ) -> dict[str, Any]:
        """Answer a question from the indexed reports, every figure with its citation.

        Args:
            question: in Chinese.
            history: the user's earlier questions, oldest first.
            place: a division that a report covers, or nothing for all.
            period: years such as 2018-2023 or 2023, or nothing for all.
        """
        try:
            answer = library.ask(question, history=history or (), place=place or None, period=period or None)
        except Exception as error:  # the last border before another program
            raise gr.Error(explain(error, error_log), print_exception=False) from error
        return dict(answer_json(answer))

    api(ask, api_name="ask")
