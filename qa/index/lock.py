"""One rebuild at a time: a lock that the system drops when its holder dies, and that names its holder.

Reading an index needs no lock, because a generation never changes once it has its name.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from qa.errors import IndexBusy
from qa.index.disk import make_folder

__all__ = ["LOCK_NAME", "rebuild_lock"]

LOCK_NAME = "lock"
POLL_SECONDS = 0.1
# Windows refuses reads of locked bytes, and the holder's line must stay readable: lock one byte far behind it.
WINDOWS_OFFSET = 1 << 30


@contextmanager
def rebuild_lock(folder: Path, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the lock of an index folder, which is made where it is missing.

    Raises:
        IndexBusy: another process holds it and still did after ``wait_seconds``.
    """
    make_folder(folder)
    deadline = time.monotonic() + max(0.0, wait_seconds)
    with (folder / LOCK_NAME).open("a+b", buffering=0) as file:
        while not _try_lock(file):
            if time.monotonic() >= deadline:
                raise IndexBusy(
                    f"索引 {folder} 正由另一个重建占用（{_holder(file)}）。请等它结束，或加 --wait 60 等候最多 60 秒。"
                )
            time.sleep(POLL_SECONDS)
        try:
            _sign(file)
            yield
        finally:
            file.truncate(0)
            _unlock(file)


def _sign(file: IO[bytes]) -> None:
    started = datetime.now().astimezone().isoformat(timespec="seconds")
    line = {"pid": os.getpid(), "host": socket.gethostname(), "started": started}
    file.truncate(0)
    file.write(json.dumps(line).encode("ascii"))


def _holder(file: IO[bytes]) -> str:
    """Who holds the lock; a holder that has only just taken it gets a moment to sign."""
    for _ in range(5):
        file.seek(0)
        try:
            line = json.loads(file.read(4096))
            return f"进程 {int(line['pid'])}，主机 {line['host']}，开始于 {line['started']}"
        except (ValueError, KeyError, TypeError):
            time.sleep(POLL_SECONDS)
    return "进程未署名"


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes]) -> bool:
        file.seek(WINDOWS_OFFSET)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        file.seek(WINDOWS_OFFSET)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)
