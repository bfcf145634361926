"""One small library served for all tests of the page."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
import pytest

from tests.ports import free_port
from tests.web.nursery import Forked, nursery

if TYPE_CHECKING:
    from qa.web.users import User

_OWN = re.compile("那(.{2}[市县]|[0-9—]+年)呢？|和.+相比，哪个更多？")  # what the page asks to suggest it
ROOT = Path(__file__).parents[2]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs in a process of its own."""

    url: str
    process: subprocess.Popen[bytes] | Forked
    output: Path
    log: Path

    def asked(self) -> tuple[str, list[str], str | None, str | None]:
        """The last question of a person that reached the library, with history, place and period."""
        lines = [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]
        asked = [line for line in lines if isinstance(line[0], str) and not _OWN.fullmatch(line[0])]
        question, history, place, period = asked[-1]
        return question, history, place, period


def environment(home: Path, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "UNION_QA_HOME": str(home),
        "UNION_QA_PORT": str(port),
        "PYTHONUTF8": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(ROOT)))),
    }


@contextmanager
def serving(home: Path, *command: str, port: int | None = None, anew: bool = False) -> Iterator[Served]:
    """Run a script until it says that the page is ready; end it when the block is left.

    Args:
        anew: whether it is a Python that starts, as people start it, and not a fork of one that has.
    """
    port = port or free_port()
    output, log = home / "output.txt", home / "asked.jsonl"
    output.write_bytes(b"")
    words = [*command, *([] if command[0] == "app.py" else [str(log)])]
    process: subprocess.Popen[bytes] | Forked
    if anew or os.name != "posix":
        with output.open("ab") as out:
            process = subprocess.Popen(
                [sys.executable, *words], cwd=ROOT, env=environment(home, port), stdout=out, stderr=out
            )
    else:
        process = nursery().start(words, environment(home, port), output)
    try:
        until = time.monotonic() + 90
        while f"网页已就绪：http://127.0.0.1:{port}" not in (said := output.read_text(encoding="utf-8")):
            assert process.poll() is None, said
            assert time.monotonic() < until, said
            time.sleep(0.1)
        yield Served(f"http://127.0.0.1:{port}", process, output, log)
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served"), "tests/web/small_server.py") as server:
        yield server


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The program as it is, from an empty home: it answers from the bundled reports."""
    with serving(tmp_path_factory.mktemp("sample"), "app.py") as server:
        yield server
    assert server.process.returncode == 0
    assert server.output.read_text(encoding="utf-8").splitlines()[-1] == "已结束。"


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The same behind a login, with the tools for language models."""
    from qa.web.users import change_users

    home = tmp_path_factory.mktemp("guarded")
    change_users(home / "users.json", lambda _: people())
    with serving(home, "tests/web/small_server.py", "--mcp") as server:
        yield server


@cache
def people() -> dict[str, User]:
    """Users whose passwords are their names three times: the administrator 管理员甲, the readers 读者乙, 读者丙, 读者丁."""
    from qa.web.users import User, hash_password

    roles = {"管理员甲": "administrator", "读者乙": "reader", "读者丙": "reader", "读者丁": "reader"}
    return {name: User(name, role, hash_password(password_of(name))) for name, role in roles.items()}  # type: ignore[arg-type]


def password_of(name: str) -> str:
    return name * 3


@contextmanager
def logged_in(served: Served, name: str) -> Iterator[httpx.Client]:
    """A program that has logged in as this user."""
    with httpx.Client(base_url=served.url, timeout=30) as client:
        answer = client.post("/login", data={"username": name, "password": password_of(name)})
        assert answer.json() == {"success": True}
        yield client


def waited(work: Coroutine[Any, Any, Result], seconds: float = 90) -> Result:
    """What comes of a coroutine, in a thread of its own: the browser's driver has a loop in this one."""

    async def limited() -> Result:
        return await asyncio.wait_for(work, seconds)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(limited())).result()
