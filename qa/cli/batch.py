"""Work through a file of questions or drafts: JSON Lines, or a sheet (xlsx, csv) of questions that keeps its form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embeddings import EncoderError
from qa.answer_json import Json, answer_json, refusal_json
from qa.answer_sheet import FORMATS, REFUSED, answered_rows, read_sheet, write_sheet
from qa.cli.terminal import opened, say
from qa.errors import QAError, log_error, read_user_file, refuse_same, writing
from qa.settings import Settings
from qa.types import Answer

if TYPE_CHECKING:
    from qa.library import Library


def answer_file(
    settings: Settings, encoder: str | None, questions: Path, output: Path, filters: Mapping[str, Any]
) -> None:
    """Answer every line or row; one that cannot be answered says why, that of a line also on stderr.

    ``filters`` hold for all of them; in a sheet the place, the period or the report of a row itself comes before.
    Raises QAError if a file cannot be read or written, the library cannot be opened, or no line can be answered.
    """
    if questions.suffix.lower() in FORMATS:
        _answer_sheet(settings, encoder, questions, output, filters)
        return

    def answer(library: Library, question_id: str, asked: Json) -> Json:
        question, history = asked.get("question"), asked.get("history") or []
        if not isinstance(question, str):
            raise QAError("缺少文字的 question。")
        if not isinstance(history, list) or not all(isinstance(turn, str) for turn in history):
            raise QAError("history 应是一组文字。")
        return answer_json(library.ask(question, history=tuple(history), **filters), question_id)

    def refuse(question_id: str, asked: Json, problem: str) -> Json:
        question = asked.get("question")
        text = f"这一行没有作答：{problem}"
        return refusal_json(question_id, question if isinstance(question, str) else "", text)

    count, failed = _work_through(settings, encoder, questions, "--questions", output, answer, refuse)
    say(f"已写入 {output}：{count} 个问题" + (f"，其中 {failed} 行未能作答。" if failed else "。"))
    if failed == count:
        form = "每行应是一个 JSON 对象：id、question 和 history。"
        raise QAError(f"{questions} 里没有一个能作答的问题。{form}")


def check_file(settings: Settings, drafts: Path, output: Path) -> None:
    """Check one draft a line; a line that cannot be checked says why, there and on stderr.

    Raises QAError if a file cannot be read or written, the library cannot be opened, or no line can be checked.
    """
    from qa.drafts.exports import as_json

    def check(library: Library, draft_id: str, given: Json) -> Json:
        draft = given.get("draft")
        if not isinstance(draft, str):
            raise QAError("缺少文字的 draft。")
        return as_json(library.check_draft(draft), draft_id)

    def refuse(draft_id: str, _: Json, problem: str) -> Json:
        return {"id": draft_id, "items": [], "problem": problem}

    count, failed = _work_through(settings, None, drafts, "--drafts", output, check, refuse)
    say(f"已写入 {output}：{count} 份稿件" + (f"，其中 {failed} 份未能核对。" if failed else "。"))
    if failed == count:
        raise QAError(f"{drafts} 里没有一份能核对的稿件。每行应是一个 JSON 对象：id 和 draft。")


def _answer_sheet(
    settings: Settings, encoder: str | None, questions: Path, output: Path, filters: Mapping[str, Any]
) -> None:
    if output.suffix.lower() not in FORMATS:
        raise QAError(f"问题是表格时，--output 也应是 xlsx 或 csv 文件，现在是 {output}。")
    sheet = read_sheet(questions)
    refuse_same(questions, output, "--questions")
    library = opened(settings, encoder)

    def ask(question: str, **own: Any) -> Answer:
        with _one_of_many(settings.error_log):
            return library.ask(question, **{**filters, **own})

    rows = tuple(answered_rows(sheet, ask))
    write_sheet(output, rows)
    failed = sum(row[len(sheet.head)] == REFUSED for row in rows[1:])
    say(f"已写入 {output}：{sheet.questions} 个问题{f'，其中 {failed} 个没有作答' * bool(failed)}。")


def _work_through(
    settings: Settings,
    encoder: str | None,
    source: Path,
    option: str,
    output: Path,
    work: Callable[[Library, str, Json], Json],
    refuse: Callable[[str, Json, str], Json],
) -> tuple[int, int]:
    """Write what ``work`` makes of the id and the object of each line; return how many there are, and how many failed.

    Where it fails, the problem is reported, and what ``refuse`` makes of it is written. Blank lines are left out.
    """
    text = read_user_file(source).removeprefix(b"\xef\xbb\xbf").split(b"\n")
    lines = [(number, line) for number, line in enumerate(text, start=1) if line.strip()]
    refuse_same(source, output, option)
    library = opened(settings, encoder)
    failed = 0
    with (
        writing(output) as new,
        new.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file,
    ):
        for number, line in lines:
            given: Json = {}
            try:
                given = _object(line)
                with _one_of_many(settings.error_log):
                    result = work(library, str(given.get("id", number)), given)
            except QAError as error:
                say(f"第 {number} 行：{error}")
                failed += 1
                result = refuse(str(given.get("id", number)), given, str(error))
            file.write(json.dumps(result, ensure_ascii=False) + "\n")
            file.flush()
    return len(lines), failed


def _object(line: bytes) -> Json:
    try:
        value = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        raise QAError("不是一个 UTF-8 的 JSON 对象。") from None
    if not isinstance(value, dict):
        raise QAError("不是一个 JSON 对象。")
    return value


@contextmanager
def _one_of_many(log: Path) -> Iterator[None]:
    """Log an unexpected error and raise a QAError that names its entry: it must not stop the others."""
    try:
        yield
    except (QAError, EncoderError):
        raise
    except Exception as error:
        code = log_error(error, log)
        words = f"出了意料之外的错误（{type(error).__name__}），编号 {code}，详情已记入 {log}。"
        raise QAError(words) from error
