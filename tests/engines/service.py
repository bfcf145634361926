"""A scripted service on loopback that speaks, or misspeaks, the protocol; and reports to ask about."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

from qa.engines import Conversation, LanguageModel, answer_with
from qa.engines.client import Model
from qa.settings import Endpoint
from qa.types import Answer
from tests.reports import Desk, report_of

KEY = "sk-geheim-4711"

NINGBO = """# 宁波市总工会工作报告（2019—2023年）

## 一、服务职工

五年来，全市建成职工书屋1340家，配书26.5万册。职工书屋办的托管班有612个，照看孩子1.7万名。

## 二、维护权益

全市受理劳动争议案件4875件，调解成功率达到90.6%。
"""

SHAOXING = """# 绍兴市总工会工作报告（2019—2023年）

## 一、服务职工

五年来，全市建成职工书屋985家，配书18.2万册。
"""

QUESTION = "宁波市建成职工书屋多少家？"

Script: TypeAlias = Callable[["Talk"], object]


@lru_cache(maxsize=1)
def desk() -> Desk:
    return Desk.over(
        report_of(NINGBO, "宁波.md", "宁波市", (2019, 2023)),
        report_of(SHAOXING, "绍兴.md", "绍兴市", (2019, 2023)),
    )


def conversation(held: Desk, question: str, *history: str) -> Conversation:
    """A question as the engines get it."""
    return Conversation(held.understand(question, *history), history)


def said_by(model: Model, held: Desk, question: str, *history: str) -> Answer:
    """The answer through the second engine, whatever speaks behind it."""
    engine = LanguageModel(model, held.catalogue, held.understand, 4096)
    return answer_with(engine, held.index, conversation(held, question, *history))


def items(material: str) -> list[dict[str, Any]]:
    """The numbered sentences inside the frame."""
    found = re.findall(r"^\[(\d+)\] (.*)$", material, re.M)
    return [{"编号": int(number), "原文": text} for number, text in found]


def number_of(material: str, words: str) -> int:
    """The number under which a sentence is shown."""
    return next(int(item["编号"]) for item in items(material) if words in item["原文"])


def plans(material: str) -> bool:
    """Whether a message asks for a plan, not for an answer."""
    return "\n现在问：" in material


def asked_in(material: str) -> str:
    """What a message that asks for an answer asks for last."""
    return material.rpartition("\n")[2].partition("：")[2]


@dataclass
class Seen:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def material(self) -> str:
        return str(self.body["messages"][-1]["content"])


class Talk(BaseHTTPRequestHandler):
    """One exchange; a script writes the answer."""

    server: _Server
    protocol_version = "HTTP/1.1"
    seen: Seen

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.seen = Seen(self.path, headers, json.loads(self.rfile.read(length) or b"{}"))
        self.server.seen.append(self.seen)
        self.close_connection = True
        try:
            self.server.script(self)
        except OSError:  # the client hung up
            self.server.left.set()

    def do_GET(self) -> None:  # what a redirect that is followed would come as
        self.do_POST()

    def head(self, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Connection", "close")
        self.end_headers()

    def event(self, words: str | None = None, end: str | None = None, **delta: Any) -> None:
        """One event of a stream."""
        choice = {"index": 0, "delta": delta | ({} if words is None else {"content": words})}
        self.write(f"data: {json.dumps({'choices': [choice | {'finish_reason': end}]})}\n\n".encode())

    def write(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def say(self, text: str, pieces: int = 3) -> None:
        """A whole answer, streamed in pieces as services do."""
        self.head(Content_Type="text/event-stream")
        self.event("", role="assistant")
        for start in range(0, len(text), pieces):
            self.event(text[start : start + pieces])
        self.event(end="stop")
        self.write(b"data: [DONE]\n\n")

    def log_message(self, *arguments: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.script = script
        self.seen: list[Seen] = []
        self.left = threading.Event()


@dataclass
class Service:
    """What runs: where it is and what it was asked."""

    endpoint: Endpoint
    seen: list[Seen] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serving(script: Script, seconds: float = 60.0, key: str = KEY) -> Iterator[Service]:
    """Run a script as a service."""
    server = _Server(script)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        yield Service(Endpoint(url, "kleine", key, seconds), server.seen, server.left)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def for_ever(talk: Talk, data: bytes, pause: float = 0.0) -> None:
    """Write the same again and again until the client hangs up."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        talk.write(data)
        time.sleep(pause)
