"""One small library served for all tests of the page, and a browser where there is one."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import socket
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

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from qa.web.users import User

_OWN = re.compile("那(.{2}[市县]|[0-9—]+年)呢？|和.+相比，哪个更多？")  # what the page asks to suggest it
ROOT = Path(__file__).parents[2]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs in a process of its own."""

    url: str
    process: subprocess.Popen[bytes]
    output: Path
    log: Path

    def asked(self) -> tuple[str, list[str], str | None, str | None]:
        """The last question of a person that reached the library, with history, place and period."""
        lines = [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]
        asked = [line for line in lines if isinstance(line[0], str) and not _OWN.fullmatch(line[0])]
        question, history, place, period = asked[-1]
        return question, history, place, period


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def environment(home: Path, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "UNION_QA_HOME": str(home),
        "UNION_QA_PORT": str(port),
        "PYTHONUTF8": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(ROOT)))),
    }


@contextmanager
def serving(home: Path, *command: str, port: int | None = None) -> Iterator[Served]:
    """Run a command until it says that the page is ready; end it when the block is left."""
    port = port or free_port()
    output, log = home / "output.txt", home / "asked.jsonl"
    with output.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *command, str(log)],
            cwd=ROOT,
            env=environment(home, port),
            stdout=out,
            stderr=out,
        )
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
    from qa.web.users import User, hashed

    roles = {"管理员甲": "administrator", "读者乙": "reader", "读者丙": "reader", "读者丁": "reader"}
    return {name: User(name, role, hashed(password_of(name))) for name, role in roles.items()}  # type: ignore[arg-type]


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with sync_api.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    visit = Visit(browser)
    yield visit
    visit.close()


class Visit:
    """Pages in contexts of their own; whatever a page requests beyond the host, or throws, fails its test."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.strays: list[str] = []
        self.faults: list[str] = []

    def __call__(self, url: str, *, started: str = "#qa-chat .example", **context: Any) -> Page:
        host = "/".join(url.split("/")[:3])
        opened = self._browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **context})
        self._contexts.append(opened)
        page = opened.new_page()
        page.set_default_timeout(30_000)
        page.on(
            "request",
            lambda r: None if r.url.startswith((host, "data:", "blob:")) else self.strays.append(r.url),
        )
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("dialog", lambda dialog: (self.faults.append(dialog.message), dialog.dismiss()))
        page.on(
            "console", lambda m: self.faults.append(m.text) if "Content Security Policy" in m.text else None
        )
        page.goto(url)
        page.wait_for_selector(started)
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()
        assert self.strays == []
        assert self.faults == []
