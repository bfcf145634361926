"""Who changed what, and when: one line of JSON for each change, in a file that is only ever appended to."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeAlias

from qa.errors import QAError, content_of
from qa.index.disk import regular

Action: TypeAlias = Literal[
    "upload", "delete", "rebuild", "correct", "login", "logout", "locked", "add user", "remove user"
]


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was made.

    Args:
        at: in UTC, ISO 8601.
        who: a user's name; ``""`` where nobody logs in.
        address: from where; ``""`` for commands.
        what: names of files or users.
    """

    at: str
    who: str
    address: str
    action: Action
    what: tuple[str, ...]


def record(log: Path, who: str, address: str, action: Action, what: tuple[str, ...] = ()) -> None:
    """Append a change to the log, in one write that reaches the disk.

    Raises:
        QAError: it cannot be written.
    """
    change = Change(datetime.now(UTC).isoformat(timespec="seconds"), who, address, action, what)
    line = json.dumps(asdict(change), ensure_ascii=False) + "\n"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(regular(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
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
    """The changes of a log, the first one first.

    Args:
        unread: told of each line that is none, such as one that was cut short.

    Raises:
        QAError: it cannot be read.
    """
    for line in content_of(log).splitlines() if log.exists() else []:
        try:
            row = json.loads(line)
            yield Change(
                str(row["at"]), str(row["who"]), str(row["address"]), row["action"], tuple(row["what"])
            )
        except (ValueError, TypeError, KeyError, RecursionError):
            unread()
