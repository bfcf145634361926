"""Two web pages behind nginx, as docs/scaling.md sets it up: one is killed under load, and every conversation goes on."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from qa.index import rebuild
from qa.library import SAMPLE_REPORTS
from tests.hardening.conftest import Tried
from tests.hardening.serving import free_port, page, served
from tests.hardening.sizes import ROOT, sizes
from tests.web.browser import Visit
from tests.web.steps import answered, ask

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="needs nginx (Debian: apt-get install nginx-light)")

PLACES = ("温州", "漳州", "浙江", "钱塘")
TURNS = 6  # questions of a conversation
AFTER = 2  # that everybody has asked when one page dies
MOST_FAILED = 10  # of one conversation: until the dying page's last connection is closed, some may reach it
TWO_ANSWERS = "document.querySelectorAll('.qa-answer').length === 2"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("replicas") / "index"
    rebuild([SAMPLE_REPORTS], folder)
    return folder


@contextmanager
def proxied(folder: Path, ports: dict[str, int]) -> Iterator[Path]:
    """The documented nginx with these ports in place of its own; the log of who answered what."""
    (example,) = re.findall(
        r"```nginx\n(.*?)```", (ROOT / "docs/scaling.md").read_text(encoding="utf-8"), re.DOTALL
    )
    for said, port in ports.items():
        assert said in example
        example = example.replace(said, str(port))
    kept = "\n".join(
        f"{kind}_temp_path {folder / kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    log = folder / "answered"
    (folder / "nginx.conf").write_text(
        f"{'user root;' if os.geteuid() == 0 else ''}\ndaemon off;\npid {folder / 'pid'};\nevents {{}}\n"
        f"http {{\n{kept}\nlog_format short '$upstream_addr $status $request_uri';\n"
        f"access_log {log} short;\n{example}\n}}\n",
        encoding="utf-8",
    )
    assert NGINX
    program = subprocess.Popen(
        [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "errors")]
    )
    try:
        for _ in range(100):
            try:
                page(ports["7860"])
                break
            except OSError:
                time.sleep(0.05)
        yield log
    finally:
        program.terminate()
        program.wait(30)


class Conversation:
    """One visitor who asks one question after the other, each with those before it, as the browser does."""

    def __init__(self, port: int, place: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.questions = [f"{place}有多少会员？", *(f"那{other}呢？" for other in (PLACES * 2)[: TURNS - 1])]
        self.failed: list[float] = []  # when each question began that got no answer
        self.answers: list[str] = []

    def go_on(self, until: int) -> None:
        """Ask up to so many questions; one that fails is asked again, by who waits a moment as people do."""
        self.opener.open(self.url, timeout=30).close()
        while len(self.answers) < until:
            began = time.monotonic()
            try:
                self.answers.append(self.ask(self.questions[len(self.answers)]))
            except (OSError, HTTPException, ValueError):
                self.failed.append(began)
                if len(self.failed) > MOST_FAILED:
                    raise
                time.sleep(0.1)

    def ask(self, question: str) -> str:
        before = self.questions[: len(self.answers)]
        call = urllib.request.Request(
            f"{self.url}/gradio_api/call/ask",
            json.dumps({"data": [question, before, "", ""]}).encode(),
            {"Content-Type": "application/json"},
        )
        with self.opener.open(call, timeout=60) as reply:
            event = json.load(reply)["event_id"]
        with self.opener.open(f"{self.url}/gradio_api/call/ask/{event}", timeout=60) as reply:
            told = str(reply.read(), "utf-8").partition("event: complete\ndata: ")[2]
        (answer,) = json.loads(told.split("\n")[0])
        return str(answer["answer"])


def all_go_on(conversations: list[Conversation], until: int) -> list[threading.Thread]:
    threads = [threading.Thread(target=each.go_on, args=[until]) for each in conversations]
    for thread in threads:
        thread.start()
    return threads


@sizes(None, 32)
def test_one_is_killed_under_load_and_every_conversation_goes_on(
    index: Path, tmp_path: Path, tried: Tried, n: int
) -> None:
    ports = {"7860": free_port(), "7861": free_port(), "7862": free_port()}
    with (
        served(index, ports["7861"]) as first,
        served(index, ports["7862"]),
        proxied(tmp_path, ports) as log,
    ):
        conversations = [Conversation(ports["7860"], PLACES[number % len(PLACES)]) for number in range(n)]
        for thread in all_go_on(conversations, AFTER):
            thread.join()
        both = log.read_text()
        assert f":{ports['7861']} 200 " in both
        assert f":{ports['7862']} 200 " in both
        threads = all_go_on(conversations, TURNS)
        time.sleep(0.3)
        first.kill()
        first.wait()
        killed = time.monotonic()
        for thread in threads:
            thread.join()
    assert [len(each.answers) for each in conversations] == [TURNS] * n
    failed = [began for each in conversations for began in each.failed]
    assert all(began <= killed for began in failed)  # what was asked after that was answered
    expected = {tuple(each.questions): each.answers for each in conversations}
    assert all(expected[tuple(each.questions)] == each.answers for each in conversations)
    tried(conversations=n, questions=n * TURNS, in_flight_and_asked_again=len(failed), lost=0)


@pytest.mark.long
def test_an_open_page_goes_on_with_another_one(index: Path, tmp_path: Path, visit: Visit) -> None:
    from playwright.sync_api import TimeoutError as NotInTime

    ports = {"7860": free_port(), "7861": free_port(), "7862": free_port()}
    with (
        served(index, ports["7861"]) as first,
        served(index, ports["7862"]) as second,
        proxied(tmp_path, ports) as log,
    ):
        opened = visit(f"http://127.0.0.1:{ports['7860']}")
        ask(opened, "温州有多少会员？")
        answered(opened)
        joins = [line for line in log.read_text().splitlines() if "queue/join" in line]
        (first if f":{ports['7861']} " in joins[-1] else second).kill()
        for _ in range(3):  # what was under way fails and is asked again, as a person would
            ask(opened, "那漳州呢？")
            try:
                opened.wait_for_function(TWO_ANSWERS, timeout=15_000)
                break
            except NotInTime:
                continue
        answered(opened, 2)
        answer = opened.locator(".qa-answer").last.inner_text()
        assert "漳州" in answer
        assert "会员" in answer  # what the question before was about


def test_a_visitor_behind_the_proxy_is_nobody_of_this_machine(index: Path, tmp_path: Path) -> None:
    ports = {"7860": free_port(), "7861": free_port(), "7862": free_port()}
    with served(index, ports["7861"]), proxied(tmp_path, ports):
        assert uploaded(ports["7861"]) != 403  # whoever sits at this machine may
        assert uploaded(ports["7860"]) == 403


def uploaded(port: int) -> int:
    """The status of an attempt to upload nothing."""
    call = urllib.request.Request(f"http://127.0.0.1:{port}/gradio_api/upload", b"", method="POST")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(call, timeout=30)
    refused.value.close()
    return refused.value.code
