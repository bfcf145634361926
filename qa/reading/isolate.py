"""Runs what reads a foreign file in a child process, so that no file can crash, stall or fill the program.

One child is kept for the files that follow, since starting takes longer than most files; it ends where a file exceeds
its limits, where it has grown, and after a while without work. Processor time is limited by the system, so that a busy
machine refuses no file; the parent ends a child that stands still, or, where the system does not tell that, one that
takes long. Memory is limited where the system enforces an address-space limit (Linux).
"""

from __future__ import annotations

import atexit
import gc
import math
import mmap
import os
import pickle
import signal
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from qa.errors import QAError, ReportError
from qa.reading.limits import PARSER_BYTES, PARSER_SECONDS, PARSER_SECONDS_PER_MEGABYTE
from qa.text.visible import one_line
from qa.worker import Worker

_PATIENCE = 4  # times its processor time: so long on the clock a file may stand still,
_LEAST = 0.05  # which is to get less of its processor time than this share
_IDLE_SECONDS = 30.0  # that a child waits for another file
_OBJECTS = 100_000  # after so many new ones cycles are looked for: parsers make few, and looking took a sixth of the time
_WORN_BYTES = PARSER_BYTES // 2  # of address space that a child may hold and still read another file


class ScanError(ReportError):
    """A document whose pages are pictures; ``pages`` holds their numbers."""

    def __init__(self, message: str, pages: tuple[int, ...]) -> None:
        super().__init__(message)
        self.pages = pages

    def __reduce__(self) -> tuple[type[ScanError], tuple[str, tuple[int, ...]]]:
        return type(self), (str(self), self.pages)


