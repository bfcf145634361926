"""Run by a test as a process of its own: rebuild, say so, and be killed at any moment or at a named one.

Usage: killed.py REPORTS INDEX STEP PASSES. ``STEP`` is one of ``qa.index.Step``, or ``none``; with PASSES the process
kills itself when it comes to that step for that time, else it is killed from outside.
"""

import os
import signal
import sys
from pathlib import Path

from qa.index import rebuild
from tests.hardening.indexes import ENCODER


def main(reports: str, index: str, step: str, passes: str) -> None:
    left = int(passes)

    def at(now: str, done: int, total: int) -> None:
        nonlocal left
        left -= now == step
        if now == step and left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    print("ready", flush=True)
    sys.stdin.readline()
    rebuild([Path(reports)], Path(index), encoder=ENCODER, force=True, progress=at)
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
