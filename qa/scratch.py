"""Temporary folders that are removed even if their process was killed: the next process removes them.

A folder is in use while its lock is held; the system releases the lock when the process dies.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_PREFIX = "union-qa-"
_LOCK = "lock"
_FILES = "files"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield an empty folder that is removed at the end; first remove those of killed processes."""
    _remove_abandoned()
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as made, _locked(Path(made)):
        files = Path(made, _FILES)
        files.mkdir()
        yield files


def _remove_abandoned() -> None:
    """Remove the folders of this user whose lock is free."""
    if sys.platform == "win32":  # an open file cannot be renamed there, and processes are rarely killed
        return
    for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
        with suppress(OSError), lock.open("rb") as file:
            if lock.parent.lstat().st_uid != os.getuid():
                continue
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.parent / _FILES, ignore_errors=True)
            if not os.path.lexists(lock.parent / _FILES):  # else the next process tries again
                shutil.rmtree(lock.parent, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the file is named ``lock`` only once it is locked, so it is never seen free."""
    if sys.platform == "win32":
        yield
        return
    with Path(folder, f"{_LOCK}.new").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        Path(folder, f"{_LOCK}.new").rename(Path(folder, _LOCK))
        yield
