"""What is said of an index that is damaged, and the command that makes it anew."""

from __future__ import annotations

import shlex
from pathlib import Path

from qa.errors import IndexDamaged

GENERATIONS = "generations"  # the folder of an index that holds them


def damaged(where: Path | str, what: str, index: Path | None = None) -> IndexDamaged:
    """The error for a damaged file or generation.

    Args:
        where: it stands.
        what: is wrong with it, in words for people; what a library said belongs in the cause.
        index: its folder; None: as ``where`` tells.
    """
    command = anew(index / GENERATIONS if index else where)
    return IndexDamaged(f"索引 {where} 已损坏（{what}）。请运行 {command} 重建。")


def anew(where: Path | str) -> str:
    """The command that rebuilds everything of the index in which a generation or its file stands."""
    parts = Path(where).parts
    if GENERATIONS not in parts:
        return "union-qa rebuild 报告文件夹 --force"
    last = len(parts) - 1 - parts[::-1].index(GENERATIONS)
    folder = shlex.quote(str(Path(*parts[:last])))
    return f"union-qa rebuild 报告文件夹 --index {folder} --force"
