"""A worker process: jobs come in by stdin, results go out by stdout, and it ends with the process that started it.

Run by ``processes.py`` alone. A message in is ``(work, job)``, the work pickled, or None where it is that of the
job before; a message out is ``(True, result)`` or ``(False, error)``.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

__all__ = ["serve"]


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
