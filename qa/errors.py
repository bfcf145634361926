"""Errors that a user can cause; each message says what to do next.

::

    QAError
    ├── ReportError          a file cannot be read as a report
    │   └── ReportUnreadable   the file is there, but the system does not let it be read now
    ├── StoreError           an index folder cannot be used
    │   ├── IndexMissing       nothing has been built there yet
    │   ├── IndexDamaged       a checksum or a count does not hold
    │   ├── IndexIncompatible  another format version, another encoder
    │   ├── IndexBusy          another rebuild holds the lock
    │   └── IndexGone          the generation was removed from a shared store meanwhile
    ├── WorkersFailed        processes or machines that were to share the work were lost
    └── QuestionError        a question or a filter cannot be used

An encoder that cannot be opened raises ``embeddings.EncoderError``.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MOST_BYTES = 256 * 2**20  # of a file that is read at once: a hundred thousand questions with their histories


class QAError(Exception):
    """Root of every error that a user can cause; ``str(error)`` is shown as it is."""


class ReportError(QAError):
    """A file cannot be read as a report."""


class ReportUnreadable(ReportError):
    """The file is there, but the system does not let it be read now: what was read of it before may still hold."""


class StoreError(QAError):
    """An index folder cannot be used."""


class IndexMissing(StoreError):
    """Nothing has been built in this folder yet."""


class IndexDamaged(StoreError):
    """A file of the index is missing, or a checksum or a count does not hold."""


class IndexIncompatible(StoreError):
    """The index was built by another format version or with another encoder."""


class IndexBusy(StoreError):
    """Another rebuild holds the lock of this folder."""


class IndexGone(StoreError):
    """The generation that was asked was replaced and removed by another machine meanwhile."""


class WorkersFailed(QAError):
    """The processes or machines that were to share the work were lost, again and again."""


class QuestionError(QAError):
    """A question or a filter cannot be used."""


def content_of(path: Path) -> bytes:
    """The bytes of a file that a user named.

    Raises:
        QAError: it cannot be read, is too large, or is no file but a pipe or a device, which may never end.
    """
    try:
        if path.exists() and not path.is_file():
            raise QAError(f"{path} 不是普通文件。请给出一个文件。")
        if path.stat().st_size > MOST_BYTES:
            raise QAError(f"{path} 超过 {MOST_BYTES >> 20} MB。请分成几个文件。")
        return path.read_bytes()
    except OSError as error:
        raise QAError(f"读不到 {path}（{error.strerror or error}）。请检查路径和权限。") from error


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Where to write what a user wants in a file: there, or beside what stands there, which it replaces at the end.

    Raises:
        QAError: the system does not let it be written; what stood there is as it was, and no part of a new file is left.
    """
    try:
        if path.exists() and not path.is_file():  # a device or a pipe; a folder says what it is
            yield path
            return
        named = path.resolve()
        file = named.with_name(f".{named.name}.{os.getpid()}.new") if named.exists() else named
        try:
            yield file
            if file != named:
                shutil.copymode(named, file)
                file.replace(named)
        except OSError:
            file.unlink(missing_ok=True)
            raise
        finally:
            if file != named:
                file.unlink(missing_ok=True)
    except OSError as error:
        raise QAError(f"写不进 {path}（{error.strerror or error}）。请检查路径、权限和磁盘空间。") from error
