"""Over thousands of questions nothing grows, and nobody outside is spoken to."""

import json
from pathlib import Path

import pytest

from qa.index import rebuild
from qa.library import SAMPLE_REPORTS
from tests.hardening.conftest import Tried
from tests.hardening.sizes import child, sizes

HERE = Path(__file__).parent


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="reads /proc")
@sizes(None, 1_000)
def test_nothing_grows(tmp_path: Path, tried: Tried, n: int) -> None:
    rebuild([SAMPLE_REPORTS], tmp_path / "index")
    done = child(HERE / "soak.py", tmp_path / "index", n, seconds=550)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    early, late = told["early"], told["late"]
    assert late["megabytes"] - early["megabytes"] <= 50
    assert (late["descriptors"], late["threads"]) == (early["descriptors"], early["threads"])
    tried(questions=n, seconds_each=told["seconds_each"], early=early, late=late)


@pytest.mark.long
def test_nobody_is_looked_up_or_called(tmp_path: Path, tried: Tried) -> None:
    """The guard raises, and what swallows that is in its list all the same."""
    done = child(HERE / "quiet.py", tmp_path / "index", seconds=300)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["tried"] == []
    assert min(told["bodies"]) > 0
    assert told["answered"] > 10
    tried(questions=50, answered=told["answered"], outward_calls=len(told["tried"]))
