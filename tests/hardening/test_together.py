"""Many at once: one build wins and the others say who holds the lock; questions never see two generations mixed."""

import json
import os
import subprocess
import sys
from pathlib import Path

from qa.index import open_index, rebuild
from tests.hardening.conftest import Tried
from tests.hardening.indexes import ENCODER, corpus, fingerprint, write_corpus
from tests.hardening.sizes import ROOT, sizes
from tests.index.made import Built

HERE = Path(__file__).parent


def start(script: str, index: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, str(HERE / script), str(index)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


@sizes(1, 20)
def test_one_of_many_builders_wins(tmp_path: Path, tried: Tried, n: int) -> None:
    many = 3 if n == 1 else 8
    index = tmp_path / "index"
    folders = [write_corpus(tmp_path / f"r{b}", corpus(2, 100 + b)) for b in range(many)]
    expected = []
    for folder in folders:
        apart = Built(folder, tmp_path / "apart", ENCODER)
        apart.rebuild()
        expected.append(fingerprint(apart.open()))
    builders = [start("builder.py", index) for _ in range(many)]
    slowest = 0.0
    try:
        for _ in range(n):
            for builder, folder in zip(builders, folders, strict=True):
                assert builder.stdin is not None
                builder.stdin.write(f"{folder}\n")
            for builder in builders:
                assert builder.stdin is not None
                builder.stdin.flush()
            results = [json.loads(builder.stdout.readline()) for builder in builders if builder.stdout]
            winners = [number for number, (_, error) in enumerate(results) if not error]
            assert len(winners) == 1, results
            pid = builders[winners[0]].pid
            for number, (seconds, error) in enumerate(results):
                if number != winners[0]:
                    assert error.startswith("IndexBusy") and f"进程 {pid}，" in error, error
                    assert seconds < results[winners[0]][0]  # it waited for nobody
                    slowest = max(slowest, seconds)
            opened = open_index(index, ENCODER)
            assert opened.warnings == () and fingerprint(opened) == expected[winners[0]]
    finally:
        for builder in builders:
            builder.communicate(timeout=60)
    tried(rounds=n, refused=n * (many - 1), slowest_refusal_seconds=round(slowest, 2))


@sizes(3, 50)
def test_no_answer_mixes_two_generations(tmp_path: Path, tried: Tried, n: int) -> None:
    reports, index = tmp_path / "reports", tmp_path / "index"
    rebuild([write_corpus(reports, corpus(4, 100))], index)
    askers = [start("asker.py", index) for _ in range(2 if n == 3 else 4)]
    for number in range(n):
        write_corpus(reports, corpus(3 + number % 3, 101 + number))
        assert rebuild([reports], index).reports == 3 + number % 3
    answers, editions = 0, 0
    for asker in askers:
        out, err = asker.communicate("stop\n", timeout=120)
        assert asker.returncode == 0, err[-2000:]
        told = json.loads(out)
        assert told["mixed"] == []
        answers, editions = answers + told["answers"], max(editions, told["editions"])
    assert editions > 1, "no asker saw a rebuild"
    tried(rebuilds=n, askers=len(askers), answers=answers, editions_seen_by_one=editions)
