"""The audit log: one line of JSON for each change, appended to a file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeAlias

from qa.errors import QAError, read_user_file
from qa.index.disk import require_regular_file

Action: TypeAlias = Literal[
    "upload", "delete", "rebuild", "correct", "login", "logout", "locked", "add user", "remove user"
]


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was made."""

    at: str  # UTC, ISO 8601
    who: str  # user name; "" without logins
    address: str  # "" for commands
    action: Action
    what: tuple[str, ...]  # names of files or users


def record(log: Path, who: str, address: str, action: Action, what: tuple[str, ...] = ()) -> None:
    """Append a change in one write and flush it to the disk; QAError if the log cannot be written."""
    change = Change(datetime.now(UTC).isoformat(timespec="seconds"), who, address, action, what)
    line = json.dumps(asdict(change), ensure_ascii=False) + "\n"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(require_regular_file(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, line.encode("utf-8", "backslashreplace"))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise QAError(
            f"改动已经完成，但写不进操作记录 {log}（{error.strerror or error}）。请检查这个文件、磁盘空间和写权限。"
        ) from error


def read_changes(log: Path, unread: Callable[[], object] = lambda: None) -> Iterator[Change]:
    """Yield the changes, oldest first; call ``unread`` for broken lines. QAError if it cannot be read."""
    for line in read_user_file(log).splitlines() if log.exists() else []:
        try:
            row = json.loads(line)
            yield Change(
                str(row["at"]), str(row["who"]), str(row["address"]), row["action"], tuple(row["what"])
            )
        except (ValueError, TypeError, KeyError, RecursionError):
            unread()
