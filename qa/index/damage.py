"""The error for a damaged index, and the command that rebuilds it."""

from __future__ import annotations

import shlex
from pathlib import Path

from qa.errors import IndexDamaged

GENERATIONS = "generations"  # the folder of an index that holds them


def damaged(where: Path | str, what: str, index: Path | None = None) -> IndexDamaged:
    """Return the error for a damaged file or generation; ``index`` is needed for paths outside generations.

    ``what`` is the problem, in words for people; a library's own message belongs in the cause.
    """
    command = rebuild_command(index / GENERATIONS if index else where)
    return IndexDamaged(f"索引 {where} 已损坏（{what}）。请运行 {command} 重建。")


def rebuild_command(where: Path | str) -> str:
    """Return the command that rebuilds the whole index that a generation or one of its files belongs to."""
    parts = Path(where).parts
    if GENERATIONS not in parts:
        return "union-qa rebuild 报告文件夹 --force"
    last = len(parts) - 1 - parts[::-1].index(GENERATIONS)
    folder = shlex.quote(str(Path(*parts[:last])))
    return f"union-qa rebuild 报告文件夹 --index {folder} --force"
