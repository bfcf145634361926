"""A worker process: jobs go in by stdin, results come out by stdout, and it ends with the process that started it.

``multiprocessing`` would import the script of whoever uses this library a second time in each of its processes.

A message in is ``(work, job)``, the work pickled, or None where it is that of the job before; a message out is
``(True, result)`` or ``(False, error)``.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")  # of numeric libraries


class Worker:
    """A process in a session of its own, so that Ctrl-C ends this process first.

    Args:
        purpose: what it is for, as a list of processes shows it.
        threads: that numeric libraries may use there.
    """

    def __init__(self, purpose: str, threads: int) -> None:
        path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
        self._carried: bytes | None = None  # the work that it has
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", __name__, purpose],
            env=dict.fromkeys(_THREADS, str(threads)) | os.environ | {"PYTHONPATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def answer(self, carried: bytes, job: object) -> tuple[bool, Any]:
        """Whether it could be done, and the result or the error.

        Args:
            carried: the work, pickled.

        Raises:
            OSError, EOFError, UnpicklingError: the process is no more.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        new = carried if carried is not self._carried else None
        self.process.stdin.write(pickle.dumps((new, job), protocol=pickle.HIGHEST_PROTOCOL))
        self.process.stdin.flush()
        self._carried = carried
        answer: tuple[bool, Any] = pickle.load(self.process.stdout)  # noqa: S301 - from our own child
        return answer

    def end(self) -> None:
        """End the process, whatever it is at."""
        self.process.kill()
        with suppress(OSError):  # what it was sent last may not have gone out
            self.process.communicate()
        self.process.wait()


def serve(messages: BinaryIO, answers: BinaryIO) -> None:
    """Answer until there is no message any more."""
    work: Callable[[Any], Any] | None = None
    while True:
        try:
            carried, job = pickle.load(messages)  # noqa: S301 - from our own parent, by a pipe of its own
        except EOFError:
            return
        try:
            work = pickle.loads(carried) if carried else work  # noqa: S301 - likewise
            assert work is not None
            answer = pickle.dumps((True, work(job)), protocol=pickle.HIGHEST_PROTOCOL)
        except Exception as error:  # noqa: BLE001 - raised again by the parent
            answer = _failure(error)
        answers.write(answer)
        answers.flush()


def _failure(error: Exception) -> bytes:
    try:
        pickle.loads(answer := pickle.dumps((False, error)))  # noqa: S301 - our own bytes
    except Exception:  # noqa: BLE001 - an error that cannot travel is told by its words
        return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
    return answer


def _main() -> None:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the answers
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    _main()
