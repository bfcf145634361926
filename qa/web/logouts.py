"""Logins that were ended by their user: a cookie that somebody copied ends with them, in every process, after a restart."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from pydantic import TypeAdapter

from qa.errors import QAError
from qa.index.disk import replace_file

__all__ = ["Logouts"]


_Numbers: TypeAdapter[dict[str, float]] = TypeAdapter(dict[str, float])


class Logouts:
    """A file of the numbers of ended logins, each kept until its login would have ended by itself."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = threading.Lock()
        self._ended: dict[str, float] = {}  # here, whatever becomes of the file
        self._kept: tuple[tuple[int, int], dict[str, float]] = ((0, 0), {})

    def __contains__(self, number: object) -> bool:
        return number in self._ended or number in self._read()

    def add(self, number: str, until: float) -> None:
        """End a login.

        Raises:
            QAError: it cannot be written down, so it is ended in this process alone, until the next one is written.
        """
        now = time.time()
        with self._writing:
            self._ended = {each: end for each, end in self._ended.items() if end > now} | {number: until}
            kept = {each: end for each, end in self._read().items() if end > now} | self._ended
            try:
                replace_file(self._path, _Numbers.dump_json(kept))
            except OSError as error:
                raise QAError(
                    f"退出没有记下，写不进 {self._path}（{error.strerror or error}）。请检查磁盘空间和写权限。"
                ) from error

    def _read(self) -> dict[str, float]:
        """What the file says now; nothing where it cannot be read: a broken one must not keep everybody out."""
        try:
            found = self._path.stat()
            stamp = found.st_mtime_ns, found.st_size
            if stamp != self._kept[0]:
                self._kept = stamp, _Numbers.validate_json(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        return self._kept[1]
