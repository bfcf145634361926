"""One at a time: locks that the system drops when their holder dies. That of a rebuild names its holder.

Reading an index needs no lock, because a generation never changes once it has its name.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

from qa.errors import IndexBusy, QAError
from qa.index.disk import make_folder

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
    deadline = time.monotonic() + wait_seconds
    with (folder / LOCK_NAME).open("a+b", buffering=0) as file:
        if not _locked_by(deadline, file):
            raise IndexBusy(
                f"索引 {folder} 正由另一个重建占用（{_holder(file)}）。请等它结束，或加 --wait 60 等候最多 60 秒。"
            )
        try:
            _sign(file)
            yield
        finally:
            file.truncate(0)
            _unlock(file)


@contextmanager
def passing_lock(path: Path, busy: str, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold a lock whose file is there only while somebody holds it or waits for it.

    Args:
        busy: what to say where another still holds it after ``wait_seconds``.

    Raises:
        QAError: it says so.
    """
    deadline = time.monotonic() + wait_seconds
    while True:
        with path.open("a+b", buffering=0) as file:
            if not _locked_by(deadline, file):
                raise QAError(busy)
            if _is_at(path, file):  # else its last holder removed it, and the next one makes it anew
                try:
                    yield
                finally:
                    _remove(path, file)
                return


def _locked_by(deadline: float, file: IO[bytes]) -> bool:
    """Take the lock as soon as it is free; False where it was not by then."""
    while not _try_lock(file):
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _is_at(path: Path, file: IO[bytes]) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


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

    def _remove(path: Path, file: IO[bytes]) -> None:
        """Closed first, as no open file can be removed; one that another has open by then, that one removes."""
        _unlock(file)
        file.close()
        with suppress(OSError):
            path.unlink()

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

    def _remove(path: Path, file: IO[bytes]) -> None:
        """Removed while it is still held: afterwards it may be another's."""
        with suppress(OSError):
            path.unlink()
        _unlock(file)
