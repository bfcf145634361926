"""Runs a parser in a child process, so that a hostile file cannot crash, stall or fill the program.

Time is limited everywhere; memory where the system enforces an address-space limit (Linux).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import astuple
from importlib import import_module
from pathlib import Path

from qa.errors import ReportError
from qa.reading.extract import Block, Extract
from qa.reading.limits import PARSER_BYTES, PARSER_SECONDS, PARSER_SECONDS_PER_MEGABYTE

__all__ = ["ScanError", "isolated"]


class ScanError(ReportError):
    """A document whose pages are pictures; ``pages`` holds their numbers."""

    def __init__(self, message: str, pages: tuple[int, ...]) -> None:
        super().__init__(message)
        self.pages = pages


def isolated(target: str, path: Path, seconds: int = 0, memory: int = PARSER_BYTES) -> Extract:
    """Call ``module:function`` with the path in a child; raises ReportError whatever happens there.

    Args:
        target: the function; it returns an extract.
        path: its only argument.
        seconds: more time than a file of this size has.
        memory: bytes of address space.
    """
    # -P and PYTHONPATH: the child imports what this process imports, from wherever it was started.
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)}
    command = [sys.executable, "-P", "-m", __name__, target, str(path.resolve()), str(memory)]
    seconds += PARSER_SECONDS + (path.stat().st_size >> 20) * PARSER_SECONDS_PER_MEGABYTE
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module, the path as one argument
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ReportError(
            f"文件读了 {seconds} 秒还没有读完：{path.name}。请另存一份，或拆分成几个文件。"
        ) from None
    if done.returncode != 0:
        raise ReportError(f"文件无法解析，可能已经损坏：{path.name}。请用原来的软件重新导出。")
    answer = json.loads(done.stdout)
    if "refused" in answer:
        refused, pages = answer["refused"], tuple(answer["pages"])
        raise ScanError(refused, pages) if pages else ReportError(refused)
    blocks = tuple(Block(*block) for block in answer["blocks"])
    return Extract(answer["text"], answer["encoding"], answer["format"], blocks, tuple(answer["notes"]))


def _limit_memory(memory: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _main(target: str, path: Path, memory: int) -> None:
    _limit_memory(memory)
    module, function = target.split(":")
    try:
        extract: Extract = getattr(import_module(module), function)(path)
    except ReportError as error:
        print(json.dumps({"refused": str(error), "pages": getattr(error, "pages", ())}))
        return
    except MemoryError:
        refused = f"读这个文件需要的内存超过 {memory >> 20} MB：{path.name}。请拆分成几个文件。"
        print(json.dumps({"refused": refused, "pages": ()}))
        return
    print(
        json.dumps(
            {
                "text": extract.text,
                "encoding": extract.encoding,
                "format": extract.format,
                "blocks": [astuple(block) for block in extract.blocks],
                "notes": extract.notes,
            }
        )
    )


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
