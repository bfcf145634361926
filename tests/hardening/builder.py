"""Run by a test as a process of its own: rebuild an index each time a line comes in, and say how that went.

Usage: builder.py INDEX. A line is the folder of the reports; the answer is a line of JSON: seconds, and the error.
The build that holds the lock waits three seconds before it embeds, so that the others must meet it.
"""

import json
import sys
import time
from pathlib import Path

from qa.errors import StoreError
from qa.index import rebuild
from tests.hardening.indexes import ENCODER


def main(index: str) -> None:
    def at(now: str, done: int, total: int) -> None:
        if now == "write":
            time.sleep(3)

    print("ready", flush=True)
    for line in sys.stdin:
        started, error = time.monotonic(), ""
        try:
            rebuild([Path(line.strip())], Path(index), encoder=ENCODER, force=True, progress=at)
        except StoreError as problem:
            error = f"{type(problem).__name__}: {problem}"
        print(json.dumps([time.monotonic() - started, error], ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
