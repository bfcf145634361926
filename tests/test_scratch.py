"""Temporary folders go in the end, and those of killed processes with the next one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from qa.scratch import scratch_folder

ROOT = Path(__file__).parents[1]
HOLDER = "from qa.scratch import scratch_folder\nwith scratch_folder() as f:\n (f / 'a.txt').touch(); print(f, flush=True); input()"


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is swept there")
def test_what_a_killed_process_left_goes_and_what_is_in_use_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    holders = [
        subprocess.Popen(
            [sys.executable, "-c", HOLDER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for _ in range(2)
    ]
    killed, living = (Path(holder.stdout.readline().strip()) for holder in holders)
    holders[0].send_signal(signal.SIGKILL)
    holders[0].communicate()
    assert (killed / "a.txt").exists()
    with scratch_folder() as folder:
        assert (list(folder.iterdir()), killed.parent.exists(), (living / "a.txt").exists()) == (
            [],
            False,
            True,
        )
    holders[1].communicate("\n")
    assert list(tmp_path.iterdir()) == []
