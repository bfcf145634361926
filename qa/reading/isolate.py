"""Parse untrusted files in a child process, so that no file can crash, stall or fill the program.

A child is kept for the next files, since starting one takes longer than most files; it is ended if a file
exceeds its limits, if it has grown, or after a while without work. The system limits CPU time, so that a busy
machine refuses no file; the parent kills a child that makes no progress, or, on systems that do not report
CPU time, one that takes long. Memory is limited on systems with an address-space limit (Linux).
"""

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
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from qa.errors import QAError, ReportError, os_errors
from qa.reading.limits import PARSER_BYTES, PARSER_SECONDS, PARSER_SECONDS_PER_MEGABYTE
from qa.text.normal import one_line
from qa.worker import Worker

Done = TypeVar("Done")
_STALL_FACTOR = 4  # a child is stalled if during this multiple of its CPU limit in wall time
_LEAST_PROGRESS = 0.05  # it uses less than this share of its CPU limit
_IDLE_SECONDS = 30.0  # that a child waits for another file
_GC_THRESHOLD = 100_000  # new objects; parsers make few cycles, and looking for them took a sixth of the time
_WORN_BYTES = PARSER_BYTES // 2  # of address space, above which a child reads no other file


class ScanError(ReportError):
    """A document that OCR can read; ``pages`` holds the numbers of its pages that are pictures."""

    def __init__(self, message: str, pages: tuple[int, ...] = ()) -> None:  # unpickled with the message alone
        super().__init__(message)
        self.pages = pages


@dataclass(frozen=True, slots=True)
class _Job:
    function: Callable[..., Any]
    path: Path
    arguments: tuple[Any, ...]
    seconds: int  # of CPU time
    memory: int  # bytes of address space


def run_isolated(
    function: Callable[..., Done], path: Path, *arguments: Any, seconds: int = 0, memory: int = PARSER_BYTES
) -> Done:
    """Call a module's function with the path and the arguments in a child, and return its result; all are pickled.

    The size of the file sets the limit of CPU time, to which ``seconds`` are added; ``memory`` is bytes of address
    space. Raises what the function raises as QAError, and for anything else a ReportError in one line with the name.
    """
    with suppress(OSError):
        seconds += (path.stat().st_size >> 20) * PARSER_SECONDS_PER_MEGABYTE
    seconds += PARSER_SECONDS
    job = _Job(function, path.absolute(), arguments, seconds, memory)
    worker = _take() if memory == PARSER_BYTES else _start(os.cpu_count() or 1)
    try:
        result: Done = _run(worker, job)
        return result
    except QAError as error:
        error.args = (one_line(error), *error.args[1:])
        raise


def warm() -> None:
    """Start a child that is going to be needed; returns at once."""
    _give_back(_take())


def _run(worker: Worker, job: _Job) -> Any:
    """Return the result of the job or raise its error; keep a healthy worker with the usual limits for the next."""
    stalled, over, started = threading.Event(), threading.Event(), time.monotonic()

    def kill_if_stalled() -> None:
        used, before = _cpu_seconds(worker), -math.inf
        while used - before >= _LEAST_PROGRESS * job.seconds:
            if over.wait(_STALL_FACTOR * job.seconds):
                return
            used, before = _cpu_seconds(worker), used
        stalled.set()
        worker.process.kill()

    watch = threading.Thread(target=kill_if_stalled, daemon=True)
    watch.start()
    try:
        done, answer = worker.answer(_WORK, job)
    except (OSError, EOFError, pickle.UnpicklingError):
        done, answer = False, None
    except BaseException:
        worker.end()
        raise
    finally:
        over.set()
        watch.join()
    refused = isinstance(answer, QAError) and not done
    healthy = (done or refused) and not stalled.is_set() and _address_space(worker) <= _WORN_BYTES
    if healthy and job.memory == PARSER_BYTES:
        _give_back(worker)
    else:
        worker.end()
    if done:
        return answer
    if refused:
        raise answer
    if isinstance(answer, MemoryError):
        raise _out_of_memory(job)
    if stalled.is_set():
        spent = f"读了 {time.monotonic() - started:.0f} 秒"
    elif worker.process.returncode == -_OUT_OF_TIME:
        spent = f"用了 {job.seconds} 秒处理器时间"
    else:
        raise ReportError(f"文件无法解析，可能已经损坏：{job.path.name}。请用原来的软件重新导出。")
    raise ReportError(f"文件{spent}还没有读完：{job.path.name}。请另存一份，或拆分成几个文件。")