@dataclass(frozen=True, slots=True)
class _Job:
    """A function, ``module:name``, what it is called with, and what it may take."""

    target: str
    path: Path
    arguments: tuple[Any, ...]
    seconds: int
    memory: int


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a job, and whether the process that did it should do no other."""

    result: Any
    error: QAError | None
    worn: bool


def isolated(target: str, path: Path, *arguments: Any, seconds: int = 0, memory: int = PARSER_BYTES) -> Any:
    """Call ``module:function`` with the path and the arguments in a child, and give what it gives.

    Args:
        target: the function; arguments and result travel as pickles.
        path: the file that it reads; its size decides about the time.
        arguments: behind the path.
        seconds: more processor time than a file of this size has.
        memory: bytes of address space.

    Raises:
        QAError: the function raised it.
        ReportError: whatever else happened there, in one line that names the file.
    """
    with suppress(OSError):
        seconds += (path.stat().st_size >> 20) * PARSER_SECONDS_PER_MEGABYTE
    seconds += PARSER_SECONDS
    job = _Job(target, path.absolute(), arguments, seconds, memory)
    try:
        if memory != PARSER_BYTES:
            return _asked(_started(os.cpu_count() or 1), job, kept=False)
        return _asked(_CHILDREN.take(), job, kept=True)
    except QAError as error:
        error.args = (one_line(error), *error.args[1:])
        raise


def warm() -> None:
    """Start a child that is going to be needed; returns at once."""
    _CHILDREN.give_back(_CHILDREN.take())


def _asked(worker: Worker, job: _Job, *, kept: bool) -> Any:
    """What comes of the job; the worker is kept for another only where nothing is wrong with it."""
    late, over, started = threading.Event(), threading.Event(), time.monotonic()

    def stop_where_it_stands_still() -> None:
        worked, before = _worked(worker), -math.inf
        while worked - before >= _LEAST * job.seconds:
            if over.wait(_PATIENCE * job.seconds):
                return
            worked, before = _worked(worker), worked
        late.set()
        worker.process.kill()

    watch = threading.Thread(target=stop_where_it_stands_still, daemon=True)
    watch.start()
    try:
        done, outcome = worker.answer(_WORK, job)
    except (OSError, EOFError, pickle.UnpicklingError):
        done, outcome = False, None
    except BaseException:
        worker.end()
        raise
    finally:
        over.set()
        watch.join()
    if kept and done and not outcome.worn and not late.is_set():
        _CHILDREN.give_back(worker)
    else:
        worker.end()
    if not done:
        late_by_processor = worker.process.returncode == -_OUT_OF_TIME
        spent = (
            f"读了 {time.monotonic() - started:.0f} 秒"
            if late.is_set()
            else f"用了 {job.seconds} 秒处理器时间"
        )
        raise _failure(job, outcome, spent if late.is_set() or late_by_processor else "")
    if outcome.error is not None:
        raise outcome.error
    return outcome.result


def _started(threads: int) -> Worker:
    try:
        return Worker("reading", threads)
    except OSError as error:
        raise QAError(
            f"启动不了读文件的进程（{error.strerror or error}）。请关闭别的程序，或调高 ulimit 后重试。"
        ) from error


def _failure(job: _Job, error: BaseException | None, spent: str) -> ReportError:
    """Why there is no outcome: the time was up, the result could not travel, or the process died.

    Args:
        spent: the time that was up, in words; ``""`` where none was.
    """
    name = job.path.name
    if spent:
        return ReportError(f"文件{spent}还没有读完：{name}。请另存一份，或拆分成几个文件。")
    if isinstance(error, MemoryError):
        return _too_much(job)
    return ReportError(f"文件无法解析，可能已经损坏：{name}。请用原来的软件重新导出。")


def _too_much(job: _Job) -> ReportError:
    return ReportError(f"读这个文件需要的内存超过 {job.memory >> 20} MB：{job.path.name}。请拆分成几个文件。")


class _Children:
    """The children that wait for a file; safe to share between threads."""

    def __init__(self) -> None:
        self.forget()
        atexit.register(self.end)
        if sys.platform != "win32":
            os.register_at_fork(after_in_child=self.forget)

    def forget(self) -> None:
        """Begin with none; a fork of this process must not talk to its children."""
        self._idle: list[tuple[Worker, threading.Timer]] = []
        self._lock = threading.Lock()

    def take(self) -> Worker:
        while True:
            with self._lock:
                if not self._idle:
                    break
                worker, timer = self._idle.pop()
            timer.cancel()
            if worker.process.poll() is None:
                return worker
            worker.end()
        return _started(1)

    def give_back(self, worker: Worker) -> None:
        timer = threading.Timer(_IDLE_SECONDS, self._dismiss, (worker,))
        timer.daemon = True
        with self._lock:
            self._idle.append((worker, timer))
        timer.start()

    def _dismiss(self, worker: Worker) -> None:
        """End a worker that nobody has taken meanwhile."""
        with self._lock:
            waiting = [each for each in self._idle if each[0] is worker]
            self._idle = [each for each in self._idle if each[0] is not worker]
        for each, _ in waiting:
            each.end()

    def end(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for worker, timer in idle:
            timer.cancel()
            worker.end()


def _call(job: _Job) -> _Outcome:
    """Do a job, in the child: every error of a parser becomes a sentence on its file."""
    _limit(job)
    gc.set_threshold(_OBJECTS)
    module, function = job.target.split(":")
    result, error = None, None
    try:
        result = getattr(import_module(module), function)(job.path, *job.arguments)
    except QAError as refused:
        error = refused
    except MemoryError:
        error = _too_much(job)
    except Exception as unexpected:  # noqa: BLE001 - parsers of foreign formats raise whatever they like
        error = ReportError(
            f"文件的内容不合规范，读不了（{type(unexpected).__name__}）：{job.path.name}。请用原来的软件另存一份。"
        )
    return _Outcome(result, error, _held() > _WORN_BYTES)


def _limit(job: _Job) -> None:
    """Bound what the system lets this process take for the job."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    processor = int(used.ru_utime + used.ru_stime) + job.seconds + 1
    for what, bound in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, job.memory),
        (resource.RLIMIT_CPU, processor),
    ):
        _, most = resource.getrlimit(what)
        with suppress(ValueError, OSError):  # a system that keeps no such limit
            resource.setrlimit(what, (bound if most == resource.RLIM_INFINITY else min(bound, most), most))


def _held() -> int:
    """Bytes of address space that this process holds; 0 where the system does not tell."""
    table = Path("/proc/self/statm")
    return int(table.read_text("ascii").split()[0]) * mmap.PAGESIZE if table.is_file() else 0


def _worked(worker: Worker) -> float:
    """Seconds of processor time that a process has had; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{worker.process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


_OUT_OF_TIME = 0 if sys.platform == "win32" else signal.SIGXCPU
_CHILDREN = _Children()
_WORK = pickle.dumps(_call, protocol=pickle.HIGHEST_PROTOCOL)
