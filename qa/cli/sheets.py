"""``union-qa ask --questions`` on a sheet: xlsx or csv in, the same sheet with answers out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from qa.answer_sheet import FORMATS, answered_rows, read_sheet, write_sheet
from qa.cli.files import refuse_same
from qa.cli.terminal import say
from qa.errors import QAError
from qa.faults import keep

if TYPE_CHECKING:
    from qa.library import Library
    from qa.types import Answer

__all__ = ["answer_sheet"]


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

    def ask(question: str) -> Answer:
        try:
            return library.ask(question)
        except QAError:
            raise
        except Exception as error:
            code = keep(error, log)
            raise QAError(
                f"出了意料之外的错误（{type(error).__name__}），编号 {code}，详情已记入 {log}。"
            ) from error

    write_sheet(output, tuple(answered_rows(sheet, ask)))
    say(f"已写入 {output}：{sheet.questions} 个问题。")
