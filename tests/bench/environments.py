"""An environment for each rival, made once and kept: pinned packages, and this repository on the path."""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from tests.bench.peers import COMMON, Peer

__all__ = ["ROOT", "machine", "python_of", "surroundings"]

ROOT = Path(__file__).parents[2]
ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "RAYON_NUM_THREADS",
)


def python_of(peer: Peer, cache: Path) -> Path:
    """The interpreter that a rival runs in: this one for ours, one of its own for every other.

    Raises:
        subprocess.CalledProcessError: pip cannot install it.
    """
    if not peer.packages:
        return Path(sys.executable)
    wanted = (*COMMON, *peer.packages)
    folder = cache / f"{peer.module}-{_digest(wanted)}"
    python = folder / "bin" / "python"
    if not (folder / "ready").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *wanted], check=True)
        (folder / "ready").touch()
    return python


def surroundings() -> dict[str, str]:
    """Environment variables of a child: this repository on its path, one thread, no word to any network."""
    quiet = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "LANCE_LOG": "error"}
    return os.environ | {"PYTHONPATH": str(ROOT)} | quiet | dict.fromkeys(ONE_THREAD, "1")


def machine() -> str:
    """The commit that was measured, and on what."""
    git = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude=*"]
    commit = subprocess.run(git, capture_output=True, check=False, encoding="utf-8").stdout.strip()
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "?")
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    python = platform.python_version()
    return f"{commit or '?'}, {os.cpu_count()} × {model}, {memory:.0f} GiB, Python {python}"


def _digest(wanted: Sequence[str]) -> str:
    return hashlib.sha256("\n".join((sys.version, *wanted)).encode()).hexdigest()[:12]
