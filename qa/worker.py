"""A worker process: jobs arrive on stdin, results leave on stdout, and it ends with its parent.

``multiprocessing`` would import the caller's script again in each process. A request is ``(function, job)``, the
function pickled, or None if it is the same as before; a reply is ``(True, result)`` or ``(False, error)``.
"""

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
    """A process in its own session, so that Ctrl-C ends this process first.

    ``purpose`` is shown in a list of processes; ``threads`` is the limit for numeric libraries.
    """

    def __init__(self, purpose: str, threads: int) -> None:
        path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
        self._carried: bytes | None = None  # the function that it has
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", __name__, purpose],
            env=dict.fromkeys(_THREADS, str(threads)) | os.environ | {"PYTHONPATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def answer(self, carried: bytes, job: object) -> tuple[bool, Any]:
        """Return (True, result) or (False, error) of a job for the pickled function ``carried``.

        Raises OSError, EOFError or UnpicklingError if the process has ended.
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
        self.process.kill()
        with suppress(OSError):  # the last request may not have been sent
            self.process.communicate()
        self.process.wait()


def serve(messages: BinaryIO, answers: BinaryIO) -> None:
    """Reply to requests until there are no more."""
    function: Callable[[Any], Any] | None = None
    while True:
        try:
            carried, job = pickle.load(messages)  # noqa: S301 - from our own parent, by a private pipe
        except EOFError:
            return
        try:
            function = pickle.loads(carried) if carried else function  # noqa: S301 - likewise
            assert function is not None
            answer = pickle.dumps((True, function(job)), protocol=pickle.HIGHEST_PROTOCOL)
        except Exception as error:  # noqa: BLE001 - raised again by the parent
            answer = _failure(error)
        answers.write(answer)
        answers.flush()


def _failure(error: Exception) -> bytes:
    try:
        pickle.loads(answer := pickle.dumps((False, error)))  # noqa: S301 - our own bytes
    except Exception:  # noqa: BLE001 - an error that cannot be pickled is sent as its message
        return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
    return answer


def _main() -> None:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not mix with the replies
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    _main()