def _out_of_memory(job: _Job) -> ReportError:
    return ReportError(f"读这个文件需要的内存超过 {job.memory >> 20} MB：{job.path.name}。请拆分成几个文件。")


def _start(threads: int) -> Worker:
    with os_errors("启动不了读文件的进程", "请关闭别的程序，或调高 ulimit 后重试。"):
        return Worker("reading", threads)


def _take() -> Worker:
    """Return an idle child, or a new one."""
    with suppress(IndexError):
        while True:
            worker, timer = _IDLE.pop()
            timer.cancel()
            timer.join()  # it may just be ending the child
            if worker.process.poll() is None:
                return worker
            worker.end()
    return _start(1)


def _give_back(worker: Worker) -> None:
    """Keep a child for the next file, which is ended after a while without one."""
    timer = threading.Timer(_IDLE_SECONDS, worker.end)
    timer.daemon = True
    try:
        timer.start()
    except RuntimeError:  # no thread can be started
        worker.end()
    else:
        _IDLE.append((worker, timer))


@atexit.register
def _end_all() -> None:
    with suppress(IndexError):
        while True:
            worker, timer = _IDLE.pop()
            timer.cancel()
            timer.join()
            worker.end()


def _call(job: _Job) -> Any:
    """Do a job, in the child; every error of a parser becomes a message about its file."""
    _set_limits(job)
    gc.set_threshold(_GC_THRESHOLD)
    try:
        return job.function(job.path, *job.arguments)
    except QAError as refused:
        error = refused
    except MemoryError:
        error = _out_of_memory(job)
    except Exception as unexpected:  # noqa: BLE001 - parsers of foreign formats raise whatever they like
        kind = type(unexpected).__name__
        error = ReportError(
            f"文件的内容不合规范，读不了（{kind}）：{job.path.name}。请用原来的软件另存一份。"
        )
    raise error  # here, where what the parser held is free again


def _set_limits(job: _Job) -> None:
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = int(used.ru_utime + used.ru_stime) + job.seconds + 1
    bounds = {resource.RLIMIT_CORE: 0, resource.RLIMIT_AS: job.memory, resource.RLIMIT_CPU: cpu}
    for what, bound in bounds.items():
        _, most = resource.getrlimit(what)
        with suppress(ValueError, OSError):  # not every system has each limit
            resource.setrlimit(what, (bound if most == resource.RLIM_INFINITY else min(bound, most), most))


def _address_space(worker: Worker) -> int:
    """Return the bytes of address space of a process; 0 if the system does not report them."""
    with suppress(OSError):
        return int(Path(f"/proc/{worker.process.pid}/statm").read_text("ascii").split()[0]) * mmap.PAGESIZE
    return 0


def _cpu_seconds(worker: Worker) -> float:
    """Return the CPU time that a process has used; 0 if the system does not report it."""
    try:
        fields = Path(f"/proc/{worker.process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


_OUT_OF_TIME = 0 if sys.platform == "win32" else signal.SIGXCPU
_IDLE: deque[tuple[Worker, threading.Timer]] = deque()  # children and what ends them; threads share it
if sys.platform != "win32":
    os.register_at_fork(after_in_child=_IDLE.clear)  # a fork of this process must not talk to its children
_WORK = pickle.dumps(_call, protocol=pickle.HIGHEST_PROTOCOL)
