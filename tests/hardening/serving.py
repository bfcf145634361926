"""The web page in a process of its own, as people start it."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

from tests.hardening.sizes import ROOT
from tests.ports import free_port

__all__ = ["asked", "free_port", "page", "posted", "served"]


STARTED_SECONDS = 180.0


def page(port: int, path: str = "/health", seconds: float = 20) -> bytes:
    """The body of a page."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=seconds) as reply:
        return bytes(reply.read())


def asked(port: int, question: str, seconds: float = 60) -> dict[str, Any]:
    """The answer that the page gives to a program."""
    event, told = posted(port, question, seconds)
    assert event == "complete", told
    return dict(told[0])


def posted(port: int, question: str, seconds: float = 60) -> tuple[str, Any]:
    """The last event of a question, and its data: the question is posted, then its stream is read."""
    url = f"http://127.0.0.1:{port}/gradio_api/call/ask"
    body = json.dumps({"data": [question, [], "", ""]}).encode()
    call = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(call, timeout=seconds) as reply:
        event = json.load(reply)["event_id"]
    with urllib.request.urlopen(f"{url}/{event}", timeout=seconds) as reply:
        *_, last = str(reply.read(), "utf-8").rstrip("\n").split("\n\n")
    event, data = last.split("\n")
    return event.removeprefix("event: "), json.loads(data.removeprefix("data: "))


@contextmanager
def served(
    index: Path, port: int, *before: str, program: tuple[str, ...] = ("-m", "qa")
) -> Iterator[subprocess.Popen[str]]:
    """``union-qa serve``, from the moment on at which it says that it is ready.

    Args:
        before: a command that runs the one behind it, such as ``prlimit --nofile=64``.
        program: what Python runs in its place.
    """
    child = subprocess.Popen(
        [*before, sys.executable, *program, "serve", "--index", str(index), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))},
    )
    assert child.stdout is not None
    try:
        patience = Timer(
            STARTED_SECONDS, child.kill
        )  # one that never says anything is no reason to wait for ever
        patience.start()
        said: list[str] = []
        while "已就绪" not in "".join(said) and (line := child.stdout.readline()):
            said.append(line)
        patience.cancel()
        assert "已就绪" in "".join(said), said
        yield child
    finally:
        if child.poll() is None:
            child.kill()
        child.communicate(timeout=30)
