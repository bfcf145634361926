"""Run by a test as a process of its own: ask again and again, and tell what that costs.

Usage: soak.py INDEX N. Prints a line of JSON with memory, descriptors and threads after a fifth and at the end.
"""

import gc
import json
import sys
import threading
import time
from pathlib import Path

from qa.library import Library
from tests.hardening.questions import questions


def state() -> dict[str, float]:
    gc.collect()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    kilobytes = int(status.partition("VmRSS:")[2].split()[0])
    return {
        "megabytes": kilobytes / 1024,
        "descriptors": sum(1 for _ in Path("/proc/self/fd").iterdir()),
        "threads": threading.active_count(),
    }


def main(index: str, n: str) -> None:
    library, every = Library(Path(index)), questions(int(n))
    started = time.monotonic()
    for question in every[: len(every) // 5]:
        library.ask(question)
    early = state()
    for question in every[len(every) // 5 :]:
        library.ask(question)
    seconds = (time.monotonic() - started) / len(every)
    print(json.dumps({"early": early, "late": state(), "seconds_each": round(seconds, 4)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
