"""Run by tests as a process of its own: rebuild, and stop or hang at a named step.

Usage: crash.py REPORTS INDEX STEP kill|hang. ``hang`` prints a line when it is there and waits for one on stdin.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from qa.index import rebuild
from tests.index.made import HashedBigrams


def main(reports: str, index: str, step: str, how: str) -> None:
    def at(now: str, done: int, total: int) -> None:
        if now != step or done < total // 2:
            return
        if how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        print("here", flush=True)
        sys.stdin.readline()

    rebuild([Path(reports)], Path(index), encoder=HashedBigrams(), progress=at)


if __name__ == "__main__":
    main(*sys.argv[1:])
