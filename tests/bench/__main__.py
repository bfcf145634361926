"""Ours and what a user would pick instead, over the same texts with the same encoder: cost and recall, side by side.

    python -m tests.bench --data DIR [--texts 20000] [--only NAME ...] [--json FILE] [--charts FOLDER]

Every library runs in a process of its own, one after the other, one thread for what threads can be set of; the
others in environments of their own, which the first run makes under ``--cache``. The tables go to the standard
output, with the commit and the machine.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.bench.charts import write_charts
from tests.bench.child import Measured
from tests.bench.environments import ROOT, machine, python_of, surroundings
from tests.bench.peers import PEERS
from tests.bench.tables import peers_table
from tests.bench.texts import Task, read_task

LONGEST_SECONDS = 1800.0  # that a library may take


def main() -> None:
    """Measure, print, and write what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds dev and train")
    parser.add_argument("--texts", type=int, default=20_000)
    parser.add_argument("--only", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "union-qa-bench")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--charts", type=Path, help="write the charts into this folder")
    options = parser.parse_args()
    task = read_task(options.data, options.texts)
    measured = []
    for name in options.only:
        measured.append(measured_alone(name, task, options.cache))
        print(measured[-1], file=sys.stderr, flush=True)
    print(f"{machine()}\n\n{peers_table(measured)}")
    if options.json:
        said = {"machine": machine(), "rivals": [asdict(each) for each in measured]}
        options.json.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if options.charts:
        write_charts(measured, options.charts)


def measured_alone(name: str, task: Task, cache: Path) -> Measured:
    """One library in its own process and environment.

    Raises:
        subprocess.CalledProcessError: it cannot be installed, or it fails; what it said stands above.
    """
    python = python_of(PEERS[name], cache)
    with tempfile.TemporaryDirectory(prefix="union-qa-bench-") as folder:
        given, own = Path(folder) / "task.json", Path(folder) / name
        task.save(given)
        own.mkdir()
        command = [str(python), "-W", "ignore", "-m", "tests.bench.child", name, str(given), str(own)]
        said = subprocess.run(
            command,
            cwd=ROOT,
            env=surroundings(),
            check=True,
            stdout=subprocess.PIPE,
            timeout=LONGEST_SECONDS,
            encoding="utf-8",
        )
    return Measured(**json.loads(said.stdout.splitlines()[-1]))


if __name__ == "__main__":
    main()
