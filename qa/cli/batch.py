"""Answer a file of questions: JSON Lines, or a sheet (xlsx, csv) that keeps its form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.answer_json import Json, answer_json, refusal_json
from qa.answer_sheet import FORMATS, answered_rows, read_sheet, write_sheet
from qa.cli.files import json_line, numbered_lines, refuse_same, write_json_lines
from qa.cli.terminal import say
from qa.errors import QAError
from qa.faults import log_error

if TYPE_CHECKING:
    from qa.library import Library
    from qa.types import Answer


def answer_file(open_library: Callable[[], Library], questions: Path, output: Path, log: Path) -> None:
    """Answer every line; one that cannot be answered gets a refusal and a sentence on stderr.

    Raises:
        QAError: a file cannot be read or written, the library cannot be opened, or no line can be answered.
    """
    lines = numbered_lines(questions)
    refuse_same(questions, output, "--questions")
    library = open_library()
    problems = write_json_lines(output, ((n, *_answer(library, n, line, log)) for n, line in lines))
    say(f"已写入 {output}：{len(lines)} 个问题" + (f"，其中 {problems} 行未能作答。" if problems else "。"))
    if problems == len(lines):
        raise QAError(
            f"{questions} 里没有一个能作答的问题。每行应是一个 JSON 对象：id、question 和 history。"
        )


def _answer(library: Library, number: int, line: bytes, log: Path) -> tuple[Json, str]:
    """Return the answer or refusal to write, and the problem to report, or ``""``."""
    value, problem = json_line(line)
    question_id, question = str(value.get("id", number)), value.get("question")
    history = value.get("history") or []
    if not isinstance(question, str):
        question, problem = "", problem or "缺少文字的 question。"
    elif not isinstance(history, list) or not all(isinstance(turn, str) for turn in history):
        problem = "history 应是一组文字。"
    else:
        try:
            return answer_json(library.ask(question, history=tuple(history)), question_id), ""
        except QAError as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001  # one question must not stop the others
            problem = _unexpected(error, log)
    return refusal_json(question_id, question, f"这一行没有作答：{problem}"), problem


def answer_sheet(open_library: Callable[[], Library], questions: Path, output: Path, log: Path) -> None:
    """Answer every row; the cell of one that cannot be answered says why.

    Raises:
        QAError: a file cannot be read or written, or the library cannot be opened.
    """
    if output.suffix.lower() not in FORMATS:
        raise QAError(f"问题是表格时，--output 也应是 xlsx 或 csv 文件，现在是 {output}。")
    sheet = read_sheet(questions)
    refuse_same(questions, output, "--questions")
    library = open_library()

    def ask(question: str, **filters: Any) -> Answer:
        try:
            return library.ask(question, **filters)
        except QAError:
            raise
        except Exception as error:
            raise QAError(_unexpected(error, log)) from error

    write_sheet(output, tuple(answered_rows(sheet, ask)))
    say(f"已写入 {output}：{sheet.questions} 个问题。")


def _unexpected(error: Exception, log: Path) -> str:
    return f"出了意料之外的错误（{type(error).__name__}），编号 {log_error(error, log)}，详情已记入 {log}。"
