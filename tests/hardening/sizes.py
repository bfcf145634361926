"""Each promise is tested twice by the same test: a few times in every hardening run, many times in the long one.

What is told by load and endurance alone has no short half: it would only be slow, and fail by the machine's other work.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

__all__ = ["BAD_INPUT", "ROOT", "child", "needs_bad_input", "sizes"]

ROOT = Path(__file__).parents[2]
BAD_INPUT = ROOT.parent / "shared" / "badinput"
needs_bad_input = pytest.mark.skipif(not BAD_INPUT.is_dir(), reason=f"needs {BAD_INPUT}")


def sizes(few: int | None, many: int) -> pytest.MarkDecorator:
    """Parametrize ``n``: ``few`` in every hardening run, unless it is None, ``many`` in the long one."""
    long = pytest.param(many, marks=pytest.mark.long)
    return pytest.mark.parametrize("n", [long] if few is None else [few, long])


def child(
    *arguments: object, seconds: float = 3600, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run ``python ARGUMENTS`` from the root of the project, guarded as the tests are."""
    path = os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": path} | dict(environment or {}),
    )
