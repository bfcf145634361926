"""Read and write files of JSON Lines: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from qa.cli.terminal import say
from qa.errors import QAError, read_user_file, writing

if TYPE_CHECKING:
    from qa.answer_json import Json


def refuse_same(source: Path, output: Path, option: str) -> None:
    """Raise QAError if the output is the file that is read; ``option`` names the latter in the message."""
    if output.exists() and output.samefile(source):
        raise QAError(f"{output} 与 {option} 是同一个文件，会冲掉原文件。请换一个文件名。")


def numbered_lines(path: Path) -> list[tuple[int, bytes]]:
    """Return the lines that are not blank, numbered from 1; raise QAError if the file cannot be read."""
    lines = read_user_file(path).removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def json_line(line: bytes) -> tuple[Json, str]:
    """Return the object of a line, and what is wrong with it, or ``""``."""
    try:
        value = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return {}, "不是一个 UTF-8 的 JSON 对象。"
    return (value, "") if isinstance(value, dict) else ({}, "不是一个 JSON 对象。")


def write_json_lines(output: Path, results: Iterable[tuple[int, Json, str]]) -> int:
    """Write the object of each (line number, object, problem), report the problems, and return their number."""
    problems = 0
    with (
        writing(output) as new,
        new.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file,
    ):
        for number, value, problem in results:
            if problem:
                say(f"第 {number} 行：{problem}")
                problems += 1
            file.write(json.dumps(value, ensure_ascii=False) + "\n")
            file.flush()
    return problems
