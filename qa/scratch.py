"""Temporary folders that go even where the process that made them was killed: whoever makes the next one removes them.

A folder is in use for as long as its lock is held, which the system drops when the holder dies.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "union-qa-"
_LOCK = "lock"
_FILES = "files"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """An empty folder of this process, gone with all in it at the end; first those go that killed processes left."""
    _sweep()
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as made, _held(Path(made)):
        files = Path(made, _FILES)
        files.mkdir()
        yield files


if sys.platform == "win32":  # a file that is open cannot be renamed there, and few processes are killed

    def _sweep() -> None:
        return

    @contextmanager
    def _held(_: Path) -> Iterator[None]:
        yield

else:
    import fcntl
    import os

    def _sweep() -> None:
        """Remove the folders of this user whose lock nobody holds."""
        for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
            with suppress(OSError), lock.open("rb") as file:
                if lock.parent.lstat().st_uid != os.getuid():
                    continue
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock.parent / _FILES, ignore_errors=True)
                if not os.path.lexists(lock.parent / _FILES):  # else the next one tries again
                    shutil.rmtree(lock.parent, ignore_errors=True)

    @contextmanager
    def _held(folder: Path) -> Iterator[None]:
        """Hold the lock of the folder; it gets its name once it is held, so that nobody finds it free before."""
        with Path(folder, f"{_LOCK}.new").open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            Path(folder, f"{_LOCK}.new").rename(Path(folder, _LOCK))
            yield
