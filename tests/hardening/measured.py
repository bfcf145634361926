"""Run by a test as a process of its own: a command of ``union-qa``, then a line on stderr of what it took.

Usage: measured.py COMMAND... The line holds seconds, and the memory of the largest process, parsers included.
"""

import json
import resource
import subprocess
import sys
import time


def main(*command: str) -> int:
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "qa", *command], check=False)
    kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps([round(time.monotonic() - started, 1), kilobytes // 1024]), file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
