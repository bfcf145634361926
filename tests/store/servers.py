"""Milvus over the network for tests: servers as processes of their own, and a line to them that can be disturbed."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.ports import free_port

__all__ = ["Line", "Server", "free_port", "installed_server", "lite_server", "milvus_server"]

START_SECONDS = 90.0


class Server:
    """A Milvus that listens on loopback; it can be killed and started again with what it had written."""

    def __init__(self, command: list[str], port: int, log: Path, child: str = "") -> None:
        self.port = port
        self._command = command
        self._log = log
        self._child = child  # the path of the program that serves, where the command only launches it
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        while self._child and not self._can_listen():
            time.sleep(0.5)  # else the launcher, without a word, takes the next port
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, start_new_session=True)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self._process.poll() is None and time.monotonic() < deadline, self._log.read_text("utf-8")
            time.sleep(0.1)

    def kill(self) -> None:
        assert self._process is not None
        for pid in [*self._children(), self._process.pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(10)

    def freeze(self) -> None:
        """Let it answer nothing more, its connections open."""
        assert self._process is not None
        for pid in [self._process.pid, *self._children()]:
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        for pid in [self._process.pid, *self._children()]:
            os.kill(pid, signal.SIGCONT)

    def _can_listen(self) -> bool:
        """Whether nothing listens there, and no connection of a server that was killed lingers."""
        with socket.socket() as tried:
            try:
                tried.bind(("0.0.0.0", self.port))
            except OSError:
                return False
        return True

    def _answers(self) -> bool:
        from embeddings.milvus import Milvus, MilvusError

        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                pass
            Milvus(self.address).collections()
        except (OSError, MilvusError):
            return False
        return True

    def _children(self) -> list[int]:
        """The processes that run our copy of the program, whoever their parent is by now."""
        if not self._child:
            return []
        found = []
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if entry.name.isdigit() and self._child in (entry / "cmdline").read_bytes().decode():
                    found.append(int(entry.name))
        return [pid for pid in found if pid not in (os.getpid(), self._process.pid if self._process else 0)]


def installed_server() -> str | None:
    """The launcher of the package ``milvus``, beside this Python or anywhere else."""
    return shutil.which(
        "milvus-server", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    )


@contextmanager
def lite_server(folder: Path) -> Iterator[Server]:
    """Milvus Lite behind a port: BM25 included."""
    port = free_port()
    command = [sys.executable, "-m", "milvus_lite", "server", "--data-dir", str(folder / "lite.db")]
    server = Server([*command, "--host", "127.0.0.1", "--port", str(port)], port, folder / "lite.log")
    try:
        server.start()
        yield server
    finally:
        server.kill()


@contextmanager
def milvus_server(folder: Path) -> Iterator[Server]:
    """The server of the package ``milvus``, which has no BM25; it outlives its launcher, and so is ended by its id."""
    port, data = free_port(), folder / "milvus"
    program = installed_server()
    assert program is not None
    command = [program, "--data", str(data), "--proxy-port", str(port)]
    server = Server(command, port, folder / "milvus.log", child=f"{data}/bin/milvus")
    try:
        server.start()
        yield server
    finally:
        server.kill()


class Line:
    """A port that leads to another one, until it is cut, or slow."""

    def __init__(self, to: int) -> None:
        self.delay = 0.0  # seconds before anything is handed back
        self.cut_after = -1  # bytes that are handed back before everything is cut; none are counted below 0
        self._to = to
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def close(self) -> None:
        for each in (self._listening, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listening.accept()
                if self.cut_after == 0:
                    here.close()
                    continue
                there = socket.create_connection(("127.0.0.1", self._to))
                self._open += [here, there]
                threading.Thread(target=self._hand_on, args=(here, there, False), daemon=True).start()
                threading.Thread(target=self._hand_on, args=(there, here, True), daemon=True).start()

    def _hand_on(self, source: socket.socket, target: socket.socket, back: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if back and self.delay:
                    time.sleep(self.delay)
                if back and self.cut_after >= 0:
                    self.cut_after = max(0, self.cut_after - len(data))
                    if not self.cut_after:
                        break
                target.sendall(data)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
