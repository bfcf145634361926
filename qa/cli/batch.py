"""A file of questions answered into a file of answers: lines of JSON, or a sheet in the form in which it came."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.answer_json import Json, answer_json, refusal_json
from qa.answer_sheet import FORMATS, answered_rows, read_sheet, write_sheet
from qa.cli.files import json_line, numbered_lines, refuse_same
from qa.cli.terminal import say
from qa.errors import QAError, writing
from qa.faults import keep

if TYPE_CHECKING:
    from qa.library import Library
    from qa.types import Answer


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of a questions file; ``problem`` says why it cannot be asked, or is empty."""

    line: int  # from 1
    id: str
    question: str
    history: tuple[str, ...]
    problem: str = ""


def answer_file(open_library: Callable[[], Library], questions: Path, output: Path, log: Path) -> None:
    """Answer every line; one that cannot be answered gets a refusal in its place and a sentence on stderr.

    Raises:
        QAError: a file cannot be read or written, or the library cannot be opened.
    """
    asked = tuple(read_questions(questions))
    refuse_same(questions, output, "--questions")
    library = open_library()
    problems = 0
    with (
        writing(output) as new,
        new.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file,
    ):
        for each in asked:
            value, problem = _answer(library, each, log)
            if problem:
                say(f"第 {each.line} 行：{problem}")
                problems += 1
            file.write(json.dumps(value, ensure_ascii=False) + "\n")
            file.flush()
    say(f"已写入 {output}：{len(asked)} 个问题" + (f"，其中 {problems} 行未能作答。" if problems else "。"))
    if problems == len(asked):
        raise QAError(
            f"{questions} 里没有一个能作答的问题。每行应是一个 JSON 对象：id、question 和 history。"
        )


def read_questions(path: Path) -> Iterator[Asked]:
    """The lines of a questions file that hold anything at all.

    Raises:
        QAError: it cannot be read.
    """
    for number, line in numbered_lines(path):
        yield _parse(number, line)


def _parse(number: int, line: bytes) -> Asked:
    value, problem = json_line(line)
    question_id, question = str(value.get("id", number)), value.get("question")
    history = value.get("history") or []
    if problem:
        return Asked(number, question_id, "", (), problem)
    if not isinstance(question, str):
        return Asked(number, question_id, "", (), "缺少文字的 question。")
    if not isinstance(history, list) or not all(isinstance(turn, str) for turn in history):
        return Asked(number, question_id, question, (), "history 应是一组文字。")
    return Asked(number, question_id, question, tuple(history))


def _answer(library: Library, asked: Asked, log: Path) -> tuple[Json, str]:
    """The value to write, and what to tell the user about it, or nothing."""
    problem = asked.problem
    if not problem:
        try:
            return answer_json(library.ask(asked.question, history=asked.history), asked.id), ""
        except QAError as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001  # one question must not take the others with it
            code = keep(error, log)
            problem = f"出了意料之外的错误（{type(error).__name__}），编号 {code}，详情已记入 {log}。"
    return refusal_json(asked.id, asked.question, f"这一行没有作答：{problem}"), problem


def answer_sheet(open_library: Callable[[], Library], questions: Path, output: Path, log: Path) -> None:
    """Answer every row; one that cannot be answered says why in its cell.

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
            code = keep(error, log)
            raise QAError(
                f"出了意料之外的错误（{type(error).__name__}），编号 {code}，详情已记入 {log}。"
            ) from error

    write_sheet(output, tuple(answered_rows(sheet, ask)))
    say(f"已写入 {output}：{sheet.questions} 个问题。")
