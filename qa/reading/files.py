"""Checks that a file can be opened and is not too large, before any parser sees it."""

from __future__ import annotations

from pathlib import Path

from qa.errors import ReportError

__all__ = ["check_file"]


def check_file(path: Path, limit: int, least: int = 1) -> int:
    """Size in bytes; raises ReportError where the file is missing, no file, unreadable, too large or too small."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise ReportError(f"{path.name} 不是普通文件，已跳过。")
        with path.open("rb"):
            pass
    except FileNotFoundError:
        raise ReportError(f"找不到文件 {path}。请检查路径。") from None
    except OSError as error:
        raise ReportError(f"打不开 {path.name}：{error.strerror or error}。请检查文件权限。") from error
    if size < least:
        raise ReportError(f"{path.name} 是空文件，已跳过。请确认导出时没有出错。")
    if size > limit:
        raise ReportError(
            f"{path.name} 有 {size / 1048576:.1f} MB，超过上限 {limit // 1048576} MB。请拆成几份，或只留下正文。"
        )
    return size
