"""Errors that a user can cause, each with what to do next, and the log of those that nobody expects.

An encoder that cannot be opened raises ``embeddings.EncoderError``.
"""

import json
import os
import secrets
import shutil
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

MOST_BYTES = 256 * 2**20  # of a file read at once; enough for 100,000 questions with their histories
_MOST_LOGGED = 2_000_000  # bytes of a log; then it is renamed to ``.old`` and a new one begins


class QAError(Exception):
    """Base of all errors that a user can cause; ``str(error)`` is shown as it is."""


class ReportError(QAError):
    """A file cannot be read as a report."""


class ReportUnreadable(ReportError):
    """The file exists but cannot be read now; what was read of it before may still be valid."""


class StoreError(QAError):
    """An index folder cannot be used."""


class IndexMissing(StoreError):
    """Nothing has been built in this folder yet."""


class IndexDamaged(StoreError):
    """A file of the index is missing, or a checksum or count is wrong."""


class IndexIncompatible(StoreError):
    """The index was built by another format version or with another encoder."""


class IndexBusy(StoreError):
    """Another rebuild holds the lock of this folder."""


class IndexGone(StoreError):
    """The generation in use was replaced and removed by another machine."""


class WorkersFailed(QAError):
    """The worker processes or machines were lost repeatedly."""


class QuestionError(QAError):
    """A question or a filter cannot be used."""


def read_user_file(path: Path) -> bytes:
    """Return the bytes of a file that a user named.

    Raises QAError if it cannot be read, is over MOST_BYTES, or is a pipe or a device, which may never end.
    """
    with os_errors(f"读不到 {path}", "请检查路径和权限。"):
        if path.exists() and not path.is_file():
            raise QAError(f"{path} 不是普通文件。请给出一个文件。")
        if path.stat().st_size > MOST_BYTES:
            raise QAError(f"{path} 超过 {MOST_BYTES >> 20} MB。请分成几个文件。")
        return path.read_bytes()


@contextmanager
def os_errors(failed: str, advice: str) -> Iterator[None]:
    """Raise an OSError of the block as a QAError: what failed, why, and what to do."""
    try:
        yield
    except OSError as error:
        raise QAError(f"{failed}（{error.strerror or error}）。{advice}") from error


def refuse_same(source: Path, output: Path, option: str) -> None:
    """Raise QAError if an output is the file that is read, which exists; ``option`` names that file."""
    if output.exists() and output.samefile(source):
        raise QAError(f"{output} 与 {option} 是同一个文件，会冲掉原文件。请换一个文件名。")


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Yield the path to write to: a temporary one if the file exists, which is replaced at the end.

    Raises QAError if it cannot be written; an existing file is unchanged then, and no partial file is left.
    """
    with os_errors(f"写不进 {path}", "请检查路径、权限和磁盘空间。"):
        # A device or a pipe; for a folder the error message is clear.
        if path.exists() and not path.is_file():
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


def log_error(error: BaseException, log: Path) -> str:
    """Append the error with its traceback to ``log``, JSON Lines, and return its id; raise OSError if that fails."""
    code = secrets.token_hex(3)
    line = {
        "id": code,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "error": f"{type(error).__name__}: {error}",
        "trace": "".join(traceback.format_exception(error)),
    }
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.is_file() and log.stat().st_size > _MOST_LOGGED:
        log.replace(log.with_name(log.name + ".old"))
    log.touch(mode=0o600)  # it contains folder names and questions
    with log.open("a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return code
