"""Files that commands read and write line by line: JSON objects in, JSON objects out, one sentence where that fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from qa.errors import QAError, content_of


def refuse_same(source: Path, output: Path, option: str) -> None:
    """Raises QAError where the output would be written over what is read; ``option`` names the latter."""
    if output.exists() and output.samefile(source):
        raise QAError(f"{output} 与 {option} 是同一个文件，会冲掉原文件。请换一个文件名。")


def numbered_lines(path: Path) -> list[tuple[int, bytes]]:
    """The lines that hold anything, with their numbers from 1.

    Raises:
        QAError: the file cannot be read.
    """
    lines = content_of(path).removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def json_line(line: bytes) -> tuple[dict[str, Any], str]:
    """The object of a line, and what is wrong with it, or ``""``."""
    try:
        value = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return {}, "不是一个 UTF-8 的 JSON 对象。"
    return (value, "") if isinstance(value, dict) else ({}, "不是一个 JSON 对象。")
