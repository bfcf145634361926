"""Run by a test as a process of its own: read files one after the other, each as ``union-qa read`` alone would.

Usage: alone.py LIST, a file with a JSON list of paths. Prints a line of JSON for each: exit code, what was printed, what was
said, seconds of processor time, and the megabytes of the largest process so far, parsers included.
"""

import io
import json
import os
import resource
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from qa.cli import main


def own() -> int:
    """The most kilobytes this process held; ``ru_maxrss`` of itself would begin with what its parent held."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(next(s.split()[1] for s in status.read_text("ascii").splitlines() if s.startswith("VmHWM")))


def processor() -> float:
    """Seconds that this process and its children have worked, those that live included."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = time.process_time() + ended.ru_utime + ended.ru_stime
    for task in Path("/proc/self/task").glob("*/children"):
        for child in task.read_text("ascii").split():
            fields = Path("/proc", child, "stat").read_text("utf-8").rpartition(")")[2].split()
            worked += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return worked


def read(path: str) -> list[object]:
    out, err, started = io.StringIO(), io.StringIO(), processor()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(["read", "--json", "--", path])
    seconds = round(processor() - started, 2)
    largest = max(own(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    megabytes = largest // 1024
    return [code, out.getvalue(), err.getvalue(), seconds, megabytes]


if __name__ == "__main__":
    for each in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")):
        print(json.dumps(read(each)), flush=True)
