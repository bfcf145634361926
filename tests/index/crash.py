"""Run by tests as a process of its own: rebuild, and stop or hang at a named step.

Usage: crash.py REPORTS INDEX STEP kill|hang|"fork and kill". What is forked lives half a second longer, as a child does
that has not yet run its program. ``hang`` prints a line when it is there and waits for one on stdin.
"""

import os
import signal
import sys
import time
from pathlib import Path

from qa.index import rebuild
from tests.index.made import HashedBigrams


def main(reports: str, index: str, step: str, how: str) -> None:
    def at(now: str, done: int, total: int) -> None:
        if now != step or done < total // 2:
            return
        if how == "fork and kill" and os.fork() == 0:
            time.sleep(0.5)
            os._exit(0)
        if how != "hang":
            os.kill(os.getpid(), signal.SIGKILL)
        print("here", flush=True)
        sys.stdin.readline()

    rebuild([Path(reports)], Path(index), encoder=HashedBigrams(), progress=at)


if __name__ == "__main__":
    main(*sys.argv[1:])
