"""One rival in a process of its own: build, ask every question once, and say what it cost.

    python -m tests.bench.child RIVAL TASK FOLDER

It runs in the rival's own environment, which holds this repository on its path, and prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path

from tests.bench.peers import PEERS, Ask
from tests.bench.texts import Task

__all__ = ["Measured", "hit_rate", "measure", "quantile"]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a rival costs and finds.

    Args:
        texts: that were indexed.
        build_seconds: on the clock; ``build_cpu_seconds`` of all its threads.
        peak_bytes: the most memory that the process ever held, texts and libraries included.
        disk_bytes: of what it keeps.
        p50_seconds: of a question on the clock, likewise ``p95_seconds``; ``cpu_seconds`` is the mean of all threads.
        recall_1: the share of the questions whose first text is right; ``recall_5`` one of the first five.
    """

    name: str
    texts: int
    questions: int
    build_seconds: float
    build_cpu_seconds: float
    peak_bytes: int
    disk_bytes: int
    p50_seconds: float
    p95_seconds: float
    cpu_seconds: float
    recall_1: float
    recall_5: float


def main() -> None:
    """Measure one rival."""
    name, task, folder = sys.argv[1:]
    print(json.dumps(asdict(measure(name, Task.load(Path(task)), Path(folder)))))


def measure(name: str, task: Task, folder: Path) -> Measured:
    """Build and ask; the encoder is opened before."""
    from embeddings import open_encoder

    rival = import_module(f"tests.bench.peers.{PEERS[name].module}")
    encoder = open_encoder(None)
    encoder.encode_passages(task.texts[:1])
    if hasattr(rival, "prepare"):
        rival.prepare(task.texts, folder)
    given = disk(folder)
    wall, cpu = time.perf_counter(), time.process_time()
    ask: Ask = rival.build(task.texts, folder, encoder)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    kept = disk(folder) - given
    ask(task.questions[0])
    seconds, found = [], []
    asking = time.process_time()
    for question in task.questions:
        began = time.perf_counter()
        found.append(ask(question))
        seconds.append(time.perf_counter() - began)
    asking = time.process_time() - asking
    return Measured(
        name=name,
        texts=len(task.texts),
        questions=len(task.questions),
        build_seconds=wall,
        build_cpu_seconds=cpu,
        peak_bytes=peak(),
        disk_bytes=kept,
        p50_seconds=quantile(seconds, 0.5),
        p95_seconds=quantile(seconds, 0.95),
        cpu_seconds=asking / len(seconds),
        recall_1=hit_rate(task.gold, found, 1),
        recall_5=hit_rate(task.gold, found, 5),
    )


def hit_rate(gold: tuple[tuple[int, ...], ...], found: list[list[int]], depth: int) -> float:
    """The share of questions for which one of the first ``depth`` texts is right."""
    right = (bool(set(own) & set(texts[:depth])) for own, texts in zip(gold, found, strict=True))
    return sum(right) / max(1, len(gold))


def quantile(values: list[float], share: float) -> float:
    """The value that so large a share of the values does not exceed."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def peak() -> int:
    """The most bytes that this process held at once; ``ru_maxrss`` would begin with what its parent held."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return 1024 * int(line.split()[1])
    raise OSError("/proc/self/status does not tell the peak of memory; Linux alone does")


def disk(folder: Path) -> int:
    """Bytes of the files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
