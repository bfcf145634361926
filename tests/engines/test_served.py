"""Against a real server of the protocol: ``transformers serve`` with a model that the test makes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from qa.engines.client import NOTES
from qa.library.answering import answer_of
from qa.library.serving import Snapshot
from qa.settings import Endpoint
from qa.types import Answer
from tests.engines.parrot import write_parrot
from tests.engines.service import QUESTION, conversation, desk

COMMAND = Path(sys.executable).with_name("transformers")
NEEDED = ("openai", "transformers", "accelerate", "fastapi", "uvicorn")
STARTS_WITHIN = 60  # seconds
SENTENCE = "宁波市2019—2023年建成职工书屋1340家[1]。"

pytestmark = pytest.mark.skipif(
    not COMMAND.exists() or not all(map(find_spec, NEEDED)), reason=f"needs {', '.join(NEEDED)}"
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    folder = tmp_path_factory.mktemp("served")
    write_parrot(folder / "parrot", SENTENCE)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(folder), "OMP_NUM_THREADS": "1"}
    command = [COMMAND, "serve", "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    with (folder / "log.txt").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment)
    try:
        _await(f"http://127.0.0.1:{port}/health", server)
        yield Endpoint(f"http://127.0.0.1:{port}/v1", str(folder / "parrot"))
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _await(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except urllib.error.URLError:
            time.sleep(0.2)
    if server.poll() is not None:
        pytest.fail(f"the server ended with {server.returncode}")
    pytest.skip(f"the server did not start within {STARTS_WITHIN} s")


def asked(endpoint: Endpoint) -> Answer:
    held = desk()
    snapshot = Snapshot(held.index, held.catalogue, b"", ())
    return answer_of(snapshot, conversation(held, QUESTION), held.understand, endpoint)


def test_a_served_model_answers_and_its_service_is_spoken_to_rightly(served: Endpoint) -> None:
    """It gives one sentence whatever it is asked: the plan is the rules', the answer its own."""
    assert asked(served).text == SENTENCE
    told = desk().ask(QUESTION)
    failed = asked(Endpoint(served.url, "no-such-model"))
    assert failed.text.startswith(told.text + "\n")
    assert failed.text.removeprefix(told.text + "\n") in NOTES.values()
