"""Servers of the page at a quarter of their price: a process loads Gradio once, and forks for each that is wanted.

``python nursery.py`` is that process. It reads a line of JSON for each thing to do and answers with a line.
"""

from __future__ import annotations

import atexit
import json
import os
import runpy
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from signal import SIGKILL, SIGTERM
from typing import Any

__all__ = ["Forked", "nursery"]

ROOT = Path(__file__).parents[2]


class Nursery:
    """The process that forks, from outside; it ends with the one that started it."""

    def __init__(self) -> None:
        path = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(ROOT))))
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": path, "PYTHONUTF8": "1"},
            encoding="utf-8",
        )
        atexit.register(self._end)

    def start(self, command: Sequence[str], environment: Mapping[str, str], output: Path) -> Forked:
        """Run ``python COMMAND``, a script of the project, with both of its outputs in a file."""
        return Forked(self, self.told({"run": command, "env": dict(environment), "output": str(output)}))

    def told(self, what: dict[str, Any]) -> Any:
        """What the process answers."""
        assert self._process.stdin is not None and self._process.stdout is not None
        with self._lock:
            self._process.stdin.write(json.dumps(what) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())

    def _end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)


class Forked:
    """A forked process, as ``subprocess.Popen`` has it."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._nursery = nursery

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        if self.returncode is None:
            self.returncode = self._nursery.told({"ended": self.pid})
        return self.returncode

    def wait(self, timeout: float) -> int:
        """The exit code, once it is there.

        Raises:
            TimeoutError: the process still runs.
        """
        until = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > until:
                raise TimeoutError(f"process {self.pid} still runs after {timeout} seconds")
            time.sleep(0.02)
        return code

    def send_signal(self, number: int) -> None:
        """Nothing, where it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(SIGKILL)


@lru_cache(maxsize=1)
def nursery() -> Nursery:
    """The one of this process."""
    return Nursery()


def _load() -> None:
    """What every server imports, as ``qa.web.serve`` does, none of which looks at what differs between them."""
    from qa.web.serve import _ENVIRONMENT, without_stubs

    os.environ.update(_ENVIRONMENT)
    with without_stubs():
        import qa.cli
        import qa.web.api
        import qa.web.application
        import qa.web.serve
        import qa.web.shelf  # noqa: F401
        import tests.web.small_library  # noqa: F401


def _become(command: Sequence[str], environment: Mapping[str, str], output: str) -> None:
    """Be the script from here on."""
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    to = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for old, new in ((nothing, 0), (to, 1), (to, 2)):
        os.dup2(old, new)
    sys.argv = list(command)
    runpy.run_path(command[0], run_name="__main__")


def _main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")  # a library may print something
    os.dup2(2, 1)
    _load()
    assert threading.active_count() == 1, "a fork has one thread, whatever the others held"
    for line in sys.stdin:
        told = json.loads(line)
        if "run" in told:
            answer = os.fork()
            if not answer:
                answers.close()
                _become(told["run"], told["env"], told["output"])
                return
        else:
            ended, status = os.waitpid(told["ended"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if ended else None
        with suppress(BrokenPipeError):
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


if __name__ == "__main__":
    _main()
